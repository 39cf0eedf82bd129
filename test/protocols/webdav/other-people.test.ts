import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createWebdavHandler } from '../../../protocols/webdav/http.ts';
import { event, NAMESPACES, startServer, type TestServer } from './support.ts';

let dav: TestServer;
before(async () => {
  dav = await startServer();
  const bert = (await dav.services.store.read(2).folderByName('calendars', null, 'Calendar'))!;
  await dav.services.store.write(bert.mailboxId, { kind: 'import', by: null }, async (tx) => {
    const index = { kind: 'VEVENT', uid: 'secret', rangeStart: 0, rangeEnd: 0, filterKey: 0 } as const;
    await tx.createItem({
      folderId: bert.id,
      name: 'secret.ics',
      content: Buffer.from(event('secret')),
      contentType: 'text/calendar',
      index,
    });
  });
});
after(() => dav.close());

const METHODS = [
  'OPTIONS',
  'PROPFIND',
  'PROPPATCH',
  'GET',
  'HEAD',
  'PUT',
  'DELETE',
  'MKCOL',
  'COPY',
  'MOVE',
  'REPORT',
  'LOCK',
  'POST',
];
const SYNC = `<D:sync-collection ${NAMESPACES}><D:sync-token/><D:sync-level>1</D:sync-level><D:prop><D:getetag/></D:prop></D:sync-collection>`;
const headers = { Destination: '/calendars/example.org/anna/Calendar/stolen.ics', Depth: '0' };

test("every method on other people's homes, collections and items is 404, there or not", async () => {
  const paths = ['', 'Calendar/', 'Calendar/secret.ics', 'Calendar/none.ics', 'none/'].flatMap((rest) => [
    `/calendars/example.org/bert/${rest}`,
    `/calendars/example.org/nobody/${rest}`,
    `/calendars/other.example/anna/${rest}`,
    `/addressbooks/example.org/bert/${rest}`,
  ]);
  for (const path of paths) {
    for (const method of METHODS) {
      const answer = await dav.request(method, path, method === 'REPORT' ? { headers, body: SYNC } : { headers });
      assert.equal(answer.status, 404, `${method} ${path}`);
      assert.doesNotMatch(String(answer.body), /secret/);
    }
  }
  assert.equal((await dav.request('GET', '/calendars/example.org/anna/Calendar/stolen.ics')).status, 404);
});

test("other people's principals are 403, whether they exist or not", async () => {
  for (const path of [
    '/principals/example.org/bert/',
    '/principals/example.org/nobody/',
    '/principals/other.example/anna/',
  ]) {
    for (const method of METHODS) {
      assert.equal((await dav.request(method, path, { headers })).status, 403, `${method} ${path}`);
    }
  }
});

test('nothing can be brought into or over a place of someone else', async () => {
  const from = '/calendars/example.org/anna/Calendar/mine.ics';
  await dav.request('PUT', from, { headers: { 'Content-Type': 'text/calendar' }, body: event('mine') });
  for (const method of ['COPY', 'MOVE']) {
    for (const destination of [
      '/calendars/example.org/bert/Calendar/secret.ics',
      '/calendars/example.org/bert/Calendar/new.ics',
    ]) {
      assert.equal((await dav.request(method, from, { headers: { Destination: destination } })).status, 404);
    }
  }
  const { items } = await dav.services.store
    .read(2)
    .list((await dav.services.store.read(2).folderByName('calendars', null, 'Calendar'))!.id, {
      limit: 10,
      withContent: false,
    });
  assert.deepEqual(
    items.map(({ item }) => item.name),
    ['secret.ics'],
  );
});

test('folders of mail and other homes are not reachable by their names', async () => {
  for (const path of [
    '/calendars/example.org/anna/Inbox/',
    '/calendars/example.org/anna/Contacts/',
    '/addressbooks/example.org/anna/Calendar/',
  ]) {
    assert.equal((await dav.request('PROPFIND', path, { headers })).status, 404, path);
  }
});

test('two plugins that define one thing are a mistake of ours', () => {
  const plugin = {
    name: 'x',
    davTokens: [],
    reports: [{ ns: 'DAV:', name: 'sync-collection', appliesTo: () => true, run: async () => {} }],
  };
  assert.throws(
    () =>
      createWebdavHandler({
        services: dav.services,
        directory: {} as never,
        freeBytes: async () => 0,
        log: {} as never,
        storeId: '',
        plugins: [plugin],
      }),
    TypeError,
  );
});
