import type { RecurrenceRule } from '../../formats/icalendar/recurrence-rule.ts';
import { DAY_SECONDS } from './civil.ts';

/**
 * All times of one period, in order: each day with each time of day, or of these only what BYSETPOS names
 * (RFC 5545 §3.3.10: 1 is the first of the set, -1 the last).
 */
export function* placed(
  rule: RecurrenceRule,
  days: readonly number[],
  times: readonly number[],
): Generator<number, void> {
  if (rule.bySetPos.length === 0) {
    for (const day of days) for (const time of times) yield day * DAY_SECONDS + time;
    return;
  }
  for (const index of positions(rule.bySetPos, days.length * times.length)) {
    yield days[Math.floor(index / times.length)]! * DAY_SECONDS + times[index % times.length]!;
  }
}

/** Indexes from 0 that BYSETPOS picks out of a set of this size, rising. */
export function positions(bySetPos: readonly number[], size: number): number[] {
  const indexes = new Set(bySetPos.map((position) => (position > 0 ? position - 1 : size + position)));
  return [...indexes].filter((index) => index >= 0 && index < size).sort((a, b) => a - b);
}
