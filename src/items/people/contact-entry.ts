import type { FolderId } from '../../domain/folder.ts';
import type { ItemId } from '../../domain/item.ts';
import { propertyOf } from '../../formats/content-line/lookup.ts';
import { ContentSyntaxError } from '../../formats/content-line/syntax-error.ts';
import { type Card, parseCard } from '../../formats/vcard/card.ts';
import { cardEmails, cardName, cardText } from '../../formats/vcard/card-views.ts';
import { type NameKeys, nameKeys } from './name-match.ts';

/** A contact as far as it is searched for. */
export interface ContactEntry {
  readonly folderId: FolderId;
  readonly itemId: ItemId;
  /** Never empty. */
  readonly displayName: string;
  /** At least one; in the order of the card, the preferred first. */
  readonly addresses: readonly string[];
  readonly hasPhoto: boolean;
  readonly keys: NameKeys;
}

/** Characters of a name and of an address, and addresses of a contact, that are looked at. */
const LONGEST_NAME = 256;
const LONGEST_ADDRESS = 320;
const MOST_ADDRESSES = 20;
/** What an entry costs beside its texts. */
const ENTRY_BYTES = 240;

/** Null for a contact without an address, and for what cannot be read. */
export function contactEntry(folderId: FolderId, itemId: ItemId, content: Uint8Array): ContactEntry | null {
  const card = readCard(content);
  const addresses = card === null ? [] : addressesOf(card);
  if (card === null || addresses.length === 0) return null;
  const { formatted, family, given, additional } = cardName(card);
  const names = [formatted, given, additional, family, cardText(card, 'NICKNAME') ?? ''].map((name) =>
    name.slice(0, LONGEST_NAME),
  );
  return {
    folderId,
    itemId,
    displayName: names[0]!.trim() || `${names[1]} ${names[3]}`.trim() || addresses[0]!,
    addresses,
    hasPhoto: propertyOf(card, 'PHOTO') !== null,
    keys: nameKeys(names, addresses),
  };
}

/** What an entry takes in memory, about: texts have up to two bytes a character. */
export function entryBytes({ displayName, addresses, keys }: ContactEntry): number {
  const characters = addresses.reduce((sum, { length }) => sum + length, displayName.length + keys.length);
  return ENTRY_BYTES + 2 * characters;
}

function readCard(content: Uint8Array): Card | null {
  try {
    return parseCard(content);
  } catch (error) {
    // What an import or another tool put there is found by nobody.
    if (error instanceof ContentSyntaxError) return null;
    throw error;
  }
}

function addressesOf(card: Card): string[] {
  const emails = cardEmails(card).toSorted((a, b) => (a.preference ?? 101) - (b.preference ?? 101));
  const addresses = emails.map(({ value }) => value.trim());
  return addresses
    .filter((address) => address.length <= LONGEST_ADDRESS && /^[^\s@]+@[^\s@]+$/.test(address))
    .slice(0, MOST_ADDRESSES);
}
