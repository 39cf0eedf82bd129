import { flattenAddresses, parseAddressList } from '../../formats/mime/address-list.ts';
import { fieldText, findText, type HeaderField } from '../../formats/mime/header-fields.ts';
import { addressKey } from '../mail-address.ts';

/** Names under which programs send, which nobody reads the answers of (RFC 3834 §2, RFC 2142). */
const PROGRAMS =
  /^(?:mailer-daemon|postmaster|owner-.*|.*-owner|.*-request|.*-bounces?(?:[+=].*)?|bounces?(?:[+=].*)?|(?:no|do-?not)[-_.]?reply.*|listserv|majordomo)$/;

/**
 * Whether a program may answer a message in its recipient's name (RFC 3834 §2): it was written to the recipient by a
 * person, as far as its header tells.
 * @param own `local@domain` of the recipient
 */
export function mayAnswer(fields: readonly HeaderField[], sender: string, own: string): boolean {
  const key = addressKey(sender);
  const localPart = key.slice(0, key.lastIndexOf('@'));
  if (sender === '' || localPart === '' || PROGRAMS.test(localPart) || isOwn(own, key)) return false;
  const automatic = findText(fields, 'auto-submitted');
  if (automatic !== null && !/^no\b/i.test(automatic)) return false;
  if (/\b(?:bulk|list|junk)\b/i.test(findText(fields, 'precedence') ?? '')) return false;
  if (/\b(?:all|oof|autoreply)\b/i.test(findText(fields, 'x-auto-response-suppress') ?? '')) return false;
  if (/^yes\b/i.test(findText(fields, 'x-spam-flag') ?? '')) return false;
  // RFC 2369, RFC 2919: mail of a list.
  if (fields.some(({ name }) => /^(?:list-|mailing-list$)/i.test(name))) return false;
  return fields.some((field) => /^(?:resent-)?(?:to|cc|bcc)$/i.test(field.name) && names(field, own));
}

function names(field: HeaderField, own: string): boolean {
  return flattenAddresses(parseAddressList(fieldText(field))).some(({ address }) => isOwn(own, addressKey(address)));
}

/** The address itself, or one with a detail after a plus. */
function isOwn(own: string, key: string): boolean {
  const mine = addressKey(own);
  const at = mine.lastIndexOf('@');
  const isDetailed =
    key.startsWith(`${mine.slice(0, at)}+`) &&
    key.endsWith(mine.slice(at)) &&
    key.lastIndexOf('@') === key.indexOf('@');
  return key === mine || isDetailed;
}
