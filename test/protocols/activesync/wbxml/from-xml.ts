import { SaxesParser } from 'saxes';
import type { WbxContent, WbxElement } from '../../../../protocols/activesync/wbxml/element.ts';
import {
  ELEMENT_NAMES,
  type ElementName,
  factsOf,
  type UnknownName,
} from '../../../../protocols/activesync/wbxml/elements.ts';

interface OpenElement extends WbxElement {
  readonly children: WbxContent[];
}

/** Names of `wbxml2xml`, and our own where they differ. */
const BY_XML_NAME = new Map<string, ElementName>(
  ELEMENT_NAMES.flatMap((name) => [[name, name] as const, [factsOf(name)!.xml, name] as const]),
);

/**
 * Reads XML written by hand or by `wbxmlToXml`: the dialect of `xml2wbxml`, namespaces by default or prefix. White space
 * between elements is dropped, text kept as it is, opaque elements are base64.
 */
export function wbxFromXml(xml: string): WbxElement {
  const open: OpenElement[] = [];
  let root: WbxElement | null = null;
  const parser = new SaxesParser({ xmlns: true });
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', ({ uri, local, attributes }) => {
    const attribute = (key: string): string => attributes[key]?.value ?? '';
    const element = named(uri, local, attribute('page'), attribute('token'));
    open.at(-1)?.children.push(element);
    root ??= element;
    open.push(element);
  });
  const text = (text: string): void => {
    if (text !== '') open.at(-1)?.children.push(text);
  };
  parser.on('text', text);
  parser.on('cdata', text);
  parser.on('closetag', () => finish(open.pop()!));
  parser.write(xml).close();
  return root!;
}

function named(namespace: string, local: string, page: string, token: string): OpenElement {
  if (local === 'unknown') {
    const name: UnknownName = `unknown:${Number(page)}:${Number(token)}`;
    return { page: Number(page), name, children: [] };
  }
  const name = BY_XML_NAME.get(namespace + local);
  if (name === undefined) throw new Error(`${namespace}${local} is no element of ActiveSync.`);
  return { page: factsOf(name)!.page, name, children: [] };
}

function finish(element: OpenElement): void {
  const { children } = element;
  const isMixed = children.some((content) => typeof content !== 'string');
  const kept = isMixed
    ? children.filter((content) => typeof content !== 'string' || content.trim() !== '')
    : joined(children, factsOf(element.name)?.opaque ?? false);
  children.splice(0, children.length, ...kept);
}

function joined(texts: readonly WbxContent[], isOpaque: boolean): WbxContent[] {
  const text = texts.join('');
  if (text === '') return [];
  return [isOpaque ? new Uint8Array(Buffer.from(text, 'base64')) : text];
}
