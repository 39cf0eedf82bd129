import { formatMailDate } from '../formats/mime/mail-date.ts';
import { asciiDomain } from './mail-address.ts';

/** What is known of how a message came here. */
export interface Arrival {
  /** Envelope sender, '' for the null sender. */
  readonly sender: string;
  /** How the client calls itself, and its address; null where the message was made here. */
  readonly client: { readonly name: string; readonly address: string } | null;
  readonly protocol: 'LMTP' | 'HTTP';
  /** Names this transaction in the log. */
  readonly id: string;
  readonly hostName: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** The fields that the last server writes before a message (RFC 5321 §4.4), one character per byte. */
export function deliveryFields(arrival: Arrival, recipient: string): string {
  return [
    `Return-Path: <${clean(arrival.sender)}>\r\n`,
    `Delivered-To: ${clean(recipient)}\r\n`,
    receivedField(arrival, recipient),
  ].join('');
}

/** One Received field; `recipient` null leaves the `for` out, as must be where several get the same bytes. */
export function receivedField(arrival: Arrival, recipient: string | null): string {
  const { client, hostName, protocol, id, at } = arrival;
  const from =
    client === null
      ? ''
      : `from ${word(client.name)}${client.address === '' ? '' : ` ([${word(client.address)}])`}\r\n\t`;
  const to = recipient === null ? '' : `\r\n\tfor <${clean(recipient)}>`;
  const date = formatMailDate(Math.floor(at / 1000));
  return `Received: ${from}by ${word(hostName)} with ${protocol} id ${word(id)}${to};\r\n\t${date}\r\n`;
}

/** Addresses as bytes: UTF-8 (RFC 6532), the domain in ASCII, nothing that could end the field. */
function clean(address: string): string {
  const at = address.lastIndexOf('@');
  const plain = at < 0 ? address : `${address.slice(0, at)}@${asciiDomain(address.slice(at + 1))}`;
  return bytes(plain.replace(/[\p{Cc}<>]/gu, '')).slice(0, 600);
}

/** A name that others chose, as one word. */
function word(text: string): string {
  return bytes(text.replace(/[^\x21-\x7e]|[<>();]/gu, '') || 'unknown').slice(0, 255);
}

function bytes(text: string): string {
  return Buffer.from(text).toString('latin1');
}
