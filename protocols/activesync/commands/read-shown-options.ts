import { type CollectionOptions, DEFAULT_OPTIONS } from '../translate/options.ts';
import type { WbxElement } from '../wbxml/element.ts';
import { readBodyOptions } from './read-body-options.ts';

/**
 * How one answer is to show its items, as the Options of Fetch and of Search say (MS-ASCMD §2.2.3.125.2, §2.2.3.125.4); null
 * stands for none.
 * @throws as `readBodyOptions`
 */
export function readShownOptions(element: WbxElement | null): CollectionOptions {
  if (element === null) return DEFAULT_OPTIONS;
  const bodies = readBodyOptions(element);
  return { ...DEFAULT_OPTIONS, ...bodies, bodyPreferences: bodies.bodyPreferences ?? [] };
}
