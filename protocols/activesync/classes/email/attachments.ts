import { decodePart } from '../../../../src/formats/mime/decode-part.ts';
import { decodeWords } from '../../../../src/formats/mime/encoded-words.ts';
import { type MessagePart, partsOf } from '../../../../src/formats/mime/message-index.ts';
import { shownText } from '../component/text-binding.ts';
import { type Field, field, optional } from '../field.ts';
import { type StoredMessage, viewMessage } from './message-view.ts';

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

/** The Attachments element of a message; nothing where it has none. */
export function attachmentFields(message: StoredMessage): Field[] {
  const { attachments } = viewMessage(message.index);
  if (attachments.length === 0) return [];
  return [
    field(
      'AirSyncBase:Attachments',
      attachments.map((part, at) => field('AirSyncBase:Attachment', attachment(message, part, at + 1))),
    ),
  ];
}

function attachment(message: StoredMessage, part: MessagePart, number: number): Field[] {
  const isInline = part.contentId !== null && part.disposition !== 'attachment';
  return [
    field('AirSyncBase:DisplayName', attachmentName(part, number)),
    field('AirSyncBase:FileReference', fileReference(message.reference, part)),
    // MS-ASAIRS §2.2.2.29: 1 a file, 5 an embedded message.
    field('AirSyncBase:Method', isMessage(part) ? '5' : '1'),
    field('AirSyncBase:EstimatedDataSize', String(estimatedSize(part))),
    ...optional('AirSyncBase:ContentId', shownText(part.contentId)),
    ...optional('AirSyncBase:ContentLocation', shownText(part.contentLocation)),
    ...(isInline ? [field('AirSyncBase:IsInline', '1')] : []),
  ];
}

function isMessage(part: MessagePart): boolean {
  return part.mediaType === 'message/rfc822' || part.mediaType === 'message/global';
}

/** A name without folders; Android shows an embedded message by its extension. */
function attachmentName(part: MessagePart, number: number): string {
  const written = decodeWords(part.filename ?? '').replace(/^.*[\\/]/s, '');
  const name = shownText(written.replace(/[\r\n\t]+/g, ' ').trim())?.slice(0, 255);
  const extension = EXTENSIONS[part.mediaType] ?? '';
  if (name === undefined) return `attachment-${number}${extension}`;
  return isMessage(part) && !/\.eml$/i.test(name) ? `${name}.eml` : name;
}

/** Bytes after decoding, about: base64 takes 4 characters for 3 bytes and ends its lines. */
function estimatedSize({ body, transferEncoding }: MessagePart): number {
  const encoded = body.end - body.start;
  return transferEncoding === 'base64' ? Math.floor((encoded * 3) / 4.1) : encoded;
}

/** The name by which a client fetches a part; the same in every rendering. */
export function fileReference(reference: string, part: MessagePart): string {
  return `${reference}:${part.path === '' ? ROOT : part.path}`;
}

/** Takes a FileReference apart; null for what is none. */
export function parseFileReference(text: string): { readonly reference: string; readonly path: string } | null {
  const found = /^(.+):(\d{1,9}(?:\.\d{1,9})*)$/s.exec(text);
  return found === null ? null : { reference: found[1]!, path: found[2] === ROOT ? '' : found[2]! };
}

export interface OpenedAttachment {
  readonly contentType: string;
  readonly name: string;
  /** Decoded bytes. */
  open(): AsyncIterable<Uint8Array>;
}

/** The attachment at a path; null where the message has no such part. */
export function openAttachment(message: StoredMessage, path: string): OpenedAttachment | null {
  const part = [...partsOf(message.index.root)].find((candidate) => candidate.path === path);
  if (part === undefined) return null;
  return {
    contentType: part.mediaType,
    name: attachmentName(part, 1),
    open: () => decodePart(message.open(), part),
  };
}
