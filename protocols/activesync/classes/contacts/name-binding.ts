import type { Card } from '../../../../src/formats/vcard/card.ts';
import { type CardName, cardName, cardText } from '../../../../src/formats/vcard/card-views.ts';
import { editCard } from '../../../../src/formats/vcard/edit-card.ts';
import type { Binding } from '../binding.ts';
import { shownText } from '../component/text-binding.ts';
import { optional } from '../field.ts';
import { wantedText } from './card-text.ts';

/** Elements of N in its order (RFC 6350 §6.2.2). */
const PARTS = [
  ['Contacts:LastName', 'family'],
  ['Contacts:FirstName', 'given'],
  ['Contacts:MiddleName', 'additional'],
  ['Contacts:Title', 'prefix'],
  ['Contacts:Suffix', 'suffix'],
] as const;

/**
 * The parts of N. FN follows when the name changes, unless it says something else than the name (a company, a nickname).
 */
export const NAME_BINDING: Binding<Card> = {
  names: PARTS.map(([element]) => element),
  read: (card) => {
    const name = cardName(card);
    return PARTS.flatMap(([element, part]) => optional(element, shownText(name[part])));
  },
  write: (card, fields) => {
    const old = cardName(card);
    const wanted = PARTS.map(([element, part]) => {
      const text = wantedText(fields, element) ?? '';
      // A part that stays keeps its list of values and its escapes.
      return text === (shownText(old[part]) ?? '') ? undefined : text;
    });
    const named = editCard(card, { set: { N: wanted } });
    const formatted = fullName(cardName(named));
    return formatted === '' || !followsName(old) ? named : editCard(named, { set: { FN: formatted } });
  },
};

function followsName(name: CardName): boolean {
  if (name.formatted.trim() === '') return true;
  const words = [name.family, name.given].filter((word) => word !== '');
  return words.length === 0 || words.some((word) => name.formatted.includes(word));
}

/** The name as people write it. */
export function fullName({ prefix, given, additional, family, suffix }: CardName): string {
  return [prefix, given, additional, family, suffix].filter((word) => word !== '').join(' ');
}

/** Where Evolution keeps the name to sort and list by; FN is for showing. */
const FILE_AS = 'X-EVOLUTION-FILE-AS';

/** FileAs: how the contact is filed, FN where nothing else was said. */
export const FILE_AS_BINDING: Binding<Card> = {
  names: ['Contacts:FileAs'],
  staysWhenAbsent: true,
  read: (card) =>
    optional('Contacts:FileAs', shownText((cardText(card, FILE_AS) ?? cardText(card, 'FN') ?? '').trim())),
  write: (card, fields) => {
    const text = wantedText(fields, 'Contacts:FileAs');
    const isPlain = text === null || text === cardName(card).formatted.trim();
    return editCard(card, { set: { [FILE_AS]: isPlain ? null : text } });
  },
};
