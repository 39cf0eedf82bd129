import { addressOf } from '../domain/address.ts';
import { type AdminRole, isWholeServer } from '../domain/admin-role.ts';
import { GatewayError } from '../domain/errors.ts';
import type { User, UserId } from './directory-store.ts';

/**
 * Refuses to leave a server without an administrator of the whole of it: nobody could make another one but at its console.
 * @param role What the user has afterwards; null also for one who is removed.
 * @throws GatewayError 'protected'
 */
export function keepAdministrator(users: readonly User[], id: UserId, role: AdminRole | null): void {
  const others = users.filter((user) => user.id !== id);
  const user = users.find((one) => one.id === id);
  if (user === undefined || !isWholeServer(user.role) || isWholeServer(role)) return;
  if (others.some((other) => isWholeServer(other.role))) return;
  const what = addressOf(user);
  const reason = 'nobody else may administer the whole server';
  throw new GatewayError(
    'protected',
    { what, reason },
    `${what} stays an administrator: ${reason}. Make somebody else one first ("user role").`,
  );
}

export function userNotFound(id: UserId): GatewayError<'item-not-found'> {
  return new GatewayError('item-not-found', { item: `user ${id}` }, `User ${id} does not exist.`);
}
