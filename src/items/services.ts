import type { Clock, RandomBytes } from '../domain/clock.ts';
import type { Limits } from '../domain/limits.ts';
import type { Turns } from '../domain/turns.ts';
import type { DebugLine } from '../observe/debug-switches.ts';
import type { MailboxStore } from '../store/mailbox-store.ts';

/** What the shared operations stand on. */
export interface ItemServices {
  readonly store: MailboxStore;
  readonly clock: Clock;
  readonly random: RandomBytes;
  readonly limits: Limits;
  /** The turns of reading one large item; absent = it is read to its end. */
  readonly turns?: () => Turns;
  /** Writes lines of the debug log; absent = nobody reads them. */
  readonly debug?: DebugLine;
}
