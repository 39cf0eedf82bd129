import { textToFragment } from '../../formats/html/text-to-html.ts';
import type { Original } from './original.ts';

/** A reply quotes, a forward passes on. */
export type ComposeKind = 'reply' | 'forward';

const QUOTE_STYLE = 'margin:0 0 0 .8ex;border-left:1px solid #ccc;padding-left:1ex';

/** The text of the original with its heading, to stand below what a person wrote. */
export function quotedText({ heading, text }: Original, kind: ComposeKind): string {
  const head = heading.map(([label, value]) => `${label}: ${value}\n`).join('');
  const lines = text.replace(/\r\n?/g, '\n').trimEnd();
  return `\n\n-----Original Message-----\n${head}\n${kind === 'reply' ? quoted(lines) : lines}\n`;
}

function quoted(text: string): string {
  if (text === '') return '';
  return text
    .split('\n')
    .map((line) => (line.startsWith('>') ? `>${line}` : `> ${line}`.trimEnd()))
    .join('\n');
}

/** The same as HTML. */
export function quotedHtml({ heading, text, html }: Original, kind: ComposeKind): string {
  const head = heading.map(([label, value]) => `<b>${label}:</b> ${textToFragment(value)}<br>\r\n`).join('');
  const body = html ?? textToFragment(text);
  const shown =
    kind === 'reply' ? `<blockquote type="cite" style="${QUOTE_STYLE}">${body}</blockquote>` : `<div>${body}</div>`;
  return `\r\n<br><hr>\r\n<div>${head}</div><br>\r\n${shown}\r\n`;
}
