/**
 * The data of one item as ActiveSync elements, free of any encoding: `Page:Element` names as in MS-ASWBXML, in the order
 * they are sent. An element without content is the value ''; text is text (numbers and dates already written out).
 */
export interface Field {
  readonly name: string;
  readonly value: FieldValue;
}

export type FieldValue = string | Uint8Array | readonly Field[] | StreamedValue;

export type ApplicationData = readonly Field[];

/** Text too big to hold: its exact length and how to read it. Written as an inline string. */
export interface StreamedValue {
  readonly byteLength: number;
  /** The bytes (UTF-8 or ASCII, no NUL); each call reads from the beginning. */
  open(): AsyncIterable<Uint8Array>;
}

export function field(name: string, value: FieldValue): Field {
  return { name, value };
}

/** A list of one, or nothing for null: what an element without a value is. */
export function optional(name: string, value: FieldValue | null): Field[] {
  return value === null ? [] : [{ name, value }];
}

/** First field of this name, else null. */
export function findField(fields: ApplicationData, name: string): Field | null {
  return fields.find((candidate) => candidate.name === name) ?? null;
}

/** Text of the first field of this name; null where it is absent, '' where it is empty. */
export function textOf(fields: ApplicationData, name: string): string | null {
  const found = findField(fields, name);
  return found === null ? null : valueText(found.value);
}

/** Children of the first field of this name; null where it is absent, none where it is empty. */
export function childrenOf(fields: ApplicationData, name: string): readonly Field[] | null {
  const value = findField(fields, name)?.value;
  if (value === undefined) return null;
  return isChildren(value) ? value : [];
}

/** All texts of fields of this name. */
export function textsOf(fields: ApplicationData, name: string): string[] {
  return fields.filter((candidate) => candidate.name === name).map((candidate) => valueText(candidate.value));
}

export function isChildren(value: FieldValue): value is readonly Field[] {
  return Array.isArray(value);
}

/** Opaque bytes are accepted for any text; containers and streams have none. */
function valueText(value: FieldValue): string {
  if (typeof value === 'string') return value;
  return value instanceof Uint8Array ? Buffer.from(value).toString('utf8') : '';
}
