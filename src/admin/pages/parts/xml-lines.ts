/** Tags, comments, declarations; CDATA is text. */
const TOKEN = /<!\[CDATA\[[\s\S]*?\]\]>|<!--[\s\S]*?-->|<[^>]*>/gu;

/**
 * XML with a line for each element, indented by its depth; elements with text alone keep it beside them. For reading only:
 * white space between elements is not kept. What is not well-formed comes out with lines broken at the wrong places, nothing
 * left out.
 */
export function xmlLines(xml: string): string {
  const lines: string[] = [];
  let depth = 0;
  let at = 0;
  /** Whether the last line is an opened element that may be closed on the same line. */
  let isOpen = false;
  const text = (piece: string) => {
    if (piece.trim() === '') return;
    if (isOpen) lines[lines.length - 1] += piece;
    else lines.push('  '.repeat(depth) + piece.trim());
  };
  for (const match of xml.matchAll(TOKEN)) {
    const [tag] = match;
    text(xml.slice(at, match.index));
    at = match.index + tag.length;
    if (tag.startsWith('<![CDATA[')) text(tag);
    else if (tag.startsWith('</')) {
      depth = Math.max(0, depth - 1);
      if (isOpen) lines[lines.length - 1] += tag;
      else lines.push('  '.repeat(depth) + tag);
      isOpen = false;
    } else {
      lines.push('  '.repeat(depth) + tag);
      isOpen = !/^<[?!]|\/>$/u.test(tag);
      if (isOpen) depth += 1;
    }
  }
  text(xml.slice(at));
  return lines.join('\n');
}
