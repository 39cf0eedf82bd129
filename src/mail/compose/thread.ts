import type { RandomBytes } from '../../domain/clock.ts';
import { conversationOf } from '../../domain/message/conversation.ts';
import { messageTime } from '../../domain/message/message-time.ts';
import { findField, findText, type HeaderField } from '../../formats/mime/header-fields.ts';
import { parseMessageIds } from '../../formats/mime/message-ids.ts';

/** The newest ids are what programs join threads by; the first is the thread's own. */
const MOST_REFERENCES = 50;
const LONGEST_ID = 900;
/** A reserved byte and 5 of time, 16 of a GUID; then 5 for each answer. */
const INDEX_HEAD = 22;
const RESERVED = Buffer.from([1]);
const TIME_BYTES = 5;
const INDEX_LEVEL = 5;
const MOST_LEVELS = 200;
/** Seconds from 1601, where FILETIME begins, to 1970. */
const FILETIME_EPOCH = 11_644_473_600n;

/**
 * The fields that join an answer to the thread of its original (RFC 5322 §3.6.4), as far as the message lacks them; and
 * Outlook's Thread-Index (MS-OXOMSG §2.2.1.3), by which phones put a conversation in order.
 * @param now Milliseconds since 1970.
 */
export function threadFields(
  message: readonly HeaderField[],
  original: readonly HeaderField[],
  { now, random }: { readonly now: number; readonly random: RandomBytes },
): string {
  const lacks = (name: string): boolean => findField(message, name) === null;
  const [id] = idsOf(original, 'message-id');
  const index = lacks('thread-index') ? nextIndex(original, now, random) : null;
  const indexField = index === null ? '' : `Thread-Index: ${index}\r\n`;
  if (id === undefined) return indexField;
  const references = lacks('references') ? `References: ${referencesTo(original, id).join('\r\n ')}\r\n` : '';
  const inReplyTo = lacks('in-reply-to') ? `In-Reply-To: <${id}>\r\n` : '';
  return inReplyTo + references + indexField;
}

/** Those of the original, or what it was a reply to, and the original itself. */
function referencesTo(original: readonly HeaderField[], id: string): string[] {
  const before = idsOf(original, 'references');
  const parents = idsOf(original, 'in-reply-to');
  const ids = [...new Set([...(before.length > 0 || parents.length !== 1 ? before : parents), id])];
  const kept = ids.length <= MOST_REFERENCES ? ids : [ids[0]!, ...ids.slice(1 - MOST_REFERENCES)];
  return kept.map((reference) => `<${reference}>`);
}

/** Ids that can be written again: printable, and short enough for a line. */
function idsOf(fields: readonly HeaderField[], name: string): string[] {
  const ids = parseMessageIds(findText(fields, name) ?? '');
  return ids.filter((id) => /^[!-~]+$/.test(id) && id.length <= LONGEST_ID);
}

/**
 * The place of an answer in its conversation: that of the original and one level more (MS-ASCON §2.2.2.4). An original that no
 * Thread-Index came with has the place that is shown of it, so that all of a thread keep one beginning.
 */
function nextIndex(original: readonly HeaderField[], now: number, random: RandomBytes): string | null {
  const conversation = conversationOf(original, messageTime(original, 0));
  if (conversation === null) return null;
  const { id, index: place } = conversation;
  const index = Buffer.concat([RESERVED, place.subarray(0, TIME_BYTES), id, place.subarray(TIME_BYTES)]);
  if (index.length > INDEX_HEAD + MOST_LEVELS * INDEX_LEVEL) return null;
  const began = BigInt(`0x${index.toString('hex', 0, 6)}`) << 16n;
  const time = (BigInt(Math.floor(now / 1000)) + FILETIME_EPOCH) * 10_000_000n;
  const passed = time > began ? time - began : 0n;
  // A difference of up to 1.7 years is told to 26 ms, a longer one, marked by the first bit, to 0.8 s.
  const isLong = passed >= 1n << 49n;
  const level = Buffer.alloc(INDEX_LEVEL);
  level.writeUInt32BE(Number((passed >> (isLong ? 23n : 18n)) & 0x7fff_ffffn));
  level[0] = level[0]! | (isLong ? 0x80 : 0);
  level[4] = random(1)[0]!;
  return Buffer.concat([index, level]).toString('base64');
}
