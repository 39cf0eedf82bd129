import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CALDAV } from '../../../protocols/webdav/xml/element.ts';
import { BEGINNINGLESS, ENDLESS } from '../../../src/domain/item.ts';
import { CALENDAR, readMultistatus, type TestServer } from '../webdav/support.ts';
import { SINGLE } from './objects.ts';
import { report, serve } from './support.ts';

const START = Date.UTC(2026, 0, 5) / 1000;
const WEEK = '<C:time-range start="20260105T000000Z" end="20260112T000000Z"/>';
const filter = (inner: string) =>
  `<C:filter><C:comp-filter name="VCALENDAR"><C:comp-filter name="VEVENT">${inner}</C:comp-filter></C:comp-filter></C:filter>`;

/** Puts bytes past all checks, so that whoever parses them is found out. */
async function plant(server: TestServer, name: string, content: string, rangeStart: number, rangeEnd: number) {
  const folder = await server.folder('Calendar');
  await server.services.store.write(folder.mailboxId, { kind: 'import', by: null }, (tx) =>
    tx.createItem({
      folderId: folder.id,
      name,
      content: Buffer.from(content),
      contentType: 'text/calendar',
      index: { kind: 'VEVENT', uid: name, rangeStart, rangeEnd, filterKey: rangeEnd },
    }),
  );
}

const oddObjects = (server: TestServer): unknown => server.requestFields.at(-1)?.oddObjects;

test('events within the range are found by the index, without being read', async (t) => {
  const server = await serve(t);
  await plant(server, 'in.ics', 'not a calendar', START + 3600, START + 7200);
  await plant(server, 'after.ics', 'not a calendar', START + 8 * 86_400, START + 9 * 86_400);
  const inner = `<D:prop><D:getetag/><C:calendar-data/></D:prop>${filter(WEEK)}`;
  const found = readMultistatus(await report(server, CALENDAR, 'C:calendar-query', inner));
  assert.equal(found.responses.length, 1);
  assert.equal(found.text(`${CALENDAR}in.ics`, 'calendar-data', CALDAV), 'not a calendar');
  assert.equal(oddObjects(server), undefined);
});

test('all events are found by their kind, without being read', async (t) => {
  const server = await serve(t);
  await plant(server, 'a.ics', 'not a calendar', BEGINNINGLESS, ENDLESS);
  const inner = `<D:prop><D:getetag/></D:prop>${filter('')}`;
  const found = readMultistatus(await report(server, CALENDAR, 'C:calendar-query', inner));
  assert.equal(found.responses.length, 1);
  assert.equal(oddObjects(server), undefined);
});

test('events at the edges of the range are read and judged exactly', async (t) => {
  const server = await serve(t);
  // The index is a superset: this event of 2006 claims to last until 2026.
  await plant(server, 'long.ics', SINGLE, BEGINNINGLESS, START + 3600);
  const inner = `<D:prop><D:getetag/></D:prop>${filter(WEEK)}`;
  const found = readMultistatus(await report(server, CALENDAR, 'C:calendar-query', inner));
  assert.deepEqual(found.responses, []);
});

test('an object that cannot be read is given in doubt and counted, and hides no other', async (t) => {
  const server = await serve(t);
  await plant(server, 'odd.ics', 'not a calendar', BEGINNINGLESS, ENDLESS);
  await plant(server, 'good.ics', SINGLE, BEGINNINGLESS, ENDLESS);
  const inner =
    '<D:prop><C:calendar-data><C:expand start="20060101T000000Z" end="20060201T000000Z"/></C:calendar-data></D:prop>' +
    filter('<C:time-range start="20060101T000000Z" end="20060201T000000Z"/>');
  const found = readMultistatus(await report(server, CALENDAR, 'C:calendar-query', inner));
  assert.equal(found.text(`${CALENDAR}odd.ics`, 'calendar-data', CALDAV), 'not a calendar');
  assert.match(found.text(`${CALENDAR}good.ics`, 'calendar-data', CALDAV) ?? '', /DTSTART:20060102T170000Z/);
  assert.equal(oddObjects(server), 2);
});

test('an object that cannot be read is left out of free-busy and of the whole calendar', async (t) => {
  const server = await serve(t);
  await plant(server, 'odd.ics', 'not a calendar', BEGINNINGLESS, ENDLESS);
  await plant(server, 'good.ics', SINGLE, BEGINNINGLESS, ENDLESS);
  const range = '<C:time-range start="20060101T000000Z" end="20060201T000000Z"/>';
  const busy = await report(server, CALENDAR, 'C:free-busy-query', range);
  assert.match(busy.body, /FREEBUSY;FBTYPE=BUSY:20060102T170000Z\/20060102T180000Z\r\n/);
  const whole = await server.request('GET', CALENDAR);
  assert.doesNotMatch(whole.body, /not a calendar/);
  assert.match(whole.body, /UID:single@example\.com/);
});

test('a series with more occurrences than one answer holds is refused to expand with 507', async (t) => {
  const server = await serve(t, { maxOccurrences: 3 });
  const daily = SINGLE.replace('SUMMARY', 'RRULE:FREQ=DAILY\r\nSUMMARY');
  await plant(server, 'daily.ics', daily, START, ENDLESS);
  const inner =
    '<D:prop><C:calendar-data><C:expand start="20260105T000000Z" end="20260112T000000Z"/></C:calendar-data></D:prop>' +
    filter(WEEK);
  const answer = await report(server, CALENDAR, 'C:calendar-query', inner);
  assert.equal(answer.status, 507);
  assert.match(answer.body, /number-of-matches-within-limits/);
});
