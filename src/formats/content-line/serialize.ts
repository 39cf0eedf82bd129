import type { Component, ContentLine, Parameter } from './content-line.ts';
import { isQuotedPrintable, withoutSoftBreak } from './line-reader.ts';
import { isComponent } from './lookup.ts';

/** RFC 5545 §3.1: lines SHOULD NOT be longer than 75 octets, line end not counted. */
const FOLD_OCTETS = 75;

/**
 * Bytes of a component: lines that were read as they were, byte for byte; made or changed ones from their fields, with
 * the line end the component was read with (CRLF when it was made here).
 */
export function serializeComponent(component: Component): Uint8Array {
  return serializeComponents([component]);
}

/** Bytes of components behind each other. What `parseComponents` read strictly is given back byte for byte. */
export function serializeComponents(components: readonly Component[]): Uint8Array {
  const writer = new Writer();
  for (const component of components) writer.component(component, lineEndOf(component));
  return Buffer.from(writer.pieces.join(''), 'latin1');
}

/** One line as bytes, one character per byte; `lineEnd` is used only when it has to be built. */
export function serializeLine(line: ContentLine, lineEnd: string): string {
  return line.raw ?? buildLine(line, lineEnd);
}

class Writer {
  readonly pieces: string[] = [];

  component(component: Component, lineEnd: string): void {
    this.#add(component.begin?.raw ?? `BEGIN:${component.name}${lineEnd}`, lineEnd);
    for (const child of component.children) {
      if (isComponent(child)) this.component(child, lineEnd);
      else this.#add(serializeLine(child, lineEnd), lineEnd);
    }
    this.#add(component.end?.raw ?? `END:${component.name}${lineEnd}`, lineEnd);
  }

  /** The last line of a file may lack its line end; when something comes after it now, it needs one. */
  #add(piece: string, lineEnd: string): void {
    const last = this.pieces.at(-1);
    if (last !== undefined && !last.endsWith('\n')) this.pieces.push(lineEnd);
    this.pieces.push(piece);
  }
}

/** LF when the component was read with it, else CRLF (also for the CR CR LF of broken programs). */
export function lineEndOf(component: Component): string {
  const raw = component.begin?.raw ?? null;
  if (raw !== null) return raw.endsWith('\n') && !raw.endsWith('\r\n') ? '\n' : '\r\n';
  for (const child of component.children) {
    if (isComponent(child)) {
      if (child.begin?.raw) return lineEndOf(child);
    } else if (child.raw !== null) return child.raw.endsWith('\r\n') ? '\r\n' : '\n';
  }
  return '\r\n';
}

function buildLine(line: ContentLine, lineEnd: string): string {
  const group = line.group === null ? '' : `${line.group}.`;
  const parameters = line.parameters.map(encodeParameter).join('');
  // A lone CR can come in with a value that was read; written again it could end a line elsewhere.
  const value = line.value.replace(/[\r\n]+/g, ' ');
  const octets = Buffer.from(`${group}${line.name}${parameters}:${value}`, 'utf8').toString('latin1');
  // A fold inside quoted-printable would put a space into the value for readers of vCard 2.1, a `=` at its end would
  // swallow the next line.
  return (isQuotedPrintable(octets) ? withoutSoftBreak(octets) : fold(octets, lineEnd)) + lineEnd;
}

/** Folds UTF-8 octets (one character per octet) at 75 of them, never inside a sequence (RFC 5545 §3.1). */
function fold(octets: string, lineEnd: string): string {
  if (octets.length <= FOLD_OCTETS) return octets;
  const parts: string[] = [];
  let from = 0;
  let room = FOLD_OCTETS;
  while (octets.length - from > room) {
    let end = from + room;
    while ((octets.charCodeAt(end) & 0xc0) === 0x80) end -= 1;
    parts.push(octets.slice(from, end));
    from = end;
    room = FOLD_OCTETS - 1;
  }
  parts.push(octets.slice(from));
  return parts.join(`${lineEnd} `);
}

/** `;NAME=value,value`; quotes what needs it (RFC 5545 §3.2) and writes line breaks and quotes as carets (RFC 6868 §3). */
function encodeParameter(parameter: Parameter): string {
  if (parameter.name === '') return `;${parameter.values.join(',')}`;
  return `;${parameter.name}=${parameter.values.map(encodeParameterValue).join(',')}`;
}

function encodeParameterValue(value: string): string {
  // Other control characters are not allowed in a parameter and have no escape.
  const encoded = value
    .replace(/\r\n?/g, '\n')
    .replace(/[\x00-\x08\x0b-\x1f\x7f]/g, ' ')
    .replace(/[\^\n"]/g, (char) => (char === '^' ? '^^' : char === '\n' ? '^n' : "^'"));
  return /[:;,]/.test(encoded) || encoded !== encoded.trim() ? `"${encoded}"` : encoded;
}
