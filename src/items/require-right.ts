import { GatewayError } from '../domain/errors.ts';
import type { Folder } from '../domain/folder.ts';
import { type Principal, type Right, rightsOn } from '../domain/principal.ts';

/**
 * Without any right on it a folder does not exist for the principal; with some, the missing one is named.
 * @throws GatewayError 'folder-not-found' | 'access-denied'
 */
export function requireRight(principal: Principal, folder: Folder, right: Right): void {
  const rights = rightsOn(principal, folder.mailboxId, folder);
  if (rights.has(right)) return;
  if (rights.size === 0) throw new GatewayError('folder-not-found', { folder: folder.name });
  throw new GatewayError('access-denied', { right }, `The right to ${right} ${folder.name} is missing.`);
}
