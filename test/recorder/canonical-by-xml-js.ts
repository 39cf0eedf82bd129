import { type Element, xml2js } from 'xml-js';
import type { Tree } from '../../src/recorder/replay/canonical-xml.ts';

type Namespaces = Readonly<Record<string, string>>;

/** Children of these say the same in any order; what their order goes by. */
const UNORDERED: Readonly<Record<string, (child: Tree) => string>> = {
  '{DAV:}multistatus': (child) => textAt(child, '{DAV:}href'),
  '{DAV:}response': (child) => `${child.name} ${textAt(child, '{DAV:}status')}`,
  '{DAV:}prop': (child) => child.name,
};

/** What src/recorder/replay/canonical-xml.ts makes of a document, made with another parser. */
export function canonicalByXmlJs(text: string): Tree {
  const document = xml2js(text, { compact: false, alwaysChildren: true }) as Element;
  const root = document.elements?.find((node) => node.type === 'element');
  if (root === undefined) throw new Error('an XML document without a root element');
  return toTree(root, {});
}

/** The text of the first child of that name; empty when there is none. */
function textAt(tree: Tree, name: string): string {
  return tree.children.find((child) => child.name === name)?.text ?? '';
}

function toTree(element: Element, outer: Namespaces): Tree {
  const given = Object.entries(element.attributes ?? {}).map(([name, value]) => [name, String(value)] as const);
  const declared = given
    .filter(([name]) => isDeclaration(name))
    .map(([name, value]) => [name.slice('xmlns:'.length), value]);
  const namespaces: Namespaces = { ...outer, ...Object.fromEntries(declared) };
  const attributes = given
    .filter(([name]) => !isDeclaration(name))
    .map(([name, value]) => `${name.includes(':') ? resolve(name, namespaces) : name}=${value}`)
    .sort();
  const nodes = element.elements ?? [];
  const children = nodes.filter((node) => node.type === 'element').map((node) => toTree(node, namespaces));
  const text = nodes.map((node) => String(node.text ?? node.cdata ?? '')).join('');
  const name = resolve(element.name ?? '', namespaces);
  const order = UNORDERED[name];
  if (order) children.sort((a, b) => (order(a) < order(b) ? -1 : order(a) > order(b) ? 1 : 0));
  return { name, attributes, text: children.length > 0 && text.trim() === '' ? '' : text, children };
}

function isDeclaration(name: string): boolean {
  return name === 'xmlns' || name.startsWith('xmlns:');
}

function resolve(name: string, namespaces: Namespaces): string {
  const [prefix, local] = name.includes(':') ? (name.split(':', 2) as [string, string]) : ['', name];
  if (prefix === 'xml') return name;
  const namespace = namespaces[prefix];
  if (namespace === undefined && prefix !== '') throw new Error(`the prefix of ${name} is not declared`);
  return `{${namespace ?? ''}}${local}`;
}
