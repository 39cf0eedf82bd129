import type { BodyPartPreference, BodyPreference, BodyType } from '../classes/options.ts';
import { EasStatusError } from '../status.ts';
import type { CollectionOptions } from '../translate/options.ts';
import type { WbxElement } from '../wbxml/element.ts';
import { boolOf, child, childElements, childNumber } from '../wbxml/read-element.ts';

/** Compressed RTF, of Windows Mobile; not served, so that another preference is taken. */
const RTF = 3;
const HTML = 2;
const HIGHEST_SIZE = 0xffff_ffff;
/** There are two classes and four types of body; more of either is kept for nobody. */
const MOST = 16;

/** In which forms bodies are asked for, by an Options element of Sync, Fetch or Search (MS-ASCMD §2.2.3.125). */
export interface BodyOptions extends Pick<CollectionOptions, 'mimeSupport' | 'bodyPartPreference'> {
  /** Null where there is none; those that are not served are left out. */
  readonly bodyPreferences: readonly BodyPreference[] | null;
}

/** @throws WbxValueError; EasStatusError 103 for too many preferences, 164 for parts of bodies in another form than HTML */
export function readBodyOptions(options: WbxElement): BodyOptions {
  const preferences = atMost(childElements(options, 'AirSyncBase:BodyPreference')).map(readBodyPreference);
  return {
    bodyPreferences: preferences.length === 0 ? null : preferences.filter((preference) => preference !== null),
    bodyPartPreference: readBodyPartPreference(child(options, 'AirSyncBase:BodyPartPreference')),
    mimeSupport: (childNumber(options, 'AirSync:MIMESupport', { min: 0, max: 2 }) ?? 0) as 0 | 1 | 2,
  };
}

/** @throws EasStatusError 103 */
export function atMost(elements: readonly WbxElement[]): readonly WbxElement[] {
  if (elements.length > MOST) throw new EasStatusError(103, `${elements.length} times ${elements[0]?.name}`);
  return elements;
}

/** MS-ASAIRS §2.2.2.12; null for a type that is not served. */
function readBodyPreference(element: WbxElement): BodyPreference | null {
  const type = childNumber(element, 'AirSyncBase:Type', { min: 1, max: 4 }) ?? 1;
  const sizes = readSizes(element);
  return type === RTF ? null : { type: type as BodyType, ...sizes };
}

/** MS-ASAIRS §2.2.2.11: parts of bodies are HTML. */
function readBodyPartPreference(element: WbxElement | null): BodyPartPreference | null {
  if (element === null) return null;
  const type = childNumber(element, 'AirSyncBase:Type') ?? HTML;
  if (type !== HTML) throw new EasStatusError(164, `BodyPartPreference of type ${type}`);
  return readSizes(element);
}

function readSizes(element: WbxElement): BodyPartPreference {
  const allOrNone = child(element, 'AirSyncBase:AllOrNone');
  return {
    truncationSize: childNumber(element, 'AirSyncBase:TruncationSize', { min: 0, max: HIGHEST_SIZE }),
    allOrNone: allOrNone !== null && boolOf(allOrNone),
    preview: childNumber(element, 'AirSyncBase:Preview', { min: 0, max: 255 }) ?? 0,
  };
}
