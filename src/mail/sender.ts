import { addressOf } from '../domain/address.ts';
import { GatewayError } from '../domain/errors.ts';
import type { Principal } from '../domain/principal.ts';
import { flattenAddresses, type MailAddress, parseAddressList } from '../formats/mime/address-list.ts';
import { latin1 } from '../formats/mime/charset.ts';
import { fieldText, type HeaderField } from '../formats/mime/header-fields.ts';
import { withHeader } from '../formats/mime/with-header.ts';
import { addressKey } from './mail-address.ts';

/** The address that reports go to, and the envelope's sender. */
export function senderAddress(principal: Pick<Principal, 'localPart' | 'domain'>): string {
  return addressOf(principal);
}

/**
 * The From field to write instead of the one that is there; null to keep that. A missing one is filled in; so is an address
 * that a program could not know, keeping the name the person chose.
 * @throws GatewayError 'access-denied' (right 'send-as') when it is somebody else's, 'message-invalid' when there are two
 */
export function fromField(principal: Principal, fields: readonly HeaderField[]): string | null {
  const found = fields.filter(({ name }) => name.toLowerCase() === 'from');
  // RFC 5322 §3.6: once. Of two, readers show different ones, which is how senders are forged.
  if (found.length > 1) throw new GatewayError('message-invalid', { reason: 'it has more than one From field' });
  const entries = found.flatMap((field) => flattenAddresses(parseAddressList(fieldText(field))));
  for (const { address } of entries) if (isAddress(principal, address)) requireOwn(principal, address);
  const own = entries.filter(({ address }) => isAddress(principal, address));
  // Of two addresses for one mailbox readers choose different ones: then only the one that was judged is written.
  if (own.length > 0) return found.some((field) => hasOneEach(field, entries.length)) ? null : writeFrom(own);
  const name = entries.map((entry) => entry.name).find((text) => text !== null && text !== '') ?? principal.displayName;
  return writeFrom([{ name, address: senderAddress(principal) }]);
}

function writeFrom(entries: readonly MailAddress[]): string {
  return latin1(withHeader(new Uint8Array(0), 'From', entries));
}

/** Whether the field has as many @ outside of quotes as mailboxes were read from it. */
function hasOneEach(field: HeaderField, mailboxes: number): boolean {
  return (
    fieldText(field)
      .replace(/"(?:[^"\\]|\\.)*"/g, '')
      .split('@').length -
      1 ===
    mailboxes
  );
}

/** RFC 5322 §3.6.2: who sent it for the author; the same right is asked for. */
export function checkSenderField(principal: Principal, fields: readonly HeaderField[]): void {
  for (const field of fields) {
    if (field.name.toLowerCase() !== 'sender') continue;
    for (const { address } of flattenAddresses(parseAddressList(fieldText(field)))) {
      if (isAddress(principal, address)) requireOwn(principal, address);
    }
  }
}

/** Programs that were never told the mail address write the sign-in name, or nothing. */
function isAddress(principal: Principal, address: string): boolean {
  return address !== '' && (address.includes('@') || address.toLowerCase() !== principal.localPart);
}

function requireOwn(principal: Principal, address: string): void {
  const own = addressKey(senderAddress(principal));
  const [localPart = '', domain = ''] = splitKey(addressKey(address));
  const [ownLocalPart = '', ownDomain = ''] = splitKey(own);
  if (domain === ownDomain && (localPart === ownLocalPart || localPart.startsWith(`${ownLocalPart}+`))) return;
  throw new GatewayError(
    'access-denied',
    { right: 'send-as' },
    `${senderAddress(principal)} may not send as ${JSON.stringify(address)}; set the account's mail address in the program.`,
  );
}

function splitKey(key: string): readonly string[] {
  const at = key.lastIndexOf('@');
  return at < 0 ? [key] : [key.slice(0, at), key.slice(at + 1)];
}
