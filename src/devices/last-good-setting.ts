import type { Log } from '../observe/log.ts';
import type { DirectoryStore } from '../store/directory-store.ts';

/** What was made of the value of a setting. With problems, `usable` is what is left of it, or what holds without one. */
export interface ReadSetting<T> {
  readonly usable: T;
  readonly problems: readonly string[];
}

export interface GuardedSetting<T> {
  readonly setting: string;
  read(value: unknown): ReadSetting<T>;
  /** For the log, when the present value has problems. */
  readonly complaint: string;
}

/**
 * What a setting says now. With problems (which can only come from outside, all calls refuse them) it is logged, and the last
 * value that was good stays in force: falling back to nothing would let devices in or unlock them by mistake.
 */
export async function lastGoodSetting<T>(
  directory: Pick<DirectoryStore, 'settingHistory'>,
  log: Log,
  { setting, read, complaint }: GuardedSetting<T>,
  value: unknown,
): Promise<T> {
  const present = read(value);
  if (present.problems.length === 0) return present.usable;
  log.error({ setting, problems: present.problems }, complaint);
  const history = await directory.settingHistory(setting);
  for (const earlier of history.toReversed()) {
    const { usable, problems } = read(earlier.value);
    if (problems.length === 0) return usable;
  }
  return present.usable;
}

/** An error of a reader of settings: all that is wrong at once. */
export type ProblemsError = new (problems: readonly string[]) => Error & { readonly problems: readonly string[] };

/** A reader that throws an error of this kind, as one that tells problems; `usable` is then the one given here. */
export function tellingProblems<T>(
  read: (value: unknown) => T,
  kind: ProblemsError,
  usable: T,
): (value: unknown) => ReadSetting<T> {
  return (value) => {
    try {
      return { usable: read(value), problems: [] };
    } catch (error) {
      if (error instanceof kind) return { usable, problems: error.problems };
      throw error;
    }
  };
}
