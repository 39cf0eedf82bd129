import { addressOf } from '../domain/address.ts';
import type { DirectoryStore, User } from '../store/directory-store.ts';

/** A name as people and phones type it, taken apart. Lower case, NFC. */
export interface SignInName {
  readonly localPart: string;
  /** From `user@domain`. */
  readonly domain: string | null;
  /** From `DOMAIN\user`: a domain, or the short name of one. */
  readonly shortDomain: string | null;
}

/**
 * Takes apart `user`, `user@domain` and `DOMAIN\user`. Phones with a field for the domain send `\user` when it is empty
 * and `DOMAIN\user@domain` when the address was typed as name: there the address counts. Some clients take the name
 * from a URL without decoding it (`user%40domain`). Null when there is no local part.
 */
export function parseSignInName(name: string): SignInName | null {
  const text = decodeUrlParts(name).trim().normalize('NFC').toLowerCase();
  const backslash = text.indexOf('\\');
  const prefix = backslash < 0 ? '' : text.slice(0, backslash).trim();
  const rest = text.slice(backslash + 1).trim();
  const at = rest.lastIndexOf('@');
  const localPart = (at < 0 ? rest : rest.slice(0, at)).trim();
  const domain = at < 0 ? '' : rest.slice(at + 1).trim();
  if (localPart === '') return null;
  return {
    localPart,
    domain: domain === '' ? null : domain,
    shortDomain: prefix === '' || domain !== '' ? null : prefix,
  };
}

/** Who is meant, or null when nobody or not exactly one user is. `primaryDomain` settles bare names several domains have. */
export async function resolveSignInName(
  directory: DirectoryStore,
  name: SignInName,
  primaryDomain: string | null,
): Promise<User | null> {
  if (name.domain !== null) return directory.user(name.localPart, name.domain);
  if (name.shortDomain !== null) {
    const exact = await directory.user(name.localPart, name.shortDomain);
    if (exact !== null) return exact;
    const label = `${name.shortDomain}.`;
    const users = await directory.usersByLocalPart(name.localPart);
    return onlyOne(users.filter((user) => user.domain.startsWith(label)));
  }
  const users = await directory.usersByLocalPart(name.localPart);
  if (users.length < 2) return onlyOne(users);
  return users.find((user) => user.domain === primaryDomain?.toLowerCase()) ?? null;
}

/**
 * The one name of somebody whom nobody has, however it was spelled: a domain that is served in all the ways that a user's may be
 * written. Who counts what such a name has failed sees no difference to a user's then.
 */
export async function unknownName(
  directory: Pick<DirectoryStore, 'users'>,
  { localPart, domain, shortDomain }: SignInName,
  primaryDomain: string | null,
): Promise<string> {
  if (domain !== null) return addressOf({ localPart, domain });
  const served = [...new Set((await directory.users()).map((user) => user.domain))];
  if (shortDomain === null) {
    const [only, another] = served;
    const meant = another === undefined ? only : primaryDomain?.toLowerCase();
    return `${localPart}@${meant ?? ''}`;
  }
  const begun = served.filter((one) => one === shortDomain || one.startsWith(`${shortDomain}.`));
  return `${localPart}@${begun.length === 1 ? begun[0] : shortDomain}`;
}

function onlyOne(users: readonly User[]): User | null {
  return users.length === 1 ? users[0]! : null;
}

function decodeUrlParts(name: string): string {
  return name.replace(/%(20|40|5c)/gi, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
}
