import { foldText } from '../domain/folding.ts';

/** Longer runs of letters are cut: they are no words, and whoever looks for one types its beginning. */
const LONGEST_WORD = 40;
/** Scripts that put no blanks between words: each character counts as a word. */
const RUN =
  /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}]|(?:(?![\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}])[\p{L}\p{N}])+/gu;

/**
 * The words of a text as the index keeps them and as a search compares them: folded, each once, at most
 * `most`.
 */
export function wordsOf(text: string, most = Number.POSITIVE_INFINITY): string[] {
  const words = new Set<string>();
  for (const [run] of foldText(text).matchAll(RUN)) {
    if (words.size >= most) break;
    words.add(run.slice(0, LONGEST_WORD).toWellFormed());
  }
  return [...words];
}
