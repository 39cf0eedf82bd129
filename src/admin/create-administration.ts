import type { DeviceActivity } from '../devices/device-activity.ts';
import type { RecoveryPasswords } from '../devices/recovery-passwords.ts';
import type { WipeAbilityOf } from '../devices/wipe-ability.ts';
import type { Clock, RandomBytes } from '../domain/clock.ts';
import type { MailboxId } from '../domain/mailbox.ts';
import type { ItemServices } from '../items/services.ts';
import type { Log } from '../observe/log.ts';
import type { Recorder } from '../recorder/recorder.ts';
import type { DeviceActivityStore } from '../store/device-activity-store.ts';
import type { DeviceRegister } from '../store/device-register.ts';
import type { DirectoryStore } from '../store/directory-store.ts';
import type { MailboxStore } from '../store/mailbox-store.ts';
import type { SyncStateStore } from '../store/sync-state-store.ts';
import type { UsageStore } from '../store/usage-store.ts';
import { accessCalls } from './access.ts';
import { addressGroupCalls } from './address-groups.ts';
import type { Administration } from './administration.ts';
import { appPasswordCalls } from './app-passwords.ts';
import { type AdministrationCheck, runChecks } from './check.ts';
import { conflictCalls } from './conflicts.ts';
import { deviceDecisionCalls } from './device-decisions.ts';
import { deviceCalls } from './devices.ts';
import { folderCalls } from './folders.ts';
import type { LiveServices } from './live-services.ts';
import { type LogControl, logCalls } from './logs.ts';
import { oneAtATime, turnByTurn } from './one-at-a-time.ts';
import { outboxCalls } from './outbox.ts';
import { overviewCalls } from './overview.ts';
import { policyCalls } from './policy.ts';
import { recordingCalls } from './recordings.ts';
import { recoveryPasswordCalls } from './recovery-passwords.ts';
import { serviceCalls } from './services.ts';
import { transferCalls } from './transfer.ts';
import { userCalls } from './users.ts';
import { type LiveDisk, watchCalls } from './watch.ts';
import { wipeCalls } from './wipe.ts';

export interface AdministrationParts {
  readonly stores: {
    readonly mailboxes: MailboxStore;
    readonly directory: DirectoryStore;
    readonly syncState: SyncStateStore;
    readonly devices: DeviceRegister;
    readonly deviceActivity: DeviceActivityStore;
    readonly usage: UsageStore;
  };
  readonly services: ItemServices;
  /** The recovery passwords that devices deposited. */
  readonly recovery: RecoveryPasswords;
  readonly clock: Clock;
  readonly random: RandomBytes;
  readonly log: Log;
  /** Where sign-ins are locked; absent in a process that signs nobody in. */
  readonly authenticator?: { unlockAll(): void };
  /** What sends mail in the background; absent in a process that sends none. */
  readonly outbox?: { scan(): Promise<void> };
  /** The logs of this process; absent where none can be asked for. */
  readonly logs?: LogControl;
  /** Answers the waiting requests of a device, so that it comes again and hears; absent where none wait. */
  readonly endRequests?: (mailboxId: MailboxId, deviceId: string) => void;
  /** What devices do; absent in a process that serves none, which sees what is written down. */
  readonly activity?: DeviceActivity;
  /** What is known of the clients of each protocol that knows wipes; of others the folders are emptied. */
  readonly wipeAbilities?: ReadonlyMap<string, WipeAbilityOf>;
  /** Where recordings are; absent where there is no data folder. */
  readonly recorder?: Recorder;
  /** What watches the disk; absent where nobody looks. */
  readonly disk?: LiveDisk;
  /** The services of this process; absent where none are. */
  readonly live?: LiveServices;
  /** The address people use, where it is set. */
  readonly publicUrl?: string | null;
  /** What `check` looks at besides the stores. */
  readonly checks?: readonly AdministrationCheck[];
}

/** The administration of one data folder, in the process that has its stores open. */
export function createAdministration(parts: AdministrationParts): Administration {
  const turn = turnByTurn();
  const calls: Administration = {
    ...userCalls(parts, turn),
    ...appPasswordCalls(parts),
    ...folderCalls(parts),
    ...transferCalls(parts),
    ...deviceCalls(parts),
    ...deviceDecisionCalls(parts),
    ...recoveryPasswordCalls(parts),
    ...wipeCalls(parts),
    ...accessCalls(parts),
    ...conflictCalls(parts),
    ...policyCalls(parts),
    ...outboxCalls(parts),
    ...logCalls(parts),
    ...recordingCalls(parts),
    ...watchCalls(parts),
    ...serviceCalls(parts),
    ...addressGroupCalls(parts),
    ...overviewCalls(parts),
    check: (_input, progress) => runChecks(parts, progress),
    async unlockAll() {
      // Locks live in the process that signs people in; where there is none, there are none.
      parts.authenticator?.unlockAll();
    },
  };
  return oneAtATime(calls, turn);
}
