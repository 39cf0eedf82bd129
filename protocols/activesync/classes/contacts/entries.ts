import { flattenAddresses, parseAddressList } from '../../../../src/formats/mime/address-list.ts';
import type { Card } from '../../../../src/formats/vcard/card.ts';
import { type CardEntry, cardEmails, cardPhones } from '../../../../src/formats/vcard/card-views.ts';
import { editCard, type NewEntry } from '../../../../src/formats/vcard/edit-card.ts';
import type { Binding } from '../binding.ts';
import { shownText } from '../component/text-binding.ts';
import { optional } from '../field.ts';
import { linesNamed, textOfLine, wantedText } from './card-text.ts';

/** A value of several and the element that shows it. */
export type Slots = ReadonlyMap<string, Pick<CardEntry, 'line' | 'value'>>;

/** Elements that each show one of several lines; lines without an element are not the phone's and stay. */
export function slotBinding(
  names: readonly string[],
  assign: (card: Card) => Slots,
  made: (element: string, value: string) => NewEntry,
  clean: (value: string) => string = (value) => value,
): Binding<Card> {
  return {
    names,
    read: (card) => {
      const slots = assign(card);
      if (slots.size === 0) return [];
      return names.flatMap((name) => optional(name, shownText(slots.get(name)?.value.trim() ?? null)));
    },
    write: (card, fields) => {
      const slots = assign(card);
      const replace = new Map<CardEntry['line'], string | null>();
      const add: NewEntry[] = [];
      for (const name of names) {
        const text = wantedText(fields, name);
        const value = text === null ? null : clean(text);
        const old = slots.get(name);
        if (old !== undefined) {
          if (value !== (shownText(old.value.trim()) ?? null)) replace.set(old.line, value);
        } else if (value !== null) add.push(made(name, value));
      }
      return editCard(card, { replace, add });
    },
  };
}

const EMAILS = ['Contacts:Email1Address', 'Contacts:Email2Address', 'Contacts:Email3Address'];

/** The first three addresses, the preferred one first. */
export const EMAIL_BINDING = slotBinding(
  EMAILS,
  (card) => inOrder(EMAILS, byPreference(cardEmails(card).filter(({ value }) => value.trim() !== ''))),
  (_, value) => ({ name: 'EMAIL', value, types: ['INTERNET'] }),
  // Outlook writes `"Ana" <ana@example.com>`.
  (value) => flattenAddresses(parseAddressList(value))[0]?.address || value,
);

const MESSENGERS = new Set(
  'IMPP X-AIM X-ICQ X-JABBER X-MSN X-SKYPE X-SKYPE-USERNAME X-YAHOO X-GADUGADU X-GROUPWISE X-GOOGLE-TALK'.split(' '),
);
const IM_ADDRESSES = ['Contacts2:IMAddress', 'Contacts2:IMAddress2', 'Contacts2:IMAddress3'];

/** The first three messenger addresses, of whatever messenger. */
export const MESSENGER_BINDING = slotBinding(
  IM_ADDRESSES,
  (card) =>
    inOrder(
      IM_ADDRESSES,
      linesNamed(card, MESSENGERS)
        // The scheme of no special messenger is ours to add, and nothing to show.
        .map((line) => ({ line, value: (textOfLine(card, line) ?? '').replace(/^im:/i, '') }))
        .filter(({ value }) => value !== ''),
    ),
  // RFC 4770: the value is a URI; one without a scheme is of no special messenger.
  (_, value) => ({ name: 'IMPP', value: /^[a-z][a-z0-9+.-]*:/i.test(value) ? value : `im:${value}` }),
);

function inOrder(names: readonly string[], entries: readonly Pick<CardEntry, 'line' | 'value'>[]): Slots {
  return new Map(names.flatMap((name, at) => (entries[at] === undefined ? [] : [[name, entries[at]] as const])));
}

function byPreference(entries: readonly CardEntry[]): CardEntry[] {
  return [...entries].sort((a, b) => (a.preference ?? 101) - (b.preference ?? 101));
}

/** Types that make a number the element's, in the order in which elements choose; and the types of a new one. */
const PHONES: readonly { readonly element: string; readonly made: readonly string[]; fits(types: Types): boolean }[] = [
  { element: 'Contacts:PagerNumber', made: ['PAGER'], fits: (types) => types.has('pager') },
  { element: 'Contacts:HomeFaxNumber', made: ['HOME', 'FAX'], fits: (types) => types.has('fax') && types.has('home') },
  { element: 'Contacts:BusinessFaxNumber', made: ['WORK', 'FAX'], fits: (types) => types.has('fax') },
  { element: 'Contacts:CarPhoneNumber', made: ['CAR', 'VOICE'], fits: (types) => types.has('car') },
  {
    element: 'Contacts:RadioPhoneNumber',
    made: ['X-RADIO'],
    fits: (types) => types.has('x-radio') || types.has('radio'),
  },
  {
    element: 'Contacts:AssistantPhoneNumber',
    made: ['X-ASSISTANT'],
    fits: (types) => types.has('x-assistant') || types.has('x-evolution-assistant') || types.has('assistant'),
  },
  {
    element: 'Contacts2:CompanyMainPhone',
    made: ['X-COMPANY'],
    fits: (types) => types.has('x-company') || types.has('x-evolution-company'),
  },
  { element: 'Contacts:MobilePhoneNumber', made: ['CELL'], fits: (types) => types.has('cell') || types.has('iphone') },
  { element: 'Contacts:HomePhoneNumber', made: ['HOME', 'VOICE'], fits: isHome },
  { element: 'Contacts:Home2PhoneNumber', made: ['HOME', 'VOICE'], fits: isHome },
  { element: 'Contacts:BusinessPhoneNumber', made: ['WORK', 'VOICE'], fits: isWork },
  { element: 'Contacts:Business2PhoneNumber', made: ['WORK', 'VOICE'], fits: isWork },
];

/** Where numbers without a place or a kind are shown, in the order in which they are filled. */
const FOR_ANY = [
  'MobilePhoneNumber',
  'HomePhoneNumber',
  'BusinessPhoneNumber',
  'Home2PhoneNumber',
  'Business2PhoneNumber',
];

type Types = ReadonlySet<string>;

function isHome(types: Types): boolean {
  return types.has('home') && !types.has('fax') && !types.has('pager');
}

function isWork(types: Types): boolean {
  return types.has('work') && !types.has('fax') && !types.has('pager');
}

export const PHONE_BINDING = slotBinding(
  PHONES.map(({ element }) => element),
  phoneSlots,
  (element, value) => ({ name: 'TEL', value, types: PHONES.find((phone) => phone.element === element)!.made }),
);

function phoneSlots(card: Card): Slots {
  const entries = byPreference(cardPhones(card).filter(({ value }) => value.trim() !== ''));
  const left = new Map(entries.map((entry) => [entry, new Set([...entry.types, entry.label?.toLowerCase() ?? ''])]));
  const slots = new Map<string, CardEntry>();
  const fill = (element: string, fits: (types: Types, entry: CardEntry) => boolean): void => {
    for (const [entry, types] of left) {
      if (!fits(types, entry)) continue;
      slots.set(element, entry);
      left.delete(entry);
      return;
    }
  };
  for (const { element, fits } of PHONES) fill(element, fits);
  for (const name of FOR_ANY) {
    const element = `Contacts:${name}`;
    if (slots.has(element)) continue;
    fill(element, (_, { types }) => types.every((type) => type === 'voice' || type === 'main'));
  }
  return slots;
}
