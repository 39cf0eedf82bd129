import { GatewayError } from '../domain/errors.ts';
import type { Folder, FolderPatch, NewFolder } from '../domain/folder.ts';
import { HOME_OF } from '../domain/item-class.ts';
import { CLIENT_ORIGIN, type Origin } from '../domain/mailbox.ts';
import { type Principal, rightsOn } from '../domain/principal.ts';
import type { MailboxWriter } from '../store/mailbox-store.ts';
import { checkName } from './names.ts';
import { requireRight } from './require-right.ts';
import type { ItemServices } from './services.ts';

export interface CreateFolderRequest extends Omit<NewFolder, 'role' | 'parentId'> {
  readonly principal: Principal;
  readonly parentId?: number | null;
  readonly origin?: Origin;
}

/**
 * Creates a folder in the principal's own mailbox.
 * @throws GatewayError 'access-denied', 'name-invalid', 'name-taken', 'too-many-results' (too many folders), 'item-too-large'
 */
export async function createFolder(services: ItemServices, request: CreateFolderRequest): Promise<Folder> {
  return services.store.write(request.principal.mailboxId, request.origin ?? CLIENT_ORIGIN, (tx) =>
    createFolderIn(tx, services, request),
  );
}

/** The same within a transaction of the principal's mailbox. */
export async function createFolderIn(
  tx: MailboxWriter,
  { limits }: Pick<ItemServices, 'limits'>,
  request: Omit<CreateFolderRequest, 'origin'>,
): Promise<Folder> {
  const { principal, itemClass, name, displayName, components, properties } = request;
  if (!rightsOn(principal, principal.mailboxId).has('write'))
    throw new GatewayError('access-denied', { right: 'write' });
  checkName(name);
  checkProperties(properties, limits.maxPropertyBytes);
  const limit = limits.maxFolders;
  const siblings = (await tx.folders()).filter((folder) => HOME_OF[folder.itemClass] === HOME_OF[itemClass]);
  if (siblings.length >= limit) {
    throw new GatewayError('too-many-results', { limit }, `There are ${limit} folders already; remove one first.`);
  }
  const parentId = request.parentId ?? null;
  return tx.createFolder({ parentId, itemClass, role: null, name, displayName, components, properties });
}

export interface UpdateFolderRequest {
  readonly principal: Principal;
  readonly folder: Folder;
  readonly patch: FolderPatch;
  readonly origin?: Origin;
}

/**
 * Changes names and properties. A default folder keeps its DAV name, which scripts and phones know; its shown name is free.
 * @throws GatewayError 'access-denied', 'name-invalid', 'name-taken', 'protected', 'item-too-large'
 */
export async function updateFolder(services: ItemServices, request: UpdateFolderRequest): Promise<Folder> {
  return services.store.write(request.folder.mailboxId, request.origin ?? CLIENT_ORIGIN, (tx) =>
    updateFolderIn(tx, services, request),
  );
}

/** The same within a transaction of the folder's mailbox. */
export async function updateFolderIn(
  tx: MailboxWriter,
  { limits }: Pick<ItemServices, 'limits'>,
  { principal, folder, patch }: Omit<UpdateFolderRequest, 'origin'>,
): Promise<Folder> {
  requireRight(principal, folder, 'write');
  if (patch.name !== undefined) {
    checkName(patch.name);
    if (folder.role !== null) throw defaultFolderStays(folder, 'renamed');
  }
  const updated = await tx.updateFolder(folder.id, patch);
  checkProperties(updated.properties, limits.maxPropertyBytes);
  return updated;
}

export interface DeleteFolderRequest {
  readonly principal: Principal;
  readonly folder: Folder;
  readonly origin?: Origin;
}

/**
 * Removes a folder with all it holds.
 * @throws GatewayError 'access-denied', 'folder-not-found', 'protected' for a default folder
 */
export async function deleteFolder(services: ItemServices, request: DeleteFolderRequest): Promise<void> {
  await services.store.write(request.folder.mailboxId, request.origin ?? CLIENT_ORIGIN, (tx) =>
    deleteFolderIn(tx, request),
  );
}

/** The same within a transaction of the folder's mailbox. */
export async function deleteFolderIn(
  tx: MailboxWriter,
  { principal, folder }: Omit<DeleteFolderRequest, 'origin'>,
): Promise<void> {
  requireRight(principal, folder, 'administer');
  if (folder.role !== null) throw defaultFolderStays(folder, 'removed');
  await tx.deleteFolder(folder.id);
}

function defaultFolderStays(folder: Folder, verb: string): GatewayError {
  return new GatewayError(
    'protected',
    { what: folder.name, reason: 'it is a default folder' },
    `${folder.name} is one of the folders that every mailbox has and cannot be ${verb}.`,
  );
}

function checkProperties(properties: Readonly<Record<string, string>>, limit: number): void {
  let size = 0;
  for (const [name, value] of Object.entries(properties)) size += Buffer.byteLength(name) + Buffer.byteLength(value);
  if (size > limit)
    throw new GatewayError('item-too-large', { size, limit }, 'The properties of the folder are too large.');
}
