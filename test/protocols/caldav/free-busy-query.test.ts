import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CALENDAR, CALENDAR_HOME, readError } from '../webdav/support.ts';
import { ALL_DAY, calendar, component, MEETING, SERIES, SINGLE } from './objects.ts';
import { putCalendar, report, serve } from './support.ts';

const RANGE = '<C:time-range start="20060102T000000Z" end="20060105T000000Z"/>';
const busyLines = (body: string): string[] =>
  body
    .replaceAll('\r\n ', '')
    .split('\r\n')
    .filter((line) => line.startsWith('FREEBUSY'));

test('RFC 4791 §7.10 gives merged periods by type, cut to the range', async (t) => {
  const server = await serve(t);
  await putCalendar(server, 'single.ics', SINGLE); // 2 January 17:00Z to 18:00Z, as the series' first
  await putCalendar(server, 'series.ics', SERIES); // 2 and 3 January 17:00Z, 4 January 19:00Z
  await putCalendar(server, 'meeting.ics', MEETING); // tentative, 4 January 15:00Z
  const next = component('VEVENT', 'UID:next', 'DTSTART:20060102T173000Z', 'DTEND:20060102T190000Z');
  await putCalendar(server, 'next.ics', calendar(...next));
  const before = component('VEVENT', 'UID:before', 'DTSTART:20060101T230000Z', 'DTEND:20060102T010000Z');
  await putCalendar(server, 'before.ics', calendar(...before));
  const answer = await report(server, CALENDAR, 'C:free-busy-query', RANGE);
  assert.equal(answer.status, 200);
  assert.match(answer.headers['content-type'] ?? '', /^text\/calendar/);
  assert.match(answer.body, /BEGIN:VFREEBUSY\r\n/);
  assert.match(answer.body, /DTSTART:20060102T000000Z\r\nDTEND:20060105T000000Z\r\n/);
  assert.deepEqual(busyLines(answer.body), [
    'FREEBUSY;FBTYPE=BUSY:20060102T000000Z/20060102T010000Z,20060102T170000Z/20060102T190000Z,' +
      '20060103T170000Z/20060103T180000Z,20060104T190000Z/20060104T200000Z',
    'FREEBUSY;FBTYPE=BUSY-TENTATIVE:20060104T150000Z/20060104T160000Z',
  ]);
});

test('transparent and cancelled events keep nobody busy', async (t) => {
  const server = await serve(t);
  await putCalendar(server, 'day.ics', ALL_DAY);
  await putCalendar(server, 'meeting.ics', MEETING.replace('STATUS:TENTATIVE', 'STATUS:CANCELLED'));
  const wide = '<C:time-range start="20060101T000000Z" end="20060201T000000Z"/>';
  const answer = await report(server, CALENDAR, 'C:free-busy-query', wide);
  assert.deepEqual(busyLines(answer.body), []);
  assert.match(answer.body, /END:VFREEBUSY/);
});

test('nothing of what the events are about is told', async (t) => {
  const server = await serve(t);
  await putCalendar(server, 'meeting.ics', MEETING);
  const answer = await report(server, CALENDAR, 'C:free-busy-query', RANGE);
  assert.doesNotMatch(answer.body, /SUMMARY|ATTENDEE|meeting@/);
});

test('Depth infinity on the home goes over all calendars, Depth 0 over none', async (t) => {
  const server = await serve(t);
  await putCalendar(server, 'meeting.ics', MEETING);
  const all = await report(server, CALENDAR_HOME, 'C:free-busy-query', RANGE, 'infinity');
  assert.equal(busyLines(all.body).length, 1);
  const none = await report(server, CALENDAR, 'C:free-busy-query', RANGE, '0');
  assert.deepEqual(busyLines(none.body), []);
});

test('RFC 4791 §7.10 a time range in UTC is needed, with both ends', async (t) => {
  const server = await serve(t);
  const missing = await report(server, CALENDAR, 'C:free-busy-query', '');
  assert.equal(missing.status, 400);
  const open = await report(server, CALENDAR, 'C:free-busy-query', '<C:time-range start="20060102T000000Z"/>');
  assert.equal(open.status, 400);
  assert.match(readError(open).sentence, /both start and end/);
  const local = '<C:time-range start="20060102T000000" end="20060103T000000"/>';
  assert.equal((await report(server, CALENDAR, 'C:free-busy-query', local)).status, 400);
});

test('a single object is no place for a free-busy query', async (t) => {
  const server = await serve(t);
  await putCalendar(server, 'meeting.ics', MEETING);
  const answer = await report(server, `${CALENDAR}meeting.ics`, 'C:free-busy-query', RANGE);
  assert.deepEqual(readError(answer).conditions, ['{DAV:}supported-report']);
});
