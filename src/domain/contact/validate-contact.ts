import { ContentSyntaxError } from '../../formats/content-line/syntax-error.ts';
import { type Card, parseCards } from '../../formats/vcard/card.ts';
import { validateCard } from '../../formats/vcard/validate-card.ts';
import { GatewayError } from '../errors.ts';
import { MAX_CARD_PROPERTIES, MAX_OBJECT_LINES, MAX_OBJECT_VALUES } from '../limits.ts';

/**
 * Reads what a client wants to store in an address book: exactly one card of version 3.0 or 4.0 with a UID (RFC 6352
 * §5.1). A missing FN or N is accepted, because programs leave them out and refusing would lose the contact.
 * Throws GatewayError 'content-invalid' for bytes that are no vCard, 'object-invalid' for a card that may not be stored.
 */
export function validateContact(bytes: Uint8Array): Card {
  const [card, second] = readCards(bytes);
  if (card === undefined) throw new GatewayError('content-invalid', { reason: 'no VCARD' });
  if (second !== undefined) {
    throw new GatewayError('object-invalid', {
      reason: 'more than one VCARD: an address object holds one (RFC 6352 §5.1)',
    });
  }
  if (card.children.length > MAX_CARD_PROPERTIES) {
    throw new GatewayError('object-invalid', { reason: `more than ${MAX_CARD_PROPERTIES} properties in one card` });
  }
  const problem = validateCard(card).find(({ severity }) => severity === 'error');
  if (problem !== undefined) {
    const { reason, line } = problem;
    throw new GatewayError('object-invalid', line > 0 ? { reason, line } : { reason });
  }
  return card;
}

function readCards(bytes: Uint8Array): Card[] {
  try {
    return parseCards(bytes, { maxLines: MAX_OBJECT_LINES, maxValues: MAX_OBJECT_VALUES });
  } catch (error) {
    if (!(error instanceof ContentSyntaxError)) throw error;
    const line = error.line > 0 ? { line: error.line } : {};
    throw new GatewayError('content-invalid', { reason: error.reason, ...line });
  }
}
