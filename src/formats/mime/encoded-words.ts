import { charsetDecoder, decodeCharset, fromLatin1, isAsciiLabel } from './charset.ts';

interface Word {
  readonly charset: string;
  readonly bytes: Uint8Array;
}

// RFC 2047 §2, and RFC 2231 §5 for the language after '*'. Blanks inside the text are not allowed there but do occur.
const ENCODED_WORD = /=\?([^\s?*=]{1,64})(?:\*[^\s?]{0,64})?\?([bq])\?([^?\r\n]*)\?=/gi;

/**
 * Decodes the encoded words of an unfolded value (RFC 2047). White space between two of them is dropped (§6.2), and
 * neighbours of one charset are joined as bytes first, because real programs split a character across words. A word
 * that cannot be decoded stays as it is written.
 */
export function decodeWords(text: string): string {
  if (!text.includes('=?')) return text;
  let result = '';
  let run: Word[] = [];
  let at = 0;
  for (const match of text.matchAll(ENCODED_WORD)) {
    const word = readWord(match[1]!, match[2]!, match[3]!);
    const between = text.slice(at, match.index);
    if (word === null) {
      result += joinWords(run) + between + match[0];
      run = [];
    } else if (run.length > 0 && /^\s*$/.test(between)) {
      run.push(word);
    } else {
      result += joinWords(run) + between;
      run = [word];
    }
    at = match.index + match[0].length;
  }
  return result + joinWords(run) + text.slice(at);
}

function readWord(charset: string, encoding: string, text: string): Word | null {
  if (!isAsciiLabel(charset) && charsetDecoder(charset) === null) return null;
  const isBase64 = encoding.toLowerCase() === 'b';
  const bytes = isBase64 ? readBase64(text) : readQ(text);
  return bytes === null ? null : { charset: charset.toLowerCase(), bytes };
}

function readBase64(text: string): Uint8Array | null {
  const clean = text.replace(/\s+/g, '');
  if (!/^[A-Za-z0-9+/_-]*={0,3}$/.test(clean)) return null;
  const bytes = Buffer.from(clean, 'base64');
  return bytes.length === 0 && clean !== '' ? null : bytes;
}

function readQ(text: string): Uint8Array | null {
  // A character above U+00FF came from raw UTF-8 inside the word: it is not ours to reinterpret.
  if (/[^\x00-\xff]/.test(text)) return null;
  const spaced = text.replace(/_/g, ' ');
  return fromLatin1(
    spaced.replace(/=([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
  );
}

function joinWords(run: readonly Word[]): string {
  let text = '';
  for (let from = 0; from < run.length; ) {
    const charset = run[from]!.charset;
    let to = from + 1;
    while (to < run.length && run[to]!.charset === charset) to += 1;
    text += decodeCharset(Buffer.concat(run.slice(from, to).map((word) => word.bytes)), charset);
    from = to;
  }
  return text;
}

/** RFC 2047 §2: an encoded word has at most 75 characters; `=?UTF-8?Q?` and `?=` take 12 of them. */
const MAX_WORD = 75;
const WRAPPING = 12;

/**
 * Writes text as encoded words in UTF-8, none splitting a character (§5). The result is a list to be joined by folds.
 * Uses Q where most of the text is ASCII, else B; Q keeps to the alphabet that is safe in a phrase too (§5 rule 3).
 * @param longest Characters of one word: fewer than 75 where the first has to share its line with a field name.
 */
export function encodeWords(text: string, longest = MAX_WORD): string[] {
  const special = [...text].filter((character) => character > '~' || character < ' ').length;
  const room = Math.min(MAX_WORD, Math.max(40, longest)) - WRAPPING;
  return special * 3 > [...text].length ? encodeB(text, room) : encodeQ(text, room);
}

function encodeQ(text: string, room: number): string[] {
  const words = pack([...text].map(encodeCharacter), room, (encoded) => encoded.length);
  return words.map((word) => `=?UTF-8?Q?${word}?=`);
}

function encodeCharacter(character: string): string {
  if (/^[A-Za-z0-9!*+/-]$/.test(character)) return character;
  if (character === ' ') return '_';
  return [...Buffer.from(character)].map((byte) => `=${byte.toString(16).toUpperCase().padStart(2, '0')}`).join('');
}

function encodeB(text: string, room: number): string[] {
  const words = pack([...text], Math.floor(room / 4) * 3, (character) => Buffer.byteLength(character));
  return words.map((word) => `=?UTF-8?B?${Buffer.from(word).toString('base64')}?=`);
}

/** Joins pieces as long as they fit into the room. */
function pack(pieces: readonly string[], room: number, sizeOf: (piece: string) => number): string[] {
  const packed: string[] = [];
  let present = '';
  let size = 0;
  for (const piece of pieces) {
    if (size + sizeOf(piece) > room) {
      packed.push(present);
      present = '';
      size = 0;
    }
    present += piece;
    size += sizeOf(piece);
  }
  packed.push(present);
  return packed;
}
