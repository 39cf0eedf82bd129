import type { Clock } from '../../domain/clock.ts';
import type { MailboxId, Origin, Stamp } from '../../domain/mailbox.ts';
import type { DeviceRegister } from '../device-register.ts';
import type { CommittedChange, MailboxReader, MailboxStore, MailboxWriter } from '../mailbox-store.ts';
import { mailboxNotFound, unavailable } from '../refusals.ts';
import type { SearchIndex } from '../search-index.ts';
import { hourOf, hoursBefore } from '../stamp-hours.ts';
import type { SyncStateStore, SyncWriter } from '../sync-state-store.ts';
import type { UsageStore } from '../usage-store.ts';
import { createAppPasswordReads, createAppPasswordWrites } from './app-passwords.ts';
import { createMemoryDeviceRegister } from './device-register.ts';
import { createDeviceReads, createDeviceWrites } from './devices.ts';
import { createFolder, deleteFolder, updateFolder } from './folder-writes.ts';
import { createItem, deleteItem, moveItem, replaceContent, setFlags } from './item-writes.ts';
import { MailboxDraft, MailboxState } from './mailbox-state.ts';
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
): {
  mailboxes: MailboxStore;
  syncState: SyncStateStore;
  search: SearchIndex;
  devices: DeviceRegister;
  usage: UsageStore;
} {
  const states = new Map<MailboxId, MailboxState>();
  const tails = new Map<MailboxId, Promise<unknown>>();
  let nextMailbox = 1;
  let isOpen = true;

  const peek = (id: MailboxId): MailboxState | null => {
    if (!isOpen) throw unavailable('The store is closed.');
    return states.get(id) ?? null;
  };
  const stateOf = (id: MailboxId): MailboxState => {
    const state = peek(id);
    if (state === null) throw mailboxNotFound(id);
    return state;
  };
  const inTurn = <T>(id: MailboxId, job: () => Promise<T>): Promise<T> => {
    const turn = (tails.get(id) ?? Promise.resolve()).then(job);
    // The tail only orders; whoever called gets the rejection from `turn`.
    const tail = turn.then(
      () => undefined,
      () => undefined,
    );
    tails.set(id, tail);
    return turn;
  };

  const transact = <T>(id: MailboxId, origin: Origin, work: (tx: OpenTransaction) => Promise<T>): Promise<T> =>
    inTurn(id, async () => {
      const draft = new MailboxDraft(stateOf(id));
      const transaction = openTransaction(draft, origin, clock);
      const result = await work(transaction).finally(transaction.end);
      if (draft.row.head > stateOf(id).row.head) noteHour(draft, clock.now());
      draft.apply();
      for (const [folderId, stamp] of draft.touched) publish({ mailboxId: id, folderId, stamp, origin });
      return result;
    });
  const readerOf = (id: MailboxId): MailboxReader =>
    createMemoryReader(
      () => stateOf(id),
      () => peek(id),
    );

  const syncState: SyncStateStore = {
    read: (id) => ({
      ...readerOf(id),
      ...createPartnershipReads(() => stateOf(id)),
      ...createDeviceReads(() => peek(id)),
      ...createAppPasswordReads(() => peek(id)),
    }),
    write: (id, origin, work) => transact(id, origin, (tx) => work(tx.syncWriter())),
  };
  const mailboxes: MailboxStore = {
    read: readerOf,
    write: (id, origin, work) => transact(id, origin, (tx) => work(tx.writer())),
    async createMailbox() {
      if (!isOpen) throw unavailable('The store is closed.');
      const id = nextMailbox++;
      states.set(id, new MailboxState(id));
      return id;
    },
    setQuota: (id, { bytes, items }) =>
      inTurn(id, async () => {
        const state = stateOf(id);
        state.row = { ...state.row, quotaBytes: bytes, quotaItems: items };
      }),
    removeMailbox: (id) =>
      inTurn(id, async () => {
        stateOf(id);
        states.delete(id);
      }),
    prune: (id, upTo) => inTurn(id, async () => prune(stateOf(id), upTo)),
    async stampAt(id, before) {
      let highest: Stamp = 0;
      for (const [hour, stamp] of stateOf(id).hours.values()) {
        if (hour < hoursBefore(before)) highest = Math.max(highest, stamp);
      }
      return highest;
    },
    async verify(progress) {
      const found = [...states.values()].flatMap(verifyState);
      progress?.(states.size, states.size);
      return found;
    },
    async close() {
      isOpen = false;
    },
  };
  const devices = createMemoryDeviceRegister(() => [...states.keys()].map((id) => ({ id, view: stateOf(id) })));
  const usage = createMemoryUsage({ ids: () => states.keys(), stateOf, inTurn });
  return { mailboxes, syncState, search: createMemorySearchIndex(peek), devices, usage };
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
