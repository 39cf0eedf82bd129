import { domainToASCII, domainToUnicode } from 'node:url';

/** An address that a message can be sent to (RFC 5321 §4.1.2, RFC 6531 §3.3), as it was written. */
export interface Mailbox {
  readonly localPart: string;
  readonly domain: string;
}

/** RFC 5321 §4.5.3.1: octets of a local part, and of a path without its brackets. */
const MAX_LOCAL_PART = 64;
const MAX_ADDRESS = 254;

const DOT_ATOM = /^[^\s\p{Cc}"(),:;<>@[\\\].]+(?:\.[^\s\p{Cc}"(),:;<>@[\\\].]+)*$/u;
const QUOTED = /^"(?:[^"\\\p{Cc}]|\\[^\p{Cc}])*"$/u;
const LITERAL = /^\[(?:IPv6:)?[0-9a-f:.]+\]$/i;
const LABEL = /^(?!-)[a-z0-9_-]{1,63}(?<!-)$/i;

/** Takes an address apart, or says in a few words why mail cannot be sent to it. */
export function readAddress(text: string): Mailbox | string {
  const at = text.lastIndexOf('@');
  if (at < 0) return 'it has no @';
  const localPart = text.slice(0, at);
  const domain = text.slice(at + 1);
  if (localPart === '') return 'there is nothing before the @';
  if (!DOT_ATOM.test(localPart) && !QUOTED.test(localPart)) return 'the part before the @ cannot be one';
  if (Buffer.byteLength(localPart) > MAX_LOCAL_PART) return 'the part before the @ is too long';
  if (Buffer.byteLength(text) > MAX_ADDRESS) return 'it is too long';
  return isDomain(domain) ? { localPart, domain } : 'the part after the @ is no domain';
}

function isDomain(domain: string): boolean {
  if (LITERAL.test(domain)) return true;
  const ascii = domainToASCII(domain);
  return ascii !== '' && ascii.length <= 253 && ascii.split('.').every((label) => LABEL.test(label));
}

/** Two spellings of one address have one key: case counts in neither part here, and a domain is the same in both its forms. */
export function addressKey(address: string): string {
  const clean = address.normalize('NFC').toLowerCase();
  const at = clean.lastIndexOf('@');
  const domain = clean.slice(at + 1);
  return at < 0 ? clean : `${clean.slice(0, at)}@${asciiDomain(domain)}`;
}

/** A domain in the form that every server knows; as it is where it has none (an address literal). */
export function asciiDomain(domain: string): string {
  return domainToASCII(domain) || domain;
}

/** The spellings under which the directory may have a domain. */
export function domainSpellings(domain: string): readonly string[] {
  const clean = domain.normalize('NFC').toLowerCase();
  return [...new Set([clean, domainToUnicode(clean), domainToASCII(clean)])].filter((name) => name !== '');
}
