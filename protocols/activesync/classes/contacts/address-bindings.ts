import type { Card } from '../../../../src/formats/vcard/card.ts';
import { type CardAddress, cardAddresses } from '../../../../src/formats/vcard/card-views.ts';
import { editCard } from '../../../../src/formats/vcard/edit-card.ts';
import type { Binding } from '../binding.ts';
import { shownText } from '../component/text-binding.ts';
import { optional } from '../field.ts';
import { wantedText } from './card-text.ts';

type Kind = 'Business' | 'Home' | 'Other';

const PARTS = ['Street', 'City', 'State', 'PostalCode', 'Country'] as const;
const TYPES: Readonly<Record<Kind, readonly string[]>> = { Business: ['WORK'], Home: ['HOME'], Other: [] };

/** One postal address: BusinessAddress…, HomeAddress… or OtherAddress…. */
function addressBinding(kind: Kind): Binding<Card> {
  const names = PARTS.map((part) => `Contacts:${kind}Address${part}`);
  return {
    names,
    read: (card) => {
      const address = addressFor(card, kind);
      if (address === null) return [];
      return shownParts(address).flatMap((text, at) => optional(names[at]!, text));
    },
    write: (card, fields) => {
      const wanted = names.map((name) => wantedText(fields, name));
      const address = addressFor(card, kind);
      if (address === null) {
        const [street, ...rest] = wanted.map((text) => text ?? '');
        return editCard(card, { add: [{ name: 'ADR', value: ['', '', street, ...rest], types: TYPES[kind] }] });
      }
      if (wanted.every((text) => text === null)) return editCard(card, { replace: new Map([[address.line, null]]) });
      const shown = shownParts(address);
      const [street, ...rest] = wanted.map((text, at) => (text === shown[at] ? undefined : (text ?? '')));
      // Box and flat are shown as lines of the street: a new street says them anew.
      const before = street === undefined ? undefined : '';
      return editCard(card, { replace: new Map([[address.line, [before, before, street, ...rest]]]) });
    },
  };
}

function shownParts(address: CardAddress): (string | null)[] {
  const { poBox, extended, street, locality, region, postalCode, country } = address;
  const lines = [poBox, extended, street].filter((line) => line.trim() !== '').join('\n');
  return [lines, locality, region, postalCode, country].map((text) => shownText(text.trim()));
}

/** Cards never change, and each is asked three times. */
const known = new WeakMap<Card, readonly CardAddress[]>();

/** The addresses that say anything. */
function addressesOf(card: Card): readonly CardAddress[] {
  let addresses = known.get(card);
  if (addresses === undefined) {
    addresses = cardAddresses(card).filter((address) => shownParts(address).some((part) => part !== null));
    known.set(card, addresses);
  }
  return addresses;
}

/** The first address of the type; Other is the first that is neither at home nor at work. */
function addressFor(card: Card, kind: Kind): CardAddress | null {
  const addresses = addressesOf(card);
  const isAt = (address: CardAddress, place: string): boolean => address.types.includes(place);
  const business = addresses.find((address) => isAt(address, 'work')) ?? null;
  if (kind === 'Business') return business;
  const home = addresses.find((address) => isAt(address, 'home') && address !== business) ?? null;
  if (kind === 'Home') return home;
  return addresses.find((address) => !isAt(address, 'work') && !isAt(address, 'home')) ?? null;
}

export const ADDRESS_BINDINGS: readonly Binding<Card>[] = [
  addressBinding('Business'),
  addressBinding('Home'),
  addressBinding('Other'),
];
