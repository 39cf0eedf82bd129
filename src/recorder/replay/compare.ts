import { type CapturedMessage, LEFT_OUT_HEADER } from '../capture.ts';
import { contentTypeOf } from '../redact/redact-message.ts';
import type { BodyFormat, WireFormat } from '../wire-format.ts';
import { canonicalXml, type Tree, textAt } from './canonical-xml.ts';
import type { OpaqueKind, OpaqueValues } from './opaque-values.ts';

/** Headers whose value a client may act on. */
const SAME_HEADERS = [
  ...['dav', 'allow', 'content-type', 'www-authenticate', 'location', 'preference-applied'],
  ...['ms-asprotocolversions', 'ms-asprotocolcommands', 'ms-server-activesync'],
];

const OPAQUE_PROPERTIES: Readonly<Record<string, OpaqueKind>> = {
  '{DAV:}getetag': 'etag',
  '{DAV:}sync-token': 'sync-token',
  '{http://calendarserver.org/ns/}getctag': 'ctag',
};
const DATE_PROPERTIES = new Set(['{DAV:}getlastmodified', '{DAV:}creationdate']);

/** What differs between two answers to the request for `path`, one sentence each; notes which ETags and tokens go together. */
export function compareAnswers(
  path: string,
  recorded: CapturedMessage,
  actual: CapturedMessage,
  opaque: OpaqueValues,
  formats: readonly WireFormat[],
): string[] {
  return [
    ...differs('status', statusOf(recorded), statusOf(actual)),
    ...SAME_HEADERS.flatMap((name) => differs(name, headerOf(recorded, name), headerOf(actual, name))),
    ...compareOpaque('etag', path, headerOf(recorded, 'etag'), headerOf(actual, 'etag'), opaque),
    ...differs('last-modified', kindOfDate(recorded), kindOfDate(actual)),
    ...compareBodies(path, recorded, actual, opaque, formats),
  ];
}

export function statusOf(message: CapturedMessage): string {
  return message.startLine.split(' ')[1] ?? '';
}

export function headerOf(message: CapturedMessage, name: string): string | null {
  return message.headers.find(([given]) => given.toLowerCase() === name)?.[1] ?? null;
}

function kindOfDate(message: CapturedMessage): string | null {
  const value = headerOf(message, 'last-modified');
  return value === null ? null : dateKind(value);
}

function dateKind(text: string): string {
  return text === '' ? '' : Number.isNaN(Date.parse(text)) ? `no date: ${text}` : 'a date';
}

function compareBodies(
  path: string,
  recorded: CapturedMessage,
  actual: CapturedMessage,
  opaque: OpaqueValues,
  formats: readonly WireFormat[],
): string[] {
  if (headerOf(recorded, LEFT_OUT_HEADER.toLowerCase()) !== null) return [];
  const type = contentTypeOf(recorded);
  if (recorded.body.length > 0 && /[/+]xml$/u.test(type)) {
    const trees = [recorded, actual].map(({ body }) => readTree(body));
    const [expected, got] = trees as [Tree | string, Tree | string];
    if (typeof expected === 'string' || typeof got === 'string') return differs('body', expected, got);
    return compareTrees({ path, opaque }, '', expected, got);
  }
  const own = formats.find(({ bodies }) => bodies?.takes(type, path) === true)?.bodies;
  if (own !== undefined) return compareOwn(own, type, recorded.body, actual.body, opaque);
  return differs('body', withoutMoment(recorded.body), withoutMoment(actual.body));
}

function compareOwn(own: BodyFormat, type: string, recorded: Buffer, actual: Buffer, opaque: OpaqueValues): string[] {
  try {
    return own.compare(recorded, actual, type, opaque);
  } catch (error) {
    // One of the two is not what its type says: then their bytes tell.
    const reason = error instanceof Error ? error.message : String(error);
    return recorded.equals(actual) ? [] : [`body: ${reason}`];
  }
}

/** Free-busy answers carry the time at which they were made (RFC 5545 §3.8.7.2), and a UID that is made from it. */
function withoutMoment(body: Buffer): string {
  const text = body.toString('latin1');
  if (!text.includes('BEGIN:VFREEBUSY')) return text;
  return text.replace(/^DTSTAMP:\d{8}T\d{6}Z\r$/mu, 'DTSTAMP:A-DATE').replace(/^UID:[\da-f]{32}\r$/mu, 'UID:A-HASH');
}

function readTree(body: Buffer): Tree | string {
  try {
    return canonicalXml(body.toString('utf8'));
  } catch (error) {
    return `not XML (${error instanceof Error ? error.message : error}): ${body.toString('utf8')}`;
  }
}

interface Scope {
  readonly path: string;
  readonly opaque: OpaqueValues;
}

function compareTrees(scope: Scope, above: string, recorded: Tree, actual: Tree): string[] {
  const place = `${above}/${recorded.name.replace(/^\{.*\}/u, '')}`;
  const names = (tree: Tree) => tree.children.map((child) => child.name + textAt(child, '{DAV:}href')).join('\n');
  const shape = [
    ...differs(`name at ${place}`, recorded.name, actual.name),
    ...differs(`attributes of ${place}`, recorded.attributes.join(' '), actual.attributes.join(' ')),
    ...differs(`children of ${place}`, names(recorded), names(actual)),
  ];
  if (shape.length > 0) return shape;
  const href = textAt(recorded, '{DAV:}href');
  // ETags and tokens belong to the resource of their response.
  const inner = recorded.name === '{DAV:}response' ? { ...scope, path: href } : scope;
  const kind = OPAQUE_PROPERTIES[recorded.name];
  const own = DATE_PROPERTIES.has(recorded.name)
    ? differs(place, dateKind(recorded.text), dateKind(actual.text))
    : kind !== undefined
      ? compareOpaque(kind, scope.path, recorded.text, actual.text, scope.opaque)
      : differs(place, recorded.text, actual.text);
  const below = inner.path === scope.path ? place : `${place}[${href}]`;
  return [...own, ...recorded.children.flatMap((child, i) => compareTrees(inner, below, child, actual.children[i]!))];
}

function compareOpaque(
  kind: OpaqueKind,
  path: string,
  recorded: string | null,
  actual: string | null,
  opaque: OpaqueValues,
): string[] {
  if (!recorded || !actual) return differs(kind, recorded, actual);
  const reason = opaque.pair(kind, path, recorded, actual);
  return reason === null ? [] : [`${reason} (recorded: ${recorded})`];
}

function differs<T>(what: string, recorded: T, actual: T): string[] {
  return recorded === actual ? [] : [`${what}\n  recorded: ${show(recorded)}\n  actual:   ${show(actual)}`];
}

function show(value: unknown): string {
  return JSON.stringify(value);
}
