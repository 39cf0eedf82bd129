import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RRuleTemporal } from 'rrule-temporal';
import { expandRule } from '../../../src/domain/calendar/expand-rule.ts';
import { parseRecurrenceRule } from '../../../src/formats/icalendar/parse-recurrence-rule.ts';
import { utc } from './calendar-text.ts';

const SEED = 4_711;
const ROUNDS = 2_500;
const LIMIT = 12;

function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((state / 2_147_483_648) * below);
  };
}

/** A rule whose parts RFC 5545 allows together. */
function randomRule(next: (below: number) => number): string {
  const pick = <T>(values: readonly T[]): T => values[next(values.length)]!;
  const maybe = (chance: number, text: () => string): string => (next(chance) === 0 ? text() : '');
  const freq = pick(['YEARLY', 'YEARLY', 'MONTHLY', 'MONTHLY', 'WEEKLY', 'WEEKLY', 'DAILY', 'HOURLY', 'MINUTELY']);
  const days = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'];
  const isLong = freq === 'YEARLY' || freq === 'MONTHLY';
  let rule = `FREQ=${freq}${maybe(2, () => `;INTERVAL=${1 + next(freq === 'YEARLY' ? 4 : 9)}`)}`;
  rule += maybe(3, () => `;BYMONTH=${1 + next(6)},${7 + next(6)}`);
  const form = next(freq === 'YEARLY' ? 6 : 4);
  if (form === 1 && freq !== 'WEEKLY')
    rule += `;BYMONTHDAY=${pick([1, 13, 28, 29, 30, 31, -1, -2, -31])},${pick([2, 15, -5])}`;
  if (form === 2)
    rule += `;BYDAY=${pick(days)}${isLong && next(2) === 0 ? `,${pick([1, 2, -1, 5])}${pick(days)}` : ''}`;
  if (form === 3 && isLong) rule += `;BYMONTHDAY=${pick([13, 14])},20;BYDAY=${pick(days)},${pick(days)}`;
  if (form === 4 && !rule.includes('BYMONTH='))
    rule += `;BYYEARDAY=${pick([1, 60, 200, 366, -1, -100])},${pick([61, -366])}`;
  if (form === 5 && !rule.includes('BYMONTH=')) rule += `;BYWEEKNO=${pick([2, 20, 40, 51, -3])};BYDAY=${pick(days)}`;
  rule += maybe(5, () => `;BYHOUR=${pick([0, 9, 23])},12`);
  rule += maybe(5, () => `;BYMINUTE=${pick([0, 30, 59])},15`);
  if (isLong && form >= 1 && form <= 3) rule += maybe(3, () => `;BYSETPOS=${pick([1, 2, -1, -2])}`);
  return `${rule};WKST=${pick(['MO', 'SU', 'TH'])}`;
}

test(`rrule-temporal comes to the same times for ${ROUNDS} generated rules (seed ${SEED})`, () => {
  const next = random(SEED);
  const differing: string[] = [];
  let compared = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    const rule = randomRule(next);
    const start = `20${String(10 + next(20))}-0${1 + next(9)}-${10 + next(18)}T09:00:00`;
    const ours = [];
    for (const local of expandRule(parseRecurrenceRule(rule), utc(start))) {
      ours.push(new Date(local * 1000).toISOString().slice(0, 19));
      if (ours.length === LIMIT) break;
    }
    // Few results mean an end of the world (our 2200, its own bound on attempts): nothing to compare.
    if (ours.length < LIMIT || ours.at(-1)! > '2070') continue;
    const text = `DTSTART;TZID=UTC:${start.replaceAll(/[-:]/g, '')}\nRRULE:${rule}`;
    const theirs = new RRuleTemporal({ rruleString: text })
      .all((_, index) => index < LIMIT)
      .map((at) => at.toString().slice(0, 19));
    compared += 1;
    if (theirs.slice(0, LIMIT).join() !== ours.join())
      differing.push(`${start} ${rule}\n  ours   ${ours.join(' ')}\n  theirs ${theirs.join(' ')}`);
  }
  assert.ok(compared > ROUNDS / 2, String(compared));
  assert.deepEqual(differing, []);
});
