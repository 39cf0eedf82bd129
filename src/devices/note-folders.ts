import { CLIENT_ORIGIN, type MailboxId } from '../domain/mailbox.ts';
import type { SyncStateStore } from '../store/sync-state-store.ts';
import { folderIdsIn, foldersDocument } from './wipes.ts';

/**
 * Notes which folders a client without any state here has read, so that it is known what it holds when it is to be wiped. Written
 * only when there is a new one.
 */
export async function noteFolders(
  syncState: SyncStateStore,
  mailboxId: MailboxId,
  device: string,
  folders: ReadonlySet<number>,
): Promise<void> {
  if (folders.size === 0) return;
  const name = foldersDocument(device);
  const known = new Set(folderIdsIn(await syncState.read(mailboxId).document(name)));
  if ([...folders].every((id) => known.has(id))) return;
  await syncState.write(mailboxId, CLIENT_ORIGIN, async (tx) => {
    // Of a client that was removed meanwhile nothing is kept.
    if ((await tx.deviceByAlias(device)) === null) return;
    const all = new Set([...folderIdsIn(await tx.document(name)), ...folders]);
    await tx.putDocument(name, [...all]);
  });
}
