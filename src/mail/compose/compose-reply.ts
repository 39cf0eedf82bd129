import type { RandomBytes } from '../../domain/clock.ts';
import { type Content, contentRange } from '../../domain/content.ts';
import { GatewayError } from '../../domain/errors.ts';
import { findField, type HeaderField } from '../../formats/mime/header-fields.ts';
import type { ByteRange, MessagePart } from '../../formats/mime/message-index.ts';
import { viewMessage } from '../../formats/mime/message-view.ts';
import { MimeError } from '../../formats/mime/mime-error.ts';
import { securityOf } from '../../formats/mime/security.ts';
import { CannotCompose } from './cannot-compose.ts';
import {
  type Entity,
  fieldsOf,
  isContentField,
  mixedEntity,
  partEntity,
  rawOf,
  textEntity,
  written,
} from './entity.ts';
import { appendHtml } from './inner-html.ts';
import { type LoadedMessage, loadMessage } from './loaded-message.ts';
import type { Original } from './original.ts';
import { type ComposeKind, quotedHtml, quotedText } from './quote.ts';
import { partText } from './read-texts.ts';
import { threadFields } from './thread.ts';

export interface ComposeRequest {
  readonly kind: ComposeKind;
  /** What the person wrote: a whole message. */
  readonly message: Content;
  /** What it is about; null: the message has all it needs. */
  readonly original: Original | null;
  /** Header fields of the original, by which the thread is found; empty where it is no message. */
  readonly thread: readonly HeaderField[];
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly random: RandomBytes;
}

/**
 * What a person wrote, with the original below it, quoted in a reply; a forward takes its attachments along, byte for byte. A
 * signed message is left as it is, and the original attached. Large parts are not copied.
 * @throws GatewayError 'message-invalid'; CannotCompose
 */
export async function composeReply(request: ComposeRequest): Promise<readonly Uint8Array[]> {
  const message = load(request.message);
  const fields = fieldsOf(message, message.index.root);
  const further = threadFields(fields, request.thread, request);
  const { original } = request;
  const entity =
    original === null ? partEntity(message, message.index.root) : await composed(message, original, request);
  const rest = fields.filter(isOfEnvelope);
  const version = findField(fields, 'mime-version')?.raw ?? '';
  const header = `${rawOf(rest)}${further}${version === '' ? 'MIME-Version: 1.0\r\n' : version}${entity.header}`;
  return written({ header, body: entity.body });
}

/** What describes the body is written anew; a line that is no field could end the header for others. */
function isOfEnvelope(field: HeaderField): boolean {
  return field.name !== '' && field.name.toLowerCase() !== 'mime-version' && !isContentField(field);
}

function load(content: Content): LoadedMessage {
  try {
    return loadMessage(content);
  } catch (error) {
    if (error instanceof MimeError) throw invalid(error.message);
    throw error;
  }
}

function invalid(reason: string): GatewayError {
  return new GatewayError('message-invalid', { reason }, `The message cannot be read: ${reason}.`);
}

async function composed(message: LoadedMessage, original: Original, request: ComposeRequest): Promise<Entity> {
  const security = securityOf(message.index);
  if (security === 'encrypted') throw new CannotCompose('nothing can be added to an encrypted message');
  const { root } = message.index;
  if (security === 'signed') return mixed([partEntity(message, root), original.whole], request);
  if (root.mediaType.startsWith('multipart/') && root.children.length === 0) throw invalid('it has no parts');
  const { entities, hasHtml } = await withText(message, original, request.kind);
  const along = request.kind === 'forward' ? original.attachments : hasHtml ? original.inline : [];
  return mixed([...entities, ...along], request);
}

function mixed(entities: readonly Entity[], { random }: ComposeRequest): Entity {
  const [only, ...more] = entities;
  if (only !== undefined && more.length === 0) return only;
  return mixedEntity(entities, `=_${Buffer.from(random(16)).toString('hex')}`);
}

interface WithText {
  readonly entities: readonly Entity[];
  readonly hasHtml: boolean;
}

/** The person's entity with the original below the last of its texts; a text before it where it has none. */
async function withText(message: LoadedMessage, original: Original, kind: ComposeKind): Promise<WithText> {
  const { root } = message.index;
  const last = viewMessage(message.index).segments.at(-1);
  if (last === undefined) {
    return {
      entities: [textEntity('text/plain', quotedText(original, kind)), partEntity(message, root)],
      hasHtml: false,
    };
  }
  const { plain, html } = last;
  const edits = new Map<MessagePart, Entity>();
  if (plain !== null) {
    const text = (await partText(message, plain)).trimEnd() + quotedText(original, kind);
    edits.set(plain, textEntity('text/plain', text, keptFields(message, plain)));
  }
  if (html !== null) {
    const text = appendHtml(await partText(message, html), quotedHtml(original, kind));
    edits.set(html, textEntity('text/html', text, keptFields(message, html)));
  }
  return { entities: [edits.get(root) ?? edited(message, edits)], hasHtml: html !== null };
}

/** What was said of the bytes that are not there any more. */
const REPLACED: ReadonlySet<string> = new Set([
  'content-type',
  'content-transfer-encoding',
  'content-length',
  'content-md5',
]);

function keptFields(message: LoadedMessage, part: MessagePart): string {
  const fields = fieldsOf(message, part).filter((field) => part.path !== '' || isContentField(field));
  return rawOf(fields.filter(({ name }) => !REPLACED.has(name.toLowerCase())));
}

/** The message's own entity with some of its parts replaced. */
function edited(message: LoadedMessage, edits: ReadonlyMap<MessagePart, Entity>): Entity {
  const { header, body } = partEntity(message, message.index.root);
  const { start, end } = message.index.root.body;
  const ordered = [...edits].sort(([a], [b]) => a.header.start - b.header.start);
  if (ordered.length === 0) return { header, body };
  const pieces: Uint8Array[] = [];
  let at = start;
  for (const [part, entity] of ordered) {
    pieces.push(...slice(message, { start: at, end: part.header.start }), ...written(entity));
    at = part.body.end;
  }
  return { header, body: [...pieces, ...slice(message, { start: at, end })] };
}

function slice({ chunks }: LoadedMessage, { start, end }: ByteRange): readonly Uint8Array[] {
  return contentRange(chunks, start, end);
}
