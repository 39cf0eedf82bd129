import type { FolderId } from '../../domain/folder.ts';
import type { Stamp } from '../../domain/mailbox.ts';
import { folderNotFound } from '../refusals.ts';
import type { MailboxDraft } from './mailbox-state.ts';

/** The next value of the mailbox's counter. */
export function takeStamp(draft: MailboxDraft): Stamp {
  const head = draft.row.head + 1;
  draft.row = { ...draft.row, head };
  return head;
}

/** Takes a stamp for a write in a folder, whose `last` it becomes. */
export function stampFolder(draft: MailboxDraft, folderId: FolderId): Stamp {
  const stamp = takeStamp(draft);
  raiseFolder(draft, folderId, stamp);
  return stamp;
}

/** Makes `stamp` the folder's highest. */
export function raiseFolder(draft: MailboxDraft, folderId: FolderId, stamp: Stamp): void {
  const folder = draft.folders.get(folderId);
  if (folder === undefined) throw folderNotFound(folderId);
  draft.folders.set(folderId, { ...folder, last: stamp });
  draft.touched.set(folderId, stamp);
}
