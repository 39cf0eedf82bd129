/**
 * Collations of text-match (RFC 4790, RFC 5051): equality and substring only, which is all that CalDAV and CardDAV ask.
 * A collation is a function that brings text to a form in which plain string comparison is the collation's comparison.
 */
export type CollationName = 'i;ascii-casemap' | 'i;octet' | 'i;unicode-casemap';

export interface Collation {
  readonly name: CollationName;
  /** Both sides of a comparison go through it. */
  fold(text: string): string;
}

/** In the order in which they are advertised (CALDAV and CARDDAV supported-collation-set). */
export const COLLATION_NAMES: readonly CollationName[] = ['i;ascii-casemap', 'i;octet', 'i;unicode-casemap'];

const COLLATIONS: Readonly<Record<CollationName, Collation>> = {
  'i;ascii-casemap': { name: 'i;ascii-casemap', fold: foldAscii },
  // Well-formed strings are equal, or one within the other, exactly when their UTF-8 octets are (RFC 4790 §9.3.1).
  'i;octet': { name: 'i;octet', fold: (text) => text },
  'i;unicode-casemap': { name: 'i;unicode-casemap', fold: foldUnicode },
};

/** The collation of that name, `default` meaning `fallback` (RFC 4790 §3.1), or null when it is not supported. */
export function collationNamed(name: string, fallback: CollationName): Collation | null {
  if (name === 'default') return COLLATIONS[fallback];
  return (COLLATION_NAMES as readonly string[]).includes(name) ? COLLATIONS[name as CollationName] : null;
}

// RFC 4790 §9.2.1: only US-ASCII letters are mapped; everything else keeps its octets.
function foldAscii(text: string): string {
  return text.replace(/[a-z]+/g, (letters) => letters.toUpperCase());
}

const ASCII_ONLY = /^[\x00-\x7f]*$/;

// RFC 5051 §2: map every character to its simple titlecase, then decompose it (compatibility decomposition).
function foldUnicode(text: string): string {
  if (ASCII_ONLY.test(text)) return foldAscii(text);
  let mapped = '';
  for (const character of text) mapped += simpleTitlecase(character);
  return mapped.normalize('NFKD');
}

/** Titlecase of the four digraphs that have one of their own: all three forms map to the middle one. */
const DIGRAPHS: ReadonlyMap<string, string> = new Map(
  ['\u01c4\u01c5\u01c6', '\u01c7\u01c8\u01c9', '\u01ca\u01cb\u01cc', '\u01f1\u01f2\u01f3'].flatMap((forms) =>
    Array.from(forms, (form) => [form, forms.charAt(1)] as const),
  ),
);

/** JavaScript only has full case mappings; where they make several characters the simple one differs from them. */
function simpleTitlecase(character: string): string {
  const digraph = DIGRAPHS.get(character);
  if (digraph !== undefined) return digraph;
  const code = character.codePointAt(0) ?? 0;
  // Georgian Mkhedruli has capitals, but is its own titlecase.
  if (code >= 0x10d0 && code <= 0x10ff) return character;
  const upper = character.toUpperCase();
  if (Array.from(upper).length === 1) return upper;
  return greekWithIotaSubscript(code) ?? character;
}

/** Greek vowels with iota subscript: their simple titlecase is the letter with prosgegrammeni, in the same row. */
function greekWithIotaSubscript(code: number): string | null {
  if (code >= 0x1f80 && code <= 0x1faf) return String.fromCodePoint(code | 8);
  if (code === 0x1fb3 || code === 0x1fc3 || code === 0x1ff3) return String.fromCodePoint(code + 9);
  return null;
}
