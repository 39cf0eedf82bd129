import { GatewayError } from '../domain/errors.ts';
import { flattenAddresses, parseAddressList } from '../formats/mime/address-list.ts';
import { fieldText, type HeaderField } from '../formats/mime/header-fields.ts';
import { addressKey, readAddress } from './mail-address.ts';

const RECIPIENT_FIELDS = ['To', 'Cc', 'Bcc'] as const;
const NAMES: ReadonlySet<string> = new Set(RECIPIENT_FIELDS.map((name) => name.toLowerCase()));

/** RFC 5321 §4.5.3.1.8 asks for 100 at least; relays refuse more than some hundreds. */
const MAX_RECIPIENTS = 1_000;

/**
 * Everybody whom To, Cc and Bcc name, once each, as first written. Members of groups count; an empty group
 * (`undisclosed-recipients:;`) is nobody.
 * @throws GatewayError 'no-recipient', 'recipient-invalid'
 */
export function readRecipients(fields: readonly HeaderField[]): readonly string[] {
  const found = new Map<string, string>();
  for (const field of fields) {
    if (!NAMES.has(field.name.toLowerCase())) continue;
    for (const { name, address } of flattenAddresses(parseAddressList(fieldText(field)))) {
      const reason = address === '' ? 'it is a name without an address' : readAddress(address);
      if (typeof reason === 'string') throw invalid(address === '' ? (name ?? '') : address, reason);
      const key = addressKey(address);
      if (!found.has(key)) found.set(key, address);
      if (found.size > MAX_RECIPIENTS) throw invalid(address, `it is beyond the first ${MAX_RECIPIENTS} recipients`);
    }
  }
  if (found.size === 0) {
    const message = 'The message names nobody in To, Cc or Bcc.';
    throw new GatewayError('no-recipient', { fields: RECIPIENT_FIELDS }, message);
  }
  return [...found.values()];
}

function invalid(address: string, reason: string): GatewayError {
  const message = `Nothing can be sent to ${JSON.stringify(address)}: ${reason}.`;
  return new GatewayError('recipient-invalid', { address, reason }, message);
}
