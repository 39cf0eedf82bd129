import type { ContentLine } from '../content-line/content-line.ts';
import { parameterOf } from '../content-line/lookup.ts';
import { splitEscaped, unescapeText } from '../content-line/text.ts';
import { decodeCharset } from '../mime/charset.ts';
import type { CardVersion } from './card.ts';

/** Words that vCard 2.1 (§2.1.4.2, §2.1.4.3) writes without `ENCODING=`. */
const BARE_ENCODINGS = new Set(['QUOTED-PRINTABLE', 'BASE64', '7BIT', '8BIT', 'B']);
/** Words that vCard 2.1 writes without `VALUE=`. */
const BARE_VALUES = new Set(['INLINE', 'URL', 'CONTENT-ID', 'CID']);

/** How the value is encoded, whatever way the version writes that. */
export function encodingOf(line: ContentLine): 'quoted-printable' | 'base64' | null {
  if (line.parameters.length === 0) return null;
  const bare = line.parameters.filter(({ name }) => name === '').flatMap(({ values }) => values);
  const named = parameterOf(line, 'ENCODING') ?? bare.find((word) => BARE_ENCODINGS.has(word.toUpperCase())) ?? '';
  const encoding = named.toUpperCase();
  if (encoding === 'QUOTED-PRINTABLE') return 'quoted-printable';
  return encoding === 'B' || encoding === 'BASE64' ? 'base64' : null;
}

/** The kind of value: VALUE, or what 2.1 wrote bare; lower case, null where not said. */
export function valueKindOf(line: ContentLine): string | null {
  if (line.parameters.length === 0) return null;
  const bare = line.parameters.filter(({ name }) => name === '').flatMap(({ values }) => values);
  const named = parameterOf(line, 'VALUE') ?? bare.find((word) => BARE_VALUES.has(word.toUpperCase()));
  return named?.toLowerCase() ?? null;
}

/** TYPE values as written: lists, repeated parameters, quoted lists (`"work,voice"`) and bare words of 2.1. */
export function typeWords(line: ContentLine): string[] {
  return line.parameters.flatMap(({ name, values }) => {
    if (name === 'TYPE') return values.flatMap((value) => value.split(',')).map((word) => word.trim());
    if (name !== '') return [];
    return values.filter((word) => !BARE_ENCODINGS.has(word.toUpperCase()) && !BARE_VALUES.has(word.toUpperCase()));
  });
}

/** `typeWords` for comparing: lower case, without `pref`, which is a rank and no type. */
export function typesOf(line: ContentLine): string[] {
  return typeWords(line)
    .map((word) => word.toLowerCase())
    .filter((word) => word !== '' && word !== 'pref');
}

/** 1 (most preferred) to 100: PREF of 4.0 (RFC 6350 §5.3), or 1 for `TYPE=pref`; null without preference. */
export function preferenceOf(line: ContentLine): number | null {
  const pref = parameterOf(line, 'PREF');
  if (pref !== null && /^\d{1,3}$/.test(pref.trim())) return Math.min(100, Math.max(1, Number(pref)));
  return typeWords(line).some((word) => word.toLowerCase() === 'pref') ? 1 : null;
}

/**
 * The value with quoted-printable and CHARSET undone; escapes of its version are still in it, line breaks that were
 * quoted are `\n` characters.
 */
export function plainValue(line: ContentLine): string {
  const charset = parameterOf(line, 'CHARSET') ?? '';
  if (encodingOf(line) === 'quoted-printable') {
    const octets = Buffer.from(line.value).toString('latin1');
    const bytes = octets.replace(/=([0-9A-Fa-f]{2})/g, (_, hex: string) =>
      String.fromCharCode(Number.parseInt(hex, 16)),
    );
    return decodeCharset(Buffer.from(bytes, 'latin1'), charset).replace(/\r\n?/g, '\n');
  }
  return charset === '' ? line.value : recode(line, charset);
}

/** 8-bit text of a named charset (2.1 allows any): the bytes are in `raw`, read as UTF-8 or windows-1252 until now. */
function recode(line: ContentLine, charset: string): string {
  if (line.raw === null || /^(?:utf-?8|us-ascii|ascii)$/i.test(charset.trim())) return line.value;
  const octets = line.raw.replace(/\r*\n[ \t]/g, '').replace(/[\r\n]+$/, '');
  const start = octets.length - line.value.length;
  // Valid UTF-8 has become shorter than its bytes: it is what it is, whatever CHARSET claims.
  if (start < 1 || !/[\x80-\xff]/.test(octets) || octets[start - 1] !== ':') return line.value;
  return decodeCharset(Buffer.from(octets.slice(start), 'latin1'), charset);
}

/** Undoes the escapes of one text. 2.1 knows only `\;` (§2.1.4); others write needless ones (`\:`, `\"`) as well. */
export function unescapeCardText(text: string, version: CardVersion): string {
  if (!text.includes('\\')) return text;
  if (version === '2.1') return text.replace(/\\([;,:])/g, '$1');
  return unescapeText(
    text.replace(/\\[\\nN;,:"]/g, (pair) => (pair === '\\:' || pair === '\\"' ? pair.slice(1) : pair)),
  );
}

/** The whole value as one text. */
export function lineText(line: ContentLine, version: CardVersion): string {
  return unescapeCardText(plainValue(line), version);
}

/** A structured value (N, ADR, ORG): components at `;`, of each its list at `,`, decoded. 2.1 has no lists. */
export function lineComponents(line: ContentLine, version: CardVersion): string[][] {
  return splitEscaped(plainValue(line), ';').map((component) =>
    (version === '2.1' ? [component] : splitEscaped(component, ',')).map((text) => unescapeCardText(text, version)),
  );
}

/** Bytes of an inline binary value (ENCODING=b, BASE64, `data:` with base64), else null. */
export function inlineBytes(
  line: ContentLine,
): { readonly mediaType: string | null; readonly bytes: Uint8Array } | null {
  const data = /^data:([^,;]*)((?:;[^,;]*)*),/i.exec(line.value.slice(0, 400));
  if (data !== null) {
    const body = line.value.slice(data[0].length);
    const mediaType = data[1] === '' ? null : data[1]!.toLowerCase();
    if (/;base64$/i.test(data[2]!)) return { mediaType, bytes: Buffer.from(body, 'base64') };
    return { mediaType, bytes: Buffer.from(percentDecode(body), 'latin1') };
  }
  if (encodingOf(line) !== 'base64') return null;
  return { mediaType: imageType(line), bytes: Buffer.from(line.value.replace(/\s+/g, ''), 'base64') };
}

function percentDecode(text: string): string {
  const octets = Buffer.from(text).toString('latin1');
  return octets.replace(/%([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

/** MEDIATYPE, or the media type that a TYPE word of 2.1 and 3.0 (JPEG, X509, WAVE) stands for. */
function imageType(line: ContentLine): string | null {
  const written = parameterOf(line, 'MEDIATYPE');
  if (written !== null) return written.toLowerCase();
  const word = typesOf(line).find((type) => type !== 'home' && type !== 'work');
  if (word === undefined) return null;
  if (word.includes('/')) return word;
  return `${MEDIA_TREES[line.name] ?? 'image'}/${SUBTYPES[word] ?? word}`;
}

const MEDIA_TREES: Readonly<Record<string, string>> = {
  PHOTO: 'image',
  LOGO: 'image',
  SOUND: 'audio',
  KEY: 'application',
};
const SUBTYPES: Readonly<Record<string, string>> = {
  jpg: 'jpeg',
  tif: 'tiff',
  wave: 'wav',
  pcm: 'basic',
  x509: 'pkix-cert',
  pgp: 'pgp-keys',
};
