import type { RandomBytes } from '../../domain/clock.ts';
import type { AutomaticAnswer } from '../../domain/out-of-office.ts';
import { fromLatin1, latin1 } from '../../formats/mime/charset.ts';
import { decodeWords } from '../../formats/mime/encoded-words.ts';
import { findText, type HeaderField } from '../../formats/mime/header-fields.ts';
import { formatMailDate } from '../../formats/mime/mail-date.ts';
import { parseMessageIds } from '../../formats/mime/message-ids.ts';
import { type HeaderValue, withHeader } from '../../formats/mime/with-header.ts';
import type { User } from '../../store/directory-store.ts';
import { asciiDomain } from '../mail-address.ts';
import { senderAddress } from '../sender.ts';

export interface ReplyParts {
  readonly user: User;
  readonly answer: AutomaticAnswer;
  /** Who gets it. */
  readonly to: string;
  /** Header of the message that is answered. */
  readonly fields: readonly HeaderField[];
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly random: RandomBytes;
}

/** The ids of a long discussion, of which the first and the last matter (RFC 5322 §3.6.4 sets no limit). */
const MAX_REFERENCES = 20;

/** The automatic answer as a message (RFC 3834 §3). */
export function replyMessage({ user, answer, to, fields, now, random }: ReplyParts): {
  content: Uint8Array;
  messageId: string;
} {
  const messageId = `${Buffer.from(random(16)).toString('hex')}@${asciiDomain(user.domain)}`;
  const subject = decodeWords(findText(fields, 'subject') ?? '')
    .replace(/\p{Cc}/gu, ' ')
    .trim()
    .slice(0, 200);
  const answered = parseMessageIds(findText(fields, 'message-id') ?? '')[0];
  const before = parseMessageIds(findText(fields, 'references') ?? '').slice(1 - MAX_REFERENCES);
  const thread = answered === undefined ? [] : [...before, answered].map((id) => `<${id}>`);
  const header = [
    field('From', [{ name: user.displayName, address: senderAddress(user) }]),
    field('To', [{ name: null, address: to }]),
    // RFC 3834 §3.1.5
    field('Subject', `Auto: ${subject}`),
    `Date: ${formatMailDate(Math.floor(now / 1000))}\r\nMessage-ID: <${messageId}>\r\n`,
    thread.length === 0 ? '' : field('In-Reply-To', `<${answered}>`) + field('References', thread.join(' ')),
    'Auto-Submitted: auto-replied\r\nX-Auto-Response-Suppress: All\r\nMIME-Version: 1.0\r\n',
    `Content-Type: ${answer.bodyType === 'HTML' ? 'text/html' : 'text/plain'}; charset=utf-8\r\n`,
    'Content-Transfer-Encoding: base64\r\n\r\n',
  ].join('');
  return { content: fromLatin1(header + base64(answer.text)), messageId };
}

function field(name: string, value: HeaderValue): string {
  return latin1(withHeader(new Uint8Array(0), name, value));
}

/** RFC 2045 §6.8: lines of 76 characters; text has CRLF line ends before it is encoded (§6.5). */
function base64(text: string): string {
  const encoded = Buffer.from(text.replace(/\r\n|\r|\n/g, '\r\n')).toString('base64');
  return encoded.replace(/.{1,76}/g, '$&\r\n');
}
