import { SaxesParser, type SaxesTagNS } from 'saxes';
import type { Limits } from '../../../src/domain/limits.ts';
import { DocumentDecoder } from './decode.ts';
import type { XmlElement } from './element.ts';
import { XmlError, type XmlErrorReason } from './error.ts';

export type XmlLimits = Pick<Limits, 'maxXmlBytes' | 'maxXmlDepth' | 'maxXmlAttributes'>;

/** Elements of one document: far above a multiget of every member, far below what could hurt the heap. */
const MAX_ELEMENTS = 500_000;
const XMLNS_NS = 'http://www.w3.org/2000/xmlns/';
/**
 * What a name without its prefix begins with (Namespaces in XML 1.0 §3, NCName). The parser asks it of the whole name only, and
 * `C:8x` would come out of our writer under another prefix as `8x`, which nobody can read.
 */
const LOCAL_NAME_START =
  /^[A-Z_a-z\u{C0}-\u{D6}\u{D8}-\u{F6}\u{F8}-\u{2FF}\u{370}-\u{37D}\u{37F}-\u{1FFF}\u{2070}-\u{218F}\u{2C00}-\u{2FEF}\u{3001}-\u{D7FF}\u{F900}-\u{FDCF}\u{FDF0}-\u{FFFD}\u{10000}-\u{EFFFF}]|^\u{200C}|^\u{200D}/u;
const NO_ATTRIBUTES: ReadonlyMap<string, string> = new Map();

interface OpenElement extends XmlElement {
  readonly children: (XmlElement | string)[];
}

/**
 * Reads one XML document with namespaces resolved (XML 1.0, Namespaces in XML 1.0), from UTF-8, UTF-16 or ISO-8859-1.
 * RFC 4918 §20.6: document types are refused altogether, so no entity can be declared or fetched.
 * @returns the root element, or null for a body of no bytes.
 * @throws XmlError, whatever the bytes are.
 */
export async function readXml(
  body: AsyncIterable<Uint8Array> | Uint8Array,
  limits: XmlLimits,
): Promise<XmlElement | null> {
  if (body instanceof Uint8Array) return parseXml(body, limits);
  const builder = new TreeBuilder(limits);
  for await (const chunk of body) {
    builder.push(chunk);
  }
  return builder.end();
}

/** The same for bytes that are all there. @throws XmlError */
export function parseXml(bytes: Uint8Array, limits: XmlLimits): XmlElement | null {
  const builder = new TreeBuilder(limits);
  builder.push(bytes);
  return builder.end();
}

class TreeBuilder {
  readonly #limits: XmlLimits;
  readonly #parser = new SaxesParser<{ xmlns: true }>({ xmlns: true });
  readonly #decoder = new DocumentDecoder();
  readonly #open: OpenElement[] = [];
  #root: XmlElement | null = null;
  #bytes = 0;
  #elements = 0;
  #attributes = 0;

  constructor(limits: XmlLimits) {
    this.#limits = limits;
    const parser = this.#parser;
    parser.on('error', (error) => this.#fail('syntax', error.message.replace(/^\d+:\d+: /, '')));
    parser.on('doctype', () => this.#fail('doctype', 'A document type declaration is not accepted'));
    parser.on('opentagstart', () => this.#startTag());
    parser.on('attribute', () => {
      this.#attributes += 1;
      if (this.#attributes > limits.maxXmlAttributes) {
        this.#fail('attributes', `An element has more than ${limits.maxXmlAttributes} attributes`);
      }
    });
    parser.on('opentag', (tag) => this.#openTag(tag));
    parser.on('closetag', () => {
      this.#open.pop();
    });
    parser.on('text', (text) => this.#text(text));
    parser.on('cdata', (text) => this.#text(text));
  }

  push(chunk: Uint8Array): void {
    this.#bytes += chunk.length;
    if (this.#bytes > this.#limits.maxXmlBytes) {
      this.#fail('size', `The XML body is larger than ${this.#limits.maxXmlBytes} bytes`);
    }
    this.#write(this.#decoder.push(chunk));
  }

  end(): XmlElement | null {
    if (this.#bytes === 0) return null;
    this.#write(this.#decoder.end());
    this.#parser.close();
    return this.#root;
  }

  #write(text: string): void {
    if (text !== '') {
      this.#parser.write(text);
    }
  }

  #startTag(): void {
    this.#attributes = 0;
    this.#elements += 1;
    // The parser's namespace lookup walks all open tags, so its cost is quadratic in the depth.
    if (this.#open.length >= this.#limits.maxXmlDepth) {
      this.#fail('depth', `Elements are nested more than ${this.#limits.maxXmlDepth} deep`);
    }
    if (this.#elements > MAX_ELEMENTS) {
      this.#fail('elements', `The document has more than ${MAX_ELEMENTS} elements`);
    }
  }

  #openTag(tag: SaxesTagNS): void {
    const attributes = attributesOf(tag);
    this.#checkLocalName(tag.local);
    for (const name of attributes.keys()) this.#checkLocalName(name.slice(name.lastIndexOf('}') + 1));
    const element: OpenElement = { ns: tag.uri, name: tag.local, attributes, children: [] };
    const parent = this.#open.at(-1);
    if (parent === undefined) {
      this.#root = element;
    } else {
      parent.children.push(element);
    }
    this.#open.push(element);
  }

  #checkLocalName(name: string): void {
    if (!LOCAL_NAME_START.test(name)) this.#fail('syntax', `A name cannot begin as ${JSON.stringify(name)} does`);
  }

  #text(text: string): void {
    const children = this.#open.at(-1)?.children;
    if (children === undefined || text === '') {
      return; // white space around the root
    }
    const last = children.length - 1;
    const before = children[last];
    if (typeof before === 'string') {
      children[last] = before + text;
    } else {
      children.push(text);
    }
  }

  #fail(reason: XmlErrorReason, message: string): never {
    throw new XmlError(reason, message, this.#parser.line, this.#parser.columnIndex + 1);
  }
}

function attributesOf(tag: SaxesTagNS): ReadonlyMap<string, string> {
  let map: Map<string, string> | null = null;
  for (const key in tag.attributes) {
    const { uri, local, value } = tag.attributes[key]!;
    if (uri === XMLNS_NS) continue;
    map ??= new Map();
    map.set(uri === '' ? local : `{${uri}}${local}`, value);
  }
  return map ?? NO_ATTRIBUTES;
}
