import type { BodyPartPreference } from '../classes/options.ts';
import { EasStatusError } from '../status.ts';
import { type CollectionOptions, DEFAULT_OPTIONS } from '../translate/options.ts';
import type { WbxElement } from '../wbxml/element.ts';
import { child, childElements, childNumber } from '../wbxml/read-element.ts';
import { readBodyPreference } from './sync/read-options.ts';

/** MS-ASAIRS §2.2.2.11: parts of bodies are HTML. */
const HTML = 2;

/**
 * How one answer is to show its items, as the Options of Fetch and of Search say (MS-ASCMD §2.2.3.125.2, §2.2.3.125.4); null
 * stands for none.
 * @throws WbxValueError; EasStatusError 164 for parts of bodies in another form than HTML
 */
export function readShownOptions(element: WbxElement | null): CollectionOptions {
  if (element === null) return DEFAULT_OPTIONS;
  const preferences = childElements(element, 'AirSyncBase:BodyPreference').map(readBodyPreference);
  return {
    ...DEFAULT_OPTIONS,
    bodyPreferences: preferences.filter((preference) => preference !== null),
    bodyPartPreference: readPartPreference(child(element, 'AirSyncBase:BodyPartPreference')),
    mimeSupport: (childNumber(element, 'AirSync:MIMESupport', { min: 0, max: 2 }) ?? 0) as 0 | 1 | 2,
  };
}

function readPartPreference(element: WbxElement | null): BodyPartPreference | null {
  if (element === null) return null;
  const type = childNumber(element, 'AirSyncBase:Type') ?? HTML;
  if (type !== HTML) throw new EasStatusError(164, `BodyPartPreference of type ${type}`);
  const preference = readBodyPreference(element);
  if (preference === null) return null;
  const { truncationSize, allOrNone, preview } = preference;
  return { truncationSize, allOrNone, preview };
}
