import type { FolderId } from '../../domain/folder.ts';
import type { Item, ItemId } from '../../domain/item.ts';
import type { AppPasswordWriter } from '../app-password-store.ts';
import type { DeviceWriter } from '../device-store.ts';
import type { MailboxWriter } from '../mailbox-store.ts';
import { itemNotFound } from '../refusals.ts';
import type { CommandList, JournalEntry, SyncReader, SyncWriter } from '../sync-state-store.ts';
import { type MailboxDraft, partnershipKey } from './mailbox-state.ts';
import { commandKey } from './partnership-reads.ts';
import { stampFolder } from './stamps.ts';

type PartnershipWrites = Omit<
  SyncWriter,
  keyof SyncReader | keyof MailboxWriter | keyof DeviceWriter | keyof AppPasswordWriter | 'signed'
>;

/** What a partnership writes, beside the mailbox itself. */
export function createPartnershipWrites(open: () => MailboxDraft): PartnershipWrites {
  return {
    restamp: async (id) => restamp(open(), id),
    async takePartnershipNumber() {
      const draft = open();
      const number = draft.row.nextPartnership;
      draft.row = { ...draft.row, nextPartnership: number + 1 };
      return number;
    },
    async putPartnership(partnership) {
      open().partnerships.set(partnershipKey(partnership.folderId, partnership.device), partnership);
    },
    removePartnership: async (folderId, device) => forgetPartnership(open(), folderId, device),
    putCommand: async (folderId, device, list, entry) => {
      const changed = listOf(open(), folderId, device, list).set(entry.name, entry);
      open().commands.set(commandKey(folderId, device, list), changed);
    },
    removeCommand: async (folderId, device, list, name) => {
      const changed = listOf(open(), folderId, device, list);
      changed.delete(name);
      open().commands.set(commandKey(folderId, device, list), changed);
    },
    clearCommands: async (folderId, device, list) => open().commands.delete(commandKey(folderId, device, list)),
    async keepConflictLoser(loser) {
      const draft = open();
      const id = draft.row.nextLoser;
      draft.row = { ...draft.row, nextLoser: id + 1 };
      draft.losers.set(id, { ...loser, id, content: loser.content.slice() });
    },
    async dropConflictLosers(before) {
      const old = [...open().losers.values()].filter((loser) => loser.at < before);
      for (const { id } of old) open().losers.delete(id);
      return old.length;
    },
  };
}

/** Takes out a partnership with its lists. */
export function forgetPartnership(draft: MailboxDraft, folderId: FolderId, device: string): void {
  draft.partnerships.delete(partnershipKey(folderId, device));
  draft.commands.delete(commandKey(folderId, device, 'journal'));
  draft.commands.delete(commandKey(folderId, device, 'carried'));
}

function listOf(draft: MailboxDraft, folderId: FolderId, device: string, list: CommandList): Map<string, JournalEntry> {
  return new Map(draft.commands.get(commandKey(folderId, device, list)));
}

function restamp(draft: MailboxDraft, id: ItemId): Item {
  const stored = draft.items.get(id);
  if (stored === undefined) throw itemNotFound(id);
  const item: Item = { ...stored.item, rev: stampFolder(draft, stored.item.folderId), by: null };
  draft.items.set(id, { ...stored, item });
  return item;
}
