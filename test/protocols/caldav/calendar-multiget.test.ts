import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CALDAV } from '../../../protocols/webdav/xml/element.ts';
import { CALENDAR, CALENDAR_HOME, readError, readMultistatus } from '../webdav/support.ts';
import { MEETING, SINGLE, TASK } from './objects.ts';
import { putCalendar, report, serve } from './support.ts';

const DATA = '<D:prop><D:getetag/><C:calendar-data/></D:prop>';
const href = (path: string) => `<D:href>${path}</D:href>`;

test('RFC 4791 §7.9 each href has its response, 404 for what is not there', async (t) => {
  const server = await serve(t);
  await putCalendar(server, 'single.ics', SINGLE);
  const inner = DATA + href(`${CALENDAR}single.ics`) + href(`${CALENDAR}gone.ics`);
  const found = readMultistatus(await report(server, CALENDAR, 'C:calendar-multiget', inner));
  assert.equal(found.text(`${CALENDAR}single.ics`, 'calendar-data', CALDAV), SINGLE);
  assert.equal(found.at(`${CALENDAR}gone.ics`).status, 404);
  assert.equal(found.responses.length, 2);
});

test('an href can be a URL of this server and be percent-encoded in any way', async (t) => {
  const server = await serve(t);
  await putCalendar(server, 'a%20b@c.ics', SINGLE);
  await putCalendar(server, 'plain.ics', MEETING);
  const inner = DATA + href(`http://dav.example.org${CALENDAR}%70lain.ics`) + href(`${CALENDAR}a%20b%40c.ics`);
  const answer = await server.request('REPORT', CALENDAR, {
    headers: { Host: 'dav.example.org' },
    body: `<C:calendar-multiget xmlns:D="DAV:" xmlns:C="${CALDAV}">${inner}</C:calendar-multiget>`,
  });
  const found = readMultistatus(answer);
  assert.equal(found.text(`${CALENDAR}plain.ics`, 'calendar-data', CALDAV), MEETING);
  assert.equal(found.text(`${CALENDAR}a%20b@c.ics`, 'calendar-data', CALDAV), SINGLE);
});

test('an object asked for twice, in two spellings, is given once', async (t) => {
  const server = await serve(t);
  await putCalendar(server, 'single.ics', SINGLE);
  const path = `${CALENDAR}single.ics`;
  const inner = DATA + href(path) + href(path) + href(`${CALENDAR}s%69ngle.ics`);
  const found = readMultistatus(await report(server, CALENDAR, 'C:calendar-multiget', inner));
  assert.deepEqual(
    found.responses.map((response) => response.href),
    [path],
  );
});

const ELSEWHERE: readonly [title: string, path: string][] = [
  ['another server', `http://elsewhere.example${CALENDAR}single.ics`],
  ['another user', CALENDAR.replace('anna', 'bert').concat('single.ics')],
  ['another calendar', `${CALENDAR_HOME}Tasks/task.ics`],
  ['the calendar itself', CALENDAR],
  ['a path below an object', `${CALENDAR}single.ics/x`],
  ['what is no path', 'mailto:anna@example.org'],
  ['wrong percent-encoding', `${CALENDAR}%ff.ics`],
  ['a path with dots', `${CALENDAR}../Calendar/single.ics`],
];
for (const [title, path] of ELSEWHERE) {
  test(`an href of ${title} is 404 and spoils no other`, async (t) => {
    const server = await serve(t);
    await putCalendar(server, 'single.ics', SINGLE);
    await putCalendar(server, 'task.ics', TASK, `${CALENDAR_HOME}Tasks/`);
    const inner = DATA + href(path) + href(`${CALENDAR}single.ics`);
    const found = readMultistatus(await report(server, CALENDAR, 'C:calendar-multiget', inner));
    assert.equal(found.at(path).status, 404);
    assert.equal(found.text(`${CALENDAR}single.ics`, 'calendar-data', CALDAV), SINGLE);
  });
}

test('on the home objects of every calendar are found', async (t) => {
  const server = await serve(t);
  await putCalendar(server, 'single.ics', SINGLE);
  await putCalendar(server, 'task.ics', TASK, `${CALENDAR_HOME}Tasks/`);
  const inner = DATA + href(`${CALENDAR_HOME}Tasks/task.ics`) + href(`${CALENDAR}single.ics`);
  const found = readMultistatus(await report(server, CALENDAR_HOME, 'C:calendar-multiget', inner, null));
  assert.equal(found.text(`${CALENDAR_HOME}Tasks/task.ics`, 'calendar-data', CALDAV), TASK);
  assert.equal(found.text(`${CALENDAR}single.ics`, 'calendar-data', CALDAV), SINGLE);
});

test('more hrefs than one page of the store holds are all answered, in the order asked', async (t) => {
  const server = await serve(t);
  await putCalendar(server, 'single.ics', SINGLE);
  const paths = Array.from({ length: 1100 }, (_, n) => `${CALENDAR}${n}.ics`);
  paths[1050] = `${CALENDAR}single.ics`;
  const inner = `<D:prop><D:getetag/></D:prop>${paths.map(href).join('')}`;
  const { responses } = readMultistatus(await report(server, CALENDAR, 'C:calendar-multiget', inner));
  assert.deepEqual(
    responses.map((response) => response.href),
    paths,
  );
  assert.equal(responses.filter(({ status }) => status === 404).length, 1099);
});

test('a multiget without href is 400', async (t) => {
  const server = await serve(t);
  const answer = await report(server, CALENDAR, 'C:calendar-multiget', DATA);
  assert.equal(answer.status, 400);
  assert.match(readError(answer).sentence, /href/);
});
