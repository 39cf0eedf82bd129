import type { MessagePart } from './message-index.ts';

/**
 * The text of a part as its writer meant it (RFC 3676 §4): of `format=flowed`, lines that end with a blank go on in the next
 * one, unless it is quoted or the signature's mark. Other text stays as it is.
 */
export function unflowed(text: string, part: Pick<MessagePart, 'mediaType' | 'parameters'>): string {
  if (part.mediaType !== 'text/plain' || part.parameters.get('format')?.toLowerCase() !== 'flowed') return text;
  const joint = part.parameters.get('delsp')?.toLowerCase() === 'yes' ? '' : ' ';
  return text
    .replace(/\r\n?/g, '\n')
    .split('\n')
    .map((line) => line.replace(/^ (?=[ >]|From )/, ''))
    .reduce<string[]>((lines, line) => {
      const last = lines.at(-1);
      const goesOn = last?.endsWith(' ') === true && last !== '-- ' && !last.startsWith('>') && !line.startsWith('>');
      if (goesOn && line !== '-- ') lines[lines.length - 1] = last.slice(0, -1) + joint + line;
      else lines.push(line);
      return lines;
    }, [])
    .join('\n');
}
