import type { BodyPreference } from '../../classes/options.ts';
import type { CollectionOptions } from '../../translate/options.ts';
import type { EasClass } from '../../translate/view.ts';
import type { WbxElement } from '../../wbxml/element.ts';
import { childElements, childNumber, childText } from '../../wbxml/read-element.ts';
import { atMost, readBodyOptions } from '../read-body-options.ts';

/** One Options element (MS-ASCMD §2.2.3.125.6); what it leaves out has its default. */
export interface OptionsBlock {
  /** The class it is for; null: the collection's own. */
  readonly easClass: string | null;
  readonly options: Omit<CollectionOptions, 'supported'>;
}

/** Bytes of a body by Truncation (MS-ASCMD §2.2.3.185), which stands where no BodyPreference does; 9 truncates nothing. */
const TRUNCATION_SIZES = [0, 512, 1_024, 2_048, 5_120, 10_240, 20_480, 51_200, 102_400] as const;

/** All Options of a collection. @throws WbxValueError; EasStatusError 164 for a BodyPartPreference of another type than HTML */
export function readOptions(collection: WbxElement): OptionsBlock[] {
  return atMost(childElements(collection, 'AirSync:Options')).map(readOptionsBlock);
}

function readOptionsBlock(element: WbxElement): OptionsBlock {
  const conflict = childNumber(element, 'AirSync:Conflict', { min: 0, max: 1 });
  const truncation = childNumber(element, 'AirSync:Truncation', { min: 0, max: 9 });
  const bodies = readBodyOptions(element);
  return {
    easClass: childText(element, 'AirSync:Class'),
    options: {
      filterType: childNumber(element, 'AirSync:FilterType', { min: 0, max: 8 }) ?? 0,
      ...bodies,
      bodyPreferences: bodies.bodyPreferences ?? oldTruncation(truncation),
      mimeTruncation: childNumber(element, 'AirSync:MIMETruncation', { min: 0, max: 8 }),
      conflict: conflict === null ? null : conflict === 0 ? 'client-wins' : 'server-wins',
    },
  };
}

/** The block that is for this class of items; null where none is. SMS is asked for even by phones that were refused it. */
export function optionsFor(blocks: readonly OptionsBlock[], easClass: EasClass): OptionsBlock | null {
  return blocks.find((block) => block.easClass === easClass) ?? blocks.find((block) => block.easClass === null) ?? null;
}

function oldTruncation(truncation: number | null): BodyPreference[] {
  const size = truncation === null ? undefined : TRUNCATION_SIZES[truncation];
  return size === undefined ? [] : [{ type: 1, truncationSize: size, allOrNone: false, preview: 0 }];
}
