import { domainOf } from '../domain/address.ts';
import type { RandomBytes } from '../domain/clock.ts';
import { fromLatin1, latin1 } from '../formats/mime/charset.ts';
import { findField, parseHeaderFields } from '../formats/mime/header-fields.ts';
import { formatMailDate } from '../formats/mime/mail-date.ts';
import { withHeader } from '../formats/mime/with-header.ts';
import { asciiDomain } from './mail-address.ts';
import { oneLine } from './one-line.ts';

export interface ReportedRecipient {
  readonly address: string;
  /** RFC 3464 §2.3.3: 'delayed' tells that it is kept and will be tried again. */
  readonly action: 'failed' | 'delayed';
  /** Enhanced status code (RFC 3463). */
  readonly status: string;
  readonly reason: string;
}

export interface DeliveryReport {
  /** Who gets the report: the envelope sender of the message. */
  readonly to: string;
  readonly hostName: string;
  readonly recipients: readonly ReportedRecipient[];
  /** The message's header, one character per byte. */
  readonly header: string;
  /** Milliseconds since 1970. */
  readonly queuedAt: number;
  readonly now: number;
  readonly random: RandomBytes;
}

/** Of a very long header the beginning is enough to know the message again. */
const MAX_RETURNED_HEADER = 64 * 1024;
const MAX_RETURNED_SUBJECT = 800;
/** Of an address or a reason: RFC 5322 §2.1.1, a line has at most 998 bytes. */
const MAX_WORDS = 900;

/** A delivery status notification (RFC 3464): a text for people, one for programs, and the message's header. */
export function deliveryReport(report: DeliveryReport): Uint8Array {
  const boundary = `=_${Buffer.from(report.random(12)).toString('hex')}`;
  const parts = [textPart(report), statusPart(report), headerPart(report)];
  const body = parts.map((part) => `--${boundary}\r\n${part}`).join('');
  return fromLatin1(`${reportHeader(report, boundary)}\r\n${body}--${boundary}--\r\n`);
}

function reportHeader(report: DeliveryReport, boundary: string): string {
  const { to, hostName, now, random } = report;
  const hasFailed = report.recipients.some(({ action }) => action === 'failed');
  const host = asciiDomain(hostName);
  const addresses = [
    latin1(
      withHeader(NOTHING, 'From', [{ name: 'Mail Delivery', address: `postmaster@${asciiDomain(domainOf(to))}` }]),
    ),
    latin1(withHeader(NOTHING, 'To', [{ name: null, address: to }])),
  ];
  return [
    ...['Return-Path: <>\r\n', ...addresses],
    `Subject: ${hasFailed ? 'Not delivered' : 'Not delivered yet'}: ${subjectOf(report.header)}\r\n`,
    `Date: ${formatMailDate(Math.floor(now / 1000))}\r\n`,
    `Message-ID: <${Buffer.from(random(16)).toString('hex')}@${host}>\r\n`,
    // RFC 3834 §5: no program answers this.
    'Auto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\n',
    `Content-Type: multipart/report; report-type=delivery-status;\r\n boundary="${boundary}"\r\n`,
  ].join('');
}

const NOTHING = new Uint8Array(0);

/** The Subject field's value as it is written, its encoded words and folds with it. */
function subjectOf(header: string): string {
  const value = findField(parseHeaderFields(header), 'subject')?.value.trim() ?? '';
  return value === '' || value.length > MAX_RETURNED_SUBJECT ? 'your message' : value;
}

function textPart(report: DeliveryReport): string {
  const groups = [
    { action: 'failed', words: 'This message was not delivered to:' },
    { action: 'delayed', words: 'This message is kept in the Outbox. It has not been delivered yet to:' },
  ] as const;
  const lines = groups.flatMap(({ action, words }) => {
    const those = report.recipients.filter((recipient) => recipient.action === action);
    if (those.length === 0) return [];
    return [
      words,
      '',
      ...those.map(({ address, reason }) => `  ${oneLine(address, MAX_WORDS)}: ${oneLine(reason, MAX_WORDS)}`),
      '',
    ];
  });
  const text = ['Content-Type: text/plain; charset=utf-8', 'Content-Transfer-Encoding: 8bit', '', ...lines, ''];
  return bytes(text.join('\r\n'));
}

/** RFC 3464 §2.2 and §2.3; RFC 6533 §4.2.1 for addresses beyond ASCII. */
function statusPart(report: DeliveryReport): string {
  const isAscii = report.recipients.every(({ address }) => /^[ -~]*$/.test(address));
  const about = [
    `Reporting-MTA: dns; ${asciiDomain(report.hostName)}`,
    `Arrival-Date: ${formatMailDate(Math.floor(report.queuedAt / 1000))}`,
    '',
  ];
  const each = report.recipients.flatMap(({ address, action, status, reason }) => [
    `Final-Recipient: ${isAscii ? 'rfc822' : 'utf-8'}; ${oneLine(address, MAX_WORDS)}`,
    `Action: ${action}`,
    `Status: ${status}`,
    `Diagnostic-Code: X-Causeway; ${oneLine(reason, MAX_WORDS)}`,
    '',
  ]);
  const type = isAscii ? 'message/delivery-status' : 'message/global-delivery-status';
  return bytes([`Content-Type: ${type}`, 'Content-Transfer-Encoding: 8bit', '', ...about, ...each].join('\r\n'));
}

/** RFC 6522 §4. */
function headerPart({ header }: DeliveryReport): string {
  const cut =
    header.length <= MAX_RETURNED_HEADER ? header : header.slice(0, header.lastIndexOf('\n', MAX_RETURNED_HEADER) + 1);
  return `Content-Type: text/rfc822-headers\r\nContent-Transfer-Encoding: 8bit\r\n\r\n${cut.replace(/(?:\r\n)*$/, '\r\n')}`;
}

function bytes(text: string): string {
  return Buffer.from(text).toString('latin1');
}
