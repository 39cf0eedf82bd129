import { decodePart } from '../../../../src/formats/mime/decode-part.ts';
import { decodeWords } from '../../../../src/formats/mime/encoded-words.ts';
import { type MessagePart, partsOf } from '../../../../src/formats/mime/message-index.ts';
import { shownText } from '../component/text-binding.ts';
import { type Field, field, optional } from '../field.ts';
import { type ShownFile, shownFiles } from './contained-files.ts';
import type { StoredMessage } from './message-view.ts';
import { type ShownMessage, showMessage } from './shown-message.ts';

/** Path of the message's own body in a FileReference, where the path of MIME is empty. */
const ROOT = '0';

/** Extensions of what has no name, by media type. */
const EXTENSIONS: Readonly<Record<string, string>> = {
  'message/rfc822': '.eml',
  'message/global': '.eml',
  'text/plain': '.txt',
  'text/html': '.html',
  'text/calendar': '.ics',
  'text/vcard': '.vcf',
  'image/jpeg': '.jpg',
  'image/png': '.png',
  'image/gif': '.gif',
  'application/pdf': '.pdf',
};

/**
 * The Attachments element of a message; nothing where it has none. A calendar that is no scheduling message is a file like any
 * other.
 * @param isMeeting The part of `view.calendar` is shown as what it asks for.
 */
export async function attachmentFields(shown: ShownMessage, isMeeting: boolean): Promise<Field[]> {
  const { calendar } = shown.view;
  const own = calendar === null || isMeeting ? [] : [{ part: calendar, number: 0, file: null }];
  const files = [...(await shownFiles(shown)), ...own];
  if (files.length === 0) return [];
  const { reference } = shown.message;
  const fields = files.map((file, at) => field('AirSyncBase:Attachment', attachment(reference, file, at + 1)));
  return [field('AirSyncBase:Attachments', fields)];
}

function attachment(reference: string, shown: ShownFile, number: number): Field[] {
  const { part, file } = shown;
  const contentId = file === null ? part.contentId : file.contentId;
  const isInline = contentId !== null && part.disposition !== 'attachment';
  return [
    field('AirSyncBase:DisplayName', attachmentName(shown, number)),
    field('AirSyncBase:FileReference', fileReference(reference, part, shown.number)),
    // MS-ASAIRS §2.2.2.29: 1 a file, 5 an embedded message.
    field('AirSyncBase:Method', file === null && isMessage(part) ? '5' : '1'),
    field('AirSyncBase:EstimatedDataSize', String(file === null ? estimatedSize(part) : file.size)),
    ...optional('AirSyncBase:ContentId', shownText(contentId)),
    ...optional('AirSyncBase:ContentLocation', file === null ? shownText(part.contentLocation) : null),
    ...(isInline ? [field('AirSyncBase:IsInline', '1')] : []),
  ];
}

function isMessage(part: MessagePart): boolean {
  return part.mediaType === 'message/rfc822' || part.mediaType === 'message/global';
}

/** A name without folders; Android shows an embedded message by its extension. */
function attachmentName({ part, file }: ShownFile, number: number): string {
  const mediaType = file === null ? part.mediaType : (file.mediaType ?? '');
  const written = file === null ? decodeWords(part.filename ?? '') : (file.name ?? '');
  const base = written.replace(/^.*[\\/]/s, '').replace(/[\r\n\t]+/g, ' ');
  const name = shownText(base.trim())?.slice(0, 255);
  if (name === undefined) return `attachment-${number}${EXTENSIONS[mediaType] ?? ''}`;
  return file === null && isMessage(part) && !/\.eml$/i.test(name) ? `${name}.eml` : name;
}

/** Bytes after decoding, about: base64 takes 4 characters for 3 bytes and ends its lines. */
function estimatedSize({ body, transferEncoding }: MessagePart): number {
  const encoded = body.end - body.start;
  return transferEncoding === 'base64' ? Math.floor((encoded * 3) / 4.1) : encoded;
}

/**
 * The name by which a client fetches a part, or a file in it; the same in every rendering.
 * @param number From 1, of a file in the part; 0 for the part itself.
 */
export function fileReference(reference: string, part: MessagePart, number = 0): string {
  const path = `${reference}:${part.path === '' ? ROOT : part.path}`;
  return number === 0 ? path : `${path}~${number}`;
}

/** What a FileReference names. */
export interface ParsedReference {
  readonly reference: string;
  readonly path: string;
  readonly number: number;
}

/** Takes a FileReference apart; null for what is none. */
export function parseFileReference(text: string): ParsedReference | null {
  const found = /^(.+):(\d{1,9}(?:\.\d{1,9})*)(?:~(\d{1,4}))?$/s.exec(text);
  if (found === null) return null;
  return { reference: found[1]!, path: found[2] === ROOT ? '' : found[2]!, number: Number(found[3] ?? 0) };
}

export interface OpenedAttachment {
  readonly contentType: string;
  readonly name: string;
  /** Decoded bytes. */
  open(): AsyncIterable<Uint8Array>;
}

/** The attachment that a reference names; null where the message has no such part or file. */
export async function openAttachment(
  message: StoredMessage,
  { path, number }: Pick<ParsedReference, 'path' | 'number'>,
): Promise<OpenedAttachment | null> {
  if (number === 0) {
    const part = [...partsOf(message.index.root)].find((candidate) => candidate.path === path);
    if (part === undefined) return null;
    const name = attachmentName({ part, number, file: null }, 1);
    return { contentType: part.mediaType, name, open: () => decodePart(message.open(), part) };
  }
  const files = await shownFiles(await showMessage(message));
  const at = files.findIndex((candidate) => candidate.part.path === path && candidate.number === number);
  const file = files[at]?.file ?? null;
  if (file === null) return null;
  return {
    contentType: file.mediaType ?? 'application/octet-stream',
    name: attachmentName(files[at]!, at + 1),
    open: () => file.open(),
  };
}
