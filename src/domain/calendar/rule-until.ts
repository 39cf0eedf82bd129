import type { RecurrenceRule } from '../../formats/icalendar/recurrence-rule.ts';
import { DAY_SECONDS, dayOf, localSeconds } from './civil.ts';

/**
 * The test for "later than UNTIL allows" (RFC 5545 §3.3.10). UNTIL in UTC is compared as an instant, a floating one on the
 * wall clock; a date lets the whole day pass. A series of dates looks at UNTIL's date only, whatever was written.
 * @param toUtc UTC second of a local time of the series.
 */
export function untilTest(
  rule: RecurrenceRule,
  isDateSeries: boolean,
  toUtc: (local: number) => number,
): (local: number) => boolean {
  const { until } = rule;
  if (until === null) return () => false;
  const limit = localSeconds(until.year, until.month, until.day, until.hour, until.minute, until.second);
  if (isDateSeries || until.kind === 'date') {
    const nextDay = (dayOf(limit) + 1) * DAY_SECONDS;
    return (local) => local >= nextDay;
  }
  if (until.kind === 'utc') return (local) => toUtc(local) > limit;
  return (local) => local > limit;
}

/** Local seconds that no result of the rule can be beyond; null without UNTIL. Not exact: for finding the last result. */
export function latestLocal(rule: RecurrenceRule): number | null {
  const { until } = rule;
  if (until === null) return null;
  // A day for a date, and as much again for the distance between UTC and any wall clock.
  return localSeconds(until.year, until.month, until.day, until.hour, until.minute, until.second) + 2 * DAY_SECONDS;
}
