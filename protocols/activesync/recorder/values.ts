import { ANYWHERE, type OpaqueKind, type OpaqueValues } from '../../../src/recorder/replay/opaque-values.ts';
import type { WbxContent, WbxElement } from '../wbxml/element.ts';
import { isByteRun, isElement } from '../wbxml/element.ts';

/** Elements whose value a server makes up and phones only hand back, by what it stands for. */
const OPAQUE_ELEMENTS: Readonly<Record<string, OpaqueKind>> = {
  'AirSync:SyncKey': 'sync-key',
  'FolderHierarchy:SyncKey': 'sync-key',
  'Provision:PolicyKey': 'policy-key',
  'AirSync:CollectionId': 'folder-id',
  'GetItemEstimate:CollectionId': 'folder-id',
  'FolderHierarchy:ServerId': 'folder-id',
  'FolderHierarchy:ParentId': 'folder-id',
  'Ping:Id': 'folder-id',
  'Ping:Folder': 'folder-id',
  'ComposeMail:FolderId': 'folder-id',
  'Move:SrcFldId': 'folder-id',
  'Move:DstFldId': 'folder-id',
  'AirSync:ServerId': 'item-id',
  'ComposeMail:ItemId': 'item-id',
  'Move:SrcMsgId': 'item-id',
  'Move:DstMsgId': 'item-id',
  'Search:LongId': 'long-id',
  'AirSyncBase:FileReference': 'file-reference',
  'Email2:ConversationId': 'conversation',
  'Search:ConversationId': 'conversation',
};

/** Their value says when the server did something. */
const DATE_ELEMENTS = new Set(['Email:DateReceived', 'Calendar:DtStamp', 'Notes:LastModifiedDate']);
/** The same in bytes (MS-ASEMAIL §2.2.2.21): of two only the lengths are compared. */
const TIME_BYTES = new Set(['Email2:ConversationIndex']);

function opaqueKindOf(element: WbxElement): OpaqueKind | null {
  const holdsText = !element.children.some(isElement) && element.children.length > 0;
  return (holdsText ? OPAQUE_ELEMENTS[element.name] : undefined) ?? null;
}

/** What an element holds beside elements: text as it is, bytes as base64. */
function heldValue(element: WbxElement): string {
  return element.children
    .filter((content) => !isElement(content))
    .map(textOfValue)
    .join('');
}

function textOfValue(content: WbxContent): string {
  if (typeof content === 'string') return content;
  if (isByteRun(content)) return Buffer.concat(content.chunks as readonly Uint8Array[]).toString('base64');
  if (isElement(content)) throw new TypeError('an element is no value');
  return Buffer.from(content).toString('base64');
}

/** What differs between two documents, one sentence each; notes which made-up values go together. */
export function compareDocuments(
  place: string,
  recorded: WbxElement,
  actual: WbxElement,
  opaque: OpaqueValues,
): string[] {
  const at = `${place}/${recorded.name.replace(/^.*:/u, '')}`;
  const names = ({ name, children }: WbxElement) =>
    [name, ...children.filter(isElement).map((one) => one.name)].join(' ');
  if (names(recorded) !== names(actual)) return [differs(at, names(recorded), names(actual))];
  const inner = recorded.children.filter(isElement);
  const others = actual.children.filter(isElement);
  return [
    ...compareValues(at, recorded, actual, opaque),
    ...inner.flatMap((child, index) => compareDocuments(at, child, others[index]!, opaque)),
  ];
}

function compareValues(at: string, recorded: WbxElement, actual: WbxElement, opaque: OpaqueValues): string[] {
  const [expected, got] = [heldValue(recorded), heldValue(actual)];
  const kind = opaqueKindOf(recorded);
  if (kind !== null && got !== '') {
    const reason = opaque.pair(kind, ANYWHERE, expected, got);
    return reason === null ? [] : [`${at}: ${reason} (recorded: ${expected})`];
  }
  if (DATE_ELEMENTS.has(recorded.name) && isDate(expected) && isDate(got)) return [];
  if (TIME_BYTES.has(recorded.name) && expected.length === got.length) return [];
  return expected === got ? [] : [differs(at, expected, got)];
}

/** A document that a phone sent, with the values of this run. */
export function withActualElements(element: WbxElement, opaque: OpaqueValues): WbxElement {
  const kind = opaqueKindOf(element);
  if (kind !== null) return { ...element, children: [opaque.actual(kind, ANYWHERE, heldValue(element))] };
  const children = element.children.map((content) =>
    isElement(content) ? withActualElements(content, opaque) : content,
  );
  return { ...element, children };
}

/** MS-ASDTYPE §2.3, both forms. */
function isDate(text: string): boolean {
  return /^\d{4}-?\d\d-?\d\dT\d\d:?\d\d:?\d\d(?:\.\d{3})?Z$/u.test(text);
}

function differs(at: string, recorded: string, actual: string): string {
  return `${at}\n  recorded: ${JSON.stringify(recorded)}\n  actual:   ${JSON.stringify(actual)}`;
}
