import { foldText } from '../../domain/folding.ts';

/** What a person is found by: words of names and whole addresses, folded by `foldText`, each on a line of its own. */
export type NameKeys = string & { readonly kind?: 'name keys' };

/** What was typed, folded. */
export interface NameQuery {
  /** In one piece, for addresses. */
  readonly text: string;
  readonly words: readonly string[];
}

/** The words of a name, folded, each once. */
function nameWords(text: string): string[] {
  return [...new Set(foldText(text).split(/[^\p{L}\p{N}]+/u))].filter((word) => word !== '');
}

/** Keys of a person with these names and addresses. */
export function nameKeys(names: readonly string[], addresses: readonly string[]): NameKeys {
  const words = nameWords(names.join(' '));
  return ['', ...words, ...addresses.map((address) => oneLine(foldText(address)))].join('\n');
}

/** Reads what a person typed into a search field. */
export function nameQuery(text: string): NameQuery {
  return { text: oneLine(foldText(text)), words: nameWords(text) };
}

/** Whether an address begins with what was typed, or each word typed begins a word of the name. An empty query finds nobody. */
export function matchesName(keys: NameKeys, { text, words }: NameQuery): boolean {
  if (text === '') return false;
  if (keys.includes(`\n${text}`)) return true;
  // Something with an @ is an address: its words would find namesakes elsewhere.
  if (words.length === 0 || text.includes('@')) return false;
  return words.every((word) => keys.includes(`\n${word}`));
}

function oneLine(text: string): string {
  return text.trim().replaceAll(/\s+/g, ' ');
}
