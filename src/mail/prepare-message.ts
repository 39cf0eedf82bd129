import type { RandomBytes } from '../domain/clock.ts';
import { GatewayError } from '../domain/errors.ts';
import type { Principal } from '../domain/principal.ts';
import { fromLatin1 } from '../formats/mime/charset.ts';
import { fieldText, findField, type HeaderField } from '../formats/mime/header-fields.ts';
import { formatMailDate, parseMailDate } from '../formats/mime/mail-date.ts';
import { parseMessageIds } from '../formats/mime/message-ids.ts';
import { toCrlf } from './line-ends.ts';
import { asciiDomain } from './mail-address.ts';
import { readHeader } from './read-header.ts';
import { readRecipients } from './recipients.ts';
import { checkSenderField, fromField } from './sender.ts';

/** A message ready to leave. Both forms share the memory of its body, which is the client's where its line ends were right. */
export interface PreparedMessage {
  /** What the sender keeps: with Bcc. */
  readonly sent: readonly Uint8Array[];
  /** What others get: without. */
  readonly outgoing: readonly Uint8Array[];
  readonly recipients: readonly string[];
  /** Without its brackets. */
  readonly messageId: string;
}

export interface PrepareParts {
  readonly principal: Principal;
  readonly chunks: readonly Uint8Array[];
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly random: RandomBytes;
}

/** Whom they name is nobody else's business; `Return-Path` is for the last server to write (RFC 5321 §4.4). */
const PRIVATE: ReadonlySet<string> = new Set(['bcc', 'resent-bcc']);
const DROPPED: ReadonlySet<string> = new Set(['return-path']);

/**
 * Makes what a program wrote a message that can be sent: From, Date and Message-ID where they are missing, line ends CRLF,
 * Bcc at the very top, where it can be left off. Every other byte stays, since a signature may cover it.
 * @throws GatewayError 'message-invalid', 'no-recipient', 'recipient-invalid', 'access-denied'
 */
export function prepareMessage({ principal, chunks, now, random }: PrepareParts): PreparedMessage {
  const { fields: read, body } = readHeader(chunks);
  // What is sent is judged, not what came.
  const fields = read.map((field) => ({ ...field, value: withCrlfFolds(field.value) }));
  checkSenderField(principal, fields);
  const from = fromField(principal, fields);
  const recipients = readRecipients(fields);
  const known = readableId(fields);
  const messageId = known ?? newMessageId(principal, random);
  const replaced = new Set(from === null ? [] : ['from']);
  let added = from ?? '';
  if (!hasReadableDate(fields)) {
    replaced.add('date');
    added += `Date: ${formatMailDate(Math.floor(now / 1000))}\r\n`;
  }
  if (known === null) {
    replaced.add('message-id');
    added += `Message-ID: <${messageId}>\r\n`;
  }
  const hidden = joined(fields.filter(({ name }) => PRIVATE.has(name.toLowerCase())));
  const shown = joined(fields.filter((field) => isShown(field, replaced))) + added;
  const outgoing = [fromLatin1(`${shown}\r\n`), ...toCrlf(body)];
  const sent = hidden === '' ? outgoing : [fromLatin1(hidden), ...outgoing];
  return { sent, outgoing, recipients, messageId };
}

function isShown({ name }: HeaderField, replaced: ReadonlySet<string>): boolean {
  const key = name.toLowerCase();
  return !PRIVATE.has(key) && !DROPPED.has(key) && !replaced.has(key);
}

function joined(fields: readonly HeaderField[]): string {
  return fields.map(({ raw }) => `${withCrlfFolds(raw.replace(/\r?\n$|\r$/, ''))}\r\n`).join('');
}

/** A bare CR within a field must not become a line end: what follows it would become a field, a second From perhaps. */
function withCrlfFolds(field: string): string {
  return field.replace(/\r?\n|\r(?=[ \t])/g, '\r\n').replace(/\r(?!\n)/g, ' ');
}

function hasReadableDate(fields: readonly HeaderField[]): boolean {
  const field = findField(fields, 'date');
  return field !== null && parseMailDate(fieldText(field)) !== null;
}

function readableId(fields: readonly HeaderField[]): string | null {
  const field = findField(fields, 'message-id');
  return field === null ? null : (parseMessageIds(fieldText(field))[0] ?? null);
}

function newMessageId({ domain }: Principal, random: RandomBytes): string {
  // RFC 5322 §3.6.4: unique; the domain in its ASCII form, which every program can read.
  return `${Buffer.from(random(16)).toString('hex')}@${asciiDomain(domain)}`;
}

/** @throws GatewayError 'item-too-large' */
export function checkMessageSize(size: number, limit: number): void {
  if (size <= limit) return;
  const message = `The message has ${size} bytes; at most ${limit} bytes are taken.`;
  throw new GatewayError('item-too-large', { size, limit }, message);
}
