import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { CALENDAR, CALENDAR_HOME, CONTACTS, PRINCIPAL, startServer, type TestServer } from './support.ts';

let dav: TestServer;
before(async () => {
  dav = await startServer();
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
];
for (const [path, to] of LEADS) {
  test(`RFC 6764 §6 a guess at the own place leads there: ${path}`, async () => {
    for (const method of ['OPTIONS', 'PROPFIND', 'GET', 'REPORT']) {
      const answer = await dav.request(method, path);
      assert.equal(answer.status, 301, method);
      assert.equal(answer.headers.location, to);
    }
    assert.equal((await dav.request('PROPFIND', to, { headers: { Depth: '0' } })).status, 207);
  });
}

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
