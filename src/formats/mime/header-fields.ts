import { guessLatin1 } from './charset.ts';

/** One field of a header, kept as its bytes (RFC 5322 §2.2). */
export interface HeaderField {
  /** As written; '' for a line that is no field (an mbox `From ` line, garbage). */
  readonly name: string;
  /** Everything after the colon, folds and line end included, one character per byte. */
  readonly value: string;
  /** The whole field with its line ends, one character per byte. All `raw` joined are the header. */
  readonly raw: string;
}

const FIELD = /^([!-9;-~]+)[ \t]*:/;

/** Whether the line (without its end) begins a field: printable ASCII name, optional blanks (RFC 5322 §4.5), colon. */
export function isFieldLine(line: string): boolean {
  return FIELD.test(line.length > 1024 ? line.slice(0, 1024) : line);
}

/** What ends a line: LF (with a CR before it), or, in a message whose first line ends in a bare CR, any of CR, LF, CRLF. */
export type LineBreaks = 'lf' | 'any';

/** The rule above for text that begins at a line's start. */
export function lineBreaksOf(text: string): LineBreaks {
  const first = text.search(/[\r\n]/);
  return first >= 0 && text[first] === '\r' && first + 1 < text.length && text[first + 1] !== '\n' ? 'any' : 'lf';
}

/** Cuts a header, one character per byte, into fields. Never fails: what is no field is kept with the name ''. */
export function parseHeaderFields(header: string, breaks: LineBreaks = lineBreaksOf(header)): HeaderField[] {
  const fields: HeaderField[] = [];
  let start = 0;
  for (const match of header.matchAll(breaks === 'lf' ? /\n/g : /\r\n|\n|\r/g)) {
    const end = match.index + match[0].length;
    // A line that begins with a blank continues the field (RFC 5322 §2.2.3).
    if (header[end] === ' ' || header[end] === '\t') continue;
    fields.push(fieldOf(header.slice(start, end)));
    start = end;
  }
  if (start < header.length) fields.push(fieldOf(header.slice(start)));
  return fields;
}

function fieldOf(raw: string): HeaderField {
  if (!isFieldLine(raw)) return { name: '', value: raw, raw };
  const colon = raw.indexOf(':');
  return { name: raw.slice(0, colon).trimEnd(), value: raw.slice(colon + 1), raw };
}

/** Takes the folds out (RFC 5322 §2.2.3: only the line end goes, the blank stays) and trims; still one character per byte. */
export function unfold(value: string): string {
  return value.replace(/[\r\n]+([ \t]?)/g, (_, blank: string) => blank || ' ').trim();
}

/** The field's value unfolded, raw 8-bit text decoded (UTF-8, RFC 6532, else windows-1252), encoded words still in it. */
export function fieldText(field: HeaderField): string {
  return guessLatin1(unfold(field.value));
}

/** The first field of that name, compared without case. */
export function findField(fields: readonly HeaderField[], name: string): HeaderField | null {
  const wanted = name.toLowerCase();
  return fields.find((field) => field.name.toLowerCase() === wanted) ?? null;
}

/** `fieldText` of the first field of that name, or null. */
export function findText(fields: readonly HeaderField[], name: string): string | null {
  const field = findField(fields, name);
  return field === null ? null : fieldText(field);
}
