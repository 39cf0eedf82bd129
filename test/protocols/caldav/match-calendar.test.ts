import assert from 'node:assert/strict';
import { test } from 'node:test';
import { calendarMatches } from '../../../protocols/caldav/filter/match-calendar.ts';
import { timesOf } from '../../../protocols/caldav/filter/object-times.ts';
import { readCalendarFilter } from '../../../protocols/caldav/filter/read-calendar-filter.ts';
import { ianaZone, UTC } from '../../../src/domain/calendar/iana-zone.ts';
import { parseCalendar } from '../../../src/formats/icalendar/calendar.ts';
import { xml } from '../../support/xml.ts';
import { ALL_DAY, CANCELLED_TASK, calendar, component, DONE_TASK, MEETING, SERIES, SINGLE, TASK } from './objects.ts';

const OBJECTS = { SINGLE, SERIES, MEETING, TASK, DONE_TASK, CANCELLED_TASK, ALL_DAY };
type Name = keyof typeof OBJECTS;

const matchesIn = async (inner: string, text: string, zone = UTC): Promise<boolean> => {
  const filter = readCalendarFilter(
    await xml(`<C:filter><C:comp-filter name="VCALENDAR">${inner}</C:comp-filter></C:filter>`),
  );
  const parsed = parseCalendar(Buffer.from(text));
  return calendarMatches(filter, parsed, timesOf(parsed, zone));
};
const comp = (name: string, inner = '') => `<C:comp-filter name="${name}">${inner}</C:comp-filter>`;
const prop = (name: string, inner = '') => `<C:prop-filter name="${name}">${inner}</C:prop-filter>`;
const text = (value: string, attributes = '') => `<C:text-match${attributes}>${value}</C:text-match>`;
const range = (start: string, end: string) =>
  `<C:time-range${start === '' ? '' : ` start="${start}"`}${end === '' ? '' : ` end="${end}"`}/>`;

const CASES: readonly [title: string, filter: string, found: readonly Name[]][] = [
  ['no condition matches every object', '', Object.keys(OBJECTS) as Name[]],
  ['a component', comp('VEVENT'), ['SINGLE', 'SERIES', 'MEETING', 'ALL_DAY']],
  ['a component that is not there', comp('VEVENT', '<C:is-not-defined/>'), ['TASK', 'DONE_TASK', 'CANCELLED_TASK']],
  [
    'RFC 4791 §7.8.1 events of one day in UTC, by an override too',
    comp('VEVENT', range('20060104T000000Z', '20060105T000000Z')),
    ['SERIES', 'MEETING'],
  ],
  ['a range that starts when an event ends', comp('VEVENT', range('20060102T180000Z', '20060103T000000Z')), []],
  ['a range that ends when an event starts', comp('VEVENT', range('20060102T000000Z', '20060102T170000Z')), []],
  [
    'RFC 4791 §7.4 an occurrence that was moved is not where it was',
    comp('VEVENT', range('20060104T170000Z', '20060104T180000Z')),
    [],
  ],
  ['an occurrence is where it was moved to', comp('VEVENT', range('20060104T190000Z', '20060104T193000Z')), ['SERIES']],
  ['a range without end', comp('VEVENT', range('20060105T120000Z', '')), ['SERIES', 'ALL_DAY']],
  ['a range without start', comp('VEVENT', range('', '20060102T173000Z')), ['SINGLE', 'SERIES']],
  [
    'conditions hold on one component: the override has the text, the range is of the others',
    comp('VEVENT', range('20060103T000000Z', '20060104T000000Z') + prop('SUMMARY', text('bis'))),
    [],
  ],
  [
    'conditions hold on one component: the override has the text and the range',
    comp('VEVENT', range('20060104T000000Z', '20060105T000000Z') + prop('SUMMARY', text('bis'))),
    ['SERIES'],
  ],
  [
    'the main component keeps what no override replaces',
    comp('VEVENT', range('20060103T000000Z', '20060104T000000Z') + prop('SUMMARY', text('#2'))),
    ['SERIES'],
  ],
  [
    'the main component is not where an override replaces it',
    comp('VEVENT', range('20060104T000000Z', '20060105T000000Z') + prop('RECURRENCE-ID', '<C:is-not-defined/>')),
    ['MEETING'],
  ],
  [
    'RFC 4791 §7.8.5 tasks by alarm',
    comp('VTODO', comp('VALARM', range('20060105T230000Z', '20060106T000000Z'))),
    ['TASK'],
  ],
  ['tasks by alarm at another time', comp('VTODO', comp('VALARM', range('20060105T100000Z', '20060105T170000Z'))), []],
  ['objects without alarm', comp('VTODO', comp('VALARM', '<C:is-not-defined/>')), ['DONE_TASK', 'CANCELLED_TASK']],
  [
    'RFC 4791 §7.8.6 by UID, octet by octet',
    comp('VEVENT', prop('UID', text('single@example.com', ' collation="i;octet"'))),
    ['SINGLE'],
  ],
  [
    'RFC 4791 §7.8.7 by attendee and participation, on one and the same property',
    comp(
      'VEVENT',
      prop(
        'ATTENDEE',
        `${text('mailto:lisa@example.com')}<C:param-filter name="PARTSTAT">${text('NEEDS-ACTION')}</C:param-filter>`,
      ),
    ),
    ['MEETING'],
  ],
  [
    'attendee and participation on different properties',
    comp(
      'VEVENT',
      prop(
        'ATTENDEE',
        `${text('mailto:lisa@example.com')}<C:param-filter name="PARTSTAT">${text('ACCEPTED')}</C:param-filter>`,
      ),
    ),
    [],
  ],
  [
    'a parameter that is not there',
    comp('VEVENT', prop('ATTENDEE', '<C:param-filter name="ROLE"><C:is-not-defined/></C:param-filter>')),
    ['MEETING'],
  ],
  ['a property that is there', comp('VEVENT', prop('X-ABC-GUID')), []],
  [
    'RFC 4791 §7.8.9 open tasks',
    comp(
      'VTODO',
      prop('COMPLETED', '<C:is-not-defined/>') + prop('STATUS', text('CANCELLED', ' negate-condition="yes"')),
    ),
    ['TASK'],
  ],
  [
    'completed in a range',
    comp('VTODO', prop('COMPLETED', range('20051222T000000Z', '20051223T000000Z'))),
    ['DONE_TASK'],
  ],
  ['a property range that ends at the value', comp('VTODO', prop('COMPLETED', range('', '20051222T000000Z'))), []],
  [
    'a date counts for its whole day',
    comp('VTODO', prop('DUE', range('20060106T120000Z', '20060106T130000Z'))),
    ['TASK'],
  ],
  ['escapes are decoded before comparing', comp('VEVENT', prop('DESCRIPTION', text('twice, at'))), ['SINGLE']],
  ['a property of the calendar itself', prop('PRODID', text('nobody')), []],
  ['a time zone', comp('VTIMEZONE', prop('TZID', text('New_York'))), ['SINGLE', 'SERIES', 'MEETING']],
  ['an unknown component', comp('X-FOO'), []],
];

for (const [title, filter, found] of CASES) {
  test(title, async () => {
    const names: string[] = [];
    for (const [name, object] of Object.entries(OBJECTS)) if (await matchesIn(filter, object)) names.push(name);
    assert.deepEqual(names.sort(), [...found].sort());
  });
}

test('RFC 4791 §7.3 floating times and dates are read in the zone given', async () => {
  const tokyo = ianaZone('Asia/Tokyo');
  assert.ok(tokyo);
  // The 5th begins in Tokyo at 15:00Z of the 4th.
  const filter = comp('VEVENT', range('20060104T150000Z', '20060104T160000Z'));
  assert.equal(await matchesIn(filter, ALL_DAY, tokyo), true);
  assert.equal(await matchesIn(filter, ALL_DAY, UTC), false);
});

test('RFC 4791 §9.9 an event without end and duration is a moment, seen at the start of a range', async () => {
  const moment = calendar(...component('VEVENT', 'UID:m', 'DTSTART:20260101T100000Z'));
  assert.equal(await matchesIn(comp('VEVENT', range('20260101T100000Z', '20260101T110000Z')), moment), true);
  assert.equal(await matchesIn(comp('VEVENT', range('20260101T090000Z', '20260101T100000Z')), moment), false);
});

test('the time range of one alarm says nothing about another', async () => {
  const alarm = (trigger: string, action: string) => [
    'BEGIN:VALARM',
    `ACTION:${action}`,
    `TRIGGER:${trigger}`,
    'END:VALARM',
  ];
  const event = calendar(
    ...component(
      'VEVENT',
      'UID:a',
      'DTSTART:20260101T100000Z',
      ...alarm('-PT10M', 'DISPLAY'),
      ...alarm('-PT2H', 'AUDIO'),
    ),
  );
  const filter = (action: string) =>
    comp('VEVENT', comp('VALARM', range('20260101T094500Z', '20260101T095500Z') + prop('ACTION', text(action))));
  assert.equal(await matchesIn(filter('DISPLAY'), event), true);
  assert.equal(await matchesIn(filter('AUDIO'), event), false);
});
