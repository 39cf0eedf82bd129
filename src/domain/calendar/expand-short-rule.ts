import type { RecurrenceRule } from '../../formats/icalendar/recurrence-rule.ts';
import { DAY_SECONDS, dayOf } from './civil.ts';
import { dayPasses, dayTest } from './rule-days.ts';
import { positions } from './rule-positions.ts';
import type { Work } from './work.ts';

/** Steps looked at in a row without a result, after which a rule is taken to have ended. */
const MAX_BARREN_STEPS = 500_000;
const UNITS = { HOURLY: 3_600, MINUTELY: 60, SECONDLY: 1 };

/**
 * HOURLY, MINUTELY and SECONDLY rules. Days, hours and minutes that a limiting part excludes are stepped over whole, so
 * that a rule of seconds on one day of the year costs days, not seconds.
 */
export function* expandShortRule(
  rule: RecurrenceRule,
  start: number,
  { jump, end, work }: { readonly jump: number; readonly end: number; readonly work: Work },
): Generator<number, void> {
  const unit = UNITS[rule.freq as keyof typeof UNITS];
  const step = unit * rule.interval;
  const first = Math.floor(start / unit) * unit;
  const test = dayTest(rule, 'none');
  const offsets = offsetsInPeriod(rule, start);
  const alignedFrom = (local: number): number => first + Math.ceil((local - first) / step) * step;
  let fittingDay = Number.NaN;
  let barren = 0;
  let local = first + Math.max(0, Math.floor((jump - first) / step)) * step;
  while (local < end && barren < MAX_BARREN_STEPS) {
    barren += 1;
    work.spend(1);
    const day = dayOf(local);
    if (day !== fittingDay) {
      if (!dayPasses(test, day)) {
        local = alignedFrom((day + 1) * DAY_SECONDS);
        continue;
      }
      fittingDay = day;
    }
    const next = nextAllowed(rule, local, unit);
    if (next > local) {
      local = alignedFrom(next);
      continue;
    }
    for (const offset of offsets) {
      yield local + offset;
      barren = 0;
    }
    local += step;
  }
}

/** `local` itself when its hour, minute and second are allowed, else the start of the next hour, minute or second. */
function nextAllowed(rule: RecurrenceRule, local: number, unit: number): number {
  const time = local - dayOf(local) * DAY_SECONDS;
  if (rule.byHour.length > 0 && !rule.byHour.includes(Math.floor(time / 3_600))) return local - (time % 3_600) + 3_600;
  if (unit < 3_600 && rule.byMinute.length > 0 && !rule.byMinute.includes(Math.floor((time % 3_600) / 60))) {
    return local - (time % 60) + 60;
  }
  if (unit === 1 && rule.bySecond.length > 0 && !rule.bySecond.includes(time % 60)) return local + 1;
  return local;
}

/** Seconds into its hour or minute at which each period has results; the parts that expand, RFC 5545 §3.3.10. */
function offsetsInPeriod(rule: RecurrenceRule, start: number): number[] {
  if (rule.freq === 'SECONDLY') return chosen(rule, [0]);
  const ownSecond = ((start % 60) + 60) % 60;
  const seconds = rule.bySecond.length > 0 ? rule.bySecond.map((second) => Math.min(second, 59)) : [ownSecond];
  const ownMinute = Math.floor((((start % 3_600) + 3_600) % 3_600) / 60);
  const expanded = rule.byMinute.length > 0 ? rule.byMinute : [ownMinute];
  const minutes = rule.freq === 'HOURLY' ? expanded : [0];
  const offsets = new Set(minutes.flatMap((minute) => seconds.map((second) => minute * 60 + second)));
  return chosen(
    rule,
    [...offsets].sort((a, b) => a - b),
  );
}

function chosen(rule: RecurrenceRule, offsets: number[]): number[] {
  if (rule.bySetPos.length === 0) return offsets;
  return positions(rule.bySetPos, offsets.length).map((index) => offsets[index]!);
}
