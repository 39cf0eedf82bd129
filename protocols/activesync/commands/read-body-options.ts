import type { BodyPartPreference, BodyPreference, BodyType } from '../classes/options.ts';
import { EasStatusError } from '../status.ts';
import type { CollectionOptions } from '../translate/options.ts';
import type { WbxElement } from '../wbxml/element.ts';
import { WbxValueError } from '../wbxml/errors.ts';
import { boolOf, child, childElements, childNumber } from '../wbxml/read-element.ts';

/** Compressed RTF, of Windows Mobile; not served, so that another preference is taken. */
const RTF = 3;
const HTML = 2;
const HIGHEST_SIZE = 0xffff_ffff;
/** There are two classes and four types of body; more of either is kept for nobody. */
const MOST = 16;
/** What a preference may say, in this order (MS-ASAIRS §2.2.2.12). */
const PARTS: readonly string[] = ['Type', 'TruncationSize', 'AllOrNone', 'Preview'].map(
  (name) => `AirSyncBase:${name}`,
);

/** In which forms bodies are asked for, by an Options element of Sync, Fetch or Search (MS-ASCMD §2.2.3.125). */
export interface BodyOptions extends Pick<CollectionOptions, 'mimeSupport' | 'bodyPartPreference'> {
  /** Null where there is none; those that are not served are left out. */
  readonly bodyPreferences: readonly BodyPreference[] | null;
}

/**
 * Preferences in another order than the schema's, with something twice, or two of one type are not understood (MS-ASAIRS §3.2.5.1).
 * @throws WbxValueError; EasStatusError 164 for parts of bodies in another form than HTML
 */
export function readBodyOptions(options: WbxElement): BodyOptions {
  const asked = atMost(childElements(options, 'AirSyncBase:BodyPreference'));
  return {
    bodyPreferences: asked.length === 0 ? null : readBodyPreferences(options, asked),
    bodyPartPreference: readBodyPartPreference(child(options, 'AirSyncBase:BodyPartPreference')),
    mimeSupport: (childNumber(options, 'AirSync:MIMESupport', { min: 0, max: 2 }) ?? 0) as 0 | 1 | 2,
  };
}

/** @throws WbxValueError */
export function atMost(elements: readonly WbxElement[]): readonly WbxElement[] {
  const [first] = elements;
  if (first === undefined || elements.length <= MOST) return elements;
  throw new WbxValueError('range', first.name, `comes ${elements.length} times`);
}

function readBodyPreferences(options: WbxElement, elements: readonly WbxElement[]): BodyPreference[] {
  const types = elements.map((element) => childNumber(element, 'AirSyncBase:Type'));
  if (new Set(types).size < types.length) throw new WbxValueError('structure', options.name, 'has a body type twice');
  return elements.map(readBodyPreference).filter((preference) => preference !== null);
}

/** Null for a type that is not served. */
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
  const places = childElements(element).map(({ name }) => PARTS.indexOf(name));
  if (places.some((place, at) => place <= (places[at - 1] ?? -1))) {
    throw new WbxValueError('structure', element.name, 'has elements of its own out of order');
  }
  const allOrNone = child(element, 'AirSyncBase:AllOrNone');
  return {
    truncationSize: childNumber(element, 'AirSyncBase:TruncationSize', { min: 0, max: HIGHEST_SIZE }),
    allOrNone: allOrNone !== null && boolOf(allOrNone),
    preview: childNumber(element, 'AirSyncBase:Preview', { min: 0, max: 255 }) ?? 0,
  };
}
