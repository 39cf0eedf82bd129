import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  CALENDAR,
  CALENDAR_HOME,
  CONTACTS,
  PRINCIPAL,
  putEvent,
  rawRequest,
  readMultistatus,
  startServer,
  type TestServer,
} from './support.ts';

let dav: TestServer;
before(async () => {
  dav = await startServer();
  await putEvent(dav, 'a');
});
after(() => dav.close());

const allowOf = async (path: string): Promise<string[]> =>
  (await dav.request('OPTIONS', path)).headers.allow!.split(', ').sort();

test('the DAV header names what is served and nothing else: no locks, no ACL method', async () => {
  const answer = await dav.request('OPTIONS', '/');
  assert.equal(answer.status, 200);
  assert.equal(answer.headers.dav, '1, 3, extended-mkcol, calendar-access');
  for (const method of ['LOCK', 'UNLOCK', 'ACL', 'SEARCH', 'BIND']) {
    assert.equal((await dav.request(method, CALENDAR)).status, 405, method);
  }
});

test('Allow lists for each resource what it answers', async () => {
  const everywhere = ['OPTIONS', 'PROPFIND', 'PROPPATCH', 'REPORT'];
  for (const path of ['/', '/principals/', '/calendars/', '/calendars/example.org/', PRINCIPAL, CALENDAR_HOME]) {
    assert.deepEqual(await allowOf(path), everywhere, path);
  }
  assert.deepEqual(await allowOf(CALENDAR), [...everywhere, 'DELETE', 'GET', 'HEAD', 'MOVE'].sort());
  assert.deepEqual(await allowOf(CONTACTS), [...everywhere, 'DELETE', 'MOVE'].sort());
  assert.deepEqual(
    await allowOf(`${CALENDAR}a.ics`),
    [...everywhere, 'COPY', 'DELETE', 'GET', 'HEAD', 'MOVE', 'PUT'].sort(),
  );
  assert.deepEqual(await allowOf(`${CALENDAR}new.ics`), ['OPTIONS', 'PUT']);
  assert.deepEqual(await allowOf(`${CALENDAR_HOME}new/`), ['MKCOL', 'OPTIONS']);
});

test('every method that Allow leaves out is 405 with Allow, on every kind of resource', async () => {
  const methods = [
    'GET',
    'HEAD',
    'PUT',
    'DELETE',
    'COPY',
    'MOVE',
    'LOCK',
    'UNLOCK',
    'POST',
    'PATCH',
    'ACL',
    'CHECKOUT',
    'MERGE',
  ];
  for (const path of ['/', '/principals/', PRINCIPAL, CALENDAR_HOME, CALENDAR, CONTACTS, `${CALENDAR}a.ics`]) {
    const allow = await allowOf(path);
    // DELETE of what belongs to the account is refused with a reason.
    for (const method of methods.filter((name) => name !== 'DELETE' && !allow.includes(name))) {
      const answer = await dav.request(method, path);
      assert.equal(answer.status, 405, `${method} ${path}`);
      assert.deepEqual(answer.headers.allow!.split(', ').sort(), allow);
    }
  }
});

test('RFC 6764 §5 and what macOS tries lead to the root, with and without slash', () => {
  const leading = [
    '/.well-known/caldav',
    '/.well-known/caldav/',
    '/.well-known/carddav',
    '/caldav',
    '/carddav/',
    '/calendar/dav/anna/user/',
  ];
  for (const path of leading) {
    assert.equal(dav.handler.redirectFor(path, null), '/', path);
    assert.equal(dav.handler.handles(path), false);
  }
  for (const path of ['/', '/.well-known/other', '/caldavx', '/calendars/', '/calendar/']) {
    assert.equal(dav.handler.redirectFor(path, null), null, path);
  }
});

test('doubled slashes name the same thing, whose href has none', async () => {
  for (const path of ['//', CALENDAR.replaceAll('/', '//')]) {
    const answer = readMultistatus(await dav.request('PROPFIND', path, { headers: { Depth: '0' } }));
    assert.equal(answer.responses[0]!.href, path.replaceAll('//', '/'));
  }
});

test('RFC 9110 §9.3.7 OPTIONS * answers for the server, no other method does', async () => {
  const answer = await rawRequest(dav.server, 'OPTIONS * HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n');
  assert.match(answer, /^HTTP\/1\.1 200 /);
  assert.match(answer, /\r\nDAV: 1, 3, /i);
  const propfind = await rawRequest(dav.server, 'PROPFIND * HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n');
  assert.match(propfind, /^HTTP\/1\.1 400 /);
});

test('only the paths of this family are handled', () => {
  for (const path of [
    '*',
    '/',
    '//',
    '/principals',
    '//calendars//a/',
    '/principals/x/',
    '/calendars/a/b/c/d.ics',
    '/addressbooks/',
  ]) {
    assert.equal(dav.handler.handles(path), true, path);
  }
  for (const path of ['/admin', '/calendarsx', '/Microsoft-Server-ActiveSync', '**', '/favicon.ico']) {
    assert.equal(dav.handler.handles(path), false, path);
  }
});
