import type { XmlElement } from '../xml/element.ts';
import { invalidFilter } from './refusal.ts';

/** The required `name` attribute, in upper case: iCalendar and vCard names are case-insensitive. */
export function nameOf(element: XmlElement): string {
  const name = element.attributes.get('name') ?? '';
  if (name === '') throw invalidFilter(`${element.name} needs a name`);
  return name.toUpperCase();
}

/** The child elements of one whose text, if any, can only be white space between them. */
export function onlyElements(element: XmlElement): XmlElement[] {
  const elements: XmlElement[] = [];
  for (const child of element.children) {
    if (typeof child !== 'string') elements.push(child);
    else if (child.trim() !== '') throw invalidFilter(`${element.name} holds no text`);
  }
  return elements;
}
