import { isByteRun, isElement, type WbxElement } from '../wbxml/element.ts';
import { type ElementName, factsOf } from '../wbxml/elements.ts';
import { type ApplicationData, type Field, type FieldValue, isChildren } from './field.ts';

/** Fields as elements to be encoded. @throws TypeError for a name that no code page has */
export function toElements(fields: ApplicationData): WbxElement[] {
  return fields.map(({ name, value }) => {
    const facts = factsOf(name);
    if (facts === null) throw new TypeError(`${name} is no element of a code page`);
    return { page: facts.page, name: name as ElementName, children: toContent(value) };
  });
}

function toContent(value: FieldValue): WbxElement['children'] {
  if (typeof value === 'string') return value === '' ? [] : [value];
  if (isChildren(value)) return toElements(value);
  if (value instanceof Uint8Array) return [value];
  return [{ form: 'string', byteLength: value.byteLength, chunks: value.open() }];
}

/** Children of a decoded ApplicationData as fields; text and bytes beside elements do not count. */
export function toFields(element: WbxElement): Field[] {
  return element.children.filter(isElement).map((child) => ({ name: child.name, value: toValue(child) }));
}

function toValue(element: WbxElement): FieldValue {
  if (element.children.some(isElement)) return toFields(element);
  const pieces = element.children.filter((content) => !isElement(content));
  if (pieces.every((piece) => typeof piece === 'string')) return pieces.join('');
  return Buffer.concat(
    pieces.flatMap((piece) => {
      if (typeof piece === 'string') return [Buffer.from(piece, 'utf8')];
      if (piece instanceof Uint8Array) return [piece];
      // What was decoded is held in chunks; only what is made for sending is read while it is sent.
      return isByteRun(piece) && Symbol.iterator in piece.chunks ? [...piece.chunks] : [];
    }),
  );
}
