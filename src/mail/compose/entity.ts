import { contentRange } from '../../domain/content.ts';
import { fromLatin1, latin1 } from '../../formats/mime/charset.ts';
import { type HeaderField, parseHeaderFields } from '../../formats/mime/header-fields.ts';
import type { MessagePart } from '../../formats/mime/message-index.ts';
import type { LoadedMessage } from './loaded-message.ts';

/** A MIME entity that is to be written into a message. */
export interface Entity {
  /** Its header fields, each ended by CRLF, one character per byte. */
  readonly header: string;
  /** In the memory it came in. */
  readonly body: readonly Uint8Array[];
}

/** RFC 5322 §2.1.1: 998 at most; some room for what programs on the way add. */
const LONGEST_LINE = 900;
const BASE64_LINE = /.{76}/g;

/** Text in UTF-8: as it is where it is plain ASCII with lines that may be sent, else in base64. */
export function textEntity(mediaType: 'text/plain' | 'text/html', text: string, further = ''): Entity {
  const lines = text.replaceAll('\0', '').replace(/\r\n?|\n/g, '\r\n');
  const isPlain = /^[\x00-\x7f]*$/.test(lines) && lines.split('\r\n').every((line) => line.length <= LONGEST_LINE);
  const encoded = isPlain ? lines : Buffer.from(lines.toWellFormed()).toString('base64').replace(BASE64_LINE, '$&\r\n');
  const header =
    `Content-Type: ${mediaType}; charset=${isPlain ? 'us-ascii' : 'utf-8'}\r\n` +
    `Content-Transfer-Encoding: ${isPlain ? '7bit' : 'base64'}\r\n${further}`;
  return { header, body: [fromLatin1(encoded)] };
}

/** A part of a message as it is there, byte for byte; of the message itself, what describes its body. */
export function partEntity(message: LoadedMessage, part: MessagePart): Entity {
  const fields = fieldsOf(message, part);
  const own = part.path === '' ? fields.filter(isContentField) : fields;
  const isTyped = own.some(({ name }) => name.toLowerCase() === 'content-type');
  const typed = isTyped || part.mediaType === 'text/plain' ? '' : `Content-Type: ${part.mediaType}\r\n`;
  return { header: typed + rawOf(own), body: contentRange(message.chunks, part.body.start, part.body.end) };
}

/** The header fields of a part. */
export function fieldsOf({ chunks }: LoadedMessage, { header }: MessagePart): readonly HeaderField[] {
  return parseHeaderFields(latin1(Buffer.concat(contentRange(chunks, header.start, header.end))), 'lf');
}

/** RFC 2045 §9: what describes a body begins so. */
export function isContentField({ name }: HeaderField): boolean {
  return name.toLowerCase().startsWith('content-');
}

/** Fields as they are, each with the line end that the last may lack. */
export function rawOf(fields: readonly HeaderField[]): string {
  return fields.map(({ raw }) => (raw.endsWith('\r\n') ? raw : `${raw}\r\n`)).join('');
}

/** Bytes of a base64 line of 76 characters. */
const LINE_BYTES = 57;
/** Characters of an encoded name: a line has 998 (RFC 5322 §2.1.1). */
const LONGEST_NAME = 900;

/** A file as an attachment, in base64. */
export async function fileEntity(name: string | null, bytes: AsyncIterable<Uint8Array>): Promise<Entity> {
  const body: Uint8Array[] = [];
  let rest: Uint8Array = new Uint8Array(0);
  for await (const chunk of bytes) {
    const held = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    const whole = held.length - (held.length % LINE_BYTES);
    body.push(base64Lines(held.subarray(0, whole)));
    rest = held.slice(whole);
  }
  const header = `Content-Type: application/octet-stream\r\nContent-Transfer-Encoding: base64\r\n${attachmentField(name)}`;
  return { header, body: [...body, base64Lines(rest)] };
}

/** The header field that makes an entity an attachment (RFC 2183), with its name. */
export function attachmentField(name: string | null): string {
  return `Content-Disposition: attachment${name === null ? '' : `;\r\n ${fileNameParameter(name)}`}\r\n`;
}

/** RFC 2183 §2: short ASCII in quotes, which every program reads; the rest in the form of RFC 2231. */
function fileNameParameter(name: string): string {
  if (/^[\x20-\x7e]{1,78}$/.test(name)) return `filename="${name.replace(/["\\]/g, '\\$&')}"`;
  return `filename*=utf-8''${percentEncoded(name)}`;
}

function base64Lines(bytes: Uint8Array): Uint8Array {
  return fromLatin1(
    Buffer.from(bytes)
      .toString('base64')
      .replace(/.{1,76}/g, '$&\r\n'),
  );
}

/** RFC 2231 §4. As much of a name as fits on a line, which is what a file system takes of most; no character is cut in two. */
function percentEncoded(name: string): string {
  let text = '';
  for (const character of name.toWellFormed()) {
    const encoded = encodeURIComponent(character).replace(/['()*!]/g, (sign) => `%${sign.charCodeAt(0).toString(16)}`);
    if (text.length + encoded.length > LONGEST_NAME) break;
    text += encoded;
  }
  return text;
}

/** A whole message as an attachment (RFC 2046 §5.2.1). */
export function messageEntity(message: readonly Uint8Array[]): Entity {
  const header =
    'Content-Type: message/rfc822\r\nContent-Disposition: attachment\r\nContent-Transfer-Encoding: 8bit\r\n';
  return { header, body: message };
}

/** @param boundary In none of the entities, and made of characters that need no quotes. */
export function mixedEntity(entities: readonly Entity[], boundary: string): Entity {
  const body = entities.flatMap((entity) => [fromLatin1(`--${boundary}\r\n`), ...written(entity), fromLatin1('\r\n')]);
  return {
    header: `Content-Type: multipart/mixed; boundary="${boundary}"\r\n`,
    body: [...body, fromLatin1(`--${boundary}--\r\n`)],
  };
}

/** Header, empty line, body. */
export function written({ header, body }: Entity): readonly Uint8Array[] {
  return [fromLatin1(`${header}\r\n`), ...body];
}
