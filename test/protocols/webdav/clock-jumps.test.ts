import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openTemp } from '../../store/sqlite/sqlite-fixture.ts';
import { CALENDAR, readMultistatus, startServer } from './support.ts';

const HOUR = 3_600_000;
const event = (summary: string): string =>
  `BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//test//EN\r\nBEGIN:VEVENT\r\nUID:u\r\nDTSTAMP:20260101T000000Z\r\nDTSTART:20260101T000000Z\r\nSUMMARY:${summary}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n`;

test('ETags, sync tokens and pruning are right while the clock goes back an hour and on by a day', async (t) => {
  const { stores, clock } = openTemp(t);
  const server = await startServer({ stores });
  t.after(() => server.close());
  const { mailboxId } = server.principal;
  const etags = new Set<string>();
  const put = async (summary: string): Promise<void> => {
    const headers = { 'Content-Type': 'text/calendar' };
    const answer = await server.request('PUT', `${CALENDAR}u.ics`, { headers, body: event(summary) });
    assert.ok(answer.status < 300, `${answer.status}`);
    etags.add(answer.headers.etag!);
  };
  const sync = async (token: string) => {
    const body = `<D:sync-collection xmlns:D="DAV:"><D:sync-token>${token}</D:sync-token><D:sync-level>1</D:sync-level><D:prop><D:getetag/></D:prop></D:sync-collection>`;
    const answer = await server.request('REPORT', CALENDAR, { body });
    const next = /<D:sync-token>(.*?)<\/D:sync-token>/.exec(answer.body as string)?.[1] ?? '';
    return { count: readMultistatus(answer).responses.length, next };
  };
  await put('first');
  let { next } = await sync('');
  const jumps = [() => clock.turnBack(HOUR), () => clock.advance(24 * HOUR), () => clock.turnBack(24 * HOUR)];
  for (const [n, jump] of jumps.entries()) {
    jump();
    assert.equal((await sync(next)).count, 0);
    await put(`after jump ${n}`);
    const found = await sync(next);
    assert.equal(found.count, 1);
    ({ next } = found);
    // Nothing written since the last hour counts as older than it, so nothing young is pruned.
    assert.equal(await stores.mailboxes.stampAt(mailboxId, clock.now() - 24 * HOUR), 0);
  }
  assert.equal(etags.size, 4);
  assert.deepEqual(await stores.mailboxes.verify(), []);
});
