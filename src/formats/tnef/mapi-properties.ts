import type { TnefReader } from './tnef-reader.ts';

/** Bytes of each property by its id (MS-OXTNEF §2.1.3.4); the first value of properties with several. */
export type MapiProperties = ReadonlyMap<number, { readonly type: number; readonly value: Uint8Array }>;

const MULTIPLE = 0x1000;
const STRING8 = 0x1e;
const UNICODE = 0x1f;
/** Types whose values have a length of their own: strings, objects, binary. */
const VARIABLE = new Set([STRING8, UNICODE, 0x0d, 0x102]);
/** Bytes of the others (MS-OXCDATA §2.11.1); a short or boolean is padded to four. */
const SIZES: Readonly<Record<number, number>> = {
  1: 0,
  2: 4,
  3: 4,
  4: 4,
  5: 8,
  6: 8,
  7: 8,
  10: 4,
  11: 4,
  20: 8,
  64: 8,
  72: 16,
};

/** Reads a block of properties; stops at a type whose length is unknown. @throws TnefEnd */
export function readMapiProperties(reader: TnefReader): MapiProperties {
  const properties = new Map<number, { type: number; value: Uint8Array }>();
  const count = reader.u32();
  for (let number = 0; number < count && !reader.isAtEnd; number += 1) {
    const written = reader.u16();
    const id = reader.u16();
    if (id >= 0x8000) skipName(reader);
    const type = written & ~MULTIPLE;
    const values = readValues(reader, type, (written & MULTIPLE) !== 0);
    if (values === null) break;
    if (values[0] !== undefined) properties.set(id, { type, value: values[0] });
  }
  return properties;
}

/** A property named by a number or a text carries its name here. */
function skipName(reader: TnefReader): void {
  reader.take(16);
  if (reader.u32() === 0) reader.u32();
  else reader.padded(reader.u32());
}

function readValues(reader: TnefReader, type: number, isMultiple: boolean): Uint8Array[] | null {
  const size = SIZES[type];
  if (!VARIABLE.has(type) && size === undefined) return null;
  const said = VARIABLE.has(type) || isMultiple ? reader.u32() : 1;
  // Nulls take no bytes: no end of the data stops a list of them, however long.
  const count = size === 0 ? Math.min(said, 1) : said;
  const values: Uint8Array[] = [];
  for (let number = 0; number < count && !reader.isAtEnd; number += 1) {
    const value = size === undefined ? reader.padded(reader.u32()) : reader.take(size);
    if (values.length === 0) values.push(value);
  }
  return values;
}

/** Text of a string property; null where there is none. */
export function mapiText(
  properties: MapiProperties,
  id: number,
  decode8: (bytes: Uint8Array) => string,
): string | null {
  const property = properties.get(id);
  if (property === undefined || (property.type !== STRING8 && property.type !== UNICODE)) return null;
  const bytes = Buffer.from(property.value);
  const even = bytes.subarray(0, bytes.length - (bytes.length % 2));
  const text = property.type === UNICODE ? even.toString('utf16le') : decode8(bytes);
  return withoutZero(text);
}

/** What stands before the zero that ends a C string. */
export function withoutZero(text: string): string {
  const end = text.indexOf('\0');
  return end < 0 ? text : text.slice(0, end);
}
