import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { CALDAV } from '../../../protocols/webdav/xml/element.ts';
import { childElements, textOf } from '../../../protocols/webdav/xml/query.ts';
import {
  CALENDAR,
  CALENDAR_HOME,
  CONTACTS,
  event,
  putEvent,
  rawRequest,
  readError,
  startServer,
  type TestServer,
} from './support.ts';

let dav: TestServer;
before(async () => {
  dav = await startServer({ limits: { maxItemBytes: 5000 } });
});
after(() => dav.close());

const ICS = { 'Content-Type': 'text/calendar; charset=utf-8' };
const put = (path: string, body: string | Buffer, headers: Record<string, string> = {}) =>
  dav.request('PUT', path, { headers: { ...ICS, ...headers }, body });

test('PUT creates with 201, replaces with 204, and its ETag is of the very bytes', async () => {
  const path = `${CALENDAR}one.ics`;
  const created = await put(path, event('one'));
  assert.equal(created.status, 201);
  const got = await dav.request('GET', path);
  assert.equal(got.status, 200);
  assert.equal(got.body, event('one'));
  assert.equal(got.headers.etag, created.headers.etag);
  assert.match(got.headers.etag!, /^"[^"]+"$/);
  assert.equal(got.headers['content-type'], 'text/calendar;charset=utf-8;component=VEVENT');
  assert.equal(got.headers['content-length'], String(Buffer.byteLength(event('one'))));
  const replaced = await put(path, event('one', 'Other'));
  assert.equal(replaced.status, 204);
  assert.notEqual(replaced.headers.etag, created.headers.etag);
  assert.equal((await put(path, event('one', 'Other'))).headers.etag, replaced.headers.etag);
});

test('HEAD is GET without the body', async () => {
  await putEvent(dav, 'head');
  const [got, head] = [
    await dav.request('GET', `${CALENDAR}head.ics`),
    await dav.request('HEAD', `${CALENDAR}head.ics`),
  ];
  for (const name of ['etag', 'content-type', 'content-length', 'last-modified']) {
    assert.equal(head.headers[name], got.headers[name], name);
  }
  assert.equal(head.status, 200);
});

test('RFC 9110 §13 conditional GET is 304 or 412', async () => {
  const etag = await putEvent(dav, 'cond');
  const get = (headers: Record<string, string>) => dav.request('GET', `${CALENDAR}cond.ics`, { headers });
  const notModified = await get({ 'If-None-Match': etag });
  assert.equal(notModified.status, 304);
  assert.equal(notModified.headers.etag, etag);
  assert.equal(notModified.body, '');
  assert.equal((await get({ 'If-None-Match': `"x", W/${etag}` })).status, 304);
  assert.equal((await get({ 'If-None-Match': '"x"' })).status, 200);
  assert.equal((await get({ 'If-Match': '"x"' })).status, 412);
  assert.equal((await get({ 'If-Match': `W/${etag}` })).status, 412);
  const at = 'Thu, 01 Jan 2026 00:00:00 GMT';
  const earlier = 'Wed, 31 Dec 2025 23:59:59 GMT';
  assert.equal((await get({ 'If-Modified-Since': at })).status, 304);
  assert.equal((await get({ 'If-Modified-Since': earlier })).status, 200);
  assert.equal((await get({ 'If-Modified-Since': at, 'If-None-Match': '"x"' })).status, 200);
  assert.equal((await get({ 'If-Unmodified-Since': earlier })).status, 412);
  assert.equal((await get({ 'If-Unmodified-Since': at })).status, 200);
  assert.equal((await get({ 'If-Modified-Since': 'not a date' })).status, 200);
});

test('a byte range is 206, one outside is 416', async () => {
  await putEvent(dav, 'range');
  const get = (range: string) => dav.request('GET', `${CALENDAR}range.ics`, { headers: { Range: range } });
  const part = await get('bytes=6-14');
  assert.equal(part.status, 206);
  assert.equal(part.body, 'VCALENDAR');
  assert.equal(part.headers['content-range'], `bytes 6-14/${Buffer.byteLength(event('range'))}`);
  const outside = await get('bytes=9999-');
  assert.equal(outside.status, 416);
  assert.equal(outside.headers['content-range'], `bytes */${Buffer.byteLength(event('range'))}`);
});

test('If-Match and If-None-Match decide whether PUT and DELETE go on', async () => {
  const path = `${CALENDAR}match.ics`;
  assert.equal((await put(path, event('match'), { 'If-Match': '"x"' })).status, 412);
  assert.equal((await put(path, event('match'), { 'If-Match': '*' })).status, 412);
  assert.equal((await put(path, event('match'), { 'If-None-Match': '*' })).status, 201);
  assert.equal((await put(path, event('match', 'B'), { 'If-None-Match': '*' })).status, 412);
  const { headers } = await dav.request('GET', path);
  assert.equal((await put(path, event('match', 'B'), { 'If-Match': headers.etag! })).status, 204);
  assert.equal((await put(path, event('match', 'C'), { 'If-Match': headers.etag! })).status, 412);
  assert.equal((await dav.request('DELETE', path, { headers: { 'If-Match': headers.etag! } })).status, 412);
  assert.match((await dav.request('GET', path)).body as string, /SUMMARY:B/);
  assert.equal((await dav.request('DELETE', path, { headers: { 'If-Match': '*' } })).status, 204);
  assert.equal((await dav.request('DELETE', path)).status, 404);
  assert.equal((await dav.request('GET', path)).status, 404);
});

test('RFC 4918 §10.4 the If header is judged: ETags of this and of other resources, tokens never hold', async () => {
  const etag = await putEvent(dav, 'if');
  const other = await putEvent(dav, 'if2');
  const path = `${CALENDAR}if.ics`;
  let version = 0;
  const status = async (header: string) => {
    version += 1;
    return (await put(path, event('if', `v${version}`), { If: header })).status;
  };
  assert.equal(await status(`(["x"])`), 412);
  assert.equal(await status('(<opaquelocktoken:1>)'), 412);
  assert.equal(await status(`(<opaquelocktoken:1>) (Not <DAV:no-lock> [${etag}])`), 204);
  assert.equal(await status(`([${etag}])`), 412);
  assert.equal(await status(`<${CALENDAR}if2.ics> ([${other}])`), 204);
  assert.equal(await status(`<http://elsewhere.example/a> ([${other}])`), 412);
  assert.equal(await status(`</calendars/example.org/bert/Calendar/a.ics> ([${other}])`), 412);
  assert.equal(await status('nonsense'), 400);
});

test('bodies that do not fit are refused in the words of the calendar home', async () => {
  const path = `${CALENDAR}bad.ics`;
  const broken = await put(path, 'not a calendar');
  assert.equal(broken.status, 403);
  assert.deepEqual(readError(broken).conditions, [`{${CALDAV}}valid-calendar-data`]);
  assert.ok(readError(broken).sentence.length > 10);
  const component = await put(`${CALENDAR_HOME}Tasks/bad.ics`, event('bad'));
  assert.equal(component.status, 403);
  assert.deepEqual(readError(component).conditions, [`{${CALDAV}}supported-calendar-component`]);
  await putEvent(dav, 'taken', 'uid-1');
  const conflict = await put(`${CALENDAR}again%20.ics`, event('uid-1'));
  assert.equal(conflict.status, 409);
  const [condition] = childElements(readError(conflict).element);
  assert.equal(condition!.name, 'no-uid-conflict');
  assert.equal(textOf(childElements(condition!)[0]!), `${CALENDAR}taken.ics`);
});

test('a body over the limit is 403 with max-resource-size, told by its length or found on the way', async () => {
  const big = event('big', 'x'.repeat(6000));
  const told = await put(`${CALENDAR}big.ics`, big);
  assert.equal(told.status, 403);
  assert.deepEqual(readError(told).conditions, [`{${CALDAV}}max-resource-size`]);
  const chunk = 'x'.repeat(1000);
  const chunked = `3e8\r\n${chunk}\r\n`.repeat(8);
  const raw = await rawRequest(
    dav.server,
    `PUT ${CALENDAR}big.ics HTTP/1.1\r\nHost: h\r\nContent-Type: text/calendar\r\nTransfer-Encoding: chunked\r\n\r\n${chunked}`,
  );
  assert.match(raw, /^HTTP\/1\.1 403 /);
  assert.match(raw, /max-resource-size/);
  assert.match(raw, /Connection: close/i);
});

test('an upload that breaks off stores nothing and is no bug', async () => {
  const lines = dav.lines.length;
  const raw = `PUT ${CALENDAR}broken.ics HTTP/1.1\r\nHost: h\r\nContent-Type: text/calendar\r\nContent-Length: 500\r\n\r\nBEGIN`;
  const { connect } = await import('node:net');
  const socket = connect((dav.server.address() as { port: number }).port, '127.0.0.1');
  const seen = new Promise<void>((resolve) =>
    dav.server.once('request', (_, res) => res.once('close', () => resolve())),
  );
  await new Promise<void>((resolve) => socket.write(raw, () => resolve()));
  setImmediate(() => socket.destroy());
  await seen;
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(dav.lines.length, lines);
  assert.equal((await dav.request('GET', `${CALENDAR}broken.ics`)).status, 404);
});

test('partial PUT is 400, an encoded body 415', async () => {
  const partial = await put(`${CALENDAR}p.ics`, event('p'), { 'Content-Range': 'bytes 0-3/10' });
  assert.equal(partial.status, 400);
  assert.equal((await put(`${CALENDAR}p.ics`, event('p'), { 'Content-Encoding': 'gzip' })).status, 415);
  assert.equal((await dav.request('GET', `${CALENDAR}p.ics`)).status, 404);
});

test('RFC 4918 §9.7.1 PUT without a collection is 409, beside one 403, on one 405', async () => {
  assert.equal((await put(`${CALENDAR_HOME}none/a.ics`, event('x'))).status, 409);
  assert.equal((await put(`${CALENDAR}a/b/c.ics`, event('x'))).status, 409);
  assert.equal((await put(`${CALENDAR_HOME}a.ics`, event('x'))).status, 403);
  assert.equal((await put(CALENDAR, event('x'))).status, 405);
  assert.equal((await put(`${CALENDAR}slash.ics/`, event('x'))).status, 409);
});

test('names with spaces, unicode and reserved characters work, in NFC', async () => {
  for (const name of ['a%20b', '%E2%82%AC%26%3C%3E', 'x@y%3A1', '100%25', "it's(1)"]) {
    const path = `${CALENDAR}${name}.ics`;
    assert.equal((await put(path, event(`n-${name}`))).status, 201, name);
    assert.equal((await dav.request('GET', path)).status, 200, name);
  }
  assert.equal((await put(`${CALENDAR}u%CC%88.ics`, event('nfd'))).status, 201);
  assert.equal((await dav.request('GET', `${CALENDAR}%C3%BC.ics`)).status, 200);
  assert.equal((await put(`${CALENDAR}a%2Fb.ics`, event('slash'))).status, 400);
  assert.equal((await put(`${CALENDAR}${'n'.repeat(300)}.ics`, event('long'))).status, 400);
  assert.equal((await put(`${CALENDAR}%01.ics`, event('control'))).status, 400);
});

test('DELETE of a collection takes all with it; a default one is protected', async () => {
  const refused = await dav.request('DELETE', CALENDAR);
  assert.equal(refused.status, 403);
  assert.match(readError(refused).sentence, /Calendar/);
  assert.equal((await dav.request('DELETE', CONTACTS)).status, 403);
  const body =
    '<D:mkcol xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav"><D:set><D:prop><D:resourcetype><D:collection/><C:calendar/></D:resourcetype></D:prop></D:set></D:mkcol>';
  const path = `${CALENDAR_HOME}office/`;
  assert.equal((await dav.request('MKCOL', path, { body })).status, 201);
  await putEvent(dav, 'w', 'w', path);
  assert.equal((await dav.request('DELETE', path, { headers: { Depth: '0' } })).status, 400);
  assert.equal((await dav.request('DELETE', path, { headers: { 'If-Match': '"x"' } })).status, 412);
  assert.equal((await dav.request('DELETE', path)).status, 204);
  assert.equal((await dav.request('GET', `${path}w.ics`)).status, 404);
  assert.equal((await dav.request('DELETE', path)).status, 404);
});

test('DELETE of the root, a home or the principal is 403 with the reason, and takes nothing', async () => {
  for (const path of ['/', '/calendars/', '/principals/', '/principals/example.org/anna/', CALENDAR_HOME]) {
    const refused = await dav.request('DELETE', path);
    assert.equal(refused.status, 403, path);
    assert.match(readError(refused).sentence, /belongs to the account/, path);
    assert.equal((await dav.request('PROPFIND', path, { headers: { Depth: '0' } })).status, 207, path);
  }
  assert.equal((await dav.request('DELETE', '/calendars/example.org/anna/none/')).status, 404);
});

test('GET of a calendar is one stream with an ETag that changes with its members', async () => {
  const first = await dav.request('GET', CALENDAR);
  assert.equal(first.status, 200);
  assert.equal(first.headers['content-type'], 'text/calendar;charset=utf-8');
  assert.match(first.body as string, /UID:one/);
  const { etag } = first.headers;
  assert.equal((await dav.request('GET', CALENDAR, { headers: { 'If-None-Match': etag! } })).status, 304);
  assert.equal((await dav.request('HEAD', CALENDAR)).headers.etag, etag);
  await putEvent(dav, 'streamed');
  assert.equal((await dav.request('GET', CALENDAR, { headers: { 'If-None-Match': etag! } })).status, 200);
  assert.equal((await dav.request('GET', CONTACTS)).status, 405);
});
