import type { Frequency, RecurrenceRule } from '../../formats/icalendar/recurrence-rule.ts';
import { NUMBER_LISTS } from '../../formats/icalendar/recurrence-rule.ts';
import { isGatewayError } from '../errors.ts';
import { ENDLESS } from '../item.ts';
import { DAY_SECONDS } from './civil.ts';
import { endOf, type Length, longest, type Timing } from './component-timing.ts';
import { type ExpandOptions, expandRule } from './expand-rule.ts';
import { UTC } from './iana-zone.ts';
import { type Moment, utcOf } from './moment.ts';
import { latestLocal, untilTest } from './rule-until.ts';
import type { Series } from './series.ts';
import { createWork, SERIES_WORK, type Work } from './work.ts';
import { FLOATING_MARGIN } from './zone.ts';

/** Results walked to find the last of a series; one with more is kept as endless or until its UNTIL. */
const MAX_WALKED = 20_000;
const PERIOD_SECONDS: Readonly<Record<Frequency, number>> = {
  SECONDLY: 1,
  MINUTELY: 60,
  HOURLY: 3_600,
  DAILY: DAY_SECONDS,
  WEEKLY: 7 * DAY_SECONDS,
  MONTHLY: 31 * DAY_SECONDS,
  YEARLY: 366 * DAY_SECONDS,
};

/**
 * From the start of the earliest to the end of the latest occurrence in UTC seconds, ENDLESS for endless series, floating
 * times with 14 hours to both sides; EXDATE is not taken off. Null when nothing has a time.
 */
export function seriesExtent(series: Series): { start: number; end: number } | null {
  let found: Span | null = null;
  for (const span of originalSpans(series)) found = joined(found, span);
  const originalEnd = found?.end ?? Number.NEGATIVE_INFINITY;
  for (const span of overrideSpans(series, originalEnd)) found = joined(found, span);
  return found === null ? null : { start: found.start, end: Math.min(ENDLESS, found.end) };
}

function joined(a: Span | null, b: Span): Span {
  return a === null ? b : { start: Math.min(a.start, b.start), end: Math.max(a.end, b.end) };
}

interface Span {
  readonly start: number;
  readonly end: number;
}

function spanOf(start: Moment, length: Length): Span {
  const margin = start.zone === null ? FLOATING_MARGIN : 0;
  const utc = utcOf(start, UTC);
  // The end of something that does not last is its start; a nominal day may be an hour longer in the real zone.
  const end = start.zone === null ? utc + longest(length) : endOf(start, length, UTC);
  return { start: utc - margin, end: end + margin };
}

function* originalSpans(series: Series): Generator<Span, void> {
  const { timing } = series;
  if (timing === null) return;
  yield spanOf(timing.start, timing.length);
  for (const date of series.dates) yield dateSpan(date.start, date.length ?? timing.length, timing);
  const work = createWork(SERIES_WORK);
  for (const rule of series.rules) {
    const last = lastLocal(rule, timing.start, work);
    if (last === null) yield { start: Number.POSITIVE_INFINITY, end: ENDLESS };
    else yield spanOf({ ...timing.start, local: last }, timing.length);
  }
}

/** An RDATE may be of another kind than DTSTART and is then read on its wall clock: a day to both sides covers that. */
function dateSpan(start: Moment, length: Length, timing: Timing): Span {
  const span = spanOf(start, length);
  if (start.isDate === timing.start.isDate && (start.zone === null) === (timing.start.zone === null)) return span;
  return { start: span.start - 2 * DAY_SECONDS, end: span.end + 2 * DAY_SECONDS };
}

function* overrideSpans(series: Series, originalEnd: number): Generator<Span, void> {
  for (const override of series.overrides) {
    const { timing, recurrenceId } = override;
    const length = timing?.length ?? series.timing?.length ?? { days: 0, seconds: 0 };
    const own = spanOf(timing?.start ?? recurrenceId, length);
    // RECURRENCE-ID without a time of its own takes the master's clock and zone.
    yield timing === null ? { start: own.start - 2 * DAY_SECONDS, end: own.end + 3 * DAY_SECONDS } : own;
    if (override.isForFuture && timing !== null) yield futureSpan(originalEnd, timing, recurrenceId);
  }
}

/** RANGE=THISANDFUTURE moves all later occurrences: the whole series, moved as far and as long, is a bound. */
function futureSpan(end: number, timing: Timing, recurrenceId: Moment): Span {
  const moved = timing.start.local - recurrenceId.local;
  const slack = 2 * DAY_SECONDS + longest(timing.length);
  const start = utcOf(timing.start, UTC) - slack;
  return { start, end: end >= ENDLESS ? ENDLESS : end + Math.max(0, moved) + slack };
}

/** Local seconds of a rule's last result (or something later), null for an endless one. */
function lastLocal(rule: RecurrenceRule, start: Moment, work: Work): number | null {
  const zone = start.zone ?? UTC;
  const isPast = untilTest(rule, start.isDate, (local) => zone.toUtc(local));
  const until = latestLocal(rule);
  if (rule.count === null && until === null) return null;
  if (rule.count !== null && hasFixedStep(rule)) {
    const last = start.local + (rule.count - 1) * PERIOD_SECONDS[rule.freq] * rule.interval;
    return until === null ? last : Math.min(last, until);
  }
  if (rule.count !== null) return lastOfWalk(rule, start, { from: start.local, isPast, work }) ?? until;
  // UNTIL: look close before it first, then further away, then from the start.
  const period = PERIOD_SECONDS[rule.freq] * rule.interval;
  for (const periods of [2, 40, Number.POSITIVE_INFINITY]) {
    const from = Math.max(start.local, until! - 3 * DAY_SECONDS - periods * period);
    const last = lastOfWalk(rule, start, { from, isPast, work });
    if (last === null) return until;
    if (last >= from && last !== start.local) return last;
    if (from === start.local) return last;
  }
  return until;
}

function hasFixedStep(rule: RecurrenceRule): boolean {
  if (rule.freq === 'MONTHLY' || rule.freq === 'YEARLY' || rule.byDay.length > 0) return false;
  return NUMBER_LISTS.every(({ field }) => rule[field].length === 0);
}

/** The last result from `from` on, `start` when there is none, null when finding it would cost too much. */
function lastOfWalk(rule: RecurrenceRule, start: Moment, options: Required<ExpandOptions>): number | null {
  let last = start.local;
  let walked = 0;
  try {
    for (const local of expandRule(rule, start.local, options)) {
      last = local;
      walked += 1;
      if (walked > MAX_WALKED) return null;
    }
  } catch (error) {
    if (isGatewayError(error, 'too-many-results')) return null;
    throw error;
  }
  return last;
}
