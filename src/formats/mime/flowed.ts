import type { MessagePart } from './message-index.ts';

/**
 * The text of a part as its writer meant it (RFC 3676 §4): of `format=flowed`, lines that end with a blank go on in the next
 * one, unless it is quoted or the signature's mark. Other text stays as it is.
 */
export function unflowed(text: string, part: Pick<MessagePart, 'mediaType' | 'parameters'>): string {
  if (part.mediaType !== 'text/plain' || part.parameters.get('format')?.toLowerCase() !== 'flowed') return text;
  const joint = part.parameters.get('delsp')?.toLowerCase() === 'yes' ? '' : ' ';
  // Pieces joined once at the end: a paragraph of a hundred thousand lines is read as fast as so many paragraphs.
  const pieces: string[] = [];
  let last: string | null = null;
  for (const written of text.replace(/\r\n?/g, '\n').split('\n')) {
    const line: string = written.replace(/^ (?=[ >]|From )/, '');
    if (last !== null) {
      const goesOn = isFlowed(last) && !line.startsWith('>') && line !== '-- ';
      pieces.push(goesOn ? last.slice(0, -1) : last, goesOn ? joint : '\n');
    }
    last = line;
  }
  return pieces.join('') + (last ?? '');
}

/** Whether the next line may go on in the paragraph that this one is of (RFC 3676 §4.2, §4.3). */
function isFlowed(line: string): boolean {
  return line.endsWith(' ') && line !== '-- ' && !line.startsWith('>');
}
