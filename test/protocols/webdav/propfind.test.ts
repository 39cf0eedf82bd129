import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { APPLE_ICAL, CALDAV, CALENDARSERVER, CARDDAV } from '../../../protocols/webdav/xml/element.ts';
import { childElements, textOf } from '../../../protocols/webdav/xml/query.ts';
import {
  CALENDAR,
  CALENDAR_HOME,
  CONTACTS,
  event,
  NAMESPACES,
  PRINCIPAL,
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
  await putEvent(dav, 'sp%20ace%20%C3%BC%26', 'b');
});
after(() => dav.close());

async function find(path: string, depth: string | null, body: string, headers: Record<string, string> = {}) {
  const all = depth === null ? headers : { Depth: depth, ...headers };
  return readMultistatus(await dav.request('PROPFIND', path, { headers: all, body }));
}

const hrefs = (answer: { responses: { href: string }[] }) => answer.responses.map(({ href }) => href);

test('RFC 5397 everything names the current user principal, the root first of all', async () => {
  for (const path of [
    '/',
    '/principals/',
    '/calendars/',
    '/calendars/example.org/',
    PRINCIPAL,
    CALENDAR_HOME,
    CALENDAR,
    `${CALENDAR}a.ics`,
  ]) {
    const answer = await find(path, '0', propfindBody('D:current-user-principal'));
    const [href] = childElements(answer.property(path, 'current-user-principal')!);
    assert.equal(textOf(href!), PRINCIPAL, path);
  }
});

test('Depth 1 leads from the root down to the items', async () => {
  const body = propfindBody('D:resourcetype');
  assert.deepEqual(hrefs(await find('/', '1', body)), ['/', '/principals/', '/calendars/', '/addressbooks/']);
  assert.deepEqual(hrefs(await find('/calendars', '1', body)), ['/calendars/', '/calendars/example.org/']);
  assert.deepEqual(hrefs(await find('/calendars/example.org/', '1', body)), ['/calendars/example.org/', CALENDAR_HOME]);
  assert.deepEqual(hrefs(await find('/principals/example.org/', '1', body)), ['/principals/example.org/', PRINCIPAL]);
  const tasks = ['Calendar', 'Tasks', 'Notes'].map((name) => `${CALENDAR_HOME}${name}/`);
  assert.deepEqual(hrefs(await find(CALENDAR_HOME, '1', body)), [CALENDAR_HOME, ...tasks]);
  assert.deepEqual(hrefs(await find('/addressbooks/example.org/anna', '1', body)), [
    '/addressbooks/example.org/anna/',
    CONTACTS,
  ]);
  assert.deepEqual(hrefs(await find(CALENDAR, '1', body)), [
    CALENDAR,
    `${CALENDAR}a.ics`,
    `${CALENDAR}sp%20ace%20%C3%BC%26.ics`,
  ]);
  assert.deepEqual(hrefs(await find(`${CALENDAR}a.ics`, '1', body)), [`${CALENDAR}a.ics`]);
});

test('Depth 0, and collections without their slash', async () => {
  assert.deepEqual(hrefs(await find(CALENDAR.slice(0, -1), '0', propfindBody('D:displayname'))), [CALENDAR]);
});

test('RFC 4918 §9.1 Depth infinity is refused with propfind-finite-depth; nonsense is 400', async () => {
  const answer = await dav.request('PROPFIND', CALENDAR, { headers: { Depth: 'infinity' }, body: propfindBody('D:x') });
  assert.equal(answer.status, 403);
  assert.deepEqual(readError(answer).conditions, ['{DAV:}propfind-finite-depth']);
  for (const depth of ['2', '-1', '99999999999999999999', '0,1', 'x'.repeat(4000)]) {
    assert.equal((await dav.request('PROPFIND', CALENDAR, { headers: { Depth: depth } })).status, 400, depth);
  }
});

test('resource types tell collections, calendars, books and principals apart', async () => {
  const typesOf = async (path: string) => {
    const answer = await find(path, '0', propfindBody('D:resourcetype'));
    return childElements(answer.property(path, 'resourcetype')!).map(({ ns, name }) => `${ns}${name}`);
  };
  assert.deepEqual(await typesOf('/'), ['DAV:collection']);
  assert.deepEqual(await typesOf(CALENDAR_HOME), ['DAV:collection']);
  assert.deepEqual(await typesOf(CALENDAR), ['DAV:collection', `${CALDAV}calendar`]);
  assert.deepEqual(await typesOf(CONTACTS), ['DAV:collection', `${CARDDAV}addressbook`]);
  assert.deepEqual(await typesOf(PRINCIPAL), ['DAV:principal']);
  assert.deepEqual(await typesOf(`${CALENDAR}a.ics`), []);
});

test('the properties of an item are those of what GET gives', async () => {
  const path = `${CALENDAR}a.ics`;
  const names = ['getetag', 'getcontenttype', 'getcontentlength', 'getlastmodified', 'creationdate'];
  const answer = await find(path, '0', propfindBody(...names.map((name) => `D:${name}`)));
  const got = await dav.request('GET', path);
  assert.equal(answer.text(path, 'getetag'), got.headers.etag);
  assert.equal(answer.text(path, 'getcontenttype'), 'text/calendar;charset=utf-8;component=VEVENT');
  assert.equal(answer.text(path, 'getcontentlength'), String(Buffer.byteLength(event('a'))));
  assert.equal(answer.text(path, 'getlastmodified'), 'Thu, 01 Jan 2026 00:00:00 GMT');
  assert.equal(answer.text(path, 'creationdate'), '2026-01-01T00:00:00.000Z');
});

test('what a resource does not have is 404 in its own propstat, unless less was preferred', async () => {
  const body = propfindBody('D:displayname', 'D:getetag', 'A:calendar-color', 'D:nonsense').replace(
    '<D:nonsense/>',
    '<z:n xmlns:z="urn:z&amp;"/>',
  );
  const answer = await find('/', '0', body);
  assert.deepEqual(
    [...answer.at('/').properties.get(404)!.keys()],
    ['{DAV:}displayname', '{DAV:}getetag', `{${APPLE_ICAL}}calendar-color`, '{urn:z&}n'],
  );
  for (const headers of [
    { Prefer: 'return=minimal' },
    { Brief: 't' },
    { Prefer: 'return-minimal' },
    { Prefer: 'respond-async, return="minimal"' },
  ]) {
    const minimal = await find('/', '0', body, headers);
    assert.deepEqual([...minimal.at('/').properties.keys()], [200], JSON.stringify(headers));
  }
});

test('RFC 8144 §2.3 depth-noroot leaves out the collection itself', async () => {
  const answer = await find(CALENDAR, '1', propfindBody('D:getetag'), { Prefer: 'depth-noroot' });
  assert.equal(hrefs(answer).includes(CALENDAR), false);
});

test('RFC 4918 §9.1 no body, an allprop body and include', async () => {
  const plain = readMultistatus(await dav.request('PROPFIND', CALENDAR, { headers: { Depth: '0' } }));
  const keys = [...plain.at(CALENDAR).properties.get(200)!.keys()];
  assert.ok(keys.includes('{DAV:}displayname') && keys.includes('{DAV:}resourcetype'));
  assert.equal(keys.includes('{DAV:}supported-report-set'), false);
  assert.equal(plain.at(CALENDAR).properties.has(404), false);
  const more = await find(
    CALENDAR,
    '0',
    `<D:propfind ${NAMESPACES}><D:allprop/><D:include><D:supported-report-set/></D:include></D:propfind>`,
  );
  assert.ok(more.property(CALENDAR, 'supported-report-set'));
});

test('RFC 4918 §14.19 propname gives names without values, of what is there', async () => {
  const answer = await find(`${CALENDAR}a.ics`, '0', `<D:propfind ${NAMESPACES}><D:propname/></D:propfind>`);
  const properties = answer.at(`${CALENDAR}a.ics`).properties.get(200)!;
  assert.ok(properties.has('{DAV:}getetag'));
  assert.equal(properties.has('{DAV:}displayname'), false);
  assert.ok([...properties.values()].every((element) => element.children.length === 0));
});

test('RFC 4331 quota: what is used, and what is left on the disk or of the quota', async () => {
  const body = propfindBody('D:quota-used-bytes', 'D:quota-available-bytes');
  const free = await find(CALENDAR_HOME, '0', body);
  const used = Buffer.byteLength(event('a')) + Buffer.byteLength(event('b'));
  assert.equal(free.text(CALENDAR_HOME, 'quota-used-bytes'), String(used));
  assert.equal(free.text(CALENDAR_HOME, 'quota-available-bytes'), '123456789');
  await dav.services.store.setQuota(dav.principal.mailboxId, { bytes: 1000, items: null });
  assert.equal((await find(CALENDAR, '0', body)).text(CALENDAR, 'quota-available-bytes'), String(1000 - used));
  await dav.services.store.setQuota(dav.principal.mailboxId, { bytes: 1, items: null });
  assert.equal((await find(CALENDAR, '0', body)).text(CALENDAR, 'quota-available-bytes'), '0');
  await dav.services.store.setQuota(dav.principal.mailboxId, { bytes: null, items: null });
});

test('RFC 3744 §5.4 the owner may read and write; clients that wait for the answer get it everywhere', async () => {
  const namesOf = async (path: string) => {
    const answer = await find(path, '0', propfindBody('D:current-user-privilege-set'));
    return childElements(answer.property(path, 'current-user-privilege-set')!).map(
      (privilege) => childElements(privilege)[0]!.name,
    );
  };
  for (const path of [CALENDAR, CONTACTS, `${CALENDAR}a.ics`]) {
    const names = await namesOf(path);
    for (const name of ['read', 'write', 'write-content', 'write-properties', 'bind', 'unbind']) {
      assert.ok(names.includes(name), `${path} ${name}`);
    }
    assert.equal(names.includes('read-free-busy'), path !== CONTACTS);
  }
  assert.ok((await namesOf(CALENDAR_HOME)).includes('bind'));
  assert.deepEqual(await namesOf('/'), ['read', 'read-current-user-privilege-set']);
});

test('supported-report-set names what REPORT serves there', async () => {
  const namesOf = async (path: string) => {
    const answer = await find(path, '0', propfindBody('D:supported-report-set'));
    return childElements(answer.property(path, 'supported-report-set')!).map(
      (supported) => childElements(childElements(supported)[0]!)[0]!.name,
    );
  };
  assert.ok((await namesOf(CALENDAR)).includes('sync-collection'));
  assert.equal((await namesOf(CALENDAR_HOME)).includes('sync-collection'), false);
});

test('the CTag and the sync-token change with every change inside, and only then', async () => {
  const read = async () => {
    const answer = await find(CALENDAR, '0', propfindBody('D:sync-token', 'CS:getctag', 'D:getetag'));
    return [
      answer.text(CALENDAR, 'sync-token')!,
      answer.text(CALENDAR, 'getctag', CALENDARSERVER)!,
      answer.text(CALENDAR, 'getetag')!,
    ];
  };
  const before = await read();
  assert.deepEqual(await read(), before);
  assert.match(before[0]!, /^[a-z][a-z0-9+.-]*:\S+$/);
  await putEvent(dav, 'ctag');
  const put = await read();
  await dav.request('DELETE', `${CALENDAR}ctag.ics`);
  const deleted = await read();
  for (const [index] of before.entries()) {
    assert.equal(new Set([before[index], put[index], deleted[index]]).size, 3);
  }
});

test('the principal names itself, escaped', async () => {
  const answer = await find(PRINCIPAL, '0', propfindBody('D:displayname', 'D:principal-URL', 'D:group-membership'));
  assert.equal(answer.text(PRINCIPAL, 'displayname'), 'anna <&>');
  assert.equal(textOf(childElements(answer.property(PRINCIPAL, 'principal-URL')!)[0]!), PRINCIPAL);
  assert.deepEqual(answer.property(PRINCIPAL, 'group-membership')!.children, []);
});

test('item content comes with a listing when it is asked for', async () => {
  const answer = await find(CALENDAR, '1', propfindBody('C:calendar-data'));
  assert.equal(answer.text(`${CALENDAR}a.ics`, 'calendar-data', CALDAV), event('a'));
  const one = await find(`${CALENDAR}a.ics`, '0', propfindBody('C:calendar-data'));
  assert.equal(one.text(`${CALENDAR}a.ics`, 'calendar-data', CALDAV), event('a'));
});

test('what is not there is 404; a body that is no propfind is 400', async () => {
  for (const path of [
    `${CALENDAR}none.ics`,
    `${CALENDAR_HOME}none/`,
    `${CALENDAR_HOME}none/a.ics`,
    `${CALENDAR}a.ics/b`,
    `${CALENDAR}a.ics/`,
  ]) {
    assert.equal((await dav.request('PROPFIND', path, { headers: { Depth: '0' } })).status, 404, path);
  }
  for (const body of ['<a/>', '<D:propfind xmlns:D="DAV:"/>', '<propfind><prop/></propfind>', '<', 'x']) {
    assert.equal((await dav.request('PROPFIND', CALENDAR, { headers: { Depth: '0' }, body })).status, 400, body);
  }
});

test('a property asked for twice is answered once', async () => {
  const answer = await dav.request('PROPFIND', '/', {
    headers: { Depth: '0' },
    body: propfindBody('D:resourcetype', 'D:resourcetype'),
  });
  assert.equal((answer.body as string).match(/<D:resourcetype>/g)!.length, 1);
});

test('the request line is told how many members there were', async () => {
  await find(CALENDAR, '1', propfindBody('D:getetag'));
  const fields = dav.requestFields.at(-1)!;
  assert.equal(fields.method, 'PROPFIND');
  assert.equal(fields.members, 3);
  assert.ok((fields.bytes as number) > 200);
});

test('a default folder that nobody renamed is called what the client’s language calls it', async () => {
  const inGerman = await find(CALENDAR, '0', propfindBody('D:displayname'), { 'Accept-Language': 'de-AT,de;q=0.9' });
  assert.equal(textOf(inGerman.property(CALENDAR, 'displayname')!), 'Kalender');
  const without = await find(CALENDAR, '0', propfindBody('D:displayname'));
  assert.equal(textOf(without.property(CALENDAR, 'displayname')!), 'Calendar');
});

test('a request that names more properties than anything has is refused', async () => {
  const body = (count: number) => {
    const names = Array.from({ length: count }, (_, n) => `<x${n} xmlns="urn:x"/>`).join('');
    return `<D:propfind xmlns:D="DAV:"><D:prop>${names}</D:prop></D:propfind>`;
  };
  assert.equal((await dav.request('PROPFIND', CALENDAR, { headers: { Depth: '0' }, body: body(1_000) })).status, 207);
  assert.equal((await dav.request('PROPFIND', CALENDAR, { headers: { Depth: '0' }, body: body(1_001) })).status, 413);
});
