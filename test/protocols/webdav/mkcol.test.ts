import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { APPLE_ICAL, CALDAV, CARDDAV } from '../../../protocols/webdav/xml/element.ts';
import {
  CALENDAR,
  CALENDAR_HOME,
  CONTACTS,
  NAMESPACES,
  PRINCIPAL,
  parseDocument,
  propfindBody,
  putEvent,
  readError,
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

const mkcolBody = (types: string, properties = '') =>
  `<D:mkcol ${NAMESPACES}><D:set><D:prop><D:resourcetype>${types}</D:resourcetype>${properties}</D:prop></D:set></D:mkcol>`;
const CALENDAR_TYPE = '<D:collection/><C:calendar/>';
const BOOK_TYPE = '<D:collection/><CR:addressbook/>';
const BOOK_HOME = '/addressbooks/example.org/anna/';

test('RFC 5689 a calendar and an address book are made with their properties, each in its home', async () => {
  const path = `${CALENDAR_HOME}My%20%C3%BC/`;
  const properties = '<D:displayname>Mein &lt;Kalender&gt;</D:displayname><A:calendar-color>#00FF00</A:calendar-color>';
  const made = await dav.request('MKCOL', path, { body: mkcolBody(CALENDAR_TYPE, properties) });
  assert.equal(made.status, 201);
  assert.equal(made.headers['cache-control'], 'no-cache');
  const body = propfindBody('D:displayname', 'A:calendar-color');
  const now = readMultistatus(await dav.request('PROPFIND', path, { headers: { Depth: '0' }, body }));
  assert.equal(now.text(path, 'displayname'), 'Mein <Kalender>');
  assert.equal(now.text(path, 'calendar-color', APPLE_ICAL), '#00FF00');
  await putEvent(dav, 'x', 'x', path);
  assert.equal((await dav.request('MKCOL', `${BOOK_HOME}Friends`, { body: mkcolBody(BOOK_TYPE) })).status, 201);
  assert.equal((await dav.folder('Friends', 'addressbooks')).itemClass, 'contacts');
});

test('a refused property and nothing is made: mkcol-response with 403 and 424', async () => {
  const path = `${CALENDAR_HOME}refused/`;
  const properties = '<D:displayname>x</D:displayname><D:getetag>"1"</D:getetag>';
  const answer = await dav.request('MKCOL', path, { body: mkcolBody(CALENDAR_TYPE, properties) });
  assert.equal(answer.status, 403);
  const root = parseDocument(answer.body as string);
  assert.equal(root.name, 'mkcol-response');
  assert.match(answer.body as string, /424 Failed Dependency/);
  assert.match(answer.body as string, /cannot-modify-protected-property/);
  assert.equal((await dav.request('PROPFIND', path, { headers: { Depth: '0' } })).status, 404);
});

test('RFC 5689 §3.3 combinations that are not served are valid-resourcetype', async () => {
  const types = [
    '',
    '<D:collection/>',
    '<C:calendar/>',
    '<D:collection/><C:calendar/><CR:addressbook/>',
    '<D:collection/><x:y xmlns:x="urn:x"/>',
    '<D:collection/><D:principal/>',
  ];
  for (const type of types) {
    const answer = await dav.request('MKCOL', `${CALENDAR_HOME}typed/`, { body: mkcolBody(type) });
    assert.equal(answer.status, 403, type);
    assert.deepEqual(readError(answer).conditions, ['{DAV:}valid-resourcetype'], type);
  }
  const plain = await dav.request('MKCOL', `${CALENDAR_HOME}plain/`);
  assert.equal(plain.status, 403);
  assert.deepEqual(readError(plain).conditions, ['{DAV:}valid-resourcetype']);
});

test('homes are not mixed', async () => {
  assert.equal((await dav.request('MKCOL', `${BOOK_HOME}cal/`, { body: mkcolBody(CALENDAR_TYPE) })).status, 403);
  assert.equal((await dav.request('MKCOL', `${CALENDAR_HOME}book/`, { body: mkcolBody(BOOK_TYPE) })).status, 403);
});

test('MKCOL on what exists is 405, with a body the precondition 403; without a parent 409, inside a calendar 403', async () => {
  const body = mkcolBody(CALENDAR_TYPE);
  for (const path of [CALENDAR, CONTACTS, `${CALENDAR}a.ics`, CALENDAR_HOME, PRINCIPAL, '/', '/calendars/']) {
    assert.equal((await dav.request('MKCOL', path)).status, 405, path);
    const extended = await dav.request('MKCOL', path, { body });
    assert.equal(extended.status, 403, path);
    assert.deepEqual(readError(extended).conditions, ['{DAV:}resource-must-be-null']);
  }
  assert.equal((await dav.request('MKCOL', `${CALENDAR_HOME}none/new/`, { body })).status, 409);
  assert.equal((await dav.request('MKCOL', `${CALENDAR}sub/`, { body })).status, 403);
  assert.equal((await dav.request('MKCOL', '/calendars/example.org/new/', { body })).status, 404);
});

test('RFC 4791 §5.3.1.1, RFC 6352 §6.3.1.1 a typed collection inside another is refused in the words of its type', async () => {
  const typed = (type: string): string =>
    `<D:mkcol ${NAMESPACES}><D:set><D:prop><D:resourcetype><D:collection/><${type}/></D:resourcetype></D:prop></D:set></D:mkcol>`;
  const inCalendar = await dav.request('MKCOL', `${CALENDAR}inner/`, { body: typed('C:calendar') });
  assert.equal(inCalendar.status, 403);
  assert.deepEqual(readError(inCalendar).conditions, [`{${CALDAV}}calendar-collection-location-ok`]);
  const inBook = await dav.request('MKCOL', `${CONTACTS}inner/`, { body: typed('CR:addressbook') });
  assert.deepEqual(readError(inBook).conditions, [`{${CARDDAV}}addressbook-collection-location-ok`]);
  assert.equal((await dav.request('MKCOL', `${CALENDAR}inner/`)).status, 403);
});

test('RFC 4918 §9.3 a body of another kind is 415', async () => {
  const path = `${CALENDAR_HOME}other/`;
  assert.equal((await dav.request('MKCOL', path, { body: '<a/>' })).status, 415);
  assert.equal(
    (await dav.request('MKCOL', path, { headers: { 'Content-Type': 'xzy-foo/bar-512' }, body: 'afafafaf' })).status,
    415,
  );
  assert.equal((await dav.request('MKCOL', path, { body: '<a' })).status, 400);
});

test('a name that is taken meanwhile, too many collections and bad names are refused', async () => {
  const small = await startServer({ limits: { maxFolders: 4 } });
  const body = mkcolBody(CALENDAR_TYPE);
  assert.equal((await small.request('MKCOL', `${CALENDAR_HOME}one/`, { body })).status, 201);
  const many = await small.request('MKCOL', `${CALENDAR_HOME}two/`, { body });
  assert.equal(many.status, 507);
  assert.equal((await small.request('MKCOL', `${CALENDAR_HOME}%02/`, { body })).status, 400);
  await small.close();
});
