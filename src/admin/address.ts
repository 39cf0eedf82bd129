import { domainToASCII } from 'node:url';
import { addressOf } from '../domain/address.ts';
import { GatewayError } from '../domain/errors.ts';

export interface Address {
  readonly localPart: string;
  readonly domain: string;
}

/** Atoms with dots between (RFC 5321 §4.1.2), and letters beyond ASCII (RFC 6531 §3.3). No quoted strings. */
const LOCAL_PART = /^[\p{L}\p{N}!#$&'*+=?^_`{|}~-]+(?:\.[\p{L}\p{N}!#$&'*+=?^_`{|}~-]+)*$/u;
const LABEL = /^(?!-)[\p{L}\p{N}\p{M}-]{1,63}(?<!-)$/u;

/**
 * Takes `local@domain` apart: lower case, NFC.
 * @throws GatewayError 'name-invalid' that says what is wrong
 */
export function parseAddress(text: string): Address {
  const address = text.trim().normalize('NFC').toLowerCase();
  const at = address.lastIndexOf('@');
  if (at < 0) throw invalid(text, 'it has no @; write it as user@domain');
  const localPart = address.slice(0, at);
  const domain = address.slice(at + 1);
  if (localPart === '') throw invalid(text, 'there is nothing before the @');
  if (!LOCAL_PART.test(localPart) || Buffer.byteLength(localPart) > 64) {
    throw invalid(text, 'the part before the @ may have letters, digits, dots between them and . _ + - only');
  }
  if (!isDomain(domain)) throw invalid(text, 'the part after the @ is not a domain name');
  return { localPart, domain };
}

/**
 * A domain as addresses are kept with it: lower case, NFC.
 * @throws GatewayError 'name-invalid' that says what is wrong
 */
export function parseDomain(text: string): string {
  const domain = text.trim().normalize('NFC').toLowerCase();
  if (isDomain(domain)) return domain;
  const reason = 'it is what stands after the @ of an address';
  throw new GatewayError('name-invalid', { name: text, reason }, `${JSON.stringify(text)} is no domain: ${reason}.`);
}

function isDomain(domain: string): boolean {
  const isName = domain.split('.').every((label) => LABEL.test(label)) && domainToASCII(domain) !== '';
  return isName && domain.length <= 253;
}

export function formatAddress(address: Address): string {
  return addressOf(address);
}

function invalid(name: string, reason: string): GatewayError {
  return new GatewayError('name-invalid', { name, reason }, `${JSON.stringify(name)} is not an address: ${reason}.`);
}
