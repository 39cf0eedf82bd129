import { decodeEntity } from './html-entities.ts';

/** Elements whose content is nothing to read. */
const HIDDEN = new Set(['head', 'style', 'script', 'title', 'template', 'noscript']);
/** Elements that begin on a line of their own. */
const BLOCKS = new Set(
  'address article aside blockquote center dd div dl dt fieldset footer form h1 h2 h3 h4 h5 h6 header hr li main nav ol p pre section table tr ul'.split(
    ' ',
  ),
);
/** Elements with an empty line before and after them. */
const PARAGRAPHS = new Set(['p', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'blockquote', 'pre', 'ul', 'ol', 'table']);

/**
 * The text of an HTML body as a person would read it, for plain bodies and previews. Time is linear in the input whatever
 * it holds; nothing of the markup survives. It is no sanitizer: the result is text and has to be shown as text.
 */
export function htmlToText(html: string): string {
  const writer = new TextWriter();
  let at = 0;
  let hidden: string | null = null;
  while (at < html.length) {
    const open = html.indexOf('<', at);
    const textEnd = open < 0 ? html.length : open;
    if (hidden === null && textEnd > at) writer.text(html.slice(at, textEnd));
    if (open < 0) break;
    const tag = readTag(html, open);
    at = tag.end;
    if (tag.name === '') {
      if (hidden === null && tag.isText) writer.text('<');
    } else if (hidden === null && !tag.isClosing && HIDDEN.has(tag.name)) {
      hidden = tag.isEmpty ? null : tag.name;
    } else if (hidden !== null) {
      // A body closes a head that nobody closed.
      if (tag.isClosing ? tag.name === hidden : tag.name === 'body' && hidden === 'head') hidden = null;
    } else writer.tag(tag.name, tag.isClosing);
  }
  return writer.finish();
}

interface Tag {
  /** Lower case; '' for comments, declarations and a `<` that begins no tag. */
  readonly name: string;
  readonly isClosing: boolean;
  readonly isEmpty: boolean;
  /** A `<` that stands for itself. */
  readonly isText: boolean;
  readonly end: number;
}

const TAG_NAME = /[A-Za-z][A-Za-z0-9:-]{0,30}/y;

function readTag(html: string, open: number): Tag {
  const none = { name: '', isClosing: false, isEmpty: false };
  if (html.startsWith('<!--', open)) {
    const close = html.indexOf('-->', open + 4);
    return { ...none, isText: false, end: close < 0 ? html.length : close + 3 };
  }
  const next = html[open + 1] ?? '';
  const isClosing = next === '/';
  TAG_NAME.lastIndex = open + (isClosing ? 2 : 1);
  const name = TAG_NAME.exec(html)?.[0].toLowerCase() ?? '';
  if (name === '' && next !== '!' && next !== '?') return { ...none, isText: true, end: open + 1 };
  const end = tagEnd(html, open + 1);
  return { name, isClosing, isEmpty: html[end - 2] === '/', isText: false, end };
}

/** Behind the `>` of a tag; one inside a quoted attribute does not count. */
function tagEnd(html: string, from: number): number {
  let quote = '';
  for (let at = from; at < html.length; at += 1) {
    const char = html[at]!;
    if (quote !== '') {
      if (char === quote) quote = '';
    } else if ((char === '"' || char === "'") && html[at - 1] === '=') quote = char;
    else if (char === '>') return at + 1;
  }
  return html.length;
}

class TextWriter {
  readonly #parts: string[] = [];
  /** Line breaks owed before the next text. */
  #breaks = 0;
  #space = false;
  #isEmpty = true;
  #pre = 0;

  text(raw: string): void {
    const decoded = raw.replace(/&(#?[A-Za-z0-9]{1,31});?/g, (whole, name: string) => decodeEntity(name) ?? whole);
    if (this.#pre > 0) {
      this.#put(decoded.replace(/\r\n?/g, '\n'));
      return;
    }
    const collapsed = decoded.replace(/[ \t\r\n\f]+/g, ' ');
    if (collapsed.startsWith(' ')) this.#space = true;
    const words = collapsed.trim() === '' ? '' : collapsed.replace(/^ | $/g, '');
    if (words !== '') this.#put(words);
    if (collapsed.endsWith(' ')) this.#space = true;
  }

  tag(name: string, isClosing: boolean): void {
    if (name === 'br') {
      this.#breaks = Math.min(this.#breaks + 1, 3);
      this.#space = false;
    } else if (BLOCKS.has(name)) this.#break(PARAGRAPHS.has(name) ? 2 : 1);
    else if (name === 'td' || name === 'th') this.#space = true;
    if (name === 'li' && !isClosing) this.#put('- ');
    if (name === 'pre') this.#pre = Math.max(0, this.#pre + (isClosing ? -1 : 1));
  }

  finish(): string {
    return this.#parts.join('').replaceAll('\u00a0', ' ').trim();
  }

  #break(count: number): void {
    this.#breaks = Math.max(this.#breaks, count);
    this.#space = false;
  }

  #put(text: string): void {
    if (!this.#isEmpty && this.#breaks > 0) this.#parts.push('\n'.repeat(this.#breaks));
    else if (!this.#isEmpty && this.#space && !this.#parts.at(-1)!.endsWith(' ')) this.#parts.push(' ');
    this.#breaks = 0;
    this.#space = false;
    this.#isEmpty = false;
    this.#parts.push(text);
  }
}
