import { TextDecoder } from 'node:util';

/** Bytes as a string of the same length, one character per byte (ISO 8859-1). */
export function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}

/** The reverse of `latin1`. Wrong use: a character above U+00FF loses its high bits. */
export function fromLatin1(text: string): Uint8Array {
  const buffer = Buffer.from(text, 'latin1');
  return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength);
}

/** A decoder for the label, or null for a charset this runtime does not know. */
export function charsetDecoder(label: string): TextDecoder | null {
  try {
    return new TextDecoder(label.trim());
  } catch (error) {
    // The constructor's RangeError is the documented answer to "do you know this label?".
    if (error instanceof RangeError) return null;
    throw error;
  }
}

/**
 * Text whose charset nobody named, or named wrongly as US-ASCII: UTF-8 when all of it is valid, else windows-1252,
 * which is what the programs that send raw 8-bit text write.
 */
function guessText(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) return new TextDecoder('windows-1252').decode(bytes);
    throw error;
  }
}

/** `guessText` for a latin1 string; returns pure ASCII as it is. */
export function guessLatin1(text: string): string {
  return /^[\x00-\x7f]*$/.test(text) ? text : guessText(fromLatin1(text));
}

/** Decodes bytes in the named charset; an unknown or ASCII label falls back to `guessText`. Never throws. */
export function decodeCharset(bytes: Uint8Array, label: string): string {
  if (isAsciiLabel(label)) return guessText(bytes);
  const decoder = charsetDecoder(label);
  return decoder === null ? guessText(bytes) : decoder.decode(bytes);
}

/** Labels under which programs send 8-bit text of some other charset. */
export function isAsciiLabel(label: string): boolean {
  return /^(?:|us-ascii|ascii|unknown(?:-8bit)?|x-unknown|8bit|7bit|default)$/i.test(label.trim());
}

/** Turns chunks of bytes into text without holding more than one character between chunks. */
export interface TextStreamDecoder {
  write(chunk: Uint8Array): string;
  end(): string;
}

/** Streaming `decodeCharset`; without a usable label each valid UTF-8 sequence is one, every other byte windows-1252. */
export function createTextDecoder(label: string): TextStreamDecoder {
  const decoder = isAsciiLabel(label) ? null : charsetDecoder(label);
  if (decoder === null) return new MixedDecoder();
  return { write: (chunk) => decoder.decode(chunk, { stream: true }), end: () => decoder.decode() };
}

const WINDOWS_1252 = new TextDecoder('windows-1252');
const UTF_8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

class MixedDecoder implements TextStreamDecoder {
  #rest = new Uint8Array(0);

  write(chunk: Uint8Array): string {
    const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    const keep = pendingTail(bytes);
    this.#rest = new Uint8Array(bytes.subarray(bytes.length - keep));
    return mixedText(bytes.subarray(0, bytes.length - keep));
  }

  end(): string {
    const text = mixedText(this.#rest);
    this.#rest = new Uint8Array(0);
    return text;
  }
}

/** How many bytes at the end may be the beginning of a longer sequence of UTF-8. */
export function pendingTail(bytes: Uint8Array): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back += 1) {
    const byte = bytes[bytes.length - back]!;
    if (byte >= 0xc0) return sequenceLength(byte) > back ? back : 0;
    if (byte < 0x80) return 0;
  }
  return 0;
}

function sequenceLength(lead: number): number {
  if (lead >= 0xc2 && lead <= 0xdf) return 2;
  if (lead >= 0xe0 && lead <= 0xef) return 3;
  if (lead >= 0xf0 && lead <= 0xf4) return 4;
  return 1;
}

function mixedText(bytes: Uint8Array): string {
  let text = '';
  let plain = 0;
  let at = 0;
  while (at < bytes.length) {
    if (bytes[at]! < 0x80) {
      at += 1;
      continue;
    }
    text += WINDOWS_1252.decode(bytes.subarray(plain, at));
    const length = validSequence(bytes, at);
    const piece = bytes.subarray(at, at + Math.max(1, length));
    text += (length > 0 ? UTF_8 : WINDOWS_1252).decode(piece);
    at += piece.length;
    plain = at;
  }
  return text + WINDOWS_1252.decode(bytes.subarray(plain));
}

/** Length of the well-formed UTF-8 sequence at `at` (Unicode table 3-7), 0 where there is none. */
function validSequence(bytes: Uint8Array, at: number): number {
  const lead = bytes[at]!;
  const length = sequenceLength(lead);
  if (length === 1 || at + length > bytes.length) return 0;
  for (let i = 1; i < length; i += 1) if ((bytes[at + i]! & 0xc0) !== 0x80) return 0;
  const second = bytes[at + 1]!;
  if (lead === 0xe0 && second < 0xa0) return 0;
  if (lead === 0xed && second > 0x9f) return 0;
  if (lead === 0xf0 && second < 0x90) return 0;
  if (lead === 0xf4 && second > 0x8f) return 0;
  return length;
}
