import { maskBirthday } from '../../../src/recorder/redact/content-lines.ts';
import { maskMime } from '../../../src/recorder/redact/mime.ts';
import type { Masker } from '../../../src/recorder/wire-format.ts';
import { isElement, type WbxElement } from '../wbxml/element.ts';
import { factsOf } from '../wbxml/elements.ts';
import { bytesOf, child, textOf } from '../wbxml/read-element.ts';

/**
 * Elements of text whose values a server or a program made: ids, keys, versions, kinds, times. Every other text is masked, so
 * that an element nobody thought of is too.
 */
const PLAIN: ReadonlySet<string> = new Set(
  Object.entries({
    AirSync: 'SyncKey ClientId ServerId Class Version CollectionId NotifyGUID',
    Email: 'MessageClass ContentClass TimeZone',
    Calendar: 'Timezone AppointmentReplyTime',
    Move: 'SrcMsgId SrcFldId DstFldId DstMsgId',
    GetItemEstimate: 'Class CollectionId Version',
    FolderHierarchy: 'ServerId ParentId SyncKey Version ContentClass',
    MeetingResponse: 'CalendarId CollectionId RequestId Version InstanceId',
    ResolveRecipients: 'MergedFreeBusy',
    Ping: 'Id Class Folder Version AutdState',
    Provision:
      'PolicyType MinDevicePasswordLength MaxInactivityTimeDeviceLock MaxDevicePasswordFailedAttempts MaxAttachmentSize DevicePasswordExpiration',
    Search: 'Name Range LongId ConversationId',
    AirSyncBase: 'FileReference ContentType ClientId InstanceId',
    Settings: 'BodyType Model OS OSLanguage UserAgent',
    ItemOperations: 'Store Range DstFldId ConversationId',
    ComposeMail: 'Type FolderId ItemId LongId InstanceId ClientId AccountId',
    Email2: 'ConversationId ConversationIndex CalendarType AccountId',
    Notes: 'MessageClass',
    Find: 'SearchId Range',
  }).flatMap(([page, names]) => names.split(' ').map((name) => `${page}:${name}`)),
);
/** Elements whose value may be a whole message, and how that is told (MS-ASAIRS §2.2.2.41: type 4 is MIME). */
const MESSAGES: Readonly<Record<string, 'always' | 'by-type'>> = {
  'ComposeMail:Mime': 'always',
  'Email:MIMEData': 'always',
  'AirSyncBase:Data': 'by-type',
};
/** Passwords: their stand-in tells nothing, not even how long they are. They are kept in no recording (MS-ASCMD §2.2.3.132). */
const SECRETS: ReadonlySet<string> = new Set(['Settings:Password', 'Search:Password']);
const SECRET = '********';
const BIRTHDAYS = new Set(['Contacts:Birthday', 'Contacts:Anniversary']);

/** A document with what people wrote masked; ids, keys, options, kinds and times stay. */
export function maskDocument(element: WbxElement, masker: Masker): WbxElement {
  return masked(element, null, masker);
}

function masked(element: WbxElement, parent: WbxElement | null, masker: Masker): WbxElement {
  if (element.children.some(isElement)) {
    const children = element.children.map((content) =>
      isElement(content)
        ? masked(content, element, masker)
        : (maskedValue({ ...element, children: [content] }, null, masker)[0] ?? ''),
    );
    return { ...element, children };
  }
  return { ...element, children: maskedValue(element, parent, masker) };
}

function maskedValue(element: WbxElement, parent: WbxElement | null, masker: Masker): WbxElement['children'] {
  const { name, children } = element;
  if (children.length === 0 || PLAIN.has(name)) return children;
  if (SECRETS.has(name)) return withoutSecret(element);
  const isText = children.every((content) => typeof content === 'string');
  if (isMessage(name, parent)) {
    const message = maskMime(Buffer.from(isText ? textOf(element) : bytesOf(element)), masker);
    return [isText ? message.toString('utf8') : message];
  }
  if (!isText) return [Buffer.from(masker.bytes(bytesOf(element)))];
  const text = textOf(element);
  if (name === 'Provision:PolicyKey') return [masker.key(text)];
  if (BIRTHDAYS.has(name)) return [maskBirthday(text) ?? masker.text(text)];
  return [isPlainValue(name, text) ? text : masker.text(text)];
}

function isMessage(name: string, parent: WbxElement | null): boolean {
  const how = MESSAGES[name];
  if (how !== 'by-type') return how === 'always';
  const type = parent === null ? null : child(parent, 'AirSyncBase:Type');
  return type !== null && textOf(type) === '4';
}

/** Numbers, booleans and times, where the table says that the element holds one and it does. */
function isPlainValue(name: string, text: string): boolean {
  const type = factsOf(name)?.type;
  if (/^\d{4}-?\d\d-?\d\dT\d\d:?\d\d:?\d\d(?:\.\d+)?Z$/u.test(text)) return type === 'dateTime' || type === 'string';
  return type !== 'string' && type !== 'opaque' && type !== undefined && /^[+-]?\d{1,12}$/u.test(text);
}

/** The document without passwords, everything else as it is; the very same where there are none. */
export function withoutSecrets(element: WbxElement): WbxElement {
  const children = SECRETS.has(element.name)
    ? withoutSecret(element)
    : element.children.map((content) => (isElement(content) ? withoutSecrets(content) : content));
  if (children.length !== element.children.length) return { ...element, children };
  return children.every((content, at) => content === element.children[at]) ? element : { ...element, children };
}

/** Empty stays empty: that takes a recovery password away. Elements that do not belong there may hold one too. */
function withoutSecret({ children }: WbxElement): WbxElement['children'] {
  return children.length === 0 || children.every((content) => content === '') ? children : [SECRET];
}
