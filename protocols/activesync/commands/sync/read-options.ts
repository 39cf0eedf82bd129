import type { BodyPartPreference, BodyPreference, BodyType } from '../../classes/options.ts';
import { EasStatusError } from '../../status.ts';
import type { CollectionOptions } from '../../translate/options.ts';
import type { EasClass } from '../../translate/view.ts';
import type { WbxElement } from '../../wbxml/element.ts';
import { WbxValueError } from '../../wbxml/errors.ts';
import { boolOf, child, childElements, childNumber, childText } from '../../wbxml/read-element.ts';

/** One Options element (MS-ASCMD §2.2.3.125.6); what it leaves out has its default. */
export interface OptionsBlock {
  /** The class it is for; null: the collection's own. */
  readonly easClass: string | null;
  readonly options: Omit<CollectionOptions, 'supported'>;
}

/** Bytes of a body by Truncation (MS-ASCMD §2.2.3.185), which stands where no BodyPreference does; 9 truncates nothing. */
const TRUNCATION_SIZES = [0, 512, 1_024, 2_048, 5_120, 10_240, 20_480, 51_200, 102_400] as const;
/** Compressed RTF, of Windows Mobile; not served, so that another preference is taken. */
const RTF = 3;
const HTML = 2;
const HIGHEST_SIZE = 0xffff_ffff;
/** Options of one collection, and body preferences of one of these: there are two classes and four types; more is kept for nobody. */
const MOST = 16;

/** All Options of a collection. @throws WbxValueError; EasStatusError 103 for too many, 164 for a BodyPartPreference of another type than HTML */
export function readOptions(collection: WbxElement): OptionsBlock[] {
  return atMost(childElements(collection, 'AirSync:Options')).map(readOptionsBlock);
}

/** @throws EasStatusError 103 */
function atMost(elements: readonly WbxElement[]): readonly WbxElement[] {
  if (elements.length > MOST) throw new EasStatusError(103, `${elements.length} times ${elements[0]?.name}`);
  return elements;
}

function readOptionsBlock(element: WbxElement): OptionsBlock {
  const conflict = childNumber(element, 'AirSync:Conflict', { min: 0, max: 1 });
  const truncation = childNumber(element, 'AirSync:Truncation', { min: 0, max: 9 });
  const asked = atMost(childElements(element, 'AirSyncBase:BodyPreference'));
  return {
    easClass: childText(element, 'AirSync:Class'),
    options: {
      filterType: childNumber(element, 'AirSync:FilterType', { min: 0, max: 8 }) ?? 0,
      bodyPreferences: asked.length === 0 ? oldTruncation(truncation) : readBodyPreferences(element),
      bodyPartPreference: readBodyPartPreference(child(element, 'AirSyncBase:BodyPartPreference')),
      mimeSupport: (childNumber(element, 'AirSync:MIMESupport', { min: 0, max: 2 }) ?? 0) as 0 | 1 | 2,
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

/** What a preference may say, in this order (MS-ASAIRS §2.2.2.12). */
const PARTS: readonly string[] = ['Type', 'TruncationSize', 'AllOrNone', 'Preview'].map(
  (name) => `AirSyncBase:${name}`,
);

/**
 * The preferences of one Options, without the types that are not served. In another order, with something twice or two for one
 * type they are not understood (MS-ASAIRS §3.2.5.1).
 * @throws WbxValueError
 */
export function readBodyPreferences(options: WbxElement): BodyPreference[] {
  const elements = childElements(options, 'AirSyncBase:BodyPreference');
  const types = elements.map((element) => childNumber(element, 'AirSyncBase:Type'));
  if (new Set(types).size < types.length) throw new WbxValueError('structure', options.name, 'has a body type twice');
  return elements.map(readBodyPreference).filter((preference) => preference !== null);
}

/** Null for a type that is not served. @throws WbxValueError */
function readBodyPreference(element: WbxElement): BodyPreference | null {
  const places = childElements(element).map(({ name }) => PARTS.indexOf(name));
  if (places.some((place, at) => place <= (places[at - 1] ?? -1))) {
    throw new WbxValueError('structure', element.name, 'has elements of its own out of order');
  }
  const type = childNumber(element, 'AirSyncBase:Type', { min: 1, max: 4 }) ?? 1;
  const allOrNone = child(element, 'AirSyncBase:AllOrNone');
  const preference = {
    truncationSize: childNumber(element, 'AirSyncBase:TruncationSize', { min: 0, max: HIGHEST_SIZE }),
    allOrNone: allOrNone !== null && boolOf(allOrNone),
    preview: childNumber(element, 'AirSyncBase:Preview', { min: 0, max: 255 }) ?? 0,
  };
  return type === RTF ? null : { type: type as BodyType, ...preference };
}

/** MS-ASAIRS §2.2.2.11: parts of bodies are HTML. @throws WbxValueError; EasStatusError 164 for another form */
export function readBodyPartPreference(element: WbxElement | null): BodyPartPreference | null {
  if (element === null) return null;
  const type = childNumber(element, 'AirSyncBase:Type') ?? HTML;
  if (type !== HTML) throw new EasStatusError(164, `BodyPartPreference of type ${type}`);
  const preference = readBodyPreference(element);
  if (preference === null) return null;
  const { truncationSize, allOrNone, preview } = preference;
  return { truncationSize, allOrNone, preview };
}
