import { domainToASCII } from 'node:url';
import { type AddressEntry, type MailAddress, parseAddressList } from './address-list.ts';
import { guessLatin1 } from './charset.ts';
import { decodeWords, encodeWords } from './encoded-words.ts';
import { fieldText, type HeaderField, parseHeaderFields } from './header-fields.ts';
import { foldField } from './with-header.ts';

const ADDRESSES = /^(?:resent-)?(?:from|sender|reply-to|to|cc|bcc)$/i;
const PARAMETERS = /^content-(?:type|disposition)$/i;
const TRANSFER_ENCODING = /^content-transfer-encoding$/i;

/**
 * A header, one character per byte, without raw 8-bit text: what stood there becomes encoded words (RFC 2047). Fields of
 * pure ASCII keep their bytes. Addresses that are not ASCII themselves stay, as UTF-8 (RFC 6532).
 * @param encoding The transfer encoding that its body gets; null leaves the field as it is.
 * @param areDomainsAscii Domains of addresses are written as A-labels (RFC 5890), so that local parts alone stay UTF-8.
 */
export function asciiHeader(header: string, encoding: 'base64' | null, areDomainsAscii = false): string {
  const lineEnd = /\r\n|\n|\r/.exec(header)?.[0] ?? '\r\n';
  const fields = parseHeaderFields(header).filter(({ name }) => encoding === null || !TRANSFER_ENCODING.test(name));
  const written = fields.map((field) => asciiField(field, lineEnd, areDomainsAscii)).join('');
  if (encoding === null) return written;
  const end = written === '' || /[\r\n]$/.test(written) ? '' : lineEnd;
  return `${written}${end}Content-Transfer-Encoding: ${encoding}${lineEnd}`;
}

function asciiField(field: HeaderField, lineEnd: string, areDomainsAscii: boolean): string {
  if (/^[\x01-\x7f]*$/.test(field.raw)) return field.raw;
  if (field.name === '') return field.raw.replace(/[^\x01-\x7f]/g, '?');
  if (PARAMETERS.test(field.name)) return asciiParameters(field);
  if (ADDRESSES.test(field.name)) {
    const entries = parseAddressList(fieldText(field));
    return foldField(field.name, areDomainsAscii ? entries.map(withAsciiDomain) : entries, lineEnd);
  }
  return foldField(field.name, decodeWords(fieldText(field)), lineEnd);
}

function withAsciiDomain(entry: AddressEntry): AddressEntry {
  if ('group' in entry) return { ...entry, members: entry.members.map(plainAddress) };
  return plainAddress(entry);
}

function plainAddress({ name, address }: MailAddress): MailAddress {
  const domain = address.slice(address.lastIndexOf('@') + 1);
  const ascii = address.includes('@') ? domainToASCII(domain) : '';
  return { name, address: ascii === '' ? address : address.slice(0, -domain.length) + ascii };
}

/** Encoded words inside quotes are not what RFC 2231 wants, and what every reader understands. */
function asciiParameters(field: HeaderField): string {
  return guessLatin1(field.raw)
    .replaceAll('\0', ' ')
    .replace(/"[^"]*"|[^ \t\r\n";=]+/g, (word) => {
      if (/^[\x00-\x7f]*$/.test(word)) return word;
      const text = word.replace(/^"|"$/g, '').replace(/[\r\n]+/g, '');
      return `"${encodeWords(decodeWords(text)).join(' ')}"`;
    });
}
