import type { WbxElement } from '../../wbxml/element.ts';
import { child, childText } from '../../wbxml/read-element.ts';

/** Results by number, both ends included, counted from 0. */
export interface ResultRange {
  readonly first: number;
  readonly last: number;
}

/**
 * The results that a Store asks for (MS-ASCMD §2.2.3.143), cut to `most` of them; the first `most` where it does not say. Null
 * for something that is no range.
 */
export function readRange(store: WbxElement, most: number): ResultRange | null {
  const options = child(store, 'Search:Options');
  const text = options === null ? null : childText(options, 'Search:Range');
  if (text === null || text.trim() === '') return { first: 0, last: most - 1 };
  const found = /^\s*(\d{1,9})\s*-\s*(\d{1,9})\s*$/.exec(text);
  if (found === null) return null;
  const first = Number(found[1]);
  const last = Number(found[2]);
  return first > last ? null : { first, last: Math.min(last, first + most - 1) };
}
