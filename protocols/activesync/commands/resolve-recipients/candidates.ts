import { foldText } from '../../../../src/domain/folding.ts';
import { type Listed, searchAddressList } from '../../../../src/items/people/address-list.ts';
import type { ContactEntry } from '../../../../src/items/people/contact-entry.ts';
import type { EasContext } from '../../command.ts';

/** Somebody whom a name may mean, with one address. */
export interface Candidate {
  /** MS-ASCMD §2.2.3.186.5: 1 of the address list, 2 of the contacts. */
  readonly type: 1 | 2;
  readonly displayName: string;
  readonly address: string;
  /** Where a photo is kept. */
  readonly contact: ContactEntry | null;
}

/**
 * Whom a name means: users of the person's domain, then the person's contacts, each address once. A whole address means that
 * address and not others that begin like it.
 */
export async function candidatesFor(
  { environment, principal }: Pick<EasContext, 'environment' | 'principal'>,
  text: string,
): Promise<Candidate[]> {
  const users = await searchAddressList(environment.directory, principal, text);
  const contacts = await environment.contacts.find(principal.mailboxId, text);
  const typed = text.trim().toLowerCase();
  // Of somebody who is found by an address, the other addresses are not meant.
  const folded = foldText(typed);
  const fits = ({ address }: Candidate): boolean => !folded.includes('@') || foldText(address).startsWith(folded);
  const byAddress = new Map<string, Candidate>();
  for (const candidate of [...users.map(ofUser), ...contacts.flatMap(ofContact).filter(fits).toSorted(byName)]) {
    const key = candidate.address.toLowerCase();
    if (!byAddress.has(key)) byAddress.set(key, candidate);
  }
  const exact = byAddress.get(typed);
  return exact === undefined ? [...byAddress.values()] : [exact];
}

function ofUser({ displayName, address }: Listed): Candidate {
  return { type: 1, displayName, address, contact: null };
}

function ofContact(contact: ContactEntry): Candidate[] {
  return contact.addresses.map((address) => ({ type: 2, displayName: contact.displayName, address, contact }));
}

function byName(a: Candidate, b: Candidate): number {
  const [left, right] = [foldText(a.displayName), foldText(b.displayName)];
  return left < right ? -1 : left > right ? 1 : 0;
}
