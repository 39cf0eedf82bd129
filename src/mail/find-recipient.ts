import type { DirectoryStore, User } from '../store/directory-store.ts';
import { domainSpellings, readAddress } from './mail-address.ts';

/**
 * Whose mailbox here an address names, without regard to case; null when nobody's. `user+detail@domain` is `user@domain`'s
 * (RFC 5233 §1), unless somebody is called just so.
 */
export async function findRecipient(directory: Pick<DirectoryStore, 'user'>, address: string): Promise<User | null> {
  const parts = readAddress(address);
  if (typeof parts === 'string') return null;
  const localPart = unquote(parts.localPart).normalize('NFC').toLowerCase();
  const plus = localPart.indexOf('+');
  for (const name of plus > 0 ? [localPart, localPart.slice(0, plus)] : [localPart]) {
    for (const domain of domainSpellings(parts.domain)) {
      const user = await directory.user(name, domain);
      if (user !== null) return user;
    }
  }
  return null;
}

/** RFC 5321 §4.1.2: the quoted and the plain form of a local part are the same. */
function unquote(localPart: string): string {
  return localPart.startsWith('"') ? localPart.slice(1, -1).replace(/\\(.)/g, '$1') : localPart;
}
