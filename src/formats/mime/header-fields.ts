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

/** Cuts a header, one character per byte, into fields. Never fails: what is no field is kept with the name ''. */
export function parseHeaderFields(header: string): HeaderField[] {
  const fields: HeaderField[] = [];
  let start = 0;
  for (const end of lineEnds(header)) {
    // A line that begins with a blank continues the field (RFC 5322 §2.2.3).
    const next = header[end];
    if ((next === ' ' || next === '\t') && end < header.length) continue;
    fields.push(fieldOf(header.slice(start, end)));
    start = end;
  }
  return fields;
}

function fieldOf(raw: string): HeaderField {
  if (!isFieldLine(raw)) return { name: '', value: raw, raw };
  const colon = raw.indexOf(':');
  return { name: raw.slice(0, colon).trimEnd(), value: raw.slice(colon + 1), raw };
}

function* lineEnds(text: string): Generator<number> {
  const ends = /\r\n|\n|\r|$/g;
  let last = -1;
  for (const match of text.matchAll(ends)) {
    const end = match.index + match[0].length;
    if (end !== last && !(match[0] === '' && last === text.length)) yield end;
    last = end;
  }
}

/** Takes the folds out (RFC 5322 §2.2.3: only the line end goes, the blank stays) and trims; still one character per byte. */
export function unfold(value: string): string {
  return value.replace(/[\r\n]+(?=[ \t])/g, '').replace(/[\r\n]+/g, ' ').trim();
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
