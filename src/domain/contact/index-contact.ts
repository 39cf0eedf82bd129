import type { Card } from '../../formats/vcard/card.ts';
import { cardUid } from '../../formats/vcard/card-views.ts';
import { BEGINNINGLESS, ENDLESS, type ItemIndex } from '../item.ts';

/** What is indexed of a contact: its UID. It has no time: it lies in every range. */
export function indexContact(card: Card): ItemIndex {
  return { kind: 'VCARD', uid: cardUid(card), rangeStart: BEGINNINGLESS, rangeEnd: ENDLESS, filterKey: 0 };
}
