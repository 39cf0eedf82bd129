/** Primary languages of Windows language codes (MS-LCID §2.1), those in which default folders have names. */
const LANGUAGES: Readonly<Record<number, string>> = {
  5: 'cs',
  6: 'da',
  7: 'de',
  9: 'en',
  10: 'es',
  11: 'fi',
  12: 'fr',
  16: 'it',
  19: 'nl',
  21: 'pl',
  22: 'pt',
  29: 'sv',
};

/** The language of a base64 query's locale; null for none and for one that we have no names in. */
export function languageOf(locale: number | null): string | null {
  // MS-LCID §2: the low ten bits are the primary language, the others the region.
  return locale === null ? null : (LANGUAGES[locale & 0x3ff] ?? null);
}
