import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CompFilter } from '../../../protocols/caldav/filter/calendar-filter.ts';
import { calendarMatches } from '../../../protocols/caldav/filter/match-calendar.ts';
import { timesOf } from '../../../protocols/caldav/filter/object-times.ts';
import { planQuery } from '../../../protocols/caldav/filter/plan-query.ts';
import { ianaZone, UTC } from '../../../src/domain/calendar/iana-zone.ts';
import type { Zone } from '../../../src/domain/calendar/zone.ts';
import { parseCalendar } from '../../../src/formats/icalendar/calendar.ts';
import { formatUtc } from '../../../src/formats/icalendar/date-time.ts';
import { putItem } from '../../../src/items/put-item.ts';
import { type Random, seededRandom } from '../../support/random.ts';
import { calendar, component } from './objects.ts';
import { serve } from './support.ts';

const SEED = 20260105;
const HOUR = 3_600;
const BEGIN = Date.UTC(2026, 2, 1) / 1000;
const SPAN_HOURS = 60 * 24;

/** Around the change to summer time, in every way an event can say when it is. */
function randomObject(random: Random, uid: string): string {
  const at = BEGIN + random.below(SPAN_HOURS) * HOUR;
  const local = formatUtc(at).slice(0, -1);
  const kind = random.pick(['VEVENT', 'VEVENT', 'VEVENT', 'VTODO', 'VJOURNAL']);
  const isDate = random.chance(0.2);
  const tzid = random.pick(['Europe/Berlin', 'America/New_York', 'Pacific/Auckland']);
  const start = isDate
    ? `DTSTART;VALUE=DATE:${local.slice(0, 8)}`
    : random.pick([`DTSTART:${local}Z`, `DTSTART:${local}`, `DTSTART;TZID=${tzid}:${local}`]);
  const lines = [`UID:${uid}`, start];
  if (kind !== 'VJOURNAL' && random.chance(0.7)) {
    const hours = random.pick([1, 5, 30, 400]);
    lines.push(isDate ? `DURATION:P${1 + random.below(9)}D` : `DURATION:PT${hours}H`);
  }
  if (random.chance(0.4))
    lines.push(`RRULE:FREQ=${random.pick(['DAILY', 'WEEKLY', 'MONTHLY'])}${random.pick(['', ';COUNT=4'])}`);
  const main = component(kind, ...lines);
  if (isDate || random.chance(0.7)) return calendar(...main);
  const moved = formatUtc(at + (random.below(200) - 100) * HOUR);
  const id = start.replace('DTSTART', 'RECURRENCE-ID');
  return calendar(...main, ...component(kind, `UID:${uid}`, id, `DTSTART:${moved}`));
}

function randomFilter(random: Random): CompFilter {
  const start = BEGIN + random.below(SPAN_HOURS) * HOUR;
  const end = start + random.pick([1, 24, 24 * 7, 24 * 30]) * HOUR;
  const timeRange = random.pick([{ start, end }, { start, end }, { start, end }, { start }, { end }]);
  const none = { isNotDefined: false, propFilters: [] };
  const name = random.pick(['VCALENDAR', 'VEVENT', 'VEVENT', 'VTODO', 'VJOURNAL']);
  if (name === 'VCALENDAR') return { name, ...none, timeRange, compFilters: [] };
  return { name: 'VCALENDAR', ...none, timeRange: null, compFilters: [{ name, ...none, timeRange, compFilters: [] }] };
}

test(`index and parsing agree on random objects and ranges (seed ${SEED})`, async (t) => {
  const server = await serve(t);
  const random = seededRandom(SEED);
  const { services, principal } = server;
  const folder = { ...(await server.folder('Calendar')), components: ['VEVENT', 'VTODO', 'VJOURNAL'] as const };
  for (let n = 0; n < 250; n += 1) {
    const content = Buffer.from(randomObject(random, `u${n}`));
    await putItem(services, { principal, folder, name: `${n}.ics`, content, contentType: 'text/calendar' });
  }
  const reader = services.store.read(principal.mailboxId);
  const { items } = await reader.list(folder.id, { limit: 500, withContent: true });
  const zones: Zone[] = [UTC, ianaZone('Pacific/Auckland')!, ianaZone('America/Los_Angeles')!];
  let certain = 0;
  for (let n = 0; n < 60; n += 1) {
    const filter = randomFilter(random);
    const zone = random.pick(zones);
    const matches = (content: Uint8Array): boolean => {
      const parsed = parseCalendar(content);
      return calendarMatches(filter, parsed, timesOf(parsed, zone));
    };
    const { listing, isCertain } = planQuery(filter);
    const listed = await reader.list(folder.id, { ...listing, limit: 500, withContent: true });
    const planned = listed.items.filter(({ item, content }) => isCertain(item) || matches(content!));
    certain += listed.items.filter(({ item }) => isCertain(item)).length;
    assert.deepEqual(
      planned.map(({ item }) => item.name),
      items.filter(({ content }) => matches(content!)).map(({ item }) => item.name),
      JSON.stringify({ filter, zone: zone.id }),
    );
  }
  assert.ok(certain > 500, `the index decided ${certain} times only`);
});
