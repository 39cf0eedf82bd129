import { ABOVE_ALL, compareEdges } from '../domain/edge.ts';
import type { FolderId } from '../domain/folder.ts';
import type { Item } from '../domain/item.ts';
import { DrainedReader } from '../items/drained/drained-reader.ts';
import { drainedRefusal } from '../items/drained/drained-store.ts';
import { type Drain, drainStamp } from '../items/drained/explanation.ts';
import type { MailboxReader } from '../store/mailbox-store.ts';
import type { EdgeRange, Partnership, SyncReader, SyncStateStore, SyncWriter } from '../store/sync-state-store.ts';

/**
 * The state of partnerships over a mailbox that a device is shown as emptied. What it holds of before is lost to it, so that it
 * begins again with key 0; partnerships and documents are kept as ever, items are not written.
 */
export function drainedState(store: SyncStateStore, drain: Drain): SyncStateStore {
  return {
    read: (mailboxId) => drainedSyncReader(store.read(mailboxId), drain),
    write: (mailboxId, origin, work) => store.write(mailboxId, origin, (tx) => work(drainedWriter(tx, drain))),
  };
}

/** Whether the device was told what stands in the emptied folder; that the answer arrived, its next request shows. */
export function isToldEmptied({ current }: Partnership, drain: Drain): boolean {
  return current.processed >= drainStamp(drain) && compareEdges(current.edge, ABOVE_ALL) !== 0;
}

function drainedSyncReader(real: SyncReader, drain: Drain): SyncReader {
  const view = new DrainedReader(real, drain, () => undefined);
  const between = async (folderId: FolderId, { low, high }: EdgeRange): Promise<Item[]> => {
    const { items } = await view.list(folderId, { limit: 500, withContent: false });
    const edgeOf = ({ filterKey, id }: Item) => ({ key: filterKey, id });
    return items
      .map(({ item }) => item)
      .filter((item) => compareEdges(edgeOf(item), low) >= 0 && compareEdges(edgeOf(item), high) < 0)
      .sort((a, b) => compareEdges(edgeOf(a), edgeOf(b)));
  };
  return {
    ...readsOf(view),
    feedRows: async () => [],
    logRowAt: async () => null,
    async itemsBetween(folderId, range, order, limit) {
      const items = await between(folderId, range);
      return (order === 'up' ? items : items.toReversed()).slice(0, limit);
    },
    hasItemBetween: async (folderId, range) => (await between(folderId, range)).length > 0,
    partnership: (folderId, device) => real.partnership(folderId, device),
    partnerships: (device) => real.partnerships(device),
    commands: (folderId, device, list) => real.commands(folderId, device, list),
    conflictLosers: () => real.conflictLosers(),
    deviceByAlias: (alias) => real.deviceByAlias(alias),
    devices: () => real.devices(),
    document: (name) => real.document(name),
    documents: (prefix) => real.documents(prefix),
    doneOperation: (name) => real.doneOperation(name),
    appPasswords: () => real.appPasswords(),
    appPassword: (id) => real.appPassword(id),
    appPasswordByDigest: (digest) => real.appPasswordByDigest(digest),
  };
}

function readsOf(view: MailboxReader): MailboxReader {
  return {
    mailbox: () => view.mailbox(),
    folders: () => view.folders(),
    folder: (id) => view.folder(id),
    folderByName: (home, parentId, name) => view.folderByName(home, parentId, name),
    item: (id) => view.item(id),
    itemByName: (folderId, name) => view.itemByName(folderId, name),
    itemsByUid: (uid, folderId) => view.itemsByUid(uid, folderId),
    list: (folderId, query) => view.list(folderId, query),
    itemsByNames: (folderId, names, withContent) => view.itemsByNames(folderId, names, withContent),
    changes: (folderId, since, limit, withContent) => view.changes(folderId, since, limit, withContent),
    folderChanges: (since, limit, floor) => view.folderChanges(since, limit, floor),
    content: (id, range) => view.content(id, range),
  };
}

function drainedWriter(tx: SyncWriter, drain: Drain): SyncWriter {
  const reader = drainedSyncReader(tx, drain);
  const refuse = async () => {
    throw drainedRefusal();
  };
  const items = {
    createFolder: refuse,
    updateFolder: refuse,
    deleteFolder: refuse,
    createItem: refuse,
    replaceContent: refuse,
    setFlags: refuse,
    moveItem: refuse,
    deleteItem: refuse,
  };
  return {
    ...reader,
    ...items,
    signed: () => ({ ...reader, ...items }),
    // Only asked for what the device is to be sent again; it has been told already what there is.
    async restamp(id) {
      const item = await reader.item(id);
      if (item === null) throw drainedRefusal();
      return item;
    },
    takePartnershipNumber: () => tx.takePartnershipNumber(),
    putPartnership: (partnership) => tx.putPartnership(partnership),
    removePartnership: (folderId, device) => tx.removePartnership(folderId, device),
    putCommand: (folderId, device, list, entry) => tx.putCommand(folderId, device, list, entry),
    removeCommand: (folderId, device, list, name) => tx.removeCommand(folderId, device, list, name),
    clearCommands: (folderId, device, list) => tx.clearCommands(folderId, device, list),
    keepConflictLoser: (loser) => tx.keepConflictLoser(loser),
    dropConflictLosers: (before) => tx.dropConflictLosers(before),
    putDevice: (device) => tx.putDevice(device),
    removeDevice: (id) => tx.removeDevice(id),
    putDocument: (name, value) => tx.putDocument(name, value),
    putDoneOperation: (operation) => tx.putDoneOperation(operation),
    removeDoneOperation: (name) => tx.removeDoneOperation(name),
    dropDoneOperations: (before) => tx.dropDoneOperations(before),
    putAppPassword: (password) => tx.putAppPassword(password),
    removeAppPassword: (id) => tx.removeAppPassword(id),
  };
}
