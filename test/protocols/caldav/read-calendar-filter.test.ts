import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readCalendarFilter } from '../../../protocols/caldav/filter/read-calendar-filter.ts';
import { isGatewayError } from '../../../src/domain/errors.ts';
import { xml } from '../../support/xml.ts';

const read = async (inner: string) => readCalendarFilter(await xml(`<C:filter>${inner}</C:filter>`));
const inCalendar = (inner: string) => `<C:comp-filter name="VCALENDAR">${inner}</C:comp-filter>`;
const inEvent = (inner: string) => inCalendar(`<C:comp-filter name="VEVENT">${inner}</C:comp-filter>`);

test('RFC 4791 §7.8.1 a component with a time range is read in seconds', async () => {
  const filter = await read(inEvent('<C:time-range start="20060104T000000Z" end="20060105T000000Z"/>'));
  assert.equal(filter.name, 'VCALENDAR');
  assert.deepEqual(filter.compFilters[0]?.timeRange, { start: 1136332800, end: 1136419200 });
});

test('RFC 4791 §9.9 one end of a time range may be missing', async () => {
  const filter = await read(inEvent('<C:time-range start="20060104T000000Z"/>'));
  assert.deepEqual(filter.compFilters[0]?.timeRange, { start: 1136332800 });
});

test('RFC 4791 §7.8.7 text-match and is-not-defined are read', async () => {
  const filter = await read(
    inCalendar(`<C:comp-filter name="vtodo">
      <C:prop-filter name="completed"><C:is-not-defined/></C:prop-filter>
      <C:prop-filter name="STATUS"><C:text-match negate-condition="yes">CANCELLED</C:text-match></C:prop-filter>
    </C:comp-filter>`),
  );
  const [completed, status] = filter.compFilters[0]?.propFilters ?? [];
  assert.equal(filter.compFilters[0]?.name, 'VTODO');
  assert.equal(completed?.name, 'COMPLETED');
  assert.equal(completed?.isNotDefined, true);
  assert.equal(status?.textMatch?.negate, true);
  assert.equal(status?.textMatch?.collation.name, 'i;ascii-casemap');
});

test('RFC 4791 §7.8.6 parameter filters are read', async () => {
  const filter = await read(
    inEvent(`<C:prop-filter name="ATTENDEE"><C:text-match collation="i;octet">mailto:lisa@example.com</C:text-match>
      <C:param-filter name="PARTSTAT"><C:text-match>NEEDS-ACTION</C:text-match></C:param-filter></C:prop-filter>`),
  );
  const prop = filter.compFilters[0]?.propFilters[0];
  assert.equal(prop?.textMatch?.collation.name, 'i;octet');
  assert.equal(prop?.paramFilters[0]?.name, 'PARTSTAT');
});

const REFUSED: readonly [title: string, kind: string, inner: string][] = [
  ['an empty filter', 'valid-filter', ''],
  ['two outermost components', 'valid-filter', inCalendar('') + inCalendar('')],
  ['an outermost component that is not VCALENDAR', 'valid-filter', '<C:comp-filter name="VEVENT"/>'],
  ['a component filter without name', 'valid-filter', inCalendar('<C:comp-filter/>')],
  ['RFC 4791 §7.8 VTODO in VEVENT', 'valid-filter', inEvent('<C:comp-filter name="VTODO"/>')],
  ['VALARM directly in VCALENDAR', 'valid-filter', inCalendar('<C:comp-filter name="VALARM"/>')],
  [
    'a time range on VTIMEZONE',
    'valid-filter',
    inCalendar('<C:comp-filter name="VTIMEZONE"><C:time-range start="20060104T000000Z"/></C:comp-filter>'),
  ],
  [
    'RFC 4791 §7.8 a time range on SUMMARY',
    'valid-filter',
    inEvent('<C:prop-filter name="SUMMARY"><C:time-range start="20060104T000000Z"/></C:prop-filter>'),
  ],
  ['a time range without ends', 'valid-filter', inEvent('<C:time-range/>')],
  ['a time range in local time', 'valid-filter', inEvent('<C:time-range start="20060104T000000"/>')],
  ['a time range on 31 February', 'valid-filter', inEvent('<C:time-range start="20060231T000000Z"/>')],
  [
    'a time range that ends where it starts',
    'valid-filter',
    inEvent('<C:time-range start="20060104T000000Z" end="20060104T000000Z"/>'),
  ],
  ['is-not-defined with another condition', 'valid-filter', inEvent('<C:is-not-defined/><C:prop-filter name="UID"/>')],
  [
    'two text-matches on one property',
    'valid-filter',
    inEvent('<C:prop-filter name="UID"><C:text-match>a</C:text-match><C:text-match>b</C:text-match></C:prop-filter>'),
  ],
  [
    'a negate-condition that is neither yes nor no',
    'valid-filter',
    inEvent('<C:prop-filter name="UID"><C:text-match negate-condition="true">a</C:text-match></C:prop-filter>'),
  ],
  ['an element of another namespace', 'filter', inEvent('<x xmlns="urn:x"/>')],
  ['more conditions than any program sends', 'valid-filter', inEvent('<C:prop-filter name="X-A"/>'.repeat(198))],
  [
    'RFC 4791 §7.5.1 an unknown collation',
    'collation',
    inEvent('<C:prop-filter name="UID"><C:text-match collation="i;basic">a</C:text-match></C:prop-filter>'),
  ],
];

for (const [title, kind, inner] of REFUSED) {
  test(`refused: ${title}`, async () => {
    await assert.rejects(
      read(inner),
      (error) => isGatewayError(error, 'filter-unsupported') && error.facts.kind === kind,
    );
  });
}
