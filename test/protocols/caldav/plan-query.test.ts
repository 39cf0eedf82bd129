import assert from 'node:assert/strict';
import { test } from 'node:test';
import { planQuery } from '../../../protocols/caldav/filter/plan-query.ts';
import { readCalendarFilter } from '../../../protocols/caldav/filter/read-calendar-filter.ts';
import { BEGINNINGLESS, ENDLESS, type Item } from '../../../src/domain/item.ts';
import { xml } from '../../support/xml.ts';

const START = Date.UTC(2026, 0, 5) / 1000;
const END = Date.UTC(2026, 0, 12) / 1000;
const WEEK = '<C:time-range start="20260105T000000Z" end="20260112T000000Z"/>';

const plan = async (inner: string) =>
  planQuery(
    readCalendarFilter(await xml(`<C:filter><C:comp-filter name="VCALENDAR">${inner}</C:comp-filter></C:filter>`)),
  );
const item = (rangeStart: number, rangeEnd: number, kind = 'VEVENT') => ({ kind, rangeStart, rangeEnd }) as Item;

test('a filter for everything is answered by the listing alone', async () => {
  const { listing, isCertain } = await plan('');
  assert.deepEqual(listing, {});
  assert.equal(isCertain(item(BEGINNINGLESS, ENDLESS)), true);
});

test('a filter for a component is answered by its kind alone', async () => {
  const { listing, isCertain, parsesAll } = await plan('<C:comp-filter name="VEVENT"/>');
  assert.deepEqual(listing, { kind: 'VEVENT' });
  assert.equal(isCertain(item(BEGINNINGLESS, ENDLESS)), true);
  assert.equal(parsesAll, false);
});

const IN_WEEK: readonly [title: string, start: number, end: number, certain: boolean][] = [
  ['an event within the range is certain', START + 3600, START + 7200, true],
  ['an event that fills the range is certain', START, END, true],
  ['an event that reaches into the range is looked at', START - 3600, START + 3600, false],
  ['an event that reaches out of the range is looked at', END - 3600, END + 3600, false],
  ['an endless series is looked at', START + 3600, ENDLESS, false],
  ['an event without any time is looked at', BEGINNINGLESS, ENDLESS, false],
  ['an event of no length at the start is certain', START, START, true],
  ['an event of no length at the end is looked at', END, END, false],
];
for (const [title, start, end, certain] of IN_WEEK) {
  test(title, async () => {
    const { listing, isCertain } = await plan(`<C:comp-filter name="VEVENT">${WEEK}</C:comp-filter>`);
    assert.deepEqual(listing, { kind: 'VEVENT', range: { start: START, end: END } });
    assert.equal(isCertain(item(start, end)), certain);
  });
}

test('a range on the calendar itself narrows all kinds, and is certain of events alone', async () => {
  const { listing, isCertain, parsesAll } = await plan(WEEK);
  assert.deepEqual(listing, { range: { start: START, end: END } });
  assert.equal(parsesAll, false);
  assert.equal(isCertain(item(START + 3600, START + 7200)), true);
  assert.equal(isCertain(item(START + 3600, END + 7200)), false);
  assert.equal(isCertain(item(START + 3600, START + 7200, 'VTODO')), false);
});

const LOOKED_AT: readonly [title: string, inner: string, listing: object][] = [
  [
    'tasks in a range are looked at, since the rules of RFC 4791 §9.9 are wider than the index',
    `<C:comp-filter name="VTODO">${WEEK}</C:comp-filter>`,
    { kind: 'VTODO', range: { start: START, end: END } },
  ],
  [
    'a property condition is looked at within the range',
    `<C:comp-filter name="VEVENT">${WEEK}<C:prop-filter name="UID"/></C:comp-filter>`,
    { kind: 'VEVENT', range: { start: START, end: END } },
  ],
  [
    'the range of an alarm does not narrow the events',
    `<C:comp-filter name="VEVENT"><C:comp-filter name="VALARM">${WEEK}</C:comp-filter></C:comp-filter>`,
    { kind: 'VEVENT' },
  ],
  [
    'two ranges are looked at within one of them',
    `<C:time-range start="20260101T000000Z"/><C:comp-filter name="VEVENT">${WEEK}</C:comp-filter>`,
    { kind: 'VEVENT', range: { start: START, end: END } },
  ],
  [
    'the absence of a kind is looked at within the range of the calendar',
    `${WEEK}<C:comp-filter name="VEVENT"><C:is-not-defined/></C:comp-filter>`,
    { range: { start: START, end: END } },
  ],
  ['is-not-defined narrows nothing', '<C:comp-filter name="VEVENT"><C:is-not-defined/></C:comp-filter>', {}],
  ['a time zone narrows nothing', '<C:comp-filter name="VTIMEZONE"/>', {}],
  ['a property of the calendar narrows nothing', '<C:prop-filter name="METHOD"/>', {}],
];
for (const [title, inner, listing] of LOOKED_AT) {
  test(title, async () => {
    const found = await plan(inner);
    assert.deepEqual(found.listing, listing);
    const kind = 'kind' in listing ? String(listing.kind) : 'VEVENT';
    assert.equal(found.isCertain(item(START + 3600, START + 7200, kind)), false);
  });
}
