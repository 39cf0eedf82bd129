import { civilDate, DAY_SECONDS, dayOf, weekdayOf } from '../../../../src/domain/calendar/civil.ts';
import { expandRule } from '../../../../src/domain/calendar/expand-rule.ts';
import { untilTest } from '../../../../src/domain/calendar/rule-until.ts';
import type { Series } from '../../../../src/domain/calendar/series.ts';
import { walkSeries } from '../../../../src/domain/calendar/walk-series.ts';
import { toLocal } from '../../../../src/domain/calendar/zone.ts';
import type { Pattern } from './pattern.ts';
import { patternToRule } from './pattern-to-rule.ts';
import type { SeriesStart } from './rule-to-pattern.ts';

/** How far ahead a pattern is compared with the series. */
const COMPARED_SECONDS = 6 * 366 * DAY_SECONDS;
const MOST_COMPARED = 4_000;

/**
 * For a series no pattern can say: the densest pattern that shows only occurrences that are real. Null where not even a
 * second occurrence can be shown so: then the phone sees the first one alone. See docs/decisions/0009.
 */
export function nearestPattern(series: Series, start: SeriesStart): Pattern | null {
  const from = start.zone.toUtc(start.local);
  const real = new Set<number>();
  let isCut = false;
  const bare: Series = { ...series, overrides: [], exceptions: [] };
  for (const occurrence of walkSeries(bare, { start: from, end: from + COMPARED_SECONDS }, start.zone)) {
    if (real.size >= MOST_COMPARED) {
      isCut = true;
      break;
    }
    real.add(toLocal(start.zone, occurrence.start));
  }
  const last = [...real].reduce((a, b) => Math.max(a, b), start.local);
  // A series that goes on beyond what was compared has no end that a phone could be told.
  const isOpen = isCut || start.zone.toUtc(last) > from + COMPARED_SECONDS - 400 * DAY_SECONDS;
  let best: { readonly pattern: Pattern; readonly count: number } | null = null;
  for (const pattern of candidates(start.local)) {
    const shown = realPart(pattern, start, real, last);
    if (shown === null || shown.count <= (best?.count ?? 1)) continue;
    best = { pattern: { ...pattern, until: isOpen ? null : start.zone.toUtc(shown.last) }, count: shown.count };
  }
  return best?.pattern ?? null;
}

/** Count and last of the pattern's occurrences up to the end of the series; null when one of them is not real. */
function realPart(pattern: Pattern, start: SeriesStart, real: ReadonlySet<number>, last: number) {
  const rule = patternToRule(pattern, start, 'floating');
  let shown = { count: 0, last: start.local };
  for (const local of expandRule(rule, start.local, { isPast: untilTest(rule, false, (time) => time) })) {
    if (local > last) break;
    if (!real.has(local)) return null;
    shown = { count: shown.count + 1, last: local };
  }
  return shown;
}

function* candidates(local: number): Generator<Pattern> {
  const date = civilDate(dayOf(local));
  const weekday = 1 << weekdayOf(dayOf(local));
  const nth = Math.ceil(date.day / 7);
  const none: Pattern = {
    type: 0,
    interval: 1,
    occurrences: null,
    until: null,
    dayOfWeek: null,
    dayOfMonth: null,
    weekOfMonth: null,
    monthOfYear: null,
    firstDayOfWeek: null,
  };
  for (const interval of [1, 2, 3, 4, 5, 6, 7]) yield { ...none, interval };
  for (const interval of [1, 2, 3, 4]) yield { ...none, type: 1, interval, dayOfWeek: weekday };
  for (const interval of [1, 2, 3, 4, 6]) {
    yield { ...none, type: 2, interval, dayOfMonth: date.day };
    if (nth < 5) yield { ...none, type: 3, interval, dayOfWeek: weekday, weekOfMonth: nth };
    if (isLastWeek(local)) yield { ...none, type: 3, interval, dayOfWeek: weekday, weekOfMonth: 5 };
  }
  yield { ...none, type: 5, dayOfMonth: date.day, monthOfYear: date.month };
  if (nth < 5) yield { ...none, type: 6, dayOfWeek: weekday, weekOfMonth: nth, monthOfYear: date.month };
}

function isLastWeek(local: number): boolean {
  return civilDate(dayOf(local) + 7).month !== civilDate(dayOf(local)).month;
}
