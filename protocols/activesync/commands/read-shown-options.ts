import { type CollectionOptions, DEFAULT_OPTIONS } from '../translate/options.ts';
import type { WbxElement } from '../wbxml/element.ts';
import { child, childNumber } from '../wbxml/read-element.ts';
import { readBodyPartPreference, readBodyPreferences } from './sync/read-options.ts';

/**
 * How one answer is to show its items, as the Options of Fetch and of Search say (MS-ASCMD §2.2.3.125.2, §2.2.3.125.4); null
 * stands for none.
 * @throws WbxValueError; EasStatusError 164 for parts of bodies in another form than HTML
 */
export function readShownOptions(element: WbxElement | null): CollectionOptions {
  if (element === null) return DEFAULT_OPTIONS;
  return {
    ...DEFAULT_OPTIONS,
    bodyPreferences: readBodyPreferences(element),
    bodyPartPreference: readBodyPartPreference(child(element, 'AirSyncBase:BodyPartPreference')),
    mimeSupport: (childNumber(element, 'AirSync:MIMESupport', { min: 0, max: 2 }) ?? 0) as 0 | 1 | 2,
  };
}
