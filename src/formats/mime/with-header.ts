import { type AddressEntry, formatAddressList } from './address-list.ts';
import { fromLatin1, latin1 } from './charset.ts';
import { encodeWords } from './encoded-words.ts';
import { lineBreaksOf } from './header-fields.ts';
import type { ByteRange } from './message-index.ts';
import { type MessageHeader, readMessageHeader } from './message-indexer.ts';

/** Text of an unstructured field, the entries of an address field, or null to take the field away. */
export type HeaderValue = string | readonly AddressEntry[] | null;

/** Replaces `range` of the message by `bytes`; nothing else changes. */
export interface HeaderEdit {
  readonly range: ByteRange;
  readonly bytes: Uint8Array;
}

/** RFC 5322 §2.1.1: lines should not exceed 78 characters. */
const MAX_LINE = 78;
/** A word longer than this could push a line over the 998 that RFC 5322 §2.1.1 allows at most. */
const MAX_WORD = 900;

/**
 * The message with one field set; every other byte is as it was. The field keeps its place, further fields of the same
 * name are removed; a new field comes last. Non-ASCII text is encoded (RFC 2047), long values are folded, line breaks
 * in the value become blanks. Throws TypeError for a name that is no field name.
 */
export function withHeader(message: Uint8Array, name: string, value: HeaderValue): Uint8Array {
  const { range, bytes } = headerEdit(message, name, value);
  const edited = new Uint8Array(message.length - (range.end - range.start) + bytes.length);
  edited.set(message.subarray(0, range.start));
  edited.set(bytes, range.start);
  edited.set(message.subarray(range.end), range.start + bytes.length);
  return edited;
}

/** What `withHeader` changes, for callers that copy a message as a stream: only its beginning has to be at hand. */
function headerEdit(message: Uint8Array, name: string, value: HeaderValue): HeaderEdit {
  if (!/^[!-9;-~]+$/.test(name)) throw new TypeError(`not a header field name: ${JSON.stringify(name)}`);
  const header = readMessageHeader(message);
  const lineEnd = lineEndOf(message);
  const made = value === null ? '' : foldField(name, value, lineEnd);
  const range = header.header;
  const written = replaceField(header, name, made, lineEnd);
  // A message that begins with its text needs the blank line that ends a header (RFC 5322 §2.1).
  const hasNoHeader = range.end === header.bodyStart && header.bodyStart < message.length;
  return { range, bytes: fromLatin1(hasNoHeader && written !== '' ? written + lineEnd : written) };
}

function replaceField({ fields }: MessageHeader, name: string, made: string, lineEnd: string): string {
  const wanted = name.toLowerCase();
  let rest = made;
  let written = '';
  for (const field of fields) {
    if (field.name.toLowerCase() !== wanted) {
      written += field.raw;
      continue;
    }
    written += rest;
    rest = '';
  }
  if (rest !== '' && written !== '' && !/[\r\n]$/.test(written)) written += lineEnd;
  return written + rest;
}

/** What ends the message's first line; CRLF where it has none. */
function lineEndOf(message: Uint8Array): string {
  const start = latin1(message.subarray(0, 8192));
  const first = /\r\n|\n/.exec(start)?.[0] ?? '\r\n';
  return lineBreaksOf(start) === 'any' ? '\r' : first;
}

/** One field with its line ends, long values folded at blanks. */
export function foldField(name: string, value: Exclude<HeaderValue, null>, lineEnd: string): string {
  const text = typeof value === 'string' ? encodeText(value, MAX_LINE - 4 - name.length) : formatAddressList(value);
  let line = `${name}:`;
  let written = '';
  // Each piece is a word with the blanks before it; a fold goes before those (RFC 5322 §2.2.3).
  for (const piece of ` ${text}`.match(/[ \t]+[^ \t]+/g) ?? [' ']) {
    if (line.length + piece.length > MAX_LINE && line !== `${name}:`) {
      written += line + lineEnd;
      line = '';
    }
    line += piece;
  }
  return written + line + lineEnd;
}

function encodeText(value: string, longestWord: number): string {
  const text = value.replace(/[\r\n\0]+/g, ' ').trim();
  const isPlain = /^[ -~\t]*$/.test(text) && !text.includes('=?');
  if (isPlain && text.split(/[ \t]/).every((word) => word.length <= MAX_WORD)) return text;
  return encodeWords(text, longestWord).join(' ');
}
