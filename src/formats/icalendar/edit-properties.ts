import type { Component, ContentLine, Parameter } from '../content-line/content-line.ts';
import { removeProperty, setProperties } from '../content-line/edit.ts';
import { sameLine, withParameter } from '../content-line/line.ts';
import { propertiesOf } from '../content-line/lookup.ts';
import { LISTS, sameLists, sameValue } from './same-value.ts';

/** What an editor wants of the properties it owns; all others stay as they are, byte for byte. */
export interface PropertyChanges {
  /**
   * New lines. All lines of one name together replace what is there of that name. A parameter with an empty list of
   * values removes that parameter.
   */
  readonly set?: readonly ContentLine[];
  /** Names of properties to remove (upper case). */
  readonly remove?: readonly string[];
}

/** Parameters that describe one value and are wrong beside another one (RFC 5545 §3.2, RFC 9073 §5). */
const BOUND_TO_VALUE = new Set(['VALUE', 'TZID', 'ENCODING', 'CHARSET', 'FMTTYPE', 'ALTREP', 'DERIVED']);
/** Properties whose parameters belong to whom or what the value names: another value is another thing. */
const NAMING = new Set(['ATTENDEE', 'ORGANIZER', 'ATTACH', 'RELATED-TO', 'CONFERENCE', 'IMAGE', 'REQUEST-STATUS']);

/**
 * Applies changes to one component. A property whose value changes keeps the parameters the editor does not mention,
 * but those bound to the old value; one that says the same already keeps its bytes. SEQUENCE, DTSTAMP and LAST-MODIFIED
 * are the caller's to bump.
 */
export function editProperties(component: Component, changes: PropertyChanges): Component {
  let result = component;
  for (const name of changes.remove ?? []) result = removeProperty(result, name);
  for (const [name, lines] of Map.groupBy(changes.set ?? [], (line) => line.name)) {
    const present = propertiesOf(result, name);
    if (LISTS.has(name) && sameLists(present, lines)) continue;
    result = setProperties(result, name, mergeLines(present, lines));
  }
  return result;
}

/**
 * Pairs each wanted line with the one it replaces: the one with the same value, else (unless the value names a person
 * or thing) the only one. Those that are paired come first, in their present order, so that their bytes stay in place.
 */
function mergeLines(present: readonly ContentLine[], wanted: readonly ContentLine[]): ContentLine[] {
  const first = wanted[0]!;
  if (present.length === 1 && wanted.length === 1 && !NAMING.has(first.name)) return [mergeLine(present[0]!, first)];
  const byValue = Map.groupBy(wanted.toReversed(), identityOf);
  const paired = new Set<ContentLine>();
  const result: ContentLine[] = [];
  for (const old of present) {
    const next = byValue.get(identityOf(old))?.pop();
    if (next === undefined) continue;
    paired.add(next);
    result.push(mergeLine(old, next));
  }
  return [...result, ...wanted.filter((line) => !paired.has(line)).map(withoutRemoved)];
}

/** Addresses of attendees differ in the case of `MAILTO:` and of the host between programs. */
function identityOf(line: ContentLine): string {
  return line.name === 'ATTENDEE' || line.name === 'ORGANIZER' ? line.value.trim().toLowerCase() : line.value;
}

function mergeLine(old: ContentLine, next: ContentLine): ContentLine {
  if (sameLine(old, next)) return old;
  if (sameValue(old, next) || (NAMING.has(old.name) && identityOf(old) === identityOf(next))) {
    return next.parameters
      .filter(({ name }) => name !== '' && name !== 'VALUE' && name !== 'TZID')
      .reduce((line, { name, values }) => withParameter(line, name, values.length === 0 ? null : values), old);
  }
  const given = new Set(next.parameters.map(({ name }) => name));
  const isKept = ({ name }: Parameter): boolean => !given.has(name) && !BOUND_TO_VALUE.has(name);
  const parameters = [...next.parameters.filter(({ values }) => values.length > 0), ...old.parameters.filter(isKept)];
  return { ...old, value: next.value, parameters, raw: null };
}

function withoutRemoved(line: ContentLine): ContentLine {
  if (line.parameters.every(({ values }) => values.length > 0)) return line;
  return { ...line, parameters: line.parameters.filter(({ values }) => values.length > 0), raw: null };
}
