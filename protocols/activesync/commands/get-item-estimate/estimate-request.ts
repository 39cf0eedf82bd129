import type { EasLimits } from '../../environment.ts';
import { EasStatusError } from '../../status.ts';
import type { EasClass } from '../../translate/view.ts';
import type { WbxElement } from '../../wbxml/element.ts';
import { child, childElements, childNumber, childText, requiredChild, textOf } from '../../wbxml/read-element.ts';

/** One collection whose changes are to be counted. */
export interface AskedEstimate {
  readonly id: string;
  /** As the client means it, up to 12.1; null: it does not say. */
  readonly easClass: string | null;
  readonly key: string;
  readonly saysConversationMode: boolean;
  /** The classes of its Options; null: the collection's own. */
  readonly options: readonly { readonly easClass: string | null }[];
  /** Null: the filter in force. */
  filterTypeFor(easClass: EasClass): number | null;
}

/** MS-ASCMD §2.2.3.30.2, §2.2.3.181.3 */
const MAX_LENGTH = 64;
/** Which of them there are is a matter of each collection. */
const FILTER_TYPE = { min: 0 };

/**
 * Both forms: up to 12.1 Class and FilterType beside the key, from 14.0 on Options (MS-ASCMD §2.2.3.29.1).
 * @throws WbxValueError, EasStatusError 103
 */
export function readEstimateRequest(root: WbxElement, { maxEstimates }: EasLimits): AskedEstimate[] {
  const list = requiredChild(root, 'GetItemEstimate:Collections');
  const collections = childElements(list, 'GetItemEstimate:Collection');
  if (collections.length === 0) throw new EasStatusError(103, 'no collection');
  // MS-ASCMD §3.1.5.10
  if (collections.length > maxEstimates) {
    throw new EasStatusError(103, `${collections.length} collections, at most ${maxEstimates}`);
  }
  return collections.map(readCollection);
}

function readCollection(element: WbxElement): AskedEstimate {
  const plain = childNumber(element, 'AirSync:FilterType', FILTER_TYPE);
  const blocks = childElements(element, 'AirSync:Options').map((options) => ({
    easClass: childText(options, 'AirSync:Class'),
    filterType: childNumber(options, 'AirSync:FilterType', FILTER_TYPE),
  }));
  return {
    id: shortText(requiredChild(element, 'GetItemEstimate:CollectionId')),
    easClass: childText(element, 'GetItemEstimate:Class'),
    key: shortText(requiredChild(element, 'AirSync:SyncKey')),
    saysConversationMode: child(element, 'AirSync:ConversationMode') !== null,
    options: blocks,
    filterTypeFor: (easClass) =>
      blocks.find((block) => block.easClass === easClass || block.easClass === null)?.filterType ?? plain,
  };
}

function shortText(element: WbxElement): string {
  const text = textOf(element).trim();
  if (text.length > MAX_LENGTH) throw new EasStatusError(103, `${element.name} of ${text.length} characters`);
  return text;
}
