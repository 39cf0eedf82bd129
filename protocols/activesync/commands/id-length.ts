import type { WbxElement } from '../wbxml/element.ts';
import { WbxValueError } from '../wbxml/errors.ts';

/** Longest id of any kind but LongId (MS-ASCMD §2.2.3.28, §2.2.3.30, §2.2.3.166.8, §2.2.3.181). */
export const LONGEST_ID = 64;
/** MS-ASCMD §2.2.3.96.2 */
export const LONGEST_LONG_ID = 256;

/**
 * Refuses an id that no server can have given out.
 * @param element Name of the element that holds it.
 * @throws WbxValueError 'range'
 */
export function checkIdLength(element: WbxElement['name'], id: string | Uint8Array, longest = LONGEST_ID): void {
  if (id.length > longest) throw new WbxValueError('range', element, `has an id of length ${id.length}`);
}
