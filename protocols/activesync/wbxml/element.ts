import type { ElementName, UnknownName } from './elements.ts';
import { factsOf } from './elements.ts';

/**
 * A value of known length that is not held in one piece. Decoded ones are 'opaque' and their chunks an array; for sending,
 * chunks may come as they are read: 'opaque' must give exactly `byteLength` bytes, 'string' gives UTF-8 text.
 */
export interface ByteRun {
  readonly form: 'opaque' | 'string';
  readonly byteLength: number;
  readonly chunks: Iterable<Uint8Array> | AsyncIterable<Uint8Array>;
}

/** What an element holds: elements and values in order; adjacent text is one string, empty text is nothing. */
export type WbxContent = WbxElement | string | Uint8Array | ByteRun;

/** One element. `name` is `Page:Element`, so it alone tells page and element; `page` is the number of its code page. */
export interface WbxElement {
  readonly page: number;
  readonly name: ElementName | UnknownName;
  readonly children: readonly WbxContent[];
}

/** What `el` takes: content, numbers and booleans (`1`, `0`) as text, lists of content, null for nothing. */
export type WbxArgument = WbxContent | number | boolean | null | readonly WbxContent[];

/** Builds an element: `el('AirSync:Sync', el('AirSync:Status', 1))`. @throws TypeError for NaN and infinite numbers */
export function el(name: ElementName, ...content: readonly WbxArgument[]): WbxElement {
  const children: WbxContent[] = [];
  for (const argument of content) append(children, argument);
  return { page: factsOf(name)!.page, name, children };
}

function append(children: WbxContent[], argument: WbxArgument): void {
  if (argument === null || argument === '') return;
  if (typeof argument === 'boolean') children.push(argument ? '1' : '0');
  else if (typeof argument === 'number') children.push(numberText(argument));
  else if (isList(argument)) for (const item of argument) append(children, item);
  else children.push(argument);
}

function numberText(value: number): string {
  if (!Number.isFinite(value)) throw new TypeError(`${value} cannot be the value of an element.`);
  return String(value);
}

function isList(argument: WbxArgument): argument is readonly WbxContent[] {
  return Array.isArray(argument);
}

/** Is this piece of content an element? */
export function isElement(content: WbxContent): content is WbxElement {
  return typeof content === 'object' && 'children' in content;
}

/** Is this piece of content a value in chunks? */
export function isByteRun(content: WbxContent): content is ByteRun {
  return typeof content === 'object' && 'chunks' in content;
}
