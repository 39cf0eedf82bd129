import { createHmac } from 'node:crypto';
import type { Masker } from './wire-format.ts';

/** Runs of ASCII letters and digits, and of everything beyond ASCII: what carries meaning. Spaces and punctuation are shape. */
const WORD = /[^\x00-\x2f\x3a-\x40\x5b-\x60\x7b-\x7f]+/gu;
/** What a reader of the text goes by: elements of HTML, the beginning of an encoded word (RFC 2047 §2), an escaped line break. */
const SYNTAX =
  /<\/?(?:html|head|body|meta|title|style|p|div|span|br|hr|a|img|b|i|u|em|strong|font|table|tbody|thead|tr|td|th|ul|ol|li|pre|blockquote|h[1-6])(?=[\s/>])|&(?:amp|lt|gt|quot|apos|nbsp);|=\?[\w-]+\?[bq]\?|\\[nN]/giu;
/** Up to here words are masked one by one, so that a subject stays the same behind `Re:`; above, a body's words would tell it. */
const MAX_BY_WORD = 200;

/**
 * Masks by a secret that is kept nowhere: without it nobody can try out which value a stand-in stands for. Words keep their
 * length in characters and in UTF-8, their case and their place.
 * @param own The recorded person's address, which the recording tells anyway: it stays in texts too, since a message that is from
 *   somebody else may not be sent when the recording is replayed.
 */
export function createMasker(secret: Uint8Array, own: string | null = null): Masker {
  const plain = own === null ? SYNTAX : new RegExp(`${SYNTAX.source}|${wholeAddress(own)}`, SYNTAX.flags);
  const digest = (kind: string, value: string | Uint8Array) =>
    createHmac('sha256', secret).update(`${kind}\0`).update(value).digest();
  const byWord = (value: string) => value.replaceAll(WORD, (word) => standIn(word, numbers(digest('word', word))));
  const asWhole = (value: string) => {
    const next = numbers(digest('text', value));
    return value.replaceAll(WORD, (word) => standIn(word, next));
  };
  return {
    text: (value) => between(plain, value, value.length > MAX_BY_WORD ? asWhole : byWord),
    step: byWord,
    key: (value) => {
      if (!/^\d+$/u.test(value)) return byWord(value);
      // Keys have 32 bits; 0 is none.
      return Number(value) === 0 ? value : String((digest('key', value).readUInt32LE() || 1) >>> 0);
    },
    bytes: (value) => {
      const next = numbers(digest('bytes', value));
      return value.map(() => 0x61 + (next() % 26));
    },
  };
}

/**
 * Takes every value for the same: two messages are alike under it when they differ in nothing but what is masked. Steps of
 * paths and keys are what a client sent or the server made, and are compared as such.
 */
export const SHAPE: Masker = {
  text: (value) => (value === '' ? '' : 'x'),
  step: (value) => value,
  key: (value) => value,
  bytes: (value) => Buffer.from(value.length === 0 ? '' : 'x'),
};

/** The address where it is not a part of another one. */
function wholeAddress(address: string): string {
  const literal = address.replaceAll(/[\\^$.*+?()[\]{}|/]/gu, '\\$&');
  return `(?<![\\p{L}\\p{N}.!#$%&'*+/=?^_\`{|}~@-])${literal}(?![\\p{L}\\p{N}_-]|\\.[\\p{L}\\p{N}])`;
}

function between(plain: RegExp, value: string, mask: (part: string) => string): string {
  let masked = '';
  let at = 0;
  for (const { index, 0: syntax } of value.matchAll(plain)) {
    masked += mask(value.slice(at, index)) + syntax;
    at = index + syntax.length;
  }
  return masked + mask(value.slice(at));
}

/** A stream of numbers below 2^32 (xorshift128, Marsaglia 2003), of which nobody can tell the seed's secret. */
function numbers(seed: Buffer): () => number {
  let [x, y, z, w] = [0, 4, 8, 12].map((at) => seed.readUInt32LE(at)) as [number, number, number, number];
  w |= 1;
  return () => {
    const t = x ^ (x << 11);
    x = y;
    y = z;
    z = w;
    w = w ^ (w >>> 19) ^ t ^ (t >>> 8);
    return w >>> 0;
  };
}

function standIn(word: string, next: () => number): string {
  if (/^[\x00-\x7f]*$/u.test(word)) {
    // Nearly all text, and all of attachments: several times as quick.
    const bytes = Buffer.from(word, 'latin1');
    for (let at = 0; at < bytes.length; at += 1) bytes[at] = likeOf(bytes[at]!, next());
    return bytes.toString('latin1');
  }
  let masked = '';
  for (const character of word) masked += String.fromCodePoint(likeOf(character.codePointAt(0)!, next()));
  return masked;
}

/** Another character of the same kind and the same number of bytes in UTF-8. */
function likeOf(code: number, random: number): number {
  if (code >= 0x30 && code <= 0x39) return 0x30 + (random % 10);
  if (code < 0x80) return (code & 0x20 ? 0x61 : 0x41) + (random % 26);
  if (code < 0x800) return 0xe0 + (random % 23);
  return (code < 0x1_0000 ? 0x4e00 : 0x2_0000) + (random % 1000);
}
