import { principalOf } from '../auth/principal-of.ts';
import { GatewayError } from '../domain/errors.ts';
import type { Folder } from '../domain/folder.ts';
import { folderWithRole } from '../domain/folder-tree.ts';
import { HOME_OF } from '../domain/item-class.ts';
import { createFolder, updateFolder } from '../items/folders.ts';
import type { User } from '../store/directory-store.ts';
import type { Administration } from './administration.ts';
import type { FolderSummary } from './calls/folders.ts';
import type { FolderWish } from './calls/transfer.ts';
import type { AdministrationParts } from './create-administration.ts';
import { requireUser } from './users.ts';

/** The calls about folders. */
export function folderCalls(parts: AdministrationParts): Pick<Administration, 'folderList' | 'importFolder'> {
  const { mailboxes } = parts.stores;
  return {
    async folderList({ address }) {
      const user = await requireUser(parts, address);
      return (await mailboxes.read(user.mailboxId).folders()).map(summaryOf);
    },

    async importFolder({ address, folder: wish }) {
      const user = await requireUser(parts, address);
      const found = findFolder(await mailboxes.read(user.mailboxId).folders(), wish);
      if (found !== null) return { folder: summaryOf(await fill(parts, user, found, wish)), created: false };
      const { itemClass, parentId, name, displayName, components, properties } = wish;
      const request = { itemClass, parentId, name, displayName, components, properties };
      const origin = { kind: 'import', by: null } as const;
      const folder = await createFolder(parts.services, { ...request, principal: principalOf(user), origin });
      return { folder: summaryOf(folder), created: true };
    },
  };
}

/**
 * The DAV name is asked before the shown one, and exact spelling before any case: a name is found as long as one folder
 * of the home can be meant.
 */
function findFolder(folders: readonly Folder[], wish: FolderWish): Folder | null {
  if (wish.role !== null) {
    const folder = folderWithRole(folders, wish.role);
    if (folder !== null) return folder;
    const item = wish.role;
    throw new GatewayError('folder-not-found', { folder: item }, `The mailbox has no default folder ${item}.`);
  }
  const home = HOME_OF[wish.itemClass];
  const siblings = folders.filter((folder) => HOME_OF[folder.itemClass] === home && folder.parentId === wish.parentId);
  const wanted = wish.name.normalize('NFC');
  const same = (name: string | null) => name?.toLowerCase() === wanted.toLowerCase();
  const byName = siblings.find(({ name }) => name === wanted);
  return (
    byName ?? siblings.find(({ displayName }) => same(displayName)) ?? siblings.find(({ name }) => same(name)) ?? null
  );
}

/** What an export knows about a folder and the one found does not; what the owner chose meanwhile stays. */
async function fill(parts: AdministrationParts, user: User, folder: Folder, wish: FolderWish): Promise<Folder> {
  const missing = Object.entries(wish.properties).filter(([name]) => folder.properties[name] === undefined);
  const isUnnamed = folder.displayName === null && wish.displayName !== null;
  if (missing.length === 0 && !isUnnamed) return folder;
  const patch = {
    ...(isUnnamed ? { displayName: wish.displayName } : {}),
    ...(missing.length > 0 ? { properties: Object.fromEntries(missing) } : {}),
  };
  const origin = { kind: 'import', by: null } as const;
  return updateFolder(parts.services, { principal: principalOf(user), folder, patch, origin });
}

function summaryOf(folder: Folder): FolderSummary {
  const { id, parentId, itemClass, role, name, displayName, components, properties } = folder;
  return { id, parentId, itemClass, role, name, displayName, components, properties };
}
