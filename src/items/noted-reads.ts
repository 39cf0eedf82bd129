import type { FolderId } from '../domain/folder.ts';
import type { MailboxReader } from '../store/mailbox-store.ts';

/** The same reader, which tells of each folder whose items are read. */
export function notedReads(reader: MailboxReader, note: (folderId: FolderId) => void): MailboxReader {
  const noting = <A extends readonly unknown[], R>(read: (folderId: FolderId, ...rest: A) => R) => {
    return (folderId: FolderId, ...rest: A): R => {
      note(folderId);
      return read(folderId, ...rest);
    };
  };
  return {
    mailbox: () => reader.mailbox(),
    folders: () => reader.folders(),
    folder: (id) => reader.folder(id),
    folderByName: (home, parentId, name) => reader.folderByName(home, parentId, name),
    item: (id) => reader.item(id),
    // Asked before every write as well, so it says nothing of reading.
    itemByName: (folderId, name) => reader.itemByName(folderId, name),
    itemsByUid: (uid, folderId) => reader.itemsByUid(uid, folderId),
    list: noting((folderId, query: Parameters<MailboxReader['list']>[1]) => reader.list(folderId, query)),
    itemsByNames: noting((folderId, names: readonly string[], withContent: boolean) =>
      reader.itemsByNames(folderId, names, withContent),
    ),
    changes: noting((folderId, since: number, limit: number, withContent: boolean, floor?: number) =>
      reader.changes(folderId, since, limit, withContent, floor),
    ),
    folderChanges: (since, limit, floor) => reader.folderChanges(since, limit, floor),
    content: (id, range) => reader.content(id, range),
  };
}
