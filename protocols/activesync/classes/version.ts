import { ELEMENT_NAMES, factsOf, isInVersion, PROTOCOL_VERSIONS } from '../wbxml/elements.ts';
import { type ApplicationData, type Field, isChildren } from './field.ts';

/** Protocol versions whose item data is translated here. */
export type ClassVersion = '12.1' | '14.0' | '14.1';

export function isAtLeast(version: ClassVersion, since: ClassVersion): boolean {
  return PROTOCOL_VERSIONS.indexOf(version) >= PROTOCOL_VERSIONS.indexOf(since);
}

/** Asked for every element of every item, so counted out once. */
const KNOWN: Readonly<Record<ClassVersion, ReadonlySet<string>>> = {
  '12.1': namesOf('12.1'),
  '14.0': namesOf('14.0'),
  '14.1': namesOf('14.1'),
};

function namesOf(version: ClassVersion): ReadonlySet<string> {
  return new Set(ELEMENT_NAMES.filter((name) => isInVersion(factsOf(name)!, version)));
}

/** Whether the version has this element (`Page:Element`). */
export function isKnown(name: string, version: ClassVersion): boolean {
  return KNOWN[version].has(name);
}

/** The fields without what the version does not know, in containers too. */
export function forVersion(fields: ApplicationData, version: ClassVersion): Field[] {
  return fields
    .filter(({ name }) => isKnown(name, version))
    .map((field) => (isChildren(field.value) ? { ...field, value: forVersion(field.value, version) } : field));
}
