import { type ByteRun, isByteRun, isElement, type WbxElement } from './element.ts';
import type { ElementName } from './elements.ts';
import { WbxValueError } from './errors.ts';

/** The first child of this name, null when there is none. */
export function child(element: WbxElement, name: ElementName): WbxElement | null {
  for (const content of element.children) {
    if (isElement(content) && content.name === name) return content;
  }
  return null;
}

/** The first child of this name. @throws WbxValueError 'missing' */
export function requiredChild(element: WbxElement, name: ElementName): WbxElement {
  const found = child(element, name);
  if (found === null) throw new WbxValueError('missing', element.name, `has no ${name}`);
  return found;
}

/** The child elements in order: all, or those of one name. */
export function childElements(element: WbxElement, name?: ElementName): WbxElement[] {
  return element.children.filter(isElement).filter((content) => name === undefined || content.name === name);
}

/**
 * The element's text, '' when it is empty. Clients send OPAQUE for string elements too: read as UTF-8.
 * @throws WbxValueError 'structure' when it holds elements
 */
export function textOf(element: WbxElement): string {
  let text = '';
  for (const content of element.children) {
    if (typeof content === 'string') text += content;
    else if (isElement(content)) throw new WbxValueError('structure', element.name, `holds ${content.name}, not text`);
    else text += utf8(isByteRun(content) ? Buffer.concat(arrayOf(content)) : content);
  }
  return text;
}

/** A whole number with its bounds. @throws WbxValueError 'structure', 'number', 'range' */
export function numberOf(element: WbxElement, bounds: { min?: number; max?: number } = {}): number {
  const text = textOf(element).trim();
  const value = Number(text);
  if (!/^[+-]?\d{1,15}$/.test(text)) {
    throw new WbxValueError('number', element.name, `${shown(text)} is not a whole number`);
  }
  const { min = Number.MIN_SAFE_INTEGER, max = Number.MAX_SAFE_INTEGER } = bounds;
  if (value < min || value > max) {
    throw new WbxValueError('range', element.name, `${value} is not between ${min} and ${max}`);
  }
  return value === 0 ? 0 : value;
}

/** 1 and 0, and the words; an empty element is true (MS-ASDTYPE §2.1). @throws WbxValueError 'structure', 'boolean' */
export function boolOf(element: WbxElement): boolean {
  const text = textOf(element).trim().toLowerCase();
  if (text === '' || text === '1' || text === 'true') return true;
  if (text === '0' || text === 'false') return false;
  throw new WbxValueError('boolean', element.name, `${shown(text)} is neither 0 nor 1`);
}

/** The text of the first child of this name, null when there is none. @throws WbxValueError 'structure' */
export function childText(element: WbxElement, name: ElementName): string | null {
  const found = child(element, name);
  return found === null ? null : textOf(found);
}

/** The same as a whole number. @throws WbxValueError as `numberOf` */
export function childNumber(
  element: WbxElement,
  name: ElementName,
  bounds: { min?: number; max?: number } = {},
): number | null {
  const found = child(element, name);
  return found === null ? null : numberOf(found, bounds);
}

/** The same as a boolean. @throws WbxValueError as `boolOf` */
export function childBool(element: WbxElement, name: ElementName): boolean | null {
  const found = child(element, name);
  return found === null ? null : boolOf(found);
}

/**
 * The element's bytes in chunks, none copied. Text in place of OPAQUE is taken as base64 where it is base64, as UTF-8
 * elsewhere: clients send ids and pictures in the former way, a message in the latter.
 * @throws WbxValueError 'structure' when it holds elements
 */
export function chunksOf(element: WbxElement): readonly Uint8Array[] {
  return element.children.flatMap((content) => {
    if (typeof content === 'string') return [bytesOfText(content)];
    if (isElement(content)) throw new WbxValueError('structure', element.name, `holds ${content.name}, not bytes`);
    return isByteRun(content) ? arrayOf(content) : [content];
  });
}

/** The element's bytes in one piece, which copies those that came in several; see `chunksOf`. */
export function bytesOf(element: WbxElement): Uint8Array {
  const chunks = chunksOf(element);
  return chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks);
}

function bytesOfText(text: string): Uint8Array {
  const compact = text.replaceAll(/[ \t\r\n]+/g, '');
  const isBase64 = compact.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(compact);
  return Buffer.from(isBase64 ? compact : text, isBase64 ? 'base64' : 'utf8');
}

/** @throws TypeError for a run that is made to be sent: reading it would use it up */
function arrayOf(run: ByteRun): readonly Uint8Array[] {
  if (!Array.isArray(run.chunks)) throw new TypeError('Only decoded values can be read.');
  return run.chunks;
}

function utf8(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
}

function shown(text: string): string {
  return JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text);
}
