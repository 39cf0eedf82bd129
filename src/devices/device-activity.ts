import type { Clock } from '../domain/clock.ts';
import type { FolderId } from '../domain/folder.ts';
import type { MailboxId } from '../domain/mailbox.ts';
import { Recent } from './recent.ts';

/** A request of a device that did not go well; milliseconds since 1970, and words for people. */
export interface DeviceError {
  readonly at: number;
  readonly what: string;
}

/** Why a request that waited was answered. */
export type WakeReason =
  /** Something changed in these folders. */
  | { readonly kind: 'changed'; readonly folders: readonly FolderId[] }
  /** Folders came, went or were renamed. */
  | { readonly kind: 'folders' }
  | { readonly kind: 'time-over' }
  /** A newer request of the device took its place. */
  | { readonly kind: 'newer' }
  /** Somebody decided about the device, or another policy is in force. */
  | { readonly kind: 'called' }
  | { readonly kind: 'stopping' }
  /** It could not be looked whether something changed. */
  | { readonly kind: 'failed' }
  /** The device closed the connection. */
  | { readonly kind: 'left' };

export interface WakeUp {
  readonly at: number;
  readonly why: WakeReason;
}

/** How a device waits to be told. */
export interface DeviceWaiting {
  readonly state: 'waiting' | 'away' | 'never';
  readonly since: number | null;
  readonly heartbeatSeconds: number | null;
  /** Newest first. */
  readonly wakeUps: readonly WakeUp[];
}

/**
 * What devices did since the server started: kept in memory, since it comes with every request and is worth no write. Devices are known
 * by their owner's address and any spelling of their id, in lower case. Of devices that were quiet longest the least is kept.
 */
export interface DeviceActivity {
  noteError(owner: string, alias: string, what: string): void;
  /** A request went well: what failed before is history, and no longer how the device stands. */
  noteSuccess(owner: string, alias: string): void;
  /** A request begins to wait; what is returned is called once with why it ended. */
  noteWait(owner: string, alias: string, heartbeatSeconds: number): (why: WakeReason) => void;
  /** A device asked for the changes of a folder, or read it, whether there was anything or not. @param device its id in the mailbox */
  noteSync(mailboxId: MailboxId, device: string, folderId: FolderId): void;
  /** When it did so last, in milliseconds since 1970; null: not since the server started. */
  syncedAt(mailboxId: MailboxId, device: string, folderId: FolderId): number | null;
  /** The last 20, newest first. */
  errorsOf(owner: string, aliases: readonly string[]): readonly DeviceError[];
  /** Whether the last request of the device failed. */
  isFailing(owner: string, aliases: readonly string[]): boolean;
  waitingOf(owner: string, aliases: readonly string[]): DeviceWaiting;
  /** The device is forgotten. */
  forget(owner: string, aliases: readonly string[]): void;
}

const MOST_NOTED = 20;
const LONGEST_TEXT = 200;
/** Devices of which errors, and ends of waiting, are remembered: at the worst some 30 MB each. */
const MOST_DEVICES = { errors: 5_000, wakeUps: 10_000 };
/** Folders of devices of which the last look is remembered: some 10 MB. */
const MOST_SYNCS = 100_000;

interface Failed {
  readonly errors: readonly DeviceError[];
  /** When a request went well after the last of them. */
  readonly goodAt: number | null;
}

interface Ended {
  readonly heartbeatSeconds: number;
  readonly wakeUps: readonly WakeUp[];
}

interface Waiting {
  readonly since: number;
  readonly heartbeatSeconds: number;
}

export function createDeviceActivity(clock: Pick<Clock, 'now'>, mostDevices = MOST_DEVICES): DeviceActivity {
  const failed = new Recent<Failed>(mostDevices.errors);
  const ended = new Recent<Ended>(mostDevices.wakeUps);
  const synced = new Recent<number>(MOST_SYNCS);
  // As many as there are requests that wait; a device may wait by two commands.
  const waiting = new Map<string, readonly Waiting[]>();
  return {
    noteError(owner, alias, what) {
      const key = keyOf(owner, alias);
      const text = what.length > LONGEST_TEXT ? `${what.slice(0, LONGEST_TEXT).toWellFormed()}…` : what;
      const errors = [{ at: clock.now(), what: text }, ...(failed.get(key)?.errors ?? [])].slice(0, MOST_NOTED);
      failed.set(key, { errors, goodAt: null });
    },
    noteSuccess(owner, alias) {
      const key = keyOf(owner, alias);
      const before = failed.get(key);
      if (before?.goodAt === null) failed.set(key, { ...before, goodAt: clock.now() });
    },
    noteWait(owner, alias, heartbeatSeconds) {
      const key = keyOf(owner, alias);
      const wait = { since: clock.now(), heartbeatSeconds };
      waiting.set(key, [...(waiting.get(key) ?? []), wait]);
      return (why) => {
        const others = (waiting.get(key) ?? []).filter((other) => other !== wait);
        if (others.length === 0) waiting.delete(key);
        else waiting.set(key, others);
        const wakeUps = [{ at: clock.now(), why }, ...(ended.get(key)?.wakeUps ?? [])].slice(0, MOST_NOTED);
        ended.set(key, { heartbeatSeconds, wakeUps });
      };
    },
    noteSync(mailboxId, device, folderId) {
      synced.set(`${mailboxId} ${device} ${folderId}`, clock.now());
    },
    syncedAt: (mailboxId, device, folderId) => synced.get(`${mailboxId} ${device} ${folderId}`) ?? null,
    errorsOf(owner, aliases) {
      const all = aliases.flatMap((alias) => failed.get(keyOf(owner, alias))?.errors ?? []);
      return all.sort((a, b) => b.at - a.at).slice(0, MOST_NOTED);
    },
    isFailing(owner, aliases) {
      const known = aliases.flatMap((alias) => failed.get(keyOf(owner, alias)) ?? []);
      // A device may spell its id in one way when it fails and in another when it does not.
      const lastGood = Math.max(...known.map(({ goodAt }) => goodAt ?? 0));
      return known.some(({ errors, goodAt }) => goodAt === null && errors[0]!.at >= lastGood);
    },
    waitingOf(owner, aliases) {
      const keys = aliases.map((alias) => keyOf(owner, alias));
      const now = keys.flatMap((key) => waiting.get(key) ?? []).at(-1);
      const last = keys.flatMap((key) => ended.get(key) ?? [])[0];
      const wakeUps = last?.wakeUps ?? [];
      if (now !== undefined) return { state: 'waiting', ...now, wakeUps };
      if (last === undefined) return { state: 'never', since: null, heartbeatSeconds: null, wakeUps };
      return { state: 'away', since: wakeUps[0]!.at, heartbeatSeconds: last.heartbeatSeconds, wakeUps };
    },
    forget(owner, aliases) {
      for (const alias of aliases) {
        failed.delete(keyOf(owner, alias));
        ended.delete(keyOf(owner, alias));
      }
    },
  };
}

function keyOf(owner: string, alias: string): string {
  return `${owner} ${alias}`;
}

/** What the log line of a request tells of its end. */
export interface RequestOutcome {
  readonly method: string;
  /** HTTP; null: the connection ended without an answer. */
  readonly status: number | null;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** What clients ask about on their way: whether something is there, is still the same. */
const NO_ERRORS: readonly number[] = [401, 404, 412];

/** Whether a request was answered as it was asked: what ended without an answer tells nothing. */
export function wentWell(outcome: RequestOutcome): boolean {
  return outcome.status !== null && outcome.status < 400 && errorOf(outcome) === null;
}

/** An error in words: what was asked, what was answered, why; null for a request that went well. */
export function errorOf({ method, status, fields }: RequestOutcome): string | null {
  const { command, refused, statuses } = fields;
  const failed = Array.isArray(statuses) && statuses.length > 0 ? `status ${statuses.join(', ')}` : null;
  const isHttpError = status !== null && status >= 400 && !NO_ERRORS.includes(status);
  if (typeof refused !== 'string' && failed === null && !isHttpError) return null;
  const parts = [typeof command === 'string' ? command : method];
  if (isHttpError) parts.push(`HTTP ${status}`);
  if (typeof fields.commonStatus === 'number') parts.push(`status ${fields.commonStatus}`);
  if (failed !== null) parts.push(failed);
  return typeof refused === 'string' ? `${parts.join(', ')}: ${refused}` : parts.join(', ');
}
