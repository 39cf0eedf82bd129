import type { Clock } from '../domain/clock.ts';
import { CLIENT_ORIGIN, type MailboxId } from '../domain/mailbox.ts';
import type { Log } from '../observe/log.ts';
import type { AppPassword } from '../store/app-password-store.ts';
import type { Device, DeviceWipe, WipeMethod } from '../store/device-store.ts';
import type { SyncStateStore, SyncWriter } from '../store/sync-state-store.ts';
import { revokeAppPasswordsOf, tellRevoked } from './app-passwords.ts';
import { isWiped, toldOfWipe, wipeAnswered, wipeSent, wipeUnderWay } from './wipe.ts';
import { type WipeLog, wipeLog } from './wipe-log.ts';

export interface WipesParts {
  readonly syncState: SyncStateStore;
  readonly clock: Clock;
  /** Of security. */
  readonly log: Log;
}

/** Which device, in which mailbox. */
export interface WipeTarget {
  readonly mailboxId: MailboxId;
  /** Its id. */
  readonly device: string;
  /** Where it comes from now. */
  readonly remoteAddress: string;
}

/** What becomes of a wipe while its device comes for it. Each is one transaction and gives the wipe as it then is; null: there is none. */
export interface Wipes {
  /** The device came with something else and is told to come for its wipe. */
  told(target: WipeTarget): Promise<DeviceWipe | null>;
  /** To be called before the directive, or the first emptied folder, is sent: from then on nobody can take it back. */
  sent(target: WipeTarget, method: WipeMethod): Promise<DeviceWipe | null>;
  /** The device said what became of it, or has fetched all its folders emptied. */
  answered(target: WipeTarget, isDone: boolean): Promise<DeviceWipe | null>;
  /**
   * The device has been given these folders emptied; once it has been given all that it synchronises it is wiped.
   * @param folders Names of what it synchronises, as in its document of folders.
   */
  emptied(target: WipeTarget, folders: readonly number[]): Promise<DeviceWipe | null>;
}

/** The folders that a client which keeps no state here has read. */
export function foldersDocument(deviceId: string): string {
  return `${deviceId}/folders`;
}

/** Of those, the ones that it was given emptied. */
function emptiedDocument(deviceId: string): string {
  return `${deviceId}/emptied`;
}

/** The numbers in such a document. */
export function folderIdsIn(document: unknown): readonly number[] {
  return Array.isArray(document) ? document.filter((id): id is number => typeof id === 'number') : [];
}

export function createWipes(parts: WipesParts): Wipes {
  return new StoredWipes(parts);
}

class StoredWipes implements Wipes {
  readonly #parts: WipesParts;
  readonly #log: WipeLog;

  constructor(parts: WipesParts) {
    this.#parts = parts;
    this.#log = wipeLog(parts.log);
  }

  async told(target: WipeTarget): Promise<DeviceWipe | null> {
    const { before, after } = await this.#change(target, (device, at) => toldOfWipe(device, at));
    if (after?.wipe?.method === 'drain' && before?.wipe?.method !== 'drain') this.#log.drained(after);
    return wipeIn(after);
  }

  async sent(target: WipeTarget, method: WipeMethod): Promise<DeviceWipe | null> {
    const { before, after } = await this.#change(target, (device, at) => wipeSent(device, at, method));
    if (after !== null && before?.wipe?.sentAt === null && after.wipe?.sentAt !== null) this.#log.sent(after);
    return wipeIn(after);
  }

  async answered(target: WipeTarget, isDone: boolean): Promise<DeviceWipe | null> {
    const { remoteAddress } = target;
    const change = await this.#change(target, (device, at) => wipeAnswered(device, { isDone, at, remoteAddress }));
    this.#tellAnswer(change);
    return change.after?.wipe ?? null;
  }

  async emptied(target: WipeTarget, folders: readonly number[]): Promise<DeviceWipe | null> {
    const { remoteAddress } = target;
    const change = await this.#change(target, async (device, at, tx) => {
      const name = emptiedDocument(device.id);
      const emptied = new Set([...folderIdsIn(await tx.document(name)), ...folders]);
      const present = new Set((await tx.folders()).map(({ id }) => id));
      const known = folderIdsIn(await tx.document(foldersDocument(device.id)));
      if (known.every((id) => emptied.has(id) || !present.has(id))) {
        return wipeAnswered(device, { isDone: true, at, remoteAddress });
      }
      await tx.putDocument(name, [...emptied]);
      return device;
    });
    this.#tellAnswer(change);
    return change.after?.wipe ?? null;
  }

  #tellAnswer({ before, after, ended }: Changed): void {
    if (after === null || after === before) return;
    if (after.wipe?.state === 'failed') this.#log.failed(after);
    if (after.wipe?.state !== 'acknowledged') return;
    this.#log.done(after);
    tellRevoked(this.#parts.log, ended, 'its device was wiped');
  }

  async #change(
    { mailboxId, device: id }: WipeTarget,
    change: (device: Device, at: number, tx: SyncWriter) => Device | Promise<Device>,
  ): Promise<Changed> {
    const at = this.#parts.clock.now();
    return this.#parts.syncState.write(mailboxId, CLIENT_ORIGIN, async (tx) => {
      const before = await tx.deviceByAlias(id);
      if (before === null || wipeUnderWay(before) === null) return { before, after: before, ended: [] };
      const after = await change(before, at, tx);
      const ended = isWiped(after) ? await forgetWiped(tx, after.id, at) : [];
      if (after !== before) await tx.putDevice(after);
      return { before, after, ended };
    });
  }
}

interface Changed {
  readonly before: Device | null;
  readonly after: Device | null;
  /** App passwords that ended with it. */
  readonly ended: readonly AppPassword[];
}

function wipeIn(device: Device | null): DeviceWipe | null {
  return device === null ? null : wipeUnderWay(device);
}

/** A device that was wiped holds nothing and signs in with nothing of its own: all that goes in the same transaction. */
async function forgetWiped(tx: SyncWriter, id: string, at: number): Promise<readonly AppPassword[]> {
  const ended = await revokeAppPasswordsOf(tx, id, at);
  await tx.removeDevice(id);
  return ended;
}
