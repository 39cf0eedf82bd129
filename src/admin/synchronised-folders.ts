import { folderIdsIn, foldersDocument } from '../devices/wipes.ts';
import type { FolderId } from '../domain/folder.ts';
import type { MailboxId } from '../domain/mailbox.ts';
import type { Device } from '../store/device-store.ts';
import type { Partnership, SyncReader } from '../store/sync-state-store.ts';
import type { SynchronisedFolder } from './calls/devices.ts';
import type { AdministrationParts } from './create-administration.ts';

interface SynchronisedParts {
  readonly mailboxId: MailboxId;
  readonly device: Device;
  readonly partnerships: readonly Partnership[];
  readonly nameOf: (id: FolderId) => string;
}

/**
 * One entry for each folder: of those with a state here, of which a device may have several, and of those that a client without
 * any read. A look that found nothing is no write, so it is remembered only while the server runs.
 */
export async function synchronisedOf(
  { activity }: AdministrationParts,
  reader: SyncReader,
  { mailboxId, device, partnerships, nameOf }: SynchronisedParts,
): Promise<SynchronisedFolder[]> {
  const kept = new Map<FolderId, number>();
  for (const { folderId, syncedAt = 0 } of partnerships) {
    kept.set(folderId, Math.max(syncedAt, kept.get(folderId) ?? 0));
  }
  const read = folderIdsIn(await reader.document(foldersDocument(device.id)));
  const present = new Set((await reader.folders()).map(({ id }) => id));
  const ids = new Set([...kept.keys(), ...read.filter((id) => present.has(id))]);
  return [...ids].map((folderId) => {
    const at = Math.max(kept.get(folderId) ?? 0, activity?.syncedAt(mailboxId, device.id, folderId) ?? 0);
    return { folderId, folder: nameOf(folderId), lastSyncAt: at === 0 ? null : at, hasState: kept.has(folderId) };
  });
}
