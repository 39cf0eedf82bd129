import { readFileSync } from 'node:fs';
import type { ElementName } from '../../../protocols/activesync/wbxml/elements.ts';
import { factsOf } from '../../../protocols/activesync/wbxml/elements.ts';

/** In this element the phone had `recorded`; here it says `ours`. */
export interface Mapped {
  readonly element: ElementName;
  readonly recorded: string;
  readonly ours: string;
}

const HAS_CONTENT = 0x40;
const INLINE_STRING = 0x03;

/**
 * The bytes of a recorded request with values of the other server in place of ours. Nothing else is touched: an inline string has
 * no length, so the value behind the element's token is cut out and another put in.
 * @throws Error when the request does not have a value that is to be mapped
 */
export function preparedRequest(file: string, mapped: readonly Mapped[]): Buffer {
  return mapped.reduce((bytes, { element, recorded, ours }) => {
    const start = Buffer.of(factsOf(element)!.token | HAS_CONTENT, INLINE_STRING);
    const searched = Buffer.concat([start, Buffer.from(`${recorded}\0`)]);
    const at = bytes.indexOf(searched);
    if (at < 0) throw new Error(`${file} has no ${element} ${recorded}`);
    const replacement = Buffer.concat([start, Buffer.from(`${ours}\0`)]);
    return Buffer.concat([bytes.subarray(0, at), replacement, bytes.subarray(at + searched.length)]);
  }, readFileSync(file));
}
