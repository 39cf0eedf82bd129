import type { Clock } from '../domain/clock.ts';
import { GatewayError } from '../domain/errors.ts';
import { CLIENT_ORIGIN, type MailboxId, type Origin } from '../domain/mailbox.ts';
import { acting } from '../observe/acting.ts';
import type { Log } from '../observe/log.ts';
import { inLog } from '../observe/log-names.ts';
import type { Device, DeviceReader } from '../store/device-store.ts';
import type { DirectoryStore } from '../store/directory-store.ts';
import type { SyncStateStore } from '../store/sync-state-store.ts';
import { type PoliciesInForce, policiesInForce, policyFor } from './policy-in-force.ts';
import type { TextSeal } from './sealed-text.ts';
import { isWiped } from './wipe.ts';

/** The setting of policies that lets a device deposit one (MS-ASPROV §2.2.2.39). */
const SETTING = 'PasswordRecoveryEnabled';

const SERVER_ORIGIN: Origin = { kind: 'server', by: null };

export interface RecoveryPasswordsParts {
  readonly syncState: SyncStateStore;
  readonly directory: DirectoryStore;
  readonly clock: Clock;
  readonly log: Log;
  readonly seal: TextSeal;
}

/** A password with which a device can be unlocked whose own was forgotten; the device made it. */
export interface RecoveryPassword {
  readonly password: string;
  /** Milliseconds since 1970. */
  readonly depositedAt: number;
}

/**
 * The passwords that devices deposit for the day on which their owner forgets the one that unlocks them
 * (docs/decisions/0023-recovery-passwords.md). One for each device, sealed; there for as long as the policy in force for the device
 * asks for it, and no longer than the device.
 */
export interface RecoveryPasswords {
  /** Whether the policy in force lets this device deposit one. */
  areKeptFor(device: Device): Promise<boolean>;
  /**
   * Keeps it in place of the one before; '' takes that away. To be asked of a device for which they are kept.
   * @throws GatewayError 'store-unavailable' when the device was removed or wiped meanwhile
   */
  deposit(mailboxId: MailboxId, device: Device, password: string): Promise<void>;
  /** When the present one came; null: there is none, or none is to be kept any more. Costs one small read, opens nothing. */
  depositedAt(mailboxId: MailboxId, device: Device): Promise<number | null>;
  /**
   * The password itself. Whoever shows it says so in the log.
   * @throws GatewayError 'item-not-found' where there is none, none is to be kept any more, or its key is gone
   */
  read(mailboxId: MailboxId, device: Device): Promise<RecoveryPassword>;
  /** Forgets those of a mailbox for which no policy asks any more; gives how many. */
  forgetUnasked(mailboxId: MailboxId): Promise<number>;
}

export function createRecoveryPasswords(parts: RecoveryPasswordsParts): RecoveryPasswords {
  return new SealedRecoveryPasswords(parts);
}

interface Kept {
  readonly sealed: string;
  readonly depositedAt: number;
}

class SealedRecoveryPasswords implements RecoveryPasswords {
  readonly #parts: RecoveryPasswordsParts;

  constructor(parts: RecoveryPasswordsParts) {
    this.#parts = parts;
  }

  async areKeptFor(device: Device): Promise<boolean> {
    return isAskedOf(device, await this.#policies());
  }

  async deposit(mailboxId: MailboxId, device: Device, password: string): Promise<void> {
    const { syncState, clock, log, seal } = this.#parts;
    const { id, owner, shownId } = device;
    const kept: Kept | null =
      password === '' ? null : { sealed: seal.seal(password, about(mailboxId, id)), depositedAt: clock.now() };
    await syncState.write(mailboxId, CLIENT_ORIGIN, async (tx) => {
      const present = await tx.deviceByAlias(id);
      // What is left behind here would be the next device's of that name.
      if (present === null || isWiped(present)) throw goneMeanwhile(shownId);
      await tx.putDocument(documentOf(id), kept);
    });
    const { address } = acting();
    const message = kept === null ? 'device took its recovery password away' : 'device deposited a recovery password';
    inLog(log, 'security').info({ user: owner, device: shownId, address }, message);
  }

  async depositedAt(mailboxId: MailboxId, device: Device): Promise<number | null> {
    if (!(await this.areKeptFor(device))) return null;
    return (await this.#kept(mailboxId, device))?.depositedAt ?? null;
  }

  async read(mailboxId: MailboxId, device: Device): Promise<RecoveryPassword> {
    if (!(await this.areKeptFor(device))) {
      throw missing(device, `the policy in force for it does not ask for one (${SETTING}); "policy set" changes that`);
    }
    const kept = await this.#kept(mailboxId, device);
    if (kept === null) throw missing(device, 'it has not deposited one since its policy asks for it');
    const password = this.#parts.seal.open(kept.sealed, about(mailboxId, device.id));
    if (password !== null) return { password, depositedAt: kept.depositedAt };
    throw missing(
      device,
      'what it deposited was sealed with another key than recovery.key; bring that file back from a backup, or let the device deposit another',
    );
  }

  async forgetUnasked(mailboxId: MailboxId): Promise<number> {
    const { syncState, log } = this.#parts;
    const policies = await this.#policies();
    const unasked = (await syncState.read(mailboxId).devices()).filter((device) => !isAskedOf(device, policies));
    let count = 0;
    for (const device of unasked) {
      if ((await this.#kept(mailboxId, device)) === null) continue;
      await syncState.write(mailboxId, SERVER_ORIGIN, (tx) => tx.putDocument(documentOf(device.id), null));
      const { owner: user, shownId } = device;
      inLog(log, 'security').info(
        { user, device: shownId, why: 'no policy asks for it' },
        'recovery password forgotten',
      );
      count += 1;
    }
    return count;
  }

  #policies(): Promise<PoliciesInForce> {
    return policiesInForce(this.#parts.directory, this.#parts.log);
  }

  async #kept(mailboxId: MailboxId, { id }: Device): Promise<Kept | null> {
    const reader: DeviceReader = this.#parts.syncState.read(mailboxId);
    return (await reader.document(documentOf(id))) as Kept | null;
  }
}

function isAskedOf(device: Device, policies: PoliciesInForce): boolean {
  return policyFor(policies, device).policy.settings[SETTING] === '1';
}

/** A document of the device's: forgotten with it, when it is removed and when it was wiped. */
function documentOf(deviceId: string): string {
  return `${deviceId}/recovery-password`;
}

function about(mailboxId: MailboxId, deviceId: string): readonly (string | number)[] {
  return ['recovery-password', mailboxId, deviceId];
}

function missing({ shownId }: Device, reason: string): GatewayError {
  const message = `There is no recovery password of ${shownId}: ${reason}.`;
  return new GatewayError('item-not-found', { item: shownId }, message);
}

function goneMeanwhile(device: string): GatewayError {
  const reason = `the device ${device} was removed or wiped meanwhile`;
  return new GatewayError('store-unavailable', { reason });
}
