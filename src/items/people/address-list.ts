import { addressOf } from '../../domain/address.ts';
import { foldText } from '../../domain/folding.ts';
import type { Principal } from '../../domain/principal.ts';
import type { DirectoryStore, User } from '../../store/directory-store.ts';
import { matchesName, type NameKeys, nameKeys, nameQuery } from './name-match.ts';

/** A user as others of the same domain see them. */
export interface Listed {
  /** Never empty. */
  readonly displayName: string;
  /** Of a name in the order in which it is spoken; '' where there is only one word. */
  readonly firstName: string;
  readonly lastName: string;
  readonly localPart: string;
  readonly address: string;
  readonly keys: NameKeys;
  /** By which the list is in order. */
  readonly sortKey: string;
}

/** The directory keeps its users between reads, so what is made of one is kept with it. */
const LISTED = new WeakMap<User, Listed>();

/**
 * The users of the principal's own domain that this text finds, by name. People of other domains of the same server are
 * strangers: they are never found.
 */
export async function searchAddressList(
  directory: Pick<DirectoryStore, 'users'>,
  principal: Principal,
  text: string,
): Promise<Listed[]> {
  const query = nameQuery(text);
  const found = (await directory.users())
    .filter(({ domain }) => domain === principal.domain)
    .map(listed)
    .filter(({ keys }) => matchesName(keys, query));
  return found.sort((a, b) => compare(a.sortKey, b.sortKey) || compare(a.address, b.address));
}

function listed(user: User): Listed {
  const known = LISTED.get(user);
  if (known !== undefined) return known;
  const address = addressOf(user);
  const displayName = user.displayName?.trim() || user.localPart;
  const blank = displayName.lastIndexOf(' ');
  const made: Listed = {
    displayName,
    firstName: blank < 0 ? '' : displayName.slice(0, blank).trim(),
    lastName: blank < 0 ? '' : displayName.slice(blank + 1),
    localPart: user.localPart,
    address,
    keys: nameKeys([displayName], [address]),
    sortKey: foldText(displayName),
  };
  LISTED.set(user, made);
  return made;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
