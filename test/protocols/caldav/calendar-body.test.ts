import assert from 'node:assert/strict';
import { test } from 'node:test';
import { componentsOf } from '../../../src/formats/content-line/lookup.ts';
import { parseCalendar } from '../../../src/formats/icalendar/calendar.ts';
import { CALENDAR, NAMESPACES } from '../webdav/support.ts';
import { MEETING, SINGLE, TASK } from './objects.ts';
import { putCalendar, serve } from './support.ts';

test('GET on a calendar gives one calendar with every object and each time zone once', async (t) => {
  const server = await serve(t);
  await putCalendar(server, 'single.ics', SINGLE);
  await putCalendar(server, 'meeting.ics', MEETING);
  await putCalendar(server, 'task.ics', TASK);
  const answer = await server.request('GET', CALENDAR);
  assert.equal(answer.status, 200);
  assert.match(answer.headers['content-type'] ?? '', /^text\/calendar; ?charset=utf-8$/);
  const parsed = parseCalendar(Buffer.from(answer.body));
  assert.deepEqual(
    componentsOf(parsed).map(({ name }) => name),
    ['VTIMEZONE', 'VEVENT', 'VEVENT', 'VTODO'],
  );
  assert.ok(answer.body.includes(SINGLE.slice(SINGLE.indexOf('BEGIN:VEVENT'), SINGLE.indexOf('END:VCALENDAR'))));
});

test('an object without a line end at its end does not run into the next', async (t) => {
  const server = await serve(t);
  await putCalendar(server, 'single.ics', SINGLE.trimEnd());
  await putCalendar(server, 'meeting.ics', MEETING);
  const answer = await server.request('GET', CALENDAR);
  assert.equal(componentsOf(parseCalendar(Buffer.from(answer.body)), 'VEVENT').length, 2);
});

test('an empty calendar is a calendar without components', async (t) => {
  const server = await serve(t);
  const answer = await server.request('GET', CALENDAR);
  assert.deepEqual(componentsOf(parseCalendar(Buffer.from(answer.body))), []);
});

test('the ETag of the calendar changes with its objects, and 304 answers the one that holds', async (t) => {
  const server = await serve(t);
  const first = await server.request('GET', CALENDAR);
  const headers = { 'If-None-Match': first.headers.etag ?? '' };
  assert.equal((await server.request('GET', CALENDAR, { headers })).status, 304);
  await putCalendar(server, 'single.ics', SINGLE);
  const second = await server.request('GET', CALENDAR, { headers });
  assert.equal(second.status, 200);
  assert.notEqual(second.headers.etag, first.headers.etag);
});

test('RFC 7986 §5.1 the name people see is in the stream, escaped', async (t) => {
  const server = await serve(t);
  const body = `<D:propertyupdate ${NAMESPACES}><D:set><D:prop><D:displayname>Work, mine</D:displayname></D:prop></D:set></D:propertyupdate>`;
  await server.request('PROPPATCH', CALENDAR, { body });
  const answer = await server.request('GET', CALENDAR);
  assert.match(answer.body, /\r\nNAME:Work\\, mine\r\nX-WR-CALNAME:Work\\, mine\r\n/);
});
