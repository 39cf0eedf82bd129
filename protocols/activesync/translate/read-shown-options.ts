import type { BodyPreference, BodyType } from '../classes/options.ts';
import { EasStatusError } from '../status.ts';
import type { WbxElement } from '../wbxml/element.ts';
import { childBool, childElements, childNumber } from '../wbxml/read-element.ts';
import { type CollectionOptions, DEFAULT_OPTIONS } from './options.ts';

/** Compressed RTF, of old clients; not served, so that another preference is taken. */
const RTF = 3;
/** MS-ASAIRS §2.2.2.11: parts of bodies are HTML. */
const HTML = 2;
const HIGHEST_SIZE = 0xffff_ffff;

/**
 * How one answer is to show its items, as the Options of Fetch and of Search say (MS-ASCMD §2.2.3.125.2, §2.2.3.125.4); null
 * stands for none. Bodies come whole also to who asks for parts of them.
 * @throws WbxValueError; EasStatusError 164 for parts of bodies in another form than HTML
 */
export function readShownOptions(element: WbxElement | null): CollectionOptions {
  if (element === null) return DEFAULT_OPTIONS;
  for (const part of childElements(element, 'AirSyncBase:BodyPartPreference')) {
    const type = childNumber(part, 'AirSyncBase:Type') ?? HTML;
    if (type !== HTML) throw new EasStatusError(164, `BodyPartPreference of type ${type}`);
  }
  const preferences = childElements(element, 'AirSyncBase:BodyPreference').map(readPreference);
  return {
    ...DEFAULT_OPTIONS,
    bodyPreferences: preferences.filter((preference) => preference !== null),
    mimeSupport: (childNumber(element, 'AirSync:MIMESupport', { min: 0, max: 2 }) ?? 0) as 0 | 1 | 2,
  };
}

/** MS-ASAIRS §2.2.2.12; null for a form that is not served. */
function readPreference(element: WbxElement): BodyPreference | null {
  const type = childNumber(element, 'AirSyncBase:Type', { min: 1, max: 4 }) ?? 1;
  const preference = {
    truncationSize: childNumber(element, 'AirSyncBase:TruncationSize', { min: 0, max: HIGHEST_SIZE }),
    allOrNone: childBool(element, 'AirSyncBase:AllOrNone') ?? false,
    preview: childNumber(element, 'AirSyncBase:Preview', { min: 0, max: 255 }) ?? 0,
  };
  return type === RTF ? null : { type: type as BodyType, ...preference };
}
