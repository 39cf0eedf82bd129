import type { Content } from '../../domain/content.ts';
import { htmlToText } from '../../formats/html/html-to-text.ts';
import { textToFragment } from '../../formats/html/text-to-html.ts';
import { decodePart, decodePartText } from '../../formats/mime/decode-part.ts';
import { decodeWords } from '../../formats/mime/encoded-words.ts';
import { unflowed } from '../../formats/mime/flowed.ts';
import { findText, type HeaderField } from '../../formats/mime/header-fields.ts';
import type { MessagePart } from '../../formats/mime/message-index.ts';
import { viewMessage } from '../../formats/mime/message-view.ts';
import { MimeError } from '../../formats/mime/mime-error.ts';
import { securityOf } from '../../formats/mime/security.ts';
import { DEFAULT_UU_LIMITS, findUuBlocks, openUuBlock, type UuBlock } from '../../formats/mime/uu-blocks.ts';
import type { Entity } from './entity.ts';
import { fieldsOf, fileEntity, messageEntity, partEntity, rawOf } from './entity.ts';
import { innerHtml } from './inner-html.ts';
import { bytesOf, type LoadedMessage, loadMessage } from './loaded-message.ts';

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

/** Text longer than this is attached, not quoted: nobody scrolls through it, and it would have to be held thrice. */
const LONGEST_TEXT = 2 * 1024 * 1024;
const HEADING = [
  ['From', 'from'],
  ['Sent', 'date'],
  ['To', 'to'],
  ['Cc', 'cc'],
  ['Subject', 'subject'],
] as const;

/** Reads a stored message. One that is protected, or beyond every limit, goes along as a whole. */
export async function originalMessage(
  content: Content,
): Promise<Original & { readonly fields: readonly HeaderField[] }> {
  const loaded = tryLoad(content);
  if (loaded === null) return { ...unreadable(content), fields: [] };
  const { fields } = loaded.index;
  const heading = headingOf(fields);
  const whole = messageEntity(withoutPrivate(loaded));
  const view = viewMessage(loaded.index);
  const isInText = (part: MessagePart | null): part is MessagePart =>
    part !== null && part.body.end - part.body.start <= LONGEST_TEXT;
  const texts: string[] = [];
  const fragments: string[] = [];
  const tooLong: MessagePart[] = [];
  const uuFiles: Entity[] = [];
  let hasHtml = false;
  for (const { plain, html } of view.segments) {
    const files = html === null && isInText(plain) ? await uuBlocksOf(loaded, plain) : [];
    for (const file of files)
      uuFiles.push(await fileEntity(file.name, openUuBlock(decodePart(bytesOf(loaded), plain!), file)));
    const plainText = isInText(plain) ? await textOf(loaded, plain, files) : null;
    const htmlText = isInText(html) ? await textOf(loaded, html) : null;
    if (plainText === null && htmlText === null) tooLong.push(...[html ?? plain].filter((part) => part !== null));
    hasHtml ||= htmlText !== null;
    texts.push(plainText ?? (htmlText === null ? '' : htmlToText(htmlText)));
    fragments.push(htmlText === null ? textToFragment(plainText ?? '') : innerHtml(htmlText));
  }
  const html = hasHtml ? fragments.join('<br>\r\n') : null;
  const isProtected = securityOf(loaded.index) !== null;
  const parts = [...tooLong, ...view.attachments, ...(view.calendar === null ? [] : [view.calendar])];
  return {
    fields,
    heading,
    text: texts.join('\n'),
    html,
    attachments: isProtected ? [whole] : [...uuFiles, ...parts.map((part) => partEntity(loaded, part))],
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

function unreadable(content: Content): Original {
  const whole = messageEntity(content instanceof Uint8Array ? [content] : content);
  return { heading: [], text: '', html: null, attachments: [whole], inline: [], whole };
}

function headingOf(fields: readonly HeaderField[]): HeadingLine[] {
  return HEADING.flatMap(([label, name]) => {
    const text = decodeWords(findText(fields, name) ?? '')
      .replace(/[\r\n\0]+/g, ' ')
      .trim();
    return text === '' ? [] : [[label, text] as const];
  });
}

/** Files in the middle of the text are no text, and would not survive being quoted. */
async function uuBlocksOf(loaded: LoadedMessage, part: MessagePart): Promise<readonly UuBlock[]> {
  return findUuBlocks(decodePart(bytesOf(loaded), part), DEFAULT_UU_LIMITS);
}

async function textOf(loaded: LoadedMessage, part: MessagePart, files: readonly UuBlock[] = []): Promise<string> {
  const left = files.map(({ range }) => range);
  let text = '';
  for await (const piece of decodePartText(bytesOf(loaded), part, left)) text += piece;
  return unflowed(text, part);
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
  const fields = fieldsOf(loaded, root).filter(({ name }) => !PRIVATE.has(name.toLowerCase()));
  return [Buffer.from(`${rawOf(fields)}\r\n`, 'latin1'), ...partEntity(loaded, root).body];
}
