import type { Card } from '../../formats/vcard/card.ts';
import { cardText, cardUid } from '../../formats/vcard/card-views.ts';
import { BEGINNINGLESS, ENDLESS, type ItemIndex } from '../item.ts';

/**
 * What is indexed of a contact: its UID. It has no time: it lies in every range. A group of contacts has the lowest
 * filter key, so that a protocol without groups passes them over like any item out of its window.
 */
export function indexContact(card: Card): ItemIndex {
  const filterKey = isContactGroup(card) ? BEGINNINGLESS : 0;
  return { kind: 'VCARD', uid: cardUid(card), rangeStart: BEGINNINGLESS, rangeEnd: ENDLESS, filterKey };
}

/** RFC 6350 §6.1.4, and what Apple's programs write into 3.0 for it. */
export function isContactGroup(card: Card): boolean {
  const kind = cardText(card, 'KIND') ?? cardText(card, 'X-ADDRESSBOOKSERVER-KIND') ?? '';
  return kind.trim().toLowerCase() === 'group';
}
