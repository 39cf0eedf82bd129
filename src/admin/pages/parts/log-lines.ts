import { LEVELS } from '../../../observe/log-names.ts';
import { levelOfLine, shownLine } from '../../../observe/text-line.ts';
import { type Html, html, type Part } from '../html.ts';

/** A line of a log as people read it, coloured by its level, which stands in words in it too. */
export function logLine(json: string, marked: string): Html {
  const level = levelOfLine(json);
  const tone = level >= LEVELS.error ? ' error' : level >= LEVELS.warn ? ' warn' : '';
  return html`<div class="line${tone}">${withMarks(shownLine(json), marked)}</div>\n`;
}

/** The text with every place that has these words marked; case does not matter. */
function withMarks(text: string, marked: string): Part {
  if (marked === '') return text;
  const pattern = new RegExp(`(${marked.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')})`, 'giu');
  return text.split(pattern).map((piece, at) => (at % 2 === 1 ? html`<mark>${piece}</mark>` : piece));
}
