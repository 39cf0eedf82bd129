import { DAV, type XmlElement } from './element.ts';

/** The child elements, without text. */
export function childElements(element: XmlElement): XmlElement[] {
  return element.children.filter((child): child is XmlElement => typeof child !== 'string');
}

/** The first child element of this name, in DAV: unless another namespace is given. */
export function childNamed(element: XmlElement, name: string, ns: string = DAV): XmlElement | null {
  for (const child of element.children) {
    if (typeof child !== 'string' && child.name === name && child.ns === ns) return child;
  }
  return null;
}

/** All child elements of this name, in DAV: unless another namespace is given. */
export function childrenNamed(element: XmlElement, name: string, ns: string = DAV): XmlElement[] {
  return childElements(element).filter((child) => child.name === name && child.ns === ns);
}

/** The text directly in the element, not that of its children. */
export function textOf(element: XmlElement): string {
  return element.children.filter((child) => typeof child === 'string').join('');
}

/** Whether an element has this name and namespace (DAV: unless given). */
export function isNamed(element: XmlElement, name: string, ns: string = DAV): boolean {
  return element.name === name && element.ns === ns;
}
