import { isWholeServer } from '../domain/admin-role.ts';
import type { Principal } from '../domain/principal.ts';
import type { User } from '../store/directory-store.ts';

/** A user as the one who asks, signed in or acted for. */
export function principalOf(user: User): Principal {
  const { id, localPart, domain, displayName, mailboxId } = user;
  return { userId: id, localPart, domain, displayName, mailboxId, isAdmin: isWholeServer(user.role) };
}
