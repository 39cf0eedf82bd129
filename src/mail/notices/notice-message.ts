import { domainOf } from '../../domain/address.ts';
import type { RandomBytes } from '../../domain/clock.ts';
import type { MailAddress } from '../../formats/mime/address-list.ts';
import { fromLatin1, latin1 } from '../../formats/mime/charset.ts';
import { formatMailDate } from '../../formats/mime/mail-date.ts';
import { withHeader } from '../../formats/mime/with-header.ts';
import { asciiDomain } from '../mail-address.ts';

/** What the server has to say to one person. */
export interface NoticeText {
  readonly subject: string;
  /** Lines of at most 998 bytes. */
  readonly lines: readonly string[];
}

export interface NoticeEnvelope {
  /** Shown as the sender's name; the server's own where it is left out. */
  readonly from?: string;
  readonly to: MailAddress;
  readonly hostName: string;
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly random: RandomBytes;
}

const NOTHING = new Uint8Array(0);

/** A message of the server's own to one of its users. Nobody and no program is to answer it. */
export function noticeMessage({ subject, lines }: NoticeText, envelope: NoticeEnvelope): Uint8Array {
  const { from = 'Causeway', to, hostName, now, random } = envelope;
  const postmaster = `postmaster@${asciiDomain(domainOf(to.address))}`;
  const field = (name: string, value: Parameters<typeof withHeader>[2]) => latin1(withHeader(NOTHING, name, value));
  const header = [
    'Return-Path: <>\r\n',
    field('From', [{ name: from, address: postmaster }]),
    field('To', [to]),
    field('Subject', subject),
    `Date: ${formatMailDate(Math.floor(now / 1000))}\r\n`,
    `Message-ID: <${Buffer.from(random(16)).toString('hex')}@${asciiDomain(hostName)}>\r\n`,
    // RFC 3834 §5: it answers no message, and no program answers it.
    'Auto-Submitted: auto-generated\r\nX-Auto-Response-Suppress: All\r\nMIME-Version: 1.0\r\n',
    'Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n',
  ].join('');
  const text = Buffer.from(`${lines.join('\r\n')}\r\n`).toString('latin1');
  return fromLatin1(`${header}\r\n${text}`);
}
