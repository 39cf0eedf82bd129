/** Letters that no decomposition makes plain (Unicode), as people type them who do not have them on their keyboard. */
const PLAIN: Readonly<Record<string, string>> = {
  æ: 'ae',
  œ: 'oe',
  ß: 'ss',
  þ: 'th',
  ð: 'd',
  đ: 'd',
  ɖ: 'd',
  ɗ: 'd',
  ø: 'o',
  ɔ: 'o',
  ł: 'l',
  ħ: 'h',
  ı: 'i',
  ȷ: 'j',
  ĸ: 'k',
  ƙ: 'k',
  ŋ: 'n',
  ŧ: 't',
  ɓ: 'b',
  ǥ: 'g',
  ɛ: 'e',
  ƴ: 'y',
  ƶ: 'z',
  // Greek has one letter for the end of a word, and who types a beginning does not.
  ς: 'σ',
};
const NOT_PLAIN = new RegExp(`[${Object.keys(PLAIN).join('')}]`, 'gu');

/**
 * A text as a search compares it: lower case, without accents, letters with strokes and ligatures as plain ones, full-width and
 * other compatible forms (NFKD) as the usual ones. `Møller`, `Straße` and `Łódź` are `moller`, `strasse` and `lodz`. Its own
 * folding is itself.
 */
export function foldText(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .replace(NOT_PLAIN, (letter) => PLAIN[letter]!);
}
