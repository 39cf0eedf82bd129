import type { Clock } from '../domain/clock.ts';
import type { MailboxId } from '../domain/mailbox.ts';
import type { Log } from '../observe/log.ts';
import { joinActivity, NO_ACTIVITY } from '../store/activity-rules.ts';
import type { DeviceActivityStore, DeviceNews, RecentActivity } from '../store/device-activity-store.ts';

/** What a crash may take: what came since the last time that news were written down. */
const FLUSH_MS = 5_000;
/** Devices in one transaction: a few milliseconds, after which others have a turn. */
const BATCH = 200;
/** Devices that are not made to wait any longer, and devices remembered while the store refuses them: at the worst some 100 MB. */
const MOST_DEVICES = { gathered: 10_000, refused: 20_000 };

export interface ActivityNewsParts {
  readonly store: DeviceActivityStore;
  readonly clock: Pick<Clock, 'after'>;
  readonly log: Pick<Log, 'warn' | 'info'>;
  /** Resolves when everybody else had a turn. */
  readonly nextTurn: () => Promise<unknown>;
  readonly mostDevices?: Readonly<typeof MOST_DEVICES>;
  /** News of a device were lost, since the store refused them for too long. */
  readonly onLost?: (mailboxId: MailboxId) => void;
}

interface Gathered extends DeviceNews {
  /** Grows with each news. */
  readonly order: number;
}

/**
 * What came about of devices and is not written down yet: gathered for some seconds, written down in batches, and let go of. One
 * entry for each device that did something, however much; nothing of those that are quiet, and no timer while there is nothing.
 */
export class ActivityNews {
  readonly #parts: ActivityNewsParts;
  readonly #most: Readonly<typeof MOST_DEVICES>;
  /** In their order. */
  #gathered = new Map<string, Gathered>();
  #order = 0;
  #batch: Promise<void> | null = null;
  #flush: Promise<void> | null = null;
  #cancel: (() => void) | null = null;
  #isRefused = false;
  #isClosed = false;

  constructor(parts: ActivityNewsParts) {
    this.#parts = parts;
    this.#most = parts.mostDevices ?? MOST_DEVICES;
  }

  /** What is not written down yet of the device under this spelling of its id. */
  get(mailboxId: MailboxId, alias: string): RecentActivity {
    return this.#gathered.get(keyOf(mailboxId, alias))?.activity ?? NO_ACTIVITY;
  }

  /** Takes what came about, in place of what is not written down yet. Costs no more than an entry of a map. */
  put(mailboxId: MailboxId, alias: string, activity: RecentActivity): void {
    const key = keyOf(mailboxId, alias);
    this.#gathered.delete(key);
    this.#order += 1;
    this.#gathered.set(key, { mailboxId, alias, activity, order: this.#order });
    this.#dropOldest();
    if (this.#gathered.size >= this.#most.gathered && !this.#isRefused) void this.flush();
    else this.#flushLater();
  }

  /** All that is known of a device. @param aliases every spelling of its id */
  async of(mailboxId: MailboxId, deviceId: string, aliases: readonly string[]): Promise<RecentActivity> {
    // What is being written down is neither here nor there.
    while (this.#batch !== null) await this.#batch;
    const news = aliases.flatMap((alias) => this.#gathered.get(keyOf(mailboxId, alias)) ?? []);
    const kept = await this.#parts.store.of(mailboxId, deviceId);
    news.sort((a, b) => a.order - b.order);
    return news.reduce((known, { activity }) => joinActivity(known, activity), kept);
  }

  forget(mailboxId: MailboxId, alias: string): void {
    this.#gathered.delete(keyOf(mailboxId, alias));
  }

  /** Writes down what there is when it is called. Never rejects: what the store refuses is tried again. */
  flush(): Promise<void> {
    this.#cancel?.();
    this.#cancel = null;
    this.#flush ??= this.#writeAll().finally(() => {
      this.#flush = null;
      // What came meanwhile, and what was refused.
      if (this.#gathered.size > 0) this.#flushLater();
    });
    return this.#flush;
  }

  /** Writes down what there is, for the last time. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#flush;
    await this.flush();
    const devices = this.#gathered.size;
    if (devices > 0) this.#parts.log.warn({ devices }, 'the last errors and wake-ups of devices are lost');
  }

  #flushLater(): void {
    if (this.#isClosed || this.#flush !== null) return;
    this.#cancel ??= this.#parts.clock.after(FLUSH_MS, () => void this.flush());
  }

  async #writeAll(): Promise<void> {
    for (let left = this.#gathered.size; left > 0; left -= BATCH) {
      const batch = this.#takeOldest(Math.min(left, BATCH));
      if (batch.length === 0) return;
      this.#batch = this.#write(batch).finally(() => {
        this.#batch = null;
      });
      await this.#batch;
      if (this.#isRefused) return;
      await this.#parts.nextTurn();
    }
  }

  async #write(batch: readonly Gathered[]): Promise<void> {
    const { store, log } = this.#parts;
    try {
      await store.add(batch);
      if (this.#isRefused) log.info({}, 'errors and wake-ups of devices are written down again');
      this.#isRefused = false;
    } catch (error) {
      // Said once, and not every few seconds for as long as it lasts.
      if (!this.#isRefused) log.warn({ error }, 'errors and wake-ups of devices were not written down; tried again');
      this.#isRefused = true;
      this.#putBack(batch);
    }
  }

  #putBack(batch: readonly Gathered[]): void {
    const since = this.#gathered;
    this.#gathered = new Map(batch.map((news) => [keyOf(news.mailboxId, news.alias), news]));
    for (const [key, news] of since) {
      const before = this.#gathered.get(key)?.activity ?? NO_ACTIVITY;
      this.#gathered.delete(key);
      this.#gathered.set(key, { ...news, activity: joinActivity(before, news.activity) });
    }
    this.#dropOldest();
  }

  #dropOldest(): void {
    const excess = this.#gathered.size - this.#most.refused;
    if (excess <= 0) return;
    for (const { mailboxId } of this.#takeOldest(excess)) this.#parts.onLost?.(mailboxId);
  }

  #takeOldest(count: number): Gathered[] {
    const taken: Gathered[] = [];
    for (const [key, news] of this.#gathered) {
      if (taken.length === count) break;
      taken.push(news);
      this.#gathered.delete(key);
    }
    return taken;
  }
}

function keyOf(mailboxId: MailboxId, alias: string): string {
  return `${mailboxId} ${alias}`;
}
