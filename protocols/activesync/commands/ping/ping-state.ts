import { z } from 'zod';
import { CLIENT_ORIGIN, type MailboxId } from '../../../../src/domain/mailbox.ts';
import type { SyncReader } from '../../../../src/store/sync-state-store.ts';
import { openSource } from '../../../../src/sync/source.ts';
import type { EasEnvironment } from '../../environment.ts';
import { partnershipDevice } from '../../translate/view.ts';
import type { Waiter, Watched } from '../../waiting/watched.ts';

/** What is kept between Pings of a device, as the document `<device>/ping`. */
export interface PingState {
  readonly seconds: number | null;
  readonly folders: readonly string[] | null;
  /** By collections that the device does not synchronise: the stamp up to which it was told of them. */
  readonly told: Readonly<Record<string, number>>;
  /** The policy for which it was sent to FolderSync last. */
  readonly sentFor?: string | undefined;
}

const SCHEMA = z.object({
  seconds: z.number().nullable(),
  folders: z.array(z.string()).nullable(),
  told: z.record(z.string(), z.number()),
  sentFor: z.string().optional(),
});

const NOTHING: PingState = { seconds: null, folders: null, told: {} };

export async function readPingState(reader: SyncReader, deviceId: string): Promise<PingState> {
  const document = await reader.document(documentName(deviceId));
  return document === null ? NOTHING : SCHEMA.parse(document);
}

/** Keeps what a Ping watches, and how long; an unchanged one costs no write. */
export async function keepPing(
  { sync: { store } }: Pick<EasEnvironment, 'sync'>,
  mailboxId: MailboxId,
  deviceId: string,
  { seconds, folders }: Pick<PingState, 'seconds' | 'folders'>,
): Promise<void> {
  const before = await readPingState(store.read(mailboxId), deviceId);
  if (JSON.stringify([before.seconds, before.folders]) === JSON.stringify([seconds, folders])) return;
  await store.write(mailboxId, CLIENT_ORIGIN, async (tx) => {
    const { told, ...state } = await readPingState(tx, deviceId);
    const stillWatched = Object.fromEntries(Object.entries(told).filter(([id]) => folders?.includes(id)));
    await tx.putDocument(documentName(deviceId), { ...state, seconds, folders, told: stillWatched });
  });
}

/** Notes that the device is sent to FolderSync for a policy. False when it was before. */
export async function noteSent(
  { sync: { store } }: Pick<EasEnvironment, 'sync'>,
  mailboxId: MailboxId,
  deviceId: string,
  policy: string,
): Promise<boolean> {
  const before = await readPingState(store.read(mailboxId), deviceId);
  if (before.sentFor === policy) return false;
  return store.write(mailboxId, CLIENT_ORIGIN, async (tx) => {
    const state = await readPingState(tx, deviceId);
    await tx.putDocument(documentName(deviceId), { ...state, sentFor: policy });
    return true;
  });
}

/** Notes that the device is told of these, as far as it does not synchronise them: of the others its sync state knows better. */
export async function noteTold(waiter: Waiter, changed: readonly Watched[]): Promise<void> {
  const { environment, principal, deviceId } = waiter;
  const { store } = environment.sync;
  const strangers = await unsynchronised(store.read(principal.mailboxId), deviceId, changed);
  if (strangers.length === 0) return;
  await store.write(principal.mailboxId, CLIENT_ORIGIN, async (tx) => {
    const state = await readPingState(tx, deviceId);
    const told = { ...state.told };
    for (const watched of await unsynchronised(tx, deviceId, changed)) {
      const source = await openSource(tx, watched);
      if (source !== null) told[watched.id] = source.last;
    }
    await tx.putDocument(documentName(deviceId), { ...state, told });
  });
}

async function unsynchronised(reader: SyncReader, deviceId: string, changed: readonly Watched[]): Promise<Watched[]> {
  const found: Watched[] = [];
  for (const watched of changed) {
    const partnership = await reader.partnership(watched.folderId, partnershipDevice(deviceId, watched));
    if (partnership === null) found.push(watched);
  }
  return found;
}

function documentName(deviceId: string): string {
  return `${deviceId}/ping`;
}
