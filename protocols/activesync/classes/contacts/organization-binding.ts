import { propertyOf } from '../../../../src/formats/content-line/lookup.ts';
import { type Card, cardVersion } from '../../../../src/formats/vcard/card.ts';
import { lineComponents } from '../../../../src/formats/vcard/card-line.ts';
import { editCard } from '../../../../src/formats/vcard/edit-card.ts';
import type { Binding } from '../binding.ts';
import { shownText } from '../component/text-binding.ts';
import { optional } from '../field.ts';
import { wantedText } from './card-text.ts';

const ELEMENTS = ['Contacts:CompanyName', 'Contacts:Department'] as const;

/** CompanyName and Department: the first two components of ORG; deeper units stay. */
export const ORGANIZATION_BINDING: Binding<Card> = {
  names: ELEMENTS,
  read: (card) => ELEMENTS.flatMap((element, at) => optional(element, unit(card, at))),
  write: (card, fields) => {
    const wanted = ELEMENTS.map((element, at) => {
      const text = wantedText(fields, element);
      return text === unit(card, at) ? undefined : (text ?? '');
    });
    const edited = editCard(card, { set: { ORG: wanted } });
    const isEmpty = (propertyOf(edited, 'ORG')?.value ?? '').replace(/;/g, '').trim() === '';
    return isEmpty ? editCard(edited, { set: { ORG: null } }) : edited;
  },
};

function unit(card: Card, at: number): string | null {
  const line = propertyOf(card, 'ORG');
  const parts = line === null ? [] : (lineComponents(line, cardVersion(card))[at] ?? []);
  return shownText(parts.join(', ').trim());
}
