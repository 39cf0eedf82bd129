import type { DiskState, DiskStatus } from '../../admin/calls/watch.ts';
import { limitBytes, type SpaceLimit, type WatchSettings } from '../../config/watch-settings.ts';
import type { Clock } from '../../domain/clock.ts';
import type { Log } from '../../observe/log.ts';

/** Free and whole space of a disk, in bytes. */
export interface Space {
  readonly freeBytes: number;
  readonly totalBytes: number;
}

/** A state that administrators are told of, with the limit that is reached. */
export interface DiskTrouble extends Space {
  readonly state: 'low' | 'full';
  readonly limitBytes: number;
}

export interface DiskWatchParts {
  readonly clock: Clock;
  readonly log: Log;
  readonly space: () => Promise<Space>;
  readonly settings: () => Promise<WatchSettings>;
  /** Called each time that a look finds too little space; tells each administrator at most once a day. */
  readonly tell: (trouble: DiskTrouble) => Promise<void>;
}

export interface DiskWatch {
  /** Looks at the disk. `isAnew`: limits were changed, so the state before does not count. */
  look(isAnew?: boolean): Promise<void>;
  /** As it was seen last; null before the first look. */
  readonly status: DiskStatus | null;
  /** Whether nothing more may be taken. */
  readonly refusesGrowth: boolean;
}

/** A limit that was reached counts until a tenth more than it is free, so that it is not passed to and fro by each write. */
const MARGIN = 10;

/** Knows how much space is left; what requests ask of it is a look at a field. */
export function createDiskWatch({ clock, log, space, settings, tell }: DiskWatchParts): DiskWatch {
  let status: DiskStatus | null = null;
  return {
    async look(isAnew = false) {
      const [{ disk }, seen] = [await settings(), await space()];
      const before = isAnew ? 'ok' : (status?.state ?? 'ok');
      const state = stateOf(seen, disk, before);
      const now = clock.now();
      const since = status?.state === state ? status.since : now;
      const isNews = (status?.state ?? 'ok') !== state;
      status = { state, ...seen, since, seenAt: now };
      const limit = state === 'full' ? disk.hard : disk.soft;
      const reached = state === 'ok' || limit === null ? null : limitBytes(limit, seen.totalBytes);
      if (isNews) writeLine(log, state, { ...seen, ...(reached !== null && { limitBytes: reached }) });
      if (state !== 'ok' && reached !== null) await tell({ state, ...seen, limitBytes: reached });
    },
    get status() {
      return status;
    },
    get refusesGrowth() {
      return status?.state === 'full';
    },
  };
}

function stateOf(seen: Space, { soft, hard }: WatchSettings['disk'], before: DiskState): DiskState {
  if (isReached(seen, hard, before === 'full')) return 'full';
  return isReached(seen, soft, before !== 'ok') ? 'low' : 'ok';
}

function isReached({ freeBytes, totalBytes }: Space, limit: SpaceLimit | null, wasReached: boolean): boolean {
  if (limit === null) return false;
  const bytes = limitBytes(limit, totalBytes);
  return freeBytes < (wasReached ? bytes + Math.ceil(bytes / MARGIN) : bytes);
}

function writeLine(log: Log, state: DiskState, fields: Readonly<Record<string, unknown>>): void {
  if (state === 'full') {
    log.error(fields, 'the disk is full: nothing that needs space is taken until some is free again');
  } else if (state === 'low') log.warn(fields, 'little disk space is left');
  else log.info(fields, 'there is enough disk space again');
}
