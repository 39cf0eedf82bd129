import type { ContentLine, Parameter } from './content-line.ts';
import { ContentSyntaxError } from './syntax-error.ts';

/** Parameters of one line, and values of one parameter: far above what any program writes. */
const MAX_PARAMETERS = 1_000;
const MAX_VALUES = 10_000;
const NO_PARAMETERS: readonly Parameter[] = Object.freeze([]);
const HEAD = /[;:]/g;
/** Names of properties and parameters: RFC 5545 §3.1 letters, digits and hyphen; underscores are seen in X- names. */
export const NAME = /^[A-Za-z0-9_-]+$/;
/** A vCard 2.1 parameter value without a name. */
export const BARE = /^[^\x00-\x1f\x7f",;:=]+$/;
/** RFC 6350 §3.3: a group is `1*(ALPHA / DIGIT / "-")`. */
const GROUPED = /^([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)$/;
const PARAMETER_NAME_END = /[=;:]/g;
const VALUE_END = /[,;:]/g;

/**
 * Reads one unfolded line.
 * @param raw The bytes it came from, kept for writing it again.
 * @throws ContentSyntaxError when it is no content line.
 */
export function parseLine(content: string, line: number, raw: string | null): ContentLine {
  const end = indexOfPattern(HEAD, content, 0);
  if (end < 0) throw new ContentSyntaxError('a line without a colon', line);
  const head = content.slice(0, end).trim();
  let group: string | null = null;
  let name = head;
  if (!NAME.test(head)) {
    const match = GROUPED.exec(head);
    if (match === null) throw new ContentSyntaxError('a line that does not begin with a property name', line);
    group = match[1]!;
    name = match[2]!;
  }
  name = name.toUpperCase();
  if (content.charCodeAt(end) === 58) {
    return { group, name, parameters: NO_PARAMETERS, value: content.slice(end + 1), line, raw };
  }
  const parameters: Parameter[] = [];
  const valueStart = parseParameters(content, end + 1, parameters, line);
  return { group, name, parameters, value: content.slice(valueStart), line, raw };
}

/** Fills `parameters` from behind the first semicolon; returns where the value begins. */
function parseParameters(content: string, from: number, parameters: Parameter[], line: number): number {
  let position = from;
  for (;;) {
    if (parameters.length > MAX_PARAMETERS)
      throw new ContentSyntaxError(`more than ${MAX_PARAMETERS} parameters`, line);
    const end = indexOfPattern(PARAMETER_NAME_END, content, position);
    if (end < 0) throw new ContentSyntaxError('parameters without a colon after them', line);
    const word = content.slice(position, end).trim();
    const mark = content.charCodeAt(end);
    if (mark !== 61) {
      // vCard 2.1 writes `;HOME`, a bare value; an empty one (`;;`, `;:`) says nothing.
      if (word !== '' && !BARE.test(word)) throw new ContentSyntaxError('a malformed parameter', line);
      if (word !== '') parameters.push({ name: '', values: [word] });
      if (mark === 58) return end + 1;
      position = end + 1;
      continue;
    }
    if (!NAME.test(word)) throw new ContentSyntaxError('a parameter without a proper name', line);
    const values: string[] = [];
    position = parseValues(content, end + 1, values, line);
    parameters.push({ name: word.toUpperCase(), values });
    if (content.charCodeAt(position) === 58) return position + 1;
    position += 1;
  }
}

/** Fills `values` of one parameter; returns the position of the `;` or `:` behind them. */
function parseValues(content: string, from: number, values: string[], line: number): number {
  let position = from;
  for (;;) {
    if (values.length >= MAX_VALUES)
      throw new ContentSyntaxError(`a parameter with more than ${MAX_VALUES} values`, line);
    let quoted = '';
    if (content.charCodeAt(position) === 34) {
      const close = content.indexOf('"', position + 1);
      if (close < 0) throw new ContentSyntaxError('a quoted parameter value without its closing quote', line);
      quoted = content.slice(position + 1, close);
      position = close + 1;
    }
    const end = indexOfPattern(VALUE_END, content, position);
    if (end < 0) throw new ContentSyntaxError('parameters without a colon after them', line);
    values.push(decodeCarets(quoted + content.slice(position, end)));
    if (content.charCodeAt(end) !== 44) return end;
    position = end + 1;
  }
}

/** RFC 6868 §3: `^n`, `^^` and `^'`; a caret before anything else stands for itself. */
function decodeCarets(value: string): string {
  if (!value.includes('^')) return value;
  return value.replace(/\^[n^']/g, (pair) => (pair === '^n' ? '\n' : pair === '^^' ? '^' : '"'));
}

function indexOfPattern(pattern: RegExp, text: string, from: number): number {
  pattern.lastIndex = from;
  return pattern.test(text) ? pattern.lastIndex - 1 : -1;
}
