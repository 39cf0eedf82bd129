import type { Clock } from '../../domain/clock.ts';
import type { MailboxId, Origin, Stamp } from '../../domain/mailbox.ts';
import type { CommittedChange, MailboxReader, MailboxStore, MailboxWriter } from '../mailbox-store.ts';
import { hourOf, hoursBefore } from '../stamp-hours.ts';
import type { Stores } from '../stores.ts';
import type { SyncStateStore, SyncWriter } from '../sync-state-store.ts';
import { createAppPasswordReads, createAppPasswordWrites } from './app-passwords.ts';
import { createMemoryDeviceActivity } from './device-activity.ts';
import { createMemoryDeviceRegister } from './device-register.ts';
import { createDeviceReads, createDeviceWrites } from './devices.ts';
import { createFolder, deleteFolder, updateFolder } from './folder-writes.ts';
import { createItem, deleteItem, moveItem, replaceContent, setFlags } from './item-writes.ts';
import { MailboxDraft, type MailboxState } from './mailbox-state.ts';
import { MailboxStates } from './mailbox-states.ts';
import { createPartnershipReads } from './partnership-reads.ts';
import { createPartnershipWrites } from './partnership-writes.ts';
import { createMemoryReader } from './reader.ts';
import { createMemorySearchIndex } from './search-index.ts';
import { createMemoryUsage } from './usage.ts';
import { verifyState } from './verify.ts';

/** Mailboxes in memory. Writes of one mailbox run one after another; a failing one leaves nothing. */
export function createMemoryMailboxes(
  clock: Clock,
  publish: (change: CommittedChange) => void,
): Pick<Stores, 'mailboxes' | 'syncState' | 'search' | 'devices' | 'deviceActivity' | 'usage'> {
  const states = new MailboxStates();
  const stateOf = (id: MailboxId) => states.of(id);
  const peek = (id: MailboxId) => states.peek(id);
  const transact: Transact = (id, origin, work) =>
    states.inTurn(id, async () => {
      const draft = new MailboxDraft(stateOf(id));
      const transaction = openTransaction(draft, origin, clock);
      const result = await work(transaction).finally(transaction.end);
      if (draft.row.head > stateOf(id).row.head) noteHour(draft, clock.now());
      draft.apply();
      for (const [folderId, stamp] of draft.touched) publish({ mailboxId: id, folderId, stamp, origin });
      return result;
    });
  const syncState: SyncStateStore = {
    read: (id) => ({
      ...readerOf(states, id),
      ...createPartnershipReads(() => stateOf(id)),
      ...createDeviceReads(() => peek(id)),
      ...createAppPasswordReads(() => peek(id)),
    }),
    write: (id, origin, work) => transact(id, origin, (tx) => work(tx.syncWriter())),
  };
  const devices = createMemoryDeviceRegister(() => states.ids.map((id) => ({ id, view: stateOf(id) })));
  const usage = createMemoryUsage(states);
  return {
    mailboxes: mailboxStore(states, transact),
    syncState,
    search: createMemorySearchIndex(peek),
    devices,
    deviceActivity: createMemoryDeviceActivity(states),
    usage,
  };
}

type Transact = <T>(id: MailboxId, origin: Origin, work: (tx: OpenTransaction) => Promise<T>) => Promise<T>;

function mailboxStore(states: MailboxStates, transact: Transact): MailboxStore {
  return {
    read: (id) => readerOf(states, id),
    write: (id, origin, work) => transact(id, origin, (tx) => work(tx.writer())),
    async createMailbox() {
      return states.create();
    },
    setQuota: (id, { bytes, items }) =>
      states.inTurn(id, async () => {
        const state = states.of(id);
        state.row = { ...state.row, quotaBytes: bytes, quotaItems: items };
      }),
    removeMailbox: (id) => states.inTurn(id, async () => states.remove(id)),
    prune: (id, upTo) => states.inTurn(id, async () => prune(states.of(id), upTo)),
    async stampAt(id, before) {
      let highest: Stamp = 0;
      for (const [hour, stamp] of states.of(id).hours.values()) {
        if (hour < hoursBefore(before)) highest = Math.max(highest, stamp);
      }
      return highest;
    },
    async verify(progress) {
      const { ids } = states;
      const found = ids.flatMap((id) => verifyState(states.of(id)));
      progress?.(ids.length, ids.length);
      return found;
    },
    async close() {
      states.close();
    },
  };
}

function readerOf(states: MailboxStates, id: MailboxId): MailboxReader {
  return createMemoryReader(
    () => states.of(id),
    () => states.peek(id),
  );
}

type OpenTransaction = ReturnType<typeof openTransaction>;

/** Writers over a draft, which refuse to be used once `end` was called. */
function openTransaction(draft: MailboxDraft, { by }: Origin, clock: Clock) {
  let isOver = false;
  const open = (): MailboxDraft => {
    if (isOver) throw new TypeError('This transaction is over; its writer cannot be used any more.');
    return draft;
  };
  const signed = (signer: number | null): MailboxWriter => createWriter(open, signer, clock);
  return {
    writer: (): MailboxWriter => signed(by),
    syncWriter: (): SyncWriter => ({
      ...signed(by),
      ...createPartnershipReads(open),
      ...createPartnershipWrites(open),
      ...createDeviceReads(open),
      ...createDeviceWrites(open),
      ...createAppPasswordReads(open),
      ...createAppPasswordWrites(open),
      signed,
    }),
    end: () => {
      isOver = true;
    },
  };
}

function createWriter(open: () => MailboxDraft, by: number | null, clock: Clock): MailboxWriter {
  return {
    ...createMemoryReader(open, open),
    createFolder: async (folder) => createFolder(open(), folder, clock.now()),
    updateFolder: async (id, patch) => updateFolder(open(), id, patch),
    deleteFolder: async (id) => deleteFolder(open(), id, by),
    createItem: async (item) => createItem(open(), item, by, clock.now()),
    replaceContent: async (id, content) => replaceContent(open(), id, content, by, clock.now()),
    setFlags: async (id, flags) => setFlags(open(), id, flags, by, clock.now()),
    moveItem: async (id, folderId, name) => moveItem(open(), id, { folderId, name }, by),
    deleteItem: async (id) => deleteItem(open(), id, by),
  };
}

function noteHour(draft: MailboxDraft, now: number): void {
  const hour = hourOf(now, draft.row.lastHour);
  draft.hours.set(hour, [hour, draft.row.head]);
  draft.row = { ...draft.row, lastHour: hour };
}

function prune(state: MailboxState, upTo: Stamp): number {
  let rows = 0;
  for (const [key, row] of state.presence) {
    if (row.stamp > upTo) continue;
    rows += 1;
    state.presence.delete(key);
    const folder = state.folders.get(row.folderId);
    if (folder !== undefined) state.folders.set(folder.id, { ...folder, pruned: Math.max(folder.pruned, row.stamp) });
  }
  for (const stamp of [...state.folderLog.keys()]) {
    if (stamp > upTo) continue;
    rows += 1;
    state.folderLog.delete(stamp);
    state.row = { ...state.row, foldersPruned: Math.max(state.row.foldersPruned, stamp) };
  }
  return rows;
}
