import type { ContentLine, Parameter } from './content-line.ts';
import { BARE, NAME } from './parse-line.ts';

/** What a new line is made of. `value` is the encoded value: TEXT must be escaped by the caller. */
export interface LineFields {
  readonly name: string;
  readonly value: string;
  readonly parameters?: readonly Parameter[];
  readonly group?: string | null;
}

/**
 * A line that was not read but made.
 * @throws TypeError when a name is no name or the value holds a line break: it would become a line of its own.
 */
export function makeLine(fields: LineFields): ContentLine {
  const { name, value, parameters = [], group = null } = fields;
  if (!NAME.test(name)) throw new TypeError(`not a property name: ${JSON.stringify(name)}`);
  if (group !== null && !NAME.test(group)) throw new TypeError(`not a group: ${JSON.stringify(group)}`);
  for (const parameter of parameters) assertParameter(parameter);
  assertValue(name, value);
  return { group, name: name.toUpperCase(), parameters, value, line: 0, raw: null };
}

/** The line with another value; the same object when nothing changes, so that its bytes stay. */
export function withValue(line: ContentLine, value: string): ContentLine {
  if (line.value === value) return line;
  assertValue(line.name, value);
  return { ...line, value, raw: null };
}

/** The line with this parameter set in its place or added at the end, or removed with null. */
export function withParameter(line: ContentLine, name: string, values: readonly string[] | null): ContentLine {
  const key = name.toUpperCase();
  const at = line.parameters.findIndex((parameter) => parameter.name === key);
  if (values === null) {
    if (at < 0) return line;
    return { ...line, parameters: line.parameters.filter((parameter) => parameter.name !== key), raw: null };
  }
  const entry: Parameter = { name: key, values };
  assertParameter(entry);
  if (at < 0) return { ...line, parameters: [...line.parameters, entry], raw: null };
  if (sameList(line.parameters[at]!.values, values)) return line;
  return { ...line, parameters: line.parameters.with(at, entry), raw: null };
}

/** Same content whatever the spelling: folds, case of names, quoting and where it was read do not count. */
export function sameLine(a: ContentLine, b: ContentLine): boolean {
  if (a === b) return true;
  if (a.name !== b.name || a.value !== b.value || a.group !== b.group) return false;
  if (a.parameters.length !== b.parameters.length) return false;
  return a.parameters.every((parameter, index) => {
    const other = b.parameters[index]!;
    return parameter.name === other.name && sameList(parameter.values, other.values);
  });
}

function sameList(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((value, index) => value === b[index]);
}

function assertParameter(parameter: Parameter): void {
  if (parameter.name !== '' && !NAME.test(parameter.name)) {
    throw new TypeError(`not a parameter name: ${JSON.stringify(parameter.name)}`);
  }
  if (parameter.name === '' && !parameter.values.every((value) => BARE.test(value) && value === value.trim())) {
    throw new TypeError('a parameter without a name takes only plain words');
  }
}

function assertValue(name: string, value: string): void {
  if (/[\r\n]/.test(value)) throw new TypeError(`the value of ${name} holds a line break; escape it first`);
}
