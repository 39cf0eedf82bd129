import type { EasLimits } from '../../environment.ts';
import { EasStatusError } from '../../status.ts';
import type { WbxElement } from '../../wbxml/element.ts';
import type { ElementName } from '../../wbxml/elements.ts';
import { childElements, requiredChild, textOf } from '../../wbxml/read-element.ts';
import { checkIdLength } from '../id-length.ts';

export interface AskedMove {
  /** ServerId of the item, where the client has it. */
  readonly item: string;
  /** CollectionIds. */
  readonly source: string;
  /** Null: it names more than one. */
  readonly destination: string | null;
}

/** @throws WbxValueError, EasStatusError 103 */
export function readMoves(root: WbxElement, { maxMoves }: EasLimits): AskedMove[] {
  const moves = childElements(root, 'Move:Move');
  if (moves.length === 0) throw new EasStatusError(103, 'no Move');
  // MS-ASCMD §3.1.5.10
  if (moves.length > maxMoves) throw new EasStatusError(103, `${moves.length} moves, at most ${maxMoves}`);
  return withoutContradictions(moves.map(readMove));
}

function readMove(element: WbxElement): AskedMove {
  const destination = idIn(element, 'Move:DstFldId');
  const others = childElements(element, 'Move:DstFldId').map((other) => textOf(other).trim());
  const isOne = others.every((other) => other === destination);
  return {
    item: idIn(element, 'Move:SrcMsgId'),
    source: idIn(element, 'Move:SrcFldId'),
    destination: isOne ? destination : null,
  };
}

/** An item that is to go to two places goes nowhere: which one the client shows nobody knows. */
function withoutContradictions(moves: readonly AskedMove[]): AskedMove[] {
  const destinations = Map.groupBy(moves, ({ item }) => item);
  return moves.map((move) => {
    const all = new Set(destinations.get(move.item)?.map(({ destination }) => destination));
    return all.size > 1 ? { ...move, destination: null } : move;
  });
}

function idIn(element: WbxElement, name: ElementName): string {
  const id = textOf(requiredChild(element, name)).trim();
  checkIdLength(name, id);
  return id;
}
