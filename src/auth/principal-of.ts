import { isWholeServer } from '../domain/admin-role.ts';
import { appPasswordOf, type Principal } from '../domain/principal.ts';
import type { User } from '../store/directory-store.ts';

/** A user as the one who asks: signed in by a credential, or acted for. An app password makes nobody an administrator. */
export function principalOf(user: User, credential?: string): Principal {
  const { id, localPart, domain, displayName, mailboxId } = user;
  const isAdmin = isWholeServer(user.role) && appPasswordOf(credential) === null;
  const principal = { userId: id, localPart, domain, displayName, mailboxId, isAdmin };
  return credential === undefined ? principal : { ...principal, credential };
}
