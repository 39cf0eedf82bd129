import { conversationOf } from '../domain/message/conversation.ts';
import { invitationText } from '../domain/message/invitation-text.ts';
import { htmlToText } from '../formats/html/html-to-text.ts';
import { flattenAddresses, parseAddressList } from '../formats/mime/address-list.ts';
import { decodePartText } from '../formats/mime/decode-part.ts';
import { decodeWords } from '../formats/mime/encoded-words.ts';
import { findText } from '../formats/mime/header-fields.ts';
import { type MessageIndex, type MessagePart, partsOf } from '../formats/mime/message-index.ts';
import { indexStream } from '../formats/mime/message-indexer.ts';
import { viewMessage } from '../formats/mime/message-view.ts';
import { MimeError } from '../formats/mime/mime-error.ts';
import type { MessageText } from '../store/search-index.ts';
import { wordsOf } from './words.ts';

/** Of a message no more is read than its beginning; text stands before attachments. */
const READ_BYTES = 1024 * 1024;
/** Characters of text that are looked at; markup is longer than the text in it. */
const TEXT_CHARACTERS = 64 * 1024;
const HTML_CHARACTERS = 4 * TEXT_CHARACTERS;
const MOST_WORDS = 10_000;
const ADDRESS_FIELDS = ['from', 'sender', 'to', 'cc'];

/** Reads bytes of a message, from `start` to before `end`; each call reads anew. */
export type ReadMessage = (range: { start: number; end: number }) => AsyncIterable<Uint8Array>;

/**
 * The words by which a message is found, and its thread: subject, people, the beginning of its text, names of its files. One
 * that cannot be taken apart has none, so that it is not tried again and again.
 */
export async function messageWords(read: ReadMessage): Promise<Pick<MessageText, 'words' | 'thread'>> {
  const open = () => read({ start: 0, end: READ_BYTES });
  try {
    const index = await indexStream(open());
    const texts = [...headerTexts(index), await bodyText(index, open)];
    const id = conversationOf(index.fields, 0)?.id;
    return { words: wordsOf(texts.join('\n'), MOST_WORDS), thread: id === undefined ? null : hexOf(id) };
  } catch (error) {
    if (error instanceof MimeError) return { words: [], thread: null };
    throw error;
  }
}

/** How `SearchQuery.thread` names a conversation. */
export function hexOf(conversationId: Uint8Array): string {
  return Buffer.from(conversationId).toString('hex');
}

function headerTexts({ fields, root }: MessageIndex): string[] {
  const people = ADDRESS_FIELDS.flatMap((name) => flattenAddresses(parseAddressList(findText(fields, name) ?? '')));
  return [
    decodeWords(findText(fields, 'subject') ?? ''),
    ...people.map(({ name, address }) => `${name ?? ''} ${address}`),
    ...[...partsOf(root)].map(({ filename }) => decodeWords(filename ?? '')),
  ];
}

/** Plain texts; HTML where a message has no plain text; the words of an invitation that is all there is. */
async function bodyText(index: MessageIndex, open: () => AsyncIterable<Uint8Array>): Promise<string> {
  const parts = [...partsOf(index.root)].filter(
    (part) => part.children.length === 0 && part.disposition !== 'attachment',
  );
  const plain = parts.filter(({ mediaType }) => mediaType === 'text/plain' || mediaType === 'text/enriched');
  const html = parts.filter(({ mediaType }) => mediaType === 'text/html');
  const text = await textOf(plain, open, TEXT_CHARACTERS);
  if (text.trim() !== '') return text;
  const markup = htmlToText(await textOf(html, open, HTML_CHARACTERS));
  return (markup || ((await invitationText(open, viewMessage(index))) ?? '')).slice(0, TEXT_CHARACTERS);
}

async function textOf(
  parts: readonly MessagePart[],
  open: () => AsyncIterable<Uint8Array>,
  most: number,
): Promise<string> {
  let text = '';
  for (const part of parts) {
    for await (const piece of decodePartText(open(), part)) {
      text += piece;
      if (text.length >= most) return text.slice(0, most);
    }
    text += '\n';
  }
  return text;
}
