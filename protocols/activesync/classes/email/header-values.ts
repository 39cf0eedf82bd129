import { flattenAddresses, type MailAddress, parseAddressList } from '../../../../src/formats/mime/address-list.ts';
import { decodeWords } from '../../../../src/formats/mime/encoded-words.ts';
import { findText, type HeaderField } from '../../../../src/formats/mime/header-fields.ts';
import { shownText } from '../component/text-binding.ts';

/** MS-ASEMAIL §2.2.2.75: at most 32,768 characters of addresses. */
const LONGEST_LIST = 32_768;

/** An address field as clients read it: names decoded, quoted where they need it; null where it is missing. */
export function addressesText(fields: readonly HeaderField[], name: string): string | null {
  const written = addressesOf(fields, name).map(addressText);
  let text = '';
  for (const address of written) {
    const next = text === '' ? address : `${text}, ${address}`;
    if (next.length > LONGEST_LIST) break;
    text = next;
  }
  return shownText(text);
}

/** Names to show (DisplayTo), addresses where there is no name. */
export function displayNames(fields: readonly HeaderField[], name: string): string | null {
  const names = addressesOf(fields, name).map((person) => person.name ?? person.address);
  return shownText(names.join('; ').slice(0, LONGEST_LIST));
}

export function addressesOf(fields: readonly HeaderField[], name: string): MailAddress[] {
  const text = findText(fields, name);
  return text === null ? [] : flattenAddresses(parseAddressList(text));
}

function addressText({ name, address }: MailAddress): string {
  if (name === null || name === '') return address;
  const quoted = `"${name.replace(/["\\]/g, '\\$&')}"`;
  return address === '' ? quoted : `${quoted} <${address}>`;
}

export function subjectOf(fields: readonly HeaderField[]): string {
  return shownText(decodeWords(findText(fields, 'subject') ?? '').trim()) ?? '';
}

/** The subject without its marks of reply and forward. */
export function threadTopic(fields: readonly HeaderField[]): string | null {
  const written = findText(fields, 'thread-topic');
  const text = written === null ? subjectOf(fields) : decodeWords(written);
  return shownText(text.replace(/^(?:\s*(?:re|aw|fwd?|wg|antw|sv|vs|tr|rif|res)(?:\[\d{1,4}\])?\s*:)+/i, '').trim());
}

/** 0 low, 1 normal, 2 high: Importance (RFC 2156), else the priorities that other programs write. */
export function importanceOf(fields: readonly HeaderField[]): string {
  const word = (findText(fields, 'importance') ?? findText(fields, 'x-msmail-priority') ?? '').trim().toLowerCase();
  if (word === 'high') return '2';
  if (word === 'low') return '0';
  const priority = /^\s*([1-5])/.exec(findText(fields, 'x-priority') ?? '')?.[1];
  if (word !== '' || priority === undefined) return '1';
  return Number(priority) < 3 ? '2' : Number(priority) > 3 ? '0' : '1';
}
