/** Words that others chose, of at most `most` characters, so that they cannot end a field or a line. */
export function oneLine(text: string, most: number): string {
  return text
    .replace(/[\p{Cc}\s]+/gu, ' ')
    .trim()
    .slice(0, most)
    .toWellFormed();
}
