import { APPLE_ICAL, CALDAV, CALENDARSERVER, CARDDAV, DAV, type XmlElement } from './element.ts';

/** Prefixes that every document we write declares on its root. */
const PREFIX_OF: Readonly<Record<string, string>> = {
  [DAV]: 'D',
  [CALDAV]: 'C',
  [CARDDAV]: 'CR',
  [CALENDARSERVER]: 'CS',
  [APPLE_ICAL]: 'A',
};

/** Namespace declarations for the root element of what we write, with a leading space. */
export const ROOT_NAMESPACES: string = Object.entries(PREFIX_OF)
  .map(([ns, prefix]) => ` xmlns:${prefix}="${ns}"`)
  .join('');

export const XML_DECLARATION = '<?xml version="1.0" encoding="utf-8"?>\n';

const XML_NS = 'http://www.w3.org/XML/1998/namespace';

// XML 1.0 §2.2 Char: what may not stand in a document, not even as a reference. With the u flag only lone surrogates are \p{Surrogate}.
const FORBIDDEN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/gu;
const NEEDS_CARE = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff\ud800-\udfff]/;
const MARKUP = /[&<>]/;

/**
 * Text content. CR is written as a reference, since readers turn a bare CR LF into LF (XML 1.0 §2.11) and CRLF in
 * calendar data must survive. What XML cannot hold becomes U+FFFD.
 */
export function escapeText(text: string): string {
  let result = text;
  if (MARKUP.test(result)) {
    result = result.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  }
  if (NEEDS_CARE.test(result)) {
    result = result.replace(FORBIDDEN, '\ufffd');
  }
  return result.includes('\r') ? result.replaceAll('\r', '&#13;') : result;
}

/** An attribute value for double quotes; white space is kept by references (XML 1.0 §3.3.3). */
export function escapeAttribute(value: string): string {
  return escapeText(value).replaceAll('"', '&quot;').replaceAll('\t', '&#9;').replaceAll('\n', '&#10;');
}

export interface TagStrings {
  /** `<P:name` plus the namespace declaration where needed, ready for attributes and `>`. */
  readonly start: string;
  readonly open: string;
  readonly close: string;
  readonly empty: string;
}

/** The strings that write one element, its namespace declared on itself unless the root declares it. */
export function tagStrings(ns: string, name: string): TagStrings {
  const prefix = ns === XML_NS ? 'xml' : PREFIX_OF[ns];
  const qualified = prefix !== undefined ? `${prefix}:${name}` : ns === '' ? name : `X:${name}`;
  const declaration = prefix !== undefined || ns === '' ? '' : ` xmlns:X="${escapeAttribute(ns)}"`;
  const start = `<${qualified}${declaration}`;
  return { start, open: `${start}>`, close: `</${qualified}>`, empty: `${start}/>` };
}

/** One element with `inner` XML as its content; nothing inside gives an empty tag. */
export function writeElement(ns: string, name: string, inner = ''): string {
  const tag = tagStrings(ns, name);
  return inner === '' ? tag.empty : tag.open + inner + tag.close;
}

/** `<D:href>` around an already percent-encoded path. */
export function writeHref(href: string): string {
  return `<D:href>${escapeText(href)}</D:href>`;
}

/**
 * The content of an element in a form that stands alone: every namespace is declared where it begins, prefixes are
 * ours. This is how client-set properties are kept.
 */
export function serializeInner(element: XmlElement): string {
  return element.children.map((child) => serializeNode(child, '')).join('');
}

function serializeNode(node: XmlElement | string, defaultNs: string): string {
  if (typeof node === 'string') return escapeText(node);
  // The xml prefix is bound always and may be bound to nothing else (Namespaces in XML §3).
  const isXml = node.ns === XML_NS;
  const element = isXml ? `xml:${node.name}` : node.name;
  const ns = isXml ? defaultNs : node.ns;
  let attributes = ns === defaultNs ? '' : ` xmlns="${escapeAttribute(ns)}"`;
  let prefixes = 0;
  for (const [key, value] of node.attributes) {
    const close = key.lastIndexOf('}');
    const attributeNs = close < 0 ? '' : key.slice(1, close);
    const local = key.slice(close + 1);
    let name = local;
    if (attributeNs === XML_NS) {
      name = `xml:${local}`;
    } else if (attributeNs !== '') {
      prefixes += 1;
      attributes += ` xmlns:a${prefixes}="${escapeAttribute(attributeNs)}"`;
      name = `a${prefixes}:${local}`;
    }
    attributes += ` ${name}="${escapeAttribute(value)}"`;
  }
  const inner = node.children.map((child) => serializeNode(child, ns)).join('');
  return inner === '' ? `<${element}${attributes}/>` : `<${element}${attributes}>${inner}</${element}>`;
}
