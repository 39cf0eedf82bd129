import { DavError } from '../dav-error.ts';
import type { XmlElement } from '../xml/element.ts';

/** Refuses elements in a property that holds text alone. @throws DavError 409 */
export function requireText(value: XmlElement): void {
  if (value.children.every((child) => typeof child === 'string')) return;
  throw new DavError(409, `The property ${value.name} holds text, not elements.`);
}
