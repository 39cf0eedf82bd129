import { factsOf, isInVersion, PROTOCOL_VERSIONS } from '../wbxml/elements.ts';
import { type ApplicationData, type Field, isChildren } from './field.ts';

/** Protocol versions whose item data is translated here. */
export type ClassVersion = '12.1' | '14.0' | '14.1';

export function isAtLeast(version: ClassVersion, since: ClassVersion): boolean {
  return PROTOCOL_VERSIONS.indexOf(version) >= PROTOCOL_VERSIONS.indexOf(since);
}

/** Whether the version has this element (`Page:Element`). */
export function isKnown(name: string, version: ClassVersion): boolean {
  const facts = factsOf(name);
  return facts !== null && isInVersion(facts, version);
}

/** The fields without what the version does not know, in containers too. */
export function forVersion(fields: ApplicationData, version: ClassVersion): Field[] {
  return fields
    .filter(({ name }) => isKnown(name, version))
    .map((field) => (isChildren(field.value) ? { ...field, value: forVersion(field.value, version) } : field));
}
