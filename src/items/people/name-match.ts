/** What a person is found by: words of names and whole addresses, folded by `foldName`. */
export interface NameKeys {
  readonly words: readonly string[];
  readonly addresses: readonly string[];
}

/** What was typed, folded. */
export interface NameQuery {
  /** In one piece, for addresses. */
  readonly text: string;
  readonly words: readonly string[];
}

/** Lower case without accents: `Müller` and `muller` are the same. Also full-width and other compatible forms (NFKD). */
export function foldName(text: string): string {
  return text
    .normalize('NFKD')
    .replaceAll(/\p{M}+/gu, '')
    .toLowerCase();
}

/** The words of a name, folded, each once. */
export function nameWords(text: string): string[] {
  return [...new Set(foldName(text).split(/[^\p{L}\p{N}]+/u))].filter((word) => word !== '');
}

/** Keys of a person with these names and addresses. */
export function nameKeys(names: readonly string[], addresses: readonly string[]): NameKeys {
  return { words: nameWords(names.join(' ')), addresses: addresses.map(foldName) };
}

/** Reads what a person typed into a search field. */
export function nameQuery(text: string): NameQuery {
  return { text: foldName(text.trim()), words: nameWords(text) };
}

/** Whether an address begins with what was typed, or each word typed begins a word of the name. An empty query finds nobody. */
export function matchesName(keys: NameKeys, query: NameQuery): boolean {
  if (query.text !== '' && keys.addresses.some((address) => address.startsWith(query.text))) return true;
  // Something with an @ is an address: its words would find namesakes elsewhere.
  if (query.words.length === 0 || query.text.includes('@')) return false;
  return query.words.every((typed) => keys.words.some((word) => word.startsWith(typed)));
}
