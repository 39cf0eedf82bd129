import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { CALDAV_PLUGIN } from '../../../protocols/caldav/plugin.ts';
import { openTemp } from '../../store/sqlite/sqlite-fixture.ts';
import { CALENDAR, readMultistatus, startServer, type TestServer } from '../webdav/support.ts';
import { propfind, putCalendar, report } from './support.ts';

const HOUR = 3_600;
const START = Date.UTC(2026, 0, 5) / 1000;
const SIZES = [1_000, 20_000];

/** `20260105T000000Z` */
const stampOf = (seconds: number) => new Date(seconds * 1000).toISOString().replace(/[-:]|\.\d+/g, '');

function eventText(uid: string, start: number, rule = ''): string {
  const times = `DTSTART:${stampOf(start)}\r\nDTEND:${stampOf(start + HOUR / 2)}\r\n${rule}`;
  const inner = `BEGIN:VEVENT\r\nUID:${uid}\r\nDTSTAMP:20260101T000000Z\r\n${times}END:VEVENT\r\n`;
  return `BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//test//EN\r\n${inner}END:VCALENDAR\r\n`;
}

/** A server over SQLite whose calendar has an event of half an hour at every full hour. */
async function serveHours(t: TestContext, hours: number) {
  const { stores } = openTemp(t);
  const server = await startServer({ plugins: [CALDAV_PLUGIN], stores });
  t.after(() => server.close());
  const folder = await server.folder('Calendar');
  await stores.mailboxes.write(folder.mailboxId, { kind: 'import', by: null }, async (tx) => {
    for (let n = 0; n < hours; n += 1) {
      const rangeStart = START + n * HOUR;
      const rangeEnd = rangeStart + HOUR / 2;
      const index = { kind: 'VEVENT', uid: `u${n}`, rangeStart, rangeEnd, filterKey: rangeEnd } as const;
      const content = Buffer.from(eventText(`u${n}`, rangeStart));
      await tx.createItem({ folderId: folder.id, name: `u${n}.ics`, content, contentType: 'text/calendar', index });
    }
  });
  const rowsRead = async <T>(request: () => Promise<T>): Promise<{ rows: number; answer: T }> => {
    const before = stores.stats.rowsRead;
    const answer = await request();
    return { rows: stores.stats.rowsRead - before, answer };
  };
  return { server, rowsRead };
}

const sync = (server: TestServer, token: string) =>
  report(
    server,
    CALENDAR,
    'D:sync-collection',
    `<D:sync-token>${token}</D:sync-token><D:sync-level>1</D:sync-level><D:prop><D:getetag/></D:prop>`,
  );

/** All data of what is in the days from a quarter to the hour, so that no event is at an edge of the range. */
function query(server: TestServer, days: number) {
  const from = START + 100 * HOUR - HOUR / 4;
  const range = `<C:time-range start="${stampOf(from)}" end="${stampOf(from + days * 24 * HOUR)}"/>`;
  const filter = `<C:comp-filter name="VCALENDAR"><C:comp-filter name="VEVENT">${range}</C:comp-filter></C:comp-filter>`;
  const inner = `<D:prop><D:getetag/><C:calendar-data/></D:prop><C:filter>${filter}</C:filter>`;
  return report(server, CALENDAR, 'C:calendar-query', inner);
}

test('RFC 6578 §3.4 a sync without a change reads no item or log row, one with a change a constant number', async (t) => {
  const costs: number[][] = [];
  for (const size of SIZES) {
    const { server, rowsRead } = await serveHours(t, size);
    const token = readMultistatus(await sync(server, '')).syncToken!;
    const idle = await rowsRead(() => sync(server, token));
    assert.equal(readMultistatus(idle.answer).responses.length, 0);
    await putCalendar(server, 'new.ics', eventText('new', START));
    const changed = await rowsRead(() => sync(server, token));
    assert.equal(readMultistatus(changed.answer).responses.length, 1);
    const middle = readMultistatus(changed.answer).syncToken!;
    await server.request('DELETE', `${CALENDAR}u500.ics`);
    const removed = await rowsRead(() => sync(server, middle));
    assert.equal(readMultistatus(removed.answer).at(`${CALENDAR}u500.ics`).status, 404);
    costs.push([idle.rows, changed.rows, removed.rows]);
  }
  assert.deepEqual(costs, [
    [0, 1, 1],
    [0, 1, 1],
  ]);
});

test('a check of the CTag and the sync-token reads no item or log row', async (t) => {
  const { server, rowsRead } = await serveHours(t, 1_000);
  const { rows, answer } = await rowsRead(() => propfind(server, CALENDAR, ['CS:getctag', 'D:sync-token']));
  assert.notEqual(readMultistatus(answer).text(CALENDAR, 'sync-token'), null);
  assert.equal(rows, 0);
});

test('a query for some days reads two rows for each event it finds, however big the calendar', async (t) => {
  for (const size of SIZES) {
    const { server, rowsRead } = await serveHours(t, size);
    for (const days of [7, 14]) {
      const { rows, answer } = await rowsRead(() => query(server, days));
      const found = readMultistatus(answer).responses.length;
      assert.equal(found, days * 24);
      assert.equal(rows, 2 * found);
    }
  }
});

test('a series that may be in the days asked for costs a constant number of rows more', async (t) => {
  const { server, rowsRead } = await serveHours(t, 1_000);
  const { rows: without } = await rowsRead(() => query(server, 7));
  const costs: number[] = [];
  for (const uid of ['weekly-1', 'weekly-2', 'weekly-3']) {
    await putCalendar(server, `${uid}.ics`, eventText(uid, START, 'RRULE:FREQ=WEEKLY\r\n'));
    const { rows, answer } = await rowsRead(() => query(server, 7));
    assert.equal(readMultistatus(answer).responses.length, 7 * 24 + costs.length + 1);
    costs.push(rows - without);
  }
  assert.deepEqual(costs, [costs[0]!, 2 * costs[0]!, 3 * costs[0]!]);
});
