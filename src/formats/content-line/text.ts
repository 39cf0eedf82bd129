/**
 * TEXT values, escaped alike in iCalendar (RFC 5545 §3.3.11) and vCard (RFC 6350 §3.4).
 */

/** Decodes `\n`, `\N`, `\\`, `\;` and `\,`; a backslash before anything else stands for itself (`C:\temp`). */
export function unescapeText(value: string): string {
  if (!value.includes('\\')) return value;
  return value.replace(/\\[nN\\;,]/g, (pair) => (pair === '\\n' || pair === '\\N' ? '\n' : pair.slice(1)));
}

/** Encodes any text; control characters other than tab have no place in TEXT and are left out. */
export function escapeText(text: string): string {
  return text
    .replace(/\r\n?/g, '\n')
    .replace(/[\x00-\x08\x0b-\x1f\x7f]/g, '')
    .replace(/[\\;,\n]/g, (char) => (char === '\n' ? '\\n' : `\\${char}`));
}

/** Splits at every separator that no backslash escapes; the parts keep their escapes. */
export function splitEscaped(value: string, separator: ',' | ';'): string[] {
  if (!value.includes('\\')) return value.split(separator);
  const parts: string[] = [];
  let from = 0;
  for (let at = 0; at < value.length; at += 1) {
    const char = value.charAt(at);
    if (char === '\\') at += 1;
    else if (char === separator) {
      parts.push(value.slice(from, at));
      from = at + 1;
    }
  }
  parts.push(value.slice(from));
  return parts;
}

/** A list of TEXT (CATEGORIES, RESOURCES), decoded; an empty value is an empty list. */
export function splitTextList(value: string): string[] {
  return value === '' ? [] : splitEscaped(value, ',').map(unescapeText);
}

/** The opposite of `splitTextList`. */
export function joinTextList(texts: readonly string[]): string {
  return texts.map(escapeText).join(',');
}
