import { isGatewayError } from '../domain/errors.ts';
import type { MailboxId } from '../domain/mailbox.ts';
import { type AttemptOptions, attempt } from './attempt.ts';
import { asOutgoing, OUTGOING_PREFIX, type OutgoingPlace, outgoingItem } from './outgoing.ts';
import type { MailServices } from './services.ts';
import type { Settlement } from './settle.ts';

/** Attempts of the worker at one time; those that senders wait for are not counted. */
const AT_ONCE = 4;
/** When an attempt could not even be written down: the store is in trouble, which may pass. */
const AFTER_FAILURE_MS = 5 * 60_000;

/** Sends what is kept in Outboxes, in the background. */
export interface OutboxWorker {
  /** Looks through every Outbox and takes up what is due. May be repeated, e.g. after times were changed. */
  scan(): Promise<void>;
  /** The first attempt at a message, at once. Rejects when it could not be written down; it is tried again then. */
  attemptNow(place: OutgoingPlace, options: AttemptOptions): Promise<Settlement>;
  /** Begins nothing more, waits for what is under way at most `graceMs`, then cuts it off; it is taken up at the next start. */
  close(graceMs: number): Promise<void>;
}

interface Due {
  readonly place: OutgoingPlace;
  readonly at: number;
}

export function createOutboxWorker(services: MailServices): OutboxWorker {
  return new Worker(services);
}

class Worker implements OutboxWorker {
  readonly #services: MailServices;
  /** When each message is due, by its key. */
  readonly #due = new Map<string, Due>();
  readonly #running = new Map<string, Promise<Settlement>>();
  #ofWorker = 0;
  #cancelTimer: () => void = () => undefined;
  #isClosed = false;

  constructor(services: MailServices) {
    this.#services = services;
  }

  async scan(): Promise<void> {
    const { directory, syncState, relay, log, clock } = this.#services;
    for (const { mailboxId } of await directory.users()) {
      if (this.#isClosed) return;
      try {
        for (const { name, value } of await syncState.read(mailboxId).documents(OUTGOING_PREFIX)) {
          const outgoing = asOutgoing(value);
          if (outgoing === null) continue;
          // Kept for want of a relay: now that there is one it goes out.
          const at = outgoing.nextTryAt ?? (relay === null ? null : clock.now());
          if (at !== null) this.#due.set(...entryOf({ mailboxId, itemId: outgoingItem(name) }, at));
        }
      } catch (error) {
        log.error({ mailbox: mailboxId, error }, 'this Outbox could not be looked through');
      }
    }
    this.#arm();
  }

  attemptNow(place: OutgoingPlace, options: AttemptOptions): Promise<Settlement> {
    const key = keyOf(place);
    const present = this.#running.get(key);
    if (present !== undefined) return present;
    this.#due.delete(key);
    const work = attempt(this.#services, place, options).then(
      (settlement) => {
        this.#running.delete(key);
        if (settlement.nextTryAt !== null) this.#schedule(place, settlement.nextTryAt);
        return settlement;
      },
      (error: unknown) => {
        this.#running.delete(key);
        // A mailbox that was removed took its Outbox along.
        if (!isGatewayError(error, 'folder-not-found'))
          this.#schedule(place, this.#services.clock.now() + AFTER_FAILURE_MS);
        throw error;
      },
    );
    this.#running.set(key, work);
    return work;
  }

  async close(graceMs: number): Promise<void> {
    this.#isClosed = true;
    this.#cancelTimer();
    this.#due.clear();
    const all = Promise.allSettled([...this.#running.values()]);
    let cancel: () => void = () => undefined;
    const patience = new Promise<void>((resolve) => {
      cancel = this.#services.clock.after(graceMs, () => {
        this.#services.relay?.close();
        resolve();
      });
    });
    await Promise.race([all, patience]);
    cancel();
    this.#services.relay?.close();
    await all;
  }

  #schedule(place: OutgoingPlace, at: number): void {
    if (this.#isClosed) return;
    this.#due.set(...entryOf(place, at));
    this.#arm();
  }

  /** One timer, for whatever is due first. */
  #arm(): void {
    this.#cancelTimer();
    if (this.#isClosed || this.#due.size === 0 || this.#ofWorker >= AT_ONCE) return;
    let first = Number.POSITIVE_INFINITY;
    for (const { at } of this.#due.values()) first = Math.min(first, at);
    const wait = Math.max(0, first - this.#services.clock.now());
    this.#cancelTimer = this.#services.clock.after(Math.min(wait, LONGEST_TIMER_MS), () => this.#run());
  }

  #run(): void {
    const now = this.#services.clock.now();
    for (const [key, { place, at }] of this.#due) {
      if (this.#ofWorker >= AT_ONCE) break;
      if (at > now) continue;
      if (this.#running.has(key)) {
        // A sender's own attempt is under way, and says when the next one is due.
        this.#due.delete(key);
        continue;
      }
      this.#ofWorker += 1;
      this.attemptNow(place, { holdSender: () => false })
        .catch((error: unknown) => this.#failed(place.mailboxId, error))
        .finally(() => {
          this.#ofWorker -= 1;
          this.#arm();
        });
    }
    this.#arm();
  }

  #failed(mailbox: MailboxId, error: unknown): void {
    this.#services.log.error({ mailbox, error }, 'an attempt to send failed; it is tried again');
  }
}

/** Timers of the runtime hold 31 bits; the clock may also be set meanwhile. */
const LONGEST_TIMER_MS = 60 * 60_000;

function keyOf({ mailboxId, itemId }: OutgoingPlace): string {
  return `${mailboxId}/${itemId}`;
}

function entryOf(place: OutgoingPlace, at: number): [string, Due] {
  return [keyOf(place), { place, at }];
}
