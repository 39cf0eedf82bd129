import assert from 'node:assert/strict';
import type { AddressInfo } from 'node:net';
import { after, before, test } from 'node:test';
import { CALDAV } from '../../../protocols/webdav/xml/element.ts';
import {
  CALENDAR,
  CALENDAR_HOME,
  CONTACTS,
  event,
  NAMESPACES,
  propfindBody,
  putEvent,
  readError,
  readMultistatus,
  startServer,
  type TestServer,
} from './support.ts';

const WORK = `${CALENDAR_HOME}office/`;
let dav: TestServer;
before(async () => {
  dav = await startServer();
  const body = `<D:mkcol ${NAMESPACES}><D:set><D:prop><D:resourcetype><D:collection/><C:calendar/></D:resourcetype></D:prop></D:set></D:mkcol>`;
  assert.equal((await dav.request('MKCOL', WORK, { body })).status, 201);
});
after(() => dav.close());

const transfer = (method: 'COPY' | 'MOVE', from: string, destination: string, headers: Record<string, string> = {}) =>
  dav.request(method, from, { headers: { Destination: destination, ...headers } });
const exists = async (path: string) => (await dav.request('GET', path)).status === 200;

test('MOVE renames and moves between collections with 201; the bytes stay', async () => {
  const etag = await putEvent(dav, 'm1');
  const renamed = await transfer('MOVE', `${CALENDAR}m1.ics`, `${CALENDAR}m%201.ics`);
  assert.equal(renamed.status, 201);
  assert.equal(renamed.headers.location, `${CALENDAR}m%201.ics`);
  const moved = await transfer('MOVE', `${CALENDAR}m%201.ics`, `${WORK}m1.ics`);
  assert.equal(moved.status, 201);
  assert.equal(moved.headers.etag, etag);
  assert.equal(await exists(`${CALENDAR}m%201.ics`), false);
  assert.equal((await dav.request('GET', `${WORK}m1.ics`)).body, event('m1'));
});

test('COPY leaves the source; in one calendar the UID would be there twice', async () => {
  await putEvent(dav, 'c1');
  assert.equal((await transfer('COPY', `${CALENDAR}c1.ics`, `${WORK}c1.ics`)).status, 201);
  assert.ok((await exists(`${CALENDAR}c1.ics`)) && (await exists(`${WORK}c1.ics`)));
  const twice = await transfer('COPY', `${CALENDAR}c1.ics`, `${CALENDAR}c2.ics`);
  assert.equal(twice.status, 409);
  assert.deepEqual(readError(twice).conditions, [`{${CALDAV}}no-uid-conflict`]);
  assert.equal(await exists(`${CALENDAR}c2.ics`), false);
});

test('RFC 4918 §10.6 Overwrite: F is 412, T or nothing replaces with 204', async () => {
  await putEvent(dav, 'o1');
  // The same object under another name: one of another UID would be a conflict.
  await putEvent(dav, 'o2', 'o1', WORK);
  assert.equal((await transfer('MOVE', `${CALENDAR}o1.ics`, `${WORK}o2.ics`, { Overwrite: 'F' })).status, 412);
  assert.ok((await exists(`${CALENDAR}o1.ics`)) && (await exists(`${WORK}o2.ics`)));
  assert.equal((await transfer('COPY', `${CALENDAR}o1.ics`, `${WORK}o2.ics`, { Overwrite: 'T' })).status, 204);
  assert.match((await dav.request('GET', `${WORK}o2.ics`)).body as string, /UID:o1/);
  assert.equal((await transfer('MOVE', `${CALENDAR}o1.ics`, `${WORK}o2.ics`, { Overwrite: 'x' })).status, 400);
  assert.equal((await transfer('MOVE', `${CALENDAR}o1.ics`, `${WORK}o2.ics`)).status, 204);
  assert.equal(await exists(`${CALENDAR}o1.ics`), false);
});

test('RFC 4791 §5.3.2.1 an object is not replaced by one with another UID', async () => {
  await putEvent(dav, 'u1');
  await putEvent(dav, 'u2', 'u2', WORK);
  for (const method of ['COPY', 'MOVE'] as const) {
    const answer = await transfer(method, `${CALENDAR}u1.ics`, `${WORK}u2.ics`, { Overwrite: 'T' });
    assert.equal(answer.status, 409, method);
    assert.deepEqual(readError(answer).conditions, [`{${CALDAV}}no-uid-conflict`]);
  }
  assert.match((await dav.request('GET', `${WORK}u2.ics`)).body as string, /UID:u2/);
  assert.ok(await exists(`${CALENDAR}u1.ics`));
});

test('RFC 9110 §10.2.2 Location names the new place on the server as the Destination called it', async () => {
  await putEvent(dav, 'l%201', 'l1');
  const copied = await transfer('COPY', `${CALENDAR}l%201.ics`, `${WORK}l%201.ics`);
  assert.equal(copied.headers.location, `${WORK}l%201.ics`);
  const { port } = dav.server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}${WORK}l%202.ics`;
  const moved = await transfer('MOVE', `${WORK}l%201.ics`, url);
  assert.equal(moved.status, 201);
  assert.equal(moved.headers.location, url);
});

test('the Destination is needed, on this server, in the own tree, and has a parent', async () => {
  await putEvent(dav, 'd1');
  const from = `${CALENDAR}d1.ics`;
  assert.equal((await dav.request('MOVE', from)).status, 400);
  assert.equal((await transfer('MOVE', from, 'mailto:a@b')).status, 400);
  assert.equal(
    (await transfer('MOVE', from, 'http://other.example/calendars/example.org/anna/office/x.ics')).status,
    502,
  );
  assert.equal((await transfer('MOVE', from, '/calendars/example.org/bert/Calendar/x.ics')).status, 404);
  assert.equal((await transfer('MOVE', from, '/principals/example.org/bert/')).status, 403);
  assert.equal((await transfer('MOVE', from, `${CALENDAR_HOME}none/x.ics`)).status, 409);
  assert.equal((await transfer('MOVE', from, `${CALENDAR_HOME}x.ics`)).status, 403);
  assert.equal((await transfer('MOVE', from, CALENDAR_HOME)).status, 403);
  assert.equal((await transfer('MOVE', from, from)).status, 403);
  assert.equal((await transfer('MOVE', from, `${CALENDAR}a%2Fb`)).status, 400);
  assert.equal((await transfer('COPY', `${CALENDAR}none.ics`, `${WORK}n.ics`)).status, 404);
  const { host } = (await dav.request('OPTIONS', '/')).request as unknown as { host: string };
  assert.equal((await transfer('MOVE', from, `http://${host}${WORK}d1.ics`)).status, 201);
});

test('what the destination does not take is refused in its own words', async () => {
  await putEvent(dav, 't1');
  assert.equal((await transfer('COPY', `${CALENDAR}t1.ics`, `${CONTACTS}t1.vcf`)).status, 403);
  const component = await transfer('MOVE', `${CALENDAR}t1.ics`, `${CALENDAR_HOME}Tasks/t1.ics`);
  assert.equal(component.status, 403);
  assert.deepEqual(readError(component).conditions, [`{${CALDAV}}supported-calendar-component`]);
  assert.ok(await exists(`${CALENDAR}t1.ics`));
});

test('If-Match and If are judged on the source', async () => {
  const etag = await putEvent(dav, 'i1');
  const from = `${CALENDAR}i1.ics`;
  assert.equal((await transfer('MOVE', from, `${WORK}i1.ics`, { 'If-Match': '"x"' })).status, 412);
  assert.equal((await transfer('MOVE', from, `${WORK}i1.ics`, { If: '(["x"])' })).status, 412);
  assert.equal(
    (await transfer('MOVE', from, `${WORK}i1.ics`, { 'If-Match': etag, If: `<${from}> ([${etag}])` })).status,
    201,
  );
});

test('MOVE of a collection renames it in its home; its sync-token stays good', async () => {
  await putEvent(dav, 'k', 'k', WORK);
  const token = async (path: string) =>
    readMultistatus(
      await dav.request('PROPFIND', path, { headers: { Depth: '0' }, body: propfindBody('D:sync-token') }),
    ).text(path, 'sync-token')!;
  const before = await token(WORK);
  const renamed = `${CALENDAR_HOME}re%20named/`;
  assert.equal((await transfer('MOVE', WORK, '/addressbooks/example.org/anna/office/')).status, 403);
  assert.equal((await transfer('MOVE', WORK, `${CALENDAR}sub/`)).status, 403);
  assert.equal((await transfer('MOVE', WORK, CALENDAR, { Overwrite: 'F' })).status, 412);
  assert.equal((await transfer('MOVE', WORK, CALENDAR)).status, 403);
  assert.equal((await transfer('MOVE', WORK, renamed, { Depth: '0' })).status, 400);
  assert.equal((await transfer('MOVE', CALENDAR, renamed)).status, 403);
  assert.equal((await transfer('MOVE', WORK, renamed.slice(0, -1))).status, 201);
  assert.equal((await dav.request('PROPFIND', WORK, { headers: { Depth: '0' } })).status, 404);
  assert.ok(await exists(`${renamed}k.ics`));
  const body = `<D:sync-collection xmlns:D="DAV:"><D:sync-token>${before}</D:sync-token><D:sync-level>1</D:sync-level><D:prop/></D:sync-collection>`;
  assert.deepEqual(readMultistatus(await dav.request('REPORT', renamed, { body })).responses, []);
});

test('a whole collection is not copied', async () => {
  assert.equal((await transfer('COPY', CALENDAR, `${CALENDAR_HOME}copy/`)).status, 405);
});
