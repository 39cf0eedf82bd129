import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CALDAV } from '../../../protocols/webdav/xml/element.ts';
import { CALENDAR, CALENDAR_HOME, readError, readMultistatus } from '../webdav/support.ts';
import { calendar, component, MEETING, SERIES, SINGLE, TASK } from './objects.ts';
import { putCalendar, report, serve } from './support.ts';

const DATA = '<D:prop><D:getetag/><C:calendar-data/></D:prop>';
const filter = (inner: string) =>
  `<C:filter><C:comp-filter name="VCALENDAR"><C:comp-filter name="VEVENT">${inner}</C:comp-filter></C:comp-filter></C:filter>`;
const DAY = filter('<C:time-range start="20060104T000000Z" end="20060105T000000Z"/>');
const ALL = filter('');

async function serveObjects(t: Parameters<typeof serve>[0], limits = {}) {
  const server = await serve(t, limits);
  await putCalendar(server, 'single.ics', SINGLE);
  await putCalendar(server, 'series.ics', SERIES);
  await putCalendar(server, 'meeting.ics', MEETING);
  await putCalendar(server, 'task.ics', TASK);
  return server;
}

const hrefs = (answer: Parameters<typeof readMultistatus>[0]) =>
  readMultistatus(answer)
    .responses.map(({ href }) => href)
    .sort();

test('RFC 4791 §7.8.1 a query by time gives the objects with the bytes that were stored', async (t) => {
  const server = await serveObjects(t);
  const answer = await report(server, CALENDAR, 'C:calendar-query', DATA + DAY);
  const found = readMultistatus(answer);
  assert.deepEqual(hrefs(answer), [`${CALENDAR}meeting.ics`, `${CALENDAR}series.ics`]);
  assert.equal(found.text(`${CALENDAR}series.ics`, 'calendar-data', CALDAV), SERIES);
  assert.match(found.text(`${CALENDAR}series.ics`, 'getetag') ?? '', /^"/);
});

test('a time range on the calendar itself finds whatever component overlaps it, by the rule of its kind', async (t) => {
  const server = await serveObjects(t);
  await putCalendar(server, 'due.ics', calendar(...component('VTODO', 'UID:due', 'DUE:20060105T000000Z')));
  await putCalendar(server, 'start.ics', calendar(...component('VTODO', 'UID:start', 'DTSTART:20060104T000000Z')));
  await putCalendar(server, 'late.ics', calendar(...component('VTODO', 'UID:late', 'DTSTART:20060105T000000Z')));
  const range = '<C:time-range start="20060104T000000Z" end="20060105T000000Z"/>';
  const inner = `${DATA}<C:filter><C:comp-filter name="VCALENDAR">${range}</C:comp-filter></C:filter>`;
  const answer = await report(server, CALENDAR, 'C:calendar-query', inner);
  assert.deepEqual(
    hrefs(answer),
    ['due.ics', 'meeting.ics', 'series.ics', 'start.ics'].map((name) => CALENDAR + name),
  );
});

test('a query for a component gives all of that component and no other', async (t) => {
  const server = await serveObjects(t);
  const answer = await report(server, CALENDAR, 'C:calendar-query', `<D:prop><D:getetag/></D:prop>${ALL}`);
  assert.deepEqual(hrefs(answer), [`${CALENDAR}meeting.ics`, `${CALENDAR}series.ics`, `${CALENDAR}single.ics`]);
});

test('a missing Depth counts as 1', async (t) => {
  const server = await serveObjects(t);
  const answer = await report(server, CALENDAR, 'C:calendar-query', `<D:prop><D:getetag/></D:prop>${ALL}`, null);
  assert.equal(readMultistatus(answer).responses.length, 3);
});

test('Depth 0 on a calendar finds nothing', async (t) => {
  const server = await serveObjects(t);
  const answer = await report(server, CALENDAR, 'C:calendar-query', `<D:prop><D:getetag/></D:prop>${ALL}`, '0');
  assert.deepEqual(readMultistatus(answer).responses, []);
});

test('Depth infinity on the home goes over all calendars', async (t) => {
  const server = await serveObjects(t);
  await putCalendar(server, 'other.ics', TASK.replace('task@', 'other@'), `${CALENDAR_HOME}Tasks/`);
  const tasks = '<C:filter><C:comp-filter name="VCALENDAR"><C:comp-filter name="VTODO"/></C:comp-filter></C:filter>';
  const inner = `<D:prop><D:getetag/></D:prop>${tasks}`;
  const answer = await report(server, CALENDAR_HOME, 'C:calendar-query', inner, 'infinity');
  assert.deepEqual(hrefs(answer), [`${CALENDAR}task.ics`, `${CALENDAR_HOME}Tasks/other.ics`]);
  const near = await report(server, CALENDAR_HOME, 'C:calendar-query', inner, '1');
  assert.deepEqual(readMultistatus(near).responses, []);
});

test('a query on one object judges that object', async (t) => {
  const server = await serveObjects(t);
  const hit = await report(server, `${CALENDAR}meeting.ics`, 'C:calendar-query', DATA + DAY, '0');
  assert.equal(readMultistatus(hit).text(`${CALENDAR}meeting.ics`, 'calendar-data', CALDAV), MEETING);
  const miss = await report(server, `${CALENDAR}single.ics`, 'C:calendar-query', DATA + DAY, '0');
  assert.deepEqual(readMultistatus(miss).responses, []);
});

test('RFC 4791 §9.6 comp and prop select parts, an empty comp being whole', async (t) => {
  const server = await serveObjects(t);
  const wanted =
    '<D:prop><C:calendar-data><C:comp name="VCALENDAR"><C:prop name="VERSION"/><C:comp name="VEVENT">' +
    '<C:prop name="SUMMARY"/><C:prop name="UID" novalue="yes"/></C:comp><C:comp name="VTIMEZONE"/></C:comp>' +
    '</C:calendar-data></D:prop>';
  const answer = await report(server, CALENDAR, 'C:calendar-query', wanted + DAY);
  const data = readMultistatus(answer).text(`${CALENDAR}meeting.ics`, 'calendar-data', CALDAV) ?? '';
  assert.match(data, /^BEGIN:VCALENDAR\r\nVERSION:2\.0\r\nBEGIN:VTIMEZONE\r\nTZID:/);
  assert.match(data, /BEGIN:VEVENT\r\nUID:\r\nSUMMARY:Event #3\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n$/);
  assert.match(data, /TZOFFSETTO:-0400/);
});

test('RFC 4791 §9.6.5 expand gives each occurrence in UTC, the moved one at its own time, across DST', async (t) => {
  const server = await serve(t);
  const series = SERIES.replaceAll('20060102T120000', '20260327T120000')
    .replaceAll('America/New_York', 'Europe/Berlin')
    .replaceAll('20060104T', '20260329T')
    .replaceAll('20060106T', '20260331T')
    .replace(/BEGIN:VTIMEZONE[\s\S]*END:VTIMEZONE\r\n/, '');
  await putCalendar(server, 'series.ics', series);
  const wanted =
    '<D:prop><C:calendar-data><C:expand start="20260328T000000Z" end="20260331T000000Z"/></C:calendar-data></D:prop>';
  const span = filter('<C:time-range start="20260328T000000Z" end="20260331T000000Z"/>');
  const answer = await report(server, CALENDAR, 'C:calendar-query', wanted + span);
  const data = readMultistatus(answer).text(`${CALENDAR}series.ics`, 'calendar-data', CALDAV) ?? '';
  const starts = [...data.matchAll(/^DTSTART:(.*)\r$/gm)].map((match) => match[1]);
  const ids = [...data.matchAll(/^RECURRENCE-ID:(.*)\r$/gm)].map((match) => match[1]);
  // Noon in Berlin is 11:00Z before the change of 29 March and 10:00Z after it.
  assert.deepEqual(starts, ['20260328T110000Z', '20260329T120000Z', '20260330T100000Z']);
  assert.deepEqual(ids, ['20260328T110000Z', '20260329T100000Z', '20260330T100000Z']);
  assert.doesNotMatch(data, /RRULE|TZID/);
});

test('RFC 4791 §9.6.6 limit-recurrence-set leaves out overrides of other times', async (t) => {
  const server = await serveObjects(t);
  const wanted =
    '<D:prop><C:calendar-data><C:limit-recurrence-set start="20060103T000000Z" end="20060105T000000Z"/>' +
    '</C:calendar-data></D:prop>';
  const answer = await report(server, CALENDAR, 'C:calendar-query', wanted + DAY);
  const data = readMultistatus(answer).text(`${CALENDAR}series.ics`, 'calendar-data', CALDAV) ?? '';
  assert.match(data, /RRULE:FREQ=DAILY;COUNT=5/);
  assert.match(data, /SUMMARY:Event #2 bis\r/);
  assert.doesNotMatch(data, /bis bis/);
});

test('RFC 4791 §9.8 the time zone of the request reads floating times', async (t) => {
  const server = await serve(t);
  const floating = SINGLE.replace('DTSTART;TZID=America/New_York:', 'DTSTART:');
  await putCalendar(server, 'floating.ics', floating);
  // Noon in Tokyo is 03:00Z.
  const span = filter('<C:time-range start="20060102T030000Z" end="20060102T033000Z"/>');
  const zone =
    'BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//t//EN\nBEGIN:VTIMEZONE\nTZID:Asia/Tokyo\nBEGIN:STANDARD\n' +
    'DTSTART:19700101T000000\nTZOFFSETFROM:+0900\nTZOFFSETTO:+0900\nEND:STANDARD\nEND:VTIMEZONE\nEND:VCALENDAR\n';
  const inner = `<D:prop><D:getetag/></D:prop>${span}`;
  const plain = await report(server, CALENDAR, 'C:calendar-query', inner);
  assert.deepEqual(hrefs(plain), []);
  const zoned = await report(server, CALENDAR, 'C:calendar-query', `${inner}<C:timezone>${zone}</C:timezone>`);
  assert.deepEqual(hrefs(zoned), [`${CALENDAR}floating.ics`]);
  const wrong = await report(server, CALENDAR, 'C:calendar-query', `${inner}<C:timezone>UTC</C:timezone>`);
  assert.equal(wrong.status, 403);
  assert.deepEqual(readError(wrong).conditions, [`{${CALDAV}}valid-calendar-data`]);
});

test('RFC 4791 §5.2.2 without one in the request the calendar-timezone reads floating times', async (t) => {
  const server = await serve(t);
  const floating = SINGLE.replace('DTSTART;TZID=America/New_York:', 'DTSTART:');
  await putCalendar(server, 'floating.ics', floating);
  const zone =
    'BEGIN:VCALENDAR&#13;\nVERSION:2.0&#13;\nPRODID:-//a&amp;b//EN&#13;\nBEGIN:VTIMEZONE&#13;\nTZID:Asia/Tokyo&#13;\n' +
    'BEGIN:STANDARD&#13;\nDTSTART:19700101T000000&#13;\nTZOFFSETFROM:+0900&#13;\nTZOFFSETTO:+0900&#13;\n' +
    'END:STANDARD&#13;\nEND:VTIMEZONE&#13;\nEND:VCALENDAR&#13;\n';
  const set = await server.request('PROPPATCH', CALENDAR, {
    body: `<D:propertyupdate xmlns:D="DAV:" xmlns:C="${CALDAV}"><D:set><D:prop><C:calendar-timezone>${zone}</C:calendar-timezone></D:prop></D:set></D:propertyupdate>`,
  });
  assert.equal(readMultistatus(set).property(CALENDAR, 'calendar-timezone', CALDAV) !== null, true);
  const span = filter('<C:time-range start="20060102T030000Z" end="20060102T033000Z"/>');
  const answer = await report(server, CALENDAR, 'C:calendar-query', `<D:prop><D:getetag/></D:prop>${span}`);
  assert.deepEqual(hrefs(answer), [`${CALENDAR}floating.ics`]);
});

test('more matches than are given at once end in 507 for the request-URI', async (t) => {
  const server = await serveObjects(t, { maxResults: 2 });
  const answer = await report(server, CALENDAR, 'C:calendar-query', `<D:prop><D:getetag/></D:prop>${ALL}`);
  const { responses, at } = readMultistatus(answer);
  assert.equal(responses.length, 3);
  assert.equal(at(CALENDAR).status, 507);
  assert.match(answer.body, /number-of-matches-within-limits/);
});

const REFUSED: readonly [title: string, status: number, condition: string | null, inner: string][] = [
  ['no filter', 400, null, DATA],
  [
    'a filter that breaks the nesting',
    403,
    'valid-filter',
    `${DATA}<C:filter><C:comp-filter name="VEVENT"/></C:filter>`,
  ],
  [
    'an unknown collation',
    403,
    'supported-collation',
    DATA + filter('<C:prop-filter name="UID"><C:text-match collation="i;x">a</C:text-match></C:prop-filter>'),
  ],
  ['an unknown condition', 403, 'supported-filter', DATA + filter('<x:near xmlns:x="urn:x"/>')],
  [
    'calendar-data of another type',
    403,
    'supported-calendar-data',
    `<D:prop><C:calendar-data content-type="application/calendar+json"/></D:prop>${ALL}`,
  ],
];
for (const [title, status, condition, inner] of REFUSED) {
  test(`RFC 4791 §7.8 refused: ${title}`, async (t) => {
    const server = await serve(t);
    const answer = await report(server, CALENDAR, 'C:calendar-query', inner);
    assert.equal(answer.status, status);
    assert.deepEqual(readError(answer).conditions, condition === null ? [] : [`{${CALDAV}}${condition}`]);
  });
}

test('the calendars of somebody else are not there', async (t) => {
  const server = await serve(t);
  const answer = await report(server, CALENDAR.replace('anna', 'bert'), 'C:calendar-query', DATA + ALL);
  assert.equal(answer.status, 404);
});

test('calendar-query on an address book is not served', async (t) => {
  const server = await serve(t);
  const answer = await report(server, '/addressbooks/example.org/anna/Contacts/', 'C:calendar-query', DATA + ALL);
  assert.equal(answer.status, 403);
  assert.deepEqual(readError(answer).conditions, ['{DAV:}supported-report']);
});

test('RFC 4791 §9.6 calendar-data is no property: PROPFIND does not have it', async (t) => {
  const server = await serveObjects(t);
  const answer = await server.request('PROPFIND', `${CALENDAR}single.ics`, {
    headers: { Depth: '0' },
    body: `<D:propfind xmlns:D="DAV:" xmlns:C="${CALDAV}"><D:prop><C:calendar-data/></D:prop></D:propfind>`,
  });
  assert.equal(readMultistatus(answer).at(`${CALENDAR}single.ics`).properties.get(404)?.size, 1);
});
