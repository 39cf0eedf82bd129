import { createHash } from 'node:crypto';
import { findText, type HeaderField } from '../../formats/mime/header-fields.ts';
import { parseMessageIds } from '../../formats/mime/message-ids.ts';

export interface Conversation {
  /** 16 bytes, the same for every message of a thread. */
  readonly id: Uint8Array;
  /** 5 bytes of time and 5 for each reply (MS-ASEMAIL §2.2.2.21). */
  readonly index: Uint8Array;
}

/** Seconds from 1601, where FILETIME begins, to 1970. */
const FILETIME_EPOCH = 11_644_473_600n;
const LEVEL = 5;
const MOST_LEVELS = 50;

/**
 * The thread a message belongs to: by Thread-Index, which Outlook writes, else by the ids of References. Null for a
 * message that names none.
 */
export function conversationOf(fields: readonly HeaderField[], receivedAt: number): Conversation | null {
  const index = Buffer.from((findText(fields, 'thread-index') ?? '').replace(/\s+/g, ''), 'base64');
  // 1 reserved byte, 5 of time, 16 of a GUID, then levels of 5.
  if (index.length >= 22 && index[0] === 1) {
    const levels = index.subarray(22, 22 + Math.floor((index.length - 22) / LEVEL) * LEVEL);
    return { id: index.subarray(6, 22), index: Buffer.concat([index.subarray(1, 6), levels]) };
  }
  const ids = threadIds(fields);
  const [root, ...replies] = ids;
  if (root === undefined) return null;
  const levels = replies.slice(0, MOST_LEVELS).map((id) => digest(id).subarray(0, LEVEL));
  return { id: digest(root).subarray(0, 16), index: Buffer.concat([timeHeader(receivedAt), ...levels]) };
}

/** From the first message of the thread to this one (RFC 5322 §3.6.4). */
function threadIds(fields: readonly HeaderField[]): string[] {
  const ids = ['references', 'in-reply-to', 'message-id'].flatMap((name) =>
    parseMessageIds(findText(fields, name) ?? ''),
  );
  return [...new Set(ids)];
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text, 'utf8').digest();
}

/** The upper bytes of the FILETIME, big-endian: three of its high half, two of its low one. */
function timeHeader(seconds: number): Buffer {
  const time = (BigInt(Math.max(0, Math.floor(seconds))) + FILETIME_EPOCH) * 10_000_000n;
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(time);
  return bytes.subarray(1, 1 + LEVEL);
}
