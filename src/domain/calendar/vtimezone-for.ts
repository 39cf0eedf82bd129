import type { Component } from '../../formats/content-line/content-line.ts';
import { makeComponent } from '../../formats/content-line/edit.ts';
import { makeLine } from '../../formats/content-line/line.ts';
import { escapeText } from '../../formats/content-line/text.ts';
import { daysInMonth, formatDateTime, formatUtc } from '../../formats/icalendar/date-time.ts';
import { civilDate, dayOf, timeOfDay, weekdayOf, yearOf, yearStart } from './civil.ts';
import { valueOfLocal } from './moment.ts';
import { WEEKDAYS } from './rule-days.ts';
import type { Transition, Zone } from './zone.ts';

/** Years looked at to find the rule of an endless range: the calendar's weekdays repeat after 28. */
const RULE_YEARS = 29;

/** Changes of consecutive years that one yearly rule makes. */
interface Run {
  readonly changes: Transition[];
}

/**
 * A VTIMEZONE (RFC 5545 §3.6.5) for a zone, right from `range.start` to `range.end` (UTC seconds); with an end more than
 * 30 years away the rules of the last known years go on without UNTIL. Made of the same transitions the gateway computes
 * with, so that a client that uses it comes to the same times.
 */
export function vtimezoneFor(zone: Zone, range: { start: number; end: number }, tzid = zone.id): Component {
  const firstYear = yearOf(range.start) - 1;
  const endYear = yearOf(Math.min(range.end, yearStart(firstYear + 200)));
  const lastYear = Math.max(Math.min(endYear, firstYear + RULE_YEARS + 1), firstYear + 2);
  const isEndless = endYear > lastYear;
  const from = yearStart(firstYear);
  const changes = zone.transitions(from, yearStart(lastYear + 1));
  const runs = runsOf(changes);
  const observances = runs.flatMap((run) => observancesOf(run, lastYear, isEndless));
  const offset = zone.offsetAt(from);
  // What holds before the first change: its own observance, without which readers guess.
  const initial = observance(
    { at: from - offset, before: offset, after: offset },
    changes[0] !== undefined && changes[0].after < offset,
    null,
  );
  return makeComponent('VTIMEZONE', [makeLine({ name: 'TZID', value: escapeText(tzid) }), initial, ...observances]);
}

function runsOf(changes: readonly Transition[]): Run[] {
  const runs: Run[] = [];
  for (const change of changes) {
    const year = localYear(change);
    const run = runs.find(({ changes: earlier }) => {
      const last = earlier.at(-1)!;
      return localYear(last) === year - 1 && haveSameForm(last, change) && ruleDays([...earlier, change]) !== null;
    });
    if (run === undefined) runs.push({ changes: [change] });
    else run.changes.push(change);
  }
  return runs;
}

function localYear(change: Transition): number {
  return yearOf(change.at + change.before);
}

function haveSameForm(a: Transition, b: Transition): boolean {
  const [localA, localB] = [a.at + a.before, b.at + b.before];
  return (
    a.before === b.before &&
    a.after === b.after &&
    timeOfDay(localA) === timeOfDay(localB) &&
    civilDate(dayOf(localA)).month === civilDate(dayOf(localB)).month
  );
}

/** The BY parts that name the days of all these changes, or null when no yearly rule does. */
function ruleDays(changes: readonly Transition[]): string | null {
  const days = changes.map((change) => dayOf(change.at + change.before));
  const dates = days.map(civilDate);
  const month = `BYMONTH=${dates[0]!.month}`;
  const weekdays = new Set(days.map(weekdayOf));
  if (weekdays.size > 1) {
    return dates.every(({ day }) => day === dates[0]!.day) ? `${month};BYMONTHDAY=${dates[0]!.day}` : null;
  }
  const name = WEEKDAYS[weekdayOf(days[0]!)]!;
  if (dates.every(({ year, month: of, day }) => day + 7 > daysInMonth(year, of))) return `${month};BYDAY=-1${name}`;
  const ordinals = new Set(dates.map(({ day }) => Math.ceil(day / 7)));
  if (ordinals.size === 1) return `${month};BYDAY=${[...ordinals][0]}${name}`;
  const numbers = dates.map(({ day }) => day);
  const first = Math.min(...numbers);
  if (Math.max(...numbers) - first > 6) return null;
  // "Sunday on or after the 2nd": seven days of the month of which one is that weekday.
  const span = Array.from({ length: 7 }, (_, index) => first + index).filter((day) => day <= 31);
  return `${month};BYMONTHDAY=${span.join(',')};BYDAY=${name}`;
}

function observancesOf(run: Run, lastYear: number, isEndless: boolean): Component[] {
  const [first] = run.changes;
  const last = run.changes.at(-1)!;
  const days = ruleDays(run.changes);
  const goesOn = isEndless && localYear(last) === lastYear;
  if (run.changes.length < 2 || days === null) {
    return run.changes.map((change) => observance(change, change.after > change.before, null));
  }
  const rule = `FREQ=YEARLY;${days}${goesOn ? '' : `;UNTIL=${formatUtc(last.at)}`}`;
  return [observance(first!, first!.after > first!.before, rule)];
}

function observance(change: Transition, isDaylight: boolean, rule: string | null): Component {
  const start = formatDateTime(valueOfLocal(change.at + change.before, 'floating'));
  const lines = [
    makeLine({ name: 'DTSTART', value: start }),
    makeLine({ name: 'TZOFFSETFROM', value: formatOffset(change.before) }),
    makeLine({ name: 'TZOFFSETTO', value: formatOffset(change.after) }),
  ];
  if (rule !== null) lines.push(makeLine({ name: 'RRULE', value: rule }));
  return makeComponent(isDaylight ? 'DAYLIGHT' : 'STANDARD', lines);
}

/** RFC 5545 §3.3.14; seconds only where there are any (local mean times). */
function formatOffset(offset: number): string {
  const size = Math.abs(offset);
  const parts = [Math.floor(size / 3_600), Math.floor((size % 3_600) / 60), size % 60];
  const digits = parts.map((part) => String(part).padStart(2, '0'));
  return (offset < 0 ? '-' : '+') + digits[0] + digits[1] + (parts[2] === 0 ? '' : digits[2]);
}
