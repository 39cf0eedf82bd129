import { type ApplicationData, type FieldValue, isChildren } from '../classes/field.ts';

/** Token, end, string marker and its NUL, or a length; a switch of the page now and then. */
const PER_ELEMENT = 5;

/** Bytes that fields take in WBXML, near enough; streams by their length, unread. */
export function renderedSize(fields: ApplicationData): number {
  return fields.reduce((size, { value }) => size + PER_ELEMENT + valueSize(value), 0);
}

function valueSize(value: FieldValue): number {
  if (typeof value === 'string') return Buffer.byteLength(value);
  return isChildren(value) ? renderedSize(value) : value.byteLength;
}
