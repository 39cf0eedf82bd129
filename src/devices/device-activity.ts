import type { Clock } from '../domain/clock.ts';
import type { FolderId } from '../domain/folder.ts';
import type { MailboxId } from '../domain/mailbox.ts';
import { isFailing, MOST_NOTED } from '../store/activity-rules.ts';
import type {
  DeviceActivityStore,
  DeviceError,
  RecentActivity,
  WakeReason,
  WakeUp,
} from '../store/device-activity-store.ts';
import type { Device } from '../store/device-store.ts';
import { ActivityNews, type ActivityNewsParts } from './activity-news.ts';
import { KnownGood } from './known-good.ts';
import { Recent } from './recent.ts';

export type { DeviceError, WakeReason, WakeUp } from '../store/device-activity-store.ts';

/** How a device waits to be told. */
export interface DeviceWaiting {
  readonly state: 'waiting' | 'away' | 'never';
  readonly since: number | null;
  readonly heartbeatSeconds: number | null;
  /** Newest first. */
  readonly wakeUps: readonly WakeUp[];
}

/** How the requests of a device went. */
export interface DeviceHistory {
  /** The last 20, newest first. */
  readonly errors: readonly DeviceError[];
  /** Whether the last request of the device failed. */
  readonly isFailing: boolean;
  readonly waiting: DeviceWaiting;
}

/**
 * What devices do: it comes with every request and is worth no write of its own, so it is gathered and written down every few
 * seconds (decision 0024). Devices are known by their mailbox and any spelling of their id, in lower case.
 */
export interface DeviceActivity {
  noteError(mailboxId: MailboxId, alias: string, what: string): void;
  /** A request went well: what failed before is history, and no longer how the device stands. */
  noteSuccess(mailboxId: MailboxId, alias: string): void;
  /** A request begins to wait; what is returned is called once with why it ended. */
  noteWait(mailboxId: MailboxId, alias: string, heartbeatSeconds: number): (why: WakeReason) => void;
  /** A device asked for the changes of a folder, or read it, whether there was anything or not. @param device its id in the mailbox */
  noteSync(mailboxId: MailboxId, device: string, folderId: FolderId): void;
  /** When it did so last in this process, in milliseconds since 1970; null: it did not. */
  syncedAt(mailboxId: MailboxId, device: string, folderId: FolderId): number | null;
  /** What is kept of the device, and what came about since. */
  historyOf(mailboxId: MailboxId, device: Pick<Device, 'id' | 'aliases'>): Promise<DeviceHistory>;
  /** The device was removed. */
  forget(mailboxId: MailboxId, aliases: readonly string[]): void;
  /** Writes down what came about until now. Never rejects. */
  flush(): Promise<void>;
  /** The same for the last time: before the store closes. */
  close(): Promise<void>;
}

export interface DeviceActivityParts extends Omit<ActivityNewsParts, 'onLost'> {
  readonly clock: Pick<Clock, 'now' | 'after'>;
}

const LONGEST_TEXT = 200;
/** Folders of devices of which the last look is remembered: some 10 MB. */
const MOST_SYNCS = 100_000;

interface Waiting {
  readonly since: number;
  readonly heartbeatSeconds: number;
}

/** Over what is kept: nothing is read before somebody asks. */
export function createDeviceActivity(parts: DeviceActivityParts): DeviceActivity {
  const { clock } = parts;
  const good = new KnownGood();
  const news = new ActivityNews({ ...parts, onLost: (mailboxId) => good.forget(mailboxId) });
  const waits = createWaits(news, clock);
  const synced = new Recent<number>(MOST_SYNCS);
  return {
    noteError(mailboxId, alias, what) {
      const text = what.length > LONGEST_TEXT ? `${what.slice(0, LONGEST_TEXT).toWellFormed()}…` : what;
      const before = news.get(mailboxId, alias);
      const errors = [{ at: clock.now(), what: text }, ...before.errors].slice(0, MOST_NOTED);
      news.put(mailboxId, alias, { ...before, errors, goodAt: null });
      good.forget(mailboxId);
    },
    noteSuccess(mailboxId, alias) {
      if (good.has(mailboxId, alias)) return;
      good.add(mailboxId, alias);
      news.put(mailboxId, alias, { ...news.get(mailboxId, alias), goodAt: clock.now() });
    },
    noteWait: waits.note,
    noteSync(mailboxId, device, folderId) {
      synced.set(`${mailboxId} ${device} ${folderId}`, clock.now());
    },
    syncedAt: (mailboxId, device, folderId) => synced.get(`${mailboxId} ${device} ${folderId}`) ?? null,
    async historyOf(mailboxId, { id, aliases }) {
      const known = await news.of(mailboxId, id, aliases);
      return historyOf(known, waits.of(mailboxId, aliases));
    },
    forget(mailboxId, aliases) {
      for (const alias of aliases) news.forget(mailboxId, alias);
      good.forget(mailboxId);
    },
    flush: () => news.flush(),
    close: () => news.close(),
  };
}

/** What is kept of a device, where no process serves it. */
export async function keptHistory(
  store: DeviceActivityStore,
  mailboxId: MailboxId,
  { id }: Pick<Device, 'id'>,
): Promise<DeviceHistory> {
  return historyOf(await store.of(mailboxId, id), null);
}

function historyOf(known: RecentActivity, waiting: Waiting | null): DeviceHistory {
  // Of two spellings of one id, news may have come in between each other.
  const errors = known.errors.toSorted((a, b) => b.at - a.at);
  const wakeUps = known.wakeUps.toSorted((a, b) => b.at - a.at);
  const { heartbeatSeconds } = known;
  const away: DeviceWaiting =
    wakeUps[0] === undefined
      ? { state: 'never', since: null, heartbeatSeconds, wakeUps }
      : { state: 'away', since: wakeUps[0].at, heartbeatSeconds, wakeUps };
  return {
    errors,
    isFailing: isFailing(known),
    waiting: waiting === null ? away : { state: 'waiting', ...waiting, wakeUps },
  };
}

/** Who waits now: as many as there are requests that do; a device may wait by two commands. */
function createWaits(news: ActivityNews, clock: Pick<Clock, 'now'>) {
  const waiting = new Map<string, readonly Waiting[]>();
  const keyOf = (mailboxId: MailboxId, alias: string) => `${mailboxId} ${alias}`;
  const note: DeviceActivity['noteWait'] = (mailboxId, alias, heartbeatSeconds) => {
    const key = keyOf(mailboxId, alias);
    const wait = { since: clock.now(), heartbeatSeconds };
    waiting.set(key, [...(waiting.get(key) ?? []), wait]);
    return (why) => {
      const others = (waiting.get(key) ?? []).filter((other) => other !== wait);
      if (others.length === 0) waiting.delete(key);
      else waiting.set(key, others);
      const before = news.get(mailboxId, alias);
      const wakeUps = [{ at: clock.now(), why }, ...before.wakeUps].slice(0, MOST_NOTED);
      news.put(mailboxId, alias, { ...before, heartbeatSeconds, wakeUps });
    };
  };
  const of = (mailboxId: MailboxId, aliases: readonly string[]): Waiting | null =>
    aliases.flatMap((alias) => waiting.get(keyOf(mailboxId, alias)) ?? []).at(-1) ?? null;
  return { note, of };
}
