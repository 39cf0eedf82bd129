import { SaxesParser, type SaxesTagNS } from 'saxes';

/** An element with its namespace resolved: prefixes and the order of attributes do not matter. */
export interface Tree {
  /** `{namespace}local` */
  readonly name: string;
  readonly attributes: readonly string[];
  readonly text: string;
  readonly children: readonly Tree[];
}

interface OpenTree extends Tree {
  text: string;
  readonly children: Tree[];
}

const XMLNS_NS = 'http://www.w3.org/2000/xmlns/';

/** Children of these say the same in any order; what their order goes by. */
const UNORDERED: Readonly<Record<string, (child: Tree) => string>> = {
  '{DAV:}multistatus': (child) => textAt(child, '{DAV:}href'),
  '{DAV:}response': (child) => `${child.name} ${textAt(child, '{DAV:}status')}`,
  '{DAV:}prop': (child) => child.name,
};

/** @throws Error when the text is not well-formed. */
export function canonicalXml(text: string): Tree {
  const parser = new SaxesParser<{ xmlns: true }>({ xmlns: true });
  const open: OpenTree[] = [];
  let root: Tree | null = null;
  const take = (value: string) => {
    const above = open.at(-1);
    if (above !== undefined) above.text += value;
  };
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', (tag) => open.push(opened(tag)));
  parser.on('text', take);
  parser.on('cdata', take);
  parser.on('closetag', () => {
    const tree = finished(open.pop()!);
    const above = open.at(-1);
    if (above === undefined) root = tree;
    else above.children.push(tree);
  });
  parser.write(text).close();
  if (root === null) throw new Error('an XML document without a root element');
  return root;
}

/** The text of the first child of that name; empty when there is none. */
export function textAt(tree: Tree, name: string): string {
  return tree.children.find((child) => child.name === name)?.text ?? '';
}

function opened(tag: SaxesTagNS): OpenTree {
  const attributes = Object.values(tag.attributes)
    .filter(({ uri }) => uri !== XMLNS_NS)
    .map(({ uri, local, value }) => `${uri === '' ? '' : `{${uri}}`}${local}=${value}`)
    .sort();
  return { name: `{${tag.uri}}${tag.local}`, attributes, text: '', children: [] };
}

function finished({ name, attributes, text, children }: OpenTree): Tree {
  const order = UNORDERED[name];
  if (order) children.sort((a, b) => (order(a) < order(b) ? -1 : order(a) > order(b) ? 1 : 0));
  return { name, attributes, text: children.length > 0 && text.trim() === '' ? '' : text, children };
}
