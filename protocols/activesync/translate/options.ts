import { LOWEST_KEY } from '../../../src/domain/edge.ts';
import { BEGINNINGLESS } from '../../../src/domain/item.ts';
import type { BodyPartPreference, BodyPreference } from '../classes/options.ts';
import type { EasClass } from './view.ts';

/** What a device asked for in one collection, as it stays in force until it asks for something else. */
export interface CollectionOptions {
  /** 0: everything (MS-ASCMD §2.2.3.68.2). */
  readonly filterType: number;
  readonly bodyPreferences: readonly BodyPreference[];
  /** Null: no BodyPart is asked for. */
  readonly bodyPartPreference?: BodyPartPreference | null;
  /** 0 never MIME, 1 for S/MIME messages only, 2 for all. */
  readonly mimeSupport: 0 | 1 | 2;
  /** 0 … 8 (MS-ASCMD §2.2.3.111); null: MIME as its BodyPreference says. */
  readonly mimeTruncation: number | null;
  /** Who wins a conflict where nobody else decides; null: it did not say. */
  readonly conflict: 'client-wins' | 'server-wins' | null;
  /** The Supported list of key 0, as `MergeOptions.supported`. */
  readonly supported: readonly string[] | null;
}

export const DEFAULT_OPTIONS: CollectionOptions = {
  filterType: 0,
  bodyPreferences: [],
  mimeSupport: 0,
  mimeTruncation: null,
  conflict: null,
  supported: null,
};

/** The options as `SyncRequest.options`, to be kept with the generation. */
export function writeOptions(options: CollectionOptions): string {
  const { filterType, bodyPreferences, bodyPartPreference, mimeSupport, mimeTruncation, conflict, supported } = options;
  const bodies = { bodyPreferences, bodyPartPreference, mimeSupport, mimeTruncation };
  return JSON.stringify({ filterType, ...bodies, conflict, supported });
}

/** Reads what `writeOptions` wrote; the defaults for '' and for what an older release did not write. */
export function parseOptions(text: string): CollectionOptions {
  return text === '' ? DEFAULT_OPTIONS : { ...DEFAULT_OPTIONS, ...(JSON.parse(text) as Partial<CollectionOptions>) };
}

const DAY = 86_400;
/** Days of the windows 1 to 7; a month has 31, so that no day of one is missing. */
const WINDOW_DAYS = [0, 1, 3, 7, 14, 31, 92, 183] as const;
const INCOMPLETE_TASKS = 8;
/** From here on no class knows a FilterType. */
export const HIGHEST_FILTER_TYPE = INCOMPLETE_TASKS;

/**
 * Whether a class knows this FilterType (MS-ASCMD §2.2.3.68.2). A Sync with one that it does not know is a protocol error,
 * status 4; in GetItemEstimate it is 110, from 9 on 103. Contacts and notes know none and pass over those
 * that others have, because phones send one set of options to all collections.
 */
export function isFilterTypeFor(easClass: EasClass, filterType: number): boolean {
  if (!Number.isInteger(filterType) || filterType < 0 || filterType > INCOMPLETE_TASKS) return false;
  switch (easClass) {
    case 'Email':
      return filterType <= 5;
    case 'Calendar':
      return filterType === 0 || (filterType >= 4 && filterType <= 7);
    case 'Tasks':
      return filterType === 0 || filterType === INCOMPLETE_TASKS;
    case 'Contacts':
    case 'Notes':
      return true;
  }
}

/**
 * The filter key from which on items are wanted, rounded down to the hour, so that an idle device stays idle.
 * @param now Milliseconds since 1970.
 */
export function wantedKeyOf(
  easClass: EasClass,
  { filterType }: Pick<CollectionOptions, 'filterType'>,
  now: number,
): number {
  switch (easClass) {
    case 'Contacts':
      // Groups of contacts lie at BEGINNINGLESS; phones know none.
      return BEGINNINGLESS + 1;
    case 'Notes':
      return LOWEST_KEY;
    case 'Tasks':
      return filterType === INCOMPLETE_TASKS ? BEGINNINGLESS + 1 : LOWEST_KEY;
    case 'Email':
    case 'Calendar': {
      const days = WINDOW_DAYS[filterType] ?? 0;
      return days === 0 ? LOWEST_KEY : Math.floor((now / 1000 - days * DAY) / 3_600) * 3_600;
    }
  }
}
