import { isElement, type WbxElement } from './element.ts';
import { factsOf } from './elements.ts';
import { bytesOf, textOf } from './read-element.ts';

const PROLOGUE =
  '<?xml version="1.0"?><!DOCTYPE ActiveSync PUBLIC "-//MICROSOFT//DTD ActiveSync//EN" "http://www.microsoft.com/">';

/**
 * A decoded document as one line of XML, in the dialect of `wbxml2xml -l ACTIVESYNC -m 0 -k` (its element names too), in which
 * captures and tests compare. Values of opaque elements are base64. An element of no table is `<unknown page="26" token="5"/>`.
 */
export function wbxmlToXml(root: WbxElement): string {
  return PROLOGUE + elementXml(root, '');
}

function elementXml(element: WbxElement, parentPage: string): string {
  const facts = factsOf(element.name);
  const xml = facts?.xml ?? element.name;
  const colon = xml.indexOf(':');
  const page = facts === null ? parentPage : xml.slice(0, colon + 1);
  const name = facts === null ? 'unknown' : xml.slice(colon + 1);
  const content = contentXml(element, page);
  const start = `<${name}${facts === null ? unknownAttributes(element.name) : namespace(page, parentPage)}`;
  return content === '' ? `${start}/>` : `${start}>${content}</${name}>`;
}

function contentXml(element: WbxElement, page: string): string {
  if (element.children.some(isElement)) {
    return element.children
      .map((content) =>
        isElement(content) ? elementXml(content, page) : valueXml({ ...element, children: [content] }),
      )
      .join('');
  }
  return valueXml(element);
}

function valueXml(element: WbxElement): string {
  if (factsOf(element.name)?.opaque !== true) return escapeXml(textOf(element));
  const isText = element.children.every((content) => typeof content === 'string');
  return Buffer.from(isText ? textOf(element) : bytesOf(element)).toString('base64');
}

function namespace(page: string, parentPage: string): string {
  return page === parentPage ? '' : ` xmlns="${page}"`;
}

function unknownAttributes(name: string): string {
  const [, page, token] = name.split(':');
  return ` page="${page}" token="${token}"`;
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
  // Written as itself it would be read as a line feed (XML 1.0 §2.11).
  '\r': '&#13;',
};

/** Controls that XML 1.0 §2.2 cannot carry become U+FFFD. */
function escapeXml(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(/[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g, '\ufffd')
    .replaceAll(/[&<>"'\r]/g, (character) => ESCAPES[character]!);
}
