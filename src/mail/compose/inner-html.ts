/** Longest opening tag that is looked for the end of. */
const LONGEST_TAG = 4_096;

/**
 * What stands inside the `body` of an HTML document, with the style sheets of its head before it, so that it can be put into
 * another document. Text without a `body` is taken as it is, without what is of a document only.
 */
export function innerHtml(html: string): string {
  const lower = html.toLowerCase();
  const open = tagAt(lower, 'body', 0);
  const from = open === null ? 0 : open.end;
  const close = lower.lastIndexOf('</body');
  const to = close >= from ? close : endWithoutBody(lower, from);
  const styles = open === null ? '' : stylesIn(html.slice(0, open.start), lower.slice(0, open.start));
  return styles + html.slice(from, to).replace(/<!doctype[^>]{0,200}>|<\/?html\b[^>]{0,200}>/gi, '');
}

/** The document with something put at the end of what it shows. */
export function appendHtml(html: string, fragment: string): string {
  const lower = html.toLowerCase();
  const close = lower.lastIndexOf('</body');
  const at = close >= 0 ? close : endWithoutBody(lower, 0);
  return html.slice(0, at) + fragment + html.slice(at);
}

function endWithoutBody(lower: string, from: number): number {
  const end = lower.lastIndexOf('</html');
  return end >= from ? end : lower.length;
}

/** The first opening tag of this name from `from` on. */
function tagAt(lower: string, name: string, from: number): { readonly start: number; readonly end: number } | null {
  for (let start = lower.indexOf(`<${name}`, from); start >= 0; start = lower.indexOf(`<${name}`, start + 1)) {
    const next = lower[start + name.length + 1] ?? '';
    if (!/[\s>/]/.test(next)) continue;
    const end = lower.indexOf('>', start);
    if (end < 0) return null;
    if (end - start <= LONGEST_TAG) return { start, end: end + 1 };
  }
  return null;
}

function stylesIn(head: string, lower: string): string {
  let styles = '';
  for (let tag = tagAt(lower, 'style', 0); tag !== null; ) {
    const close = lower.indexOf('</style>', tag.end);
    if (close < 0) break;
    styles += head.slice(tag.start, close + '</style>'.length);
    tag = tagAt(lower, 'style', close);
  }
  return styles;
}
