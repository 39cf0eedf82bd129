import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { CALENDAR, CALENDAR_HOME, CONTACTS, PRINCIPAL, putEvent, startServer, type TestServer } from './support.ts';

let dav: TestServer;
before(async () => {
  dav = await startServer();
  await putEvent(dav, 'a%20b', 'a');
});
after(() => dav.close());

const LEADS: readonly [path: string, to: string][] = [
  ['/principals/users/anna/', PRINCIPAL],
  ['/principals/users/anna', PRINCIPAL],
  ['/principals/users/Anna@example.org/', PRINCIPAL],
  ['/principals/__uids__/anna/', PRINCIPAL],
  ['/principals/anna/', PRINCIPAL],
  ['/calendars/anna@example.org/', CALENDAR_HOME],
  ['/calendars/anna%40example.org/', CALENDAR_HOME],
  ['/calendars/users/anna/Calendar', CALENDAR],
  ['/addressbooks/anna/Contacts/', CONTACTS],
  ['/calendars/anna/Calendar/a%20b.ics', `${CALENDAR}a%20b.ics`],
];
for (const [path, to] of LEADS) {
  test(`RFC 6764 §6 a guess at the own place leads there: ${path}`, async () => {
    assert.equal(dav.handler.redirectFor(path, dav.principal), to);
    assert.equal(dav.handler.redirectFor(path, null), null);
    assert.equal((await dav.request('PROPFIND', to, { headers: { Depth: '0' } })).status, 207);
  });
}

test('the right addresses, other people and what is no path lead nowhere', () => {
  const others = ['/principals/users/bert/', '/calendars/bert@example.org/', '/principals/users/', '/files/anna/'];
  for (const path of [PRINCIPAL, CALENDAR, '/calendars/', '/', '*', '/principals/%ff/', ...others]) {
    assert.equal(dav.handler.redirectFor(path, dav.principal), null, path);
  }
});

test('a guess at the place of somebody else tells nothing: whether there is such a user or not', async () => {
  for (const name of ['bert', 'nobody', 'bert@example.org', 'users/bert', 'users/nobody', 'users']) {
    assert.ok([403, 404].includes((await dav.request('PROPFIND', `/principals/${name}/`)).status), name);
    assert.equal((await dav.request('PROPFIND', `/calendars/${name}/`)).status, 404, name);
  }
  const [real, none] = await Promise.all(
    ['bert', 'nobody'].map((name) => dav.request('PROPFIND', `/principals/users/${name}/`)),
  );
  assert.equal(real!.status, none!.status);
  assert.equal(real!.body, none!.body);
});
