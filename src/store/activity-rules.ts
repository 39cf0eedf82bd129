import type { RecentActivity } from './device-activity-store.ts';

/** Errors, and ends of waiting, that are kept of a device. */
export const MOST_NOTED = 20;

/** Of a device of which nothing is known. */
export const NO_ACTIVITY: RecentActivity = { errors: [], goodAt: null, heartbeatSeconds: null, wakeUps: [] };

/** Whether the last request of a device failed. */
export function isFailing({ errors, goodAt }: RecentActivity): boolean {
  return errors.length > 0 && goodAt === null;
}

/**
 * What is to be kept of a device after news of it; `known` itself where nothing is to be written. That a device which never failed
 * goes well is not: every one of them says so when it comes first after a start.
 */
export function keptAfter(known: RecentActivity, news: RecentActivity): RecentActivity {
  const joined = joinActivity(known, news);
  return joined.errors.length === 0 && joined.wakeUps === known.wakeUps ? known : joined;
}

/**
 * What is known of a device after news of it; `known` itself where they change nothing. News are newer
 * than what is known because they come later, whatever the clock says: it may have been set back.
 */
export function joinActivity(known: RecentActivity, news: RecentActivity): RecentActivity {
  const joined: RecentActivity = {
    errors: newest(known.errors, news.errors),
    goodAt: joinedGoodAt(known, news),
    wakeUps: newest(known.wakeUps, news.wakeUps),
    heartbeatSeconds: news.heartbeatSeconds ?? known.heartbeatSeconds,
  };
  const isSame = joined.errors === known.errors && joined.goodAt === known.goodAt && joined.wakeUps === known.wakeUps;
  return isSame ? known : joined;
}

function newest<T>(known: readonly T[], news: readonly T[]): readonly T[] {
  return news.length === 0 ? known : [...news, ...known].slice(0, MOST_NOTED);
}

/** The first success after the newest error counts: one more tells nothing, and is no write. */
function joinedGoodAt(known: RecentActivity, news: RecentActivity): number | null {
  const lastError = news.errors[0];
  if (lastError === undefined) return known.goodAt ?? news.goodAt;
  if (news.goodAt !== null) return news.goodAt;
  // A device may spell its id in one way when it fails and in another when it does not: its news come apart then.
  return known.goodAt !== null && known.goodAt > lastError.at ? known.goodAt : null;
}
