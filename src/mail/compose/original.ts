import { type Content, chunksOf } from '../../domain/content.ts';
import { isGatewayError } from '../../domain/errors.ts';
import { invitationText } from '../../domain/message/invitation-text.ts';
import { fromLatin1 } from '../../formats/mime/charset.ts';
import { decodeWords } from '../../formats/mime/encoded-words.ts';
import { findText, type HeaderField } from '../../formats/mime/header-fields.ts';
import type { MessagePart } from '../../formats/mime/message-index.ts';
import { viewMessage } from '../../formats/mime/message-view.ts';
import { MimeError } from '../../formats/mime/mime-error.ts';
import { securityOf } from '../../formats/mime/security.ts';
import { readHeader, type SplitMessage } from '../read-header.ts';
import { CannotCompose } from './cannot-compose.ts';
import { type Entity, fieldsOf, messageEntity, partEntity, rawOf } from './entity.ts';
import { bytesOf, type LoadedMessage, loadMessage } from './loaded-message.ts';
import { readTexts } from './read-texts.ts';

/** A label and what it says, as `Subject` and the subject. */
export type HeadingLine = readonly [label: string, text: string];

/** What a reply or a forward includes of that which it answers or passes on. */
export interface Original {
  readonly heading: readonly HeadingLine[];
  readonly text: string;
  /** What stands inside `body`; null where the text is all there is. */
  readonly html: string | null;
  /** What goes along with a forward. */
  readonly attachments: readonly Entity[];
  /** What the HTML shows, and so goes along with it wherever it goes. */
  readonly inline: readonly Entity[];
  /** The whole of it, for messages that must not be touched. */
  readonly whole: Entity;
}

const HEADING = [
  ['From', 'from'],
  ['Sent', 'date'],
  ['To', 'to'],
  ['Cc', 'cc'],
  ['Subject', 'subject'],
] as const;

/** Reads a stored message. One that is protected, or beyond the limits of what is read, goes along as a whole. @throws CannotCompose */
export async function originalMessage(
  content: Content,
): Promise<Original & { readonly fields: readonly HeaderField[] }> {
  const loaded = tryLoad(content);
  if (loaded === null) return unreadable(content);
  const { fields } = loaded.index;
  const heading = headingOf(fields);
  const whole = messageEntity(withoutPrivate(loaded));
  const view = viewMessage(loaded.index);
  const { text, html, files, left } = await readTexts(loaded, view.segments);
  const invitation = await invitationText(() => bytesOf(loaded), view);
  const isProtected = securityOf(loaded.index) !== null;
  const parts = [...left, ...view.attachments, ...(view.calendar === null ? [] : [view.calendar])];
  return {
    fields,
    heading,
    text: invitation ?? text,
    html,
    attachments: isProtected ? [whole] : [...files, ...parts.map((part) => partEntity(loaded, part))],
    inline: parts.filter((part) => isShownIn(html, part)).map((part) => partEntity(loaded, part)),
    whole,
  };
}

function tryLoad(content: Content): LoadedMessage | null {
  try {
    return loadMessage(content);
  } catch (error) {
    if (error instanceof MimeError) return null;
    throw error;
  }
}

/** @throws CannotCompose */
function unreadable(content: Content): Original & { readonly fields: readonly HeaderField[] } {
  const { fields, body } = headerOf(content);
  const whole = messageEntity([headerWithoutPrivate(fields), ...body]);
  return { fields, heading: headingOf(fields), text: '', html: null, attachments: [whole], inline: [], whole };
}

function headerOf(content: Content): SplitMessage {
  try {
    return readHeader(chunksOf(content));
  } catch (error) {
    if (isGatewayError(error, 'message-invalid')) throw new CannotCompose(`the original: ${error.facts.reason}`);
    throw error;
  }
}

function headingOf(fields: readonly HeaderField[]): HeadingLine[] {
  return HEADING.flatMap(([label, name]) => {
    const text = decodeWords(findText(fields, name) ?? '')
      .replace(/[\r\n\0]+/g, ' ')
      .trim();
    return text === '' ? [] : [[label, text] as const];
  });
}

/** RFC 2392 §2: the id is written with escapes by some. */
function isShownIn(html: string | null, { contentId }: MessagePart): boolean {
  if (html === null || contentId === null) return false;
  return html.includes(`cid:${contentId}`) || html.includes(`cid:${encodeURIComponent(contentId)}`);
}

/** Whom a copy in Sent went to unseen, and by which address a message came, is not passed on. */
const PRIVATE: ReadonlySet<string> = new Set(['bcc', 'resent-bcc', 'return-path', 'delivered-to']);

function withoutPrivate(loaded: LoadedMessage): readonly Uint8Array[] {
  const { root } = loaded.index;
  return [headerWithoutPrivate(fieldsOf(loaded, root)), ...partEntity(loaded, root).body];
}

function headerWithoutPrivate(fields: readonly HeaderField[]): Uint8Array {
  return fromLatin1(`${rawOf(fields.filter(({ name }) => !PRIVATE.has(name.toLowerCase())))}\r\n`);
}
