import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openTemp } from '../../store/sqlite/sqlite-fixture.ts';
import { CALENDAR, event, readError, readMultistatus, startServer } from './support.ts';

for (const unit of ['items', 'bytes'] as const) {
  test(`RFC 4331 §6 of twenty PUTs at once exactly as many win as the quota in ${unit} has room for`, async (t) => {
    const { stores } = openTemp(t);
    const server = await startServer({ stores });
    t.after(() => server.close());
    const room = unit === 'items' ? 5 : 5 * event('u10').length + 20;
    const quota = { items: null, bytes: null, [unit]: room };
    await stores.mailboxes.setQuota(server.principal.mailboxId, quota);
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        server.request('PUT', `${CALENDAR}${n}.ics`, {
          headers: { 'Content-Type': 'text/calendar' },
          body: event(`u${n + 10}`),
        }),
      ),
    );
    const refused = answers.filter(({ status }) => status !== 201);
    assert.equal(refused.length, 15);
    for (const answer of refused) {
      assert.equal(answer.status, 507);
      assert.deepEqual(readError(answer).conditions, ['{DAV:}quota-not-exceeded']);
    }
    const listed = await server.request('PROPFIND', CALENDAR, { headers: { Depth: '1' } });
    assert.equal(readMultistatus(listed).responses.length, 6);
    const { itemCount, usedBytes } = await stores.mailboxes.read(server.principal.mailboxId).mailbox();
    assert.deepEqual([itemCount, usedBytes], [5, 5 * event('u10').length]);
    assert.deepEqual(await stores.mailboxes.verify(), []);
  });
}
