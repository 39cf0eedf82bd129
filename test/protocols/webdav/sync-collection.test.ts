import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { SyncTokens } from '../../../protocols/webdav/sync-token.ts';
import { CALDAV } from '../../../protocols/webdav/xml/element.ts';
import type { Folder } from '../../../src/domain/folder.ts';
import type { MailboxReader } from '../../../src/store/mailbox-store.ts';
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
beforeEach(async () => {
  dav = await startServer();
});
afterEach(() => dav.close());

interface Asked {
  readonly level?: string;
  readonly limit?: string;
  readonly prop?: string;
}

function syncBody(token: string, { level = '1', limit, prop = '<D:getetag/>' }: Asked = {}): string {
  const limited = limit === undefined ? '' : `<D:limit><D:nresults>${limit}</D:nresults></D:limit>`;
  return `<D:sync-collection ${NAMESPACES}><D:sync-token>${token}</D:sync-token><D:sync-level>${level}</D:sync-level>${limited}<D:prop>${prop}</D:prop></D:sync-collection>`;
}

async function sync(token: string, asked: Asked = {}, path = CALENDAR) {
  const answer = readMultistatus(await dav.request('REPORT', path, { body: syncBody(token, asked) }));
  return { answer, token: answer.syncToken!, hrefs: answer.responses.map(({ href }) => href) };
}

async function importEvents(folder: Folder, count: number): Promise<void> {
  await dav.services.store.write(folder.mailboxId, { kind: 'import', by: null }, async (tx) => {
    for (let n = 0; n < count; n += 1) {
      const index = { kind: 'VEVENT', uid: `u${n}`, rangeStart: 0, rangeEnd: 0, filterKey: 0 } as const;
      await tx.createItem({
        folderId: folder.id,
        name: `u${n}.ics`,
        content: Buffer.from(event(`u${n}`)),
        contentType: 'text/calendar',
        index,
      });
    }
  });
}

test('RFC 6578 §3.4 an empty token lists all members and no removals', async () => {
  const etag = await putEvent(dav, 'a');
  await putEvent(dav, 'b');
  await dav.request('DELETE', `${CALENDAR}b.ics`);
  const first = await sync('');
  assert.deepEqual(first.hrefs, [`${CALENDAR}a.ics`]);
  assert.equal(first.answer.text(`${CALENDAR}a.ics`, 'getetag'), etag);
  const token = readMultistatus(
    await dav.request('PROPFIND', CALENDAR, { headers: { Depth: '0' }, body: propfindBody('D:sync-token') }),
  );
  assert.deepEqual((await sync(token.text(CALENDAR, 'sync-token')!)).hrefs, []);
});

test('RFC 6578 §3.5 changes and removals since the token, a member removed is 404', async () => {
  await putEvent(dav, 'a');
  await putEvent(dav, 'b');
  const first = await sync('');
  await dav.request('DELETE', `${CALENDAR}a.ics`);
  await putEvent(dav, 'c%20d', 'c');
  const second = await sync(first.token);
  assert.deepEqual(new Set(second.hrefs), new Set([`${CALENDAR}a.ics`, `${CALENDAR}c%20d.ics`]));
  assert.equal(second.answer.at(`${CALENDAR}a.ics`).status, 404);
  assert.deepEqual((await sync(second.token)).hrefs, []);
  assert.equal((await sync(second.token)).token, second.token);
});

test('without change no item row and no log row is read', async () => {
  await putEvent(dav, 'a');
  const { token } = await sync('');
  const read = dav.services.store.read.bind(dav.services.store);
  const calls: string[] = [];
  dav.services.store.read = (mailboxId) =>
    new Proxy(read(mailboxId), {
      get(reader: MailboxReader, name: string) {
        calls.push(name);
        return Reflect.get(reader, name).bind(reader);
      },
    });
  assert.deepEqual((await sync(token)).hrefs, []);
  assert.deepEqual(
    calls.filter((name) => name !== 'folderByName' && name !== 'changes'),
    [],
  );
});

test('RFC 6578 §3.6 a limit truncates: 507 on the collection, and the token goes on', async () => {
  for (const name of ['a', 'b', 'c', 'd', 'e']) await putEvent(dav, name);
  const seen: string[] = [];
  let token = '';
  let rounds = 0;
  for (;;) {
    const page = await sync(token, { limit: '2' });
    token = page.token;
    rounds += 1;
    const isTruncated = page.hrefs.includes(CALENDAR);
    seen.push(...page.hrefs.filter((href) => href !== CALENDAR));
    if (!isTruncated) break;
    const own = page.answer.at(CALENDAR);
    assert.equal(own.status, 507);
    assert.match(JSON.stringify(own.element), /number-of-matches-within-limits/);
    assert.equal(page.hrefs.length, 3);
  }
  assert.equal(rounds, 3);
  assert.deepEqual(
    seen,
    ['a', 'b', 'c', 'd', 'e'].map((name) => `${CALENDAR}${name}.ics`),
  );
});

test("the server's own limit truncates too", async () => {
  await dav.close();
  dav = await startServer({ limits: { maxResults: 3 } });
  for (const name of ['a', 'b', 'c', 'd']) await putEvent(dav, name);
  const page = await sync('');
  assert.equal(page.answer.at(CALENDAR).status, 507);
  assert.deepEqual((await sync(page.token)).hrefs, [`${CALENDAR}d.ics`]);
});

test('more members than one page come in one answer', async () => {
  const folder = await dav.folder('Calendar');
  await importEvents(folder, 1203);
  const page = await sync('', { prop: '<C:calendar-data/>' });
  assert.equal(new Set(page.hrefs).size, 1203);
  assert.equal(page.answer.text(`${CALENDAR}u1202.ics`, 'calendar-data', CALDAV), event('u1202'));
});

test('RFC 6578 §3.2 stale, foreign and made-up tokens are 403 valid-sync-token', async () => {
  await putEvent(dav, 'a');
  const { token } = await sync('');
  const book = await sync('', {}, CONTACTS);
  const later = token.replace(/[^.]+$/, 'zzzz');
  for (const bad of [
    'x',
    'http://example.org/1',
    book.token,
    later,
    `${token}0`,
    token.toUpperCase(),
    `${token}.1`,
    'urn:x-causeway:sync:',
    token.replace(/[^.]+$/, 'z'.repeat(40)),
    token.replace(/[^.]+$/, ''),
    token.replace(/\.[^.]+$/, ''),
    `${token}.${'z'.repeat(40)}`,
  ]) {
    const answer = await dav.request('REPORT', CALENDAR, { body: syncBody(bad) });
    assert.equal(answer.status, 403, bad);
    assert.deepEqual(readError(answer).conditions, ['{DAV:}valid-sync-token'], bad);
  }
});

test('a token older than the pruned log is refused', async () => {
  await putEvent(dav, 'a');
  const { token } = await sync('');
  await putEvent(dav, 'b');
  await dav.request('DELETE', `${CALENDAR}b.ics`);
  const { head } = await dav.services.store.read(dav.principal.mailboxId).mailbox();
  await dav.services.store.prune(dav.principal.mailboxId, head);
  const answer = await dav.request('REPORT', CALENDAR, { body: syncBody(token) });
  assert.equal(answer.status, 403);
  assert.deepEqual(readError(answer).conditions, ['{DAV:}valid-sync-token']);
  assert.deepEqual((await sync('')).hrefs, [`${CALENDAR}a.ics`]);
});

test('RFC 6578 §3.6 an initial synchronisation in pages goes on although the log was pruned above its position', async () => {
  for (const name of ['a', 'b', 'c', 'd', 'e']) await putEvent(dav, name);
  await dav.request('DELETE', `${CALENDAR}e.ics`);
  const { head } = await dav.services.store.read(dav.principal.mailboxId).mailbox();
  await dav.services.store.prune(dav.principal.mailboxId, head);
  const seen: string[] = [];
  let page = await sync('', { limit: '2' });
  seen.push(...page.hrefs.filter((href) => href !== CALENDAR));
  assert.equal(page.answer.at(CALENDAR).status, 507);
  // What changes between the pages is told as well: a removal of what was given, and a new member.
  await dav.request('DELETE', `${CALENDAR}a.ics`);
  await putEvent(dav, 'f');
  while (page.hrefs.includes(CALENDAR)) {
    page = await sync(page.token, { limit: '2' });
    seen.push(...page.hrefs.filter((href) => href !== CALENDAR));
  }
  assert.deepEqual(
    seen,
    ['a', 'b', 'c', 'd', 'a', 'f'].map((name) => `${CALENDAR}${name}.ics`),
  );
  assert.equal(page.answer.at(`${CALENDAR}f.ics`).status, null);
  assert.deepEqual((await sync(page.token)).hrefs, []);
});

test('an initial synchronisation of more than one page goes on although the log was pruned', async () => {
  await putEvent(dav, 'gone');
  const folder = await dav.folder('Calendar');
  await importEvents(folder, 600);
  await dav.request('DELETE', `${CALENDAR}gone.ics`);
  const { head } = await dav.services.store.read(dav.principal.mailboxId).mailbox();
  await dav.services.store.prune(dav.principal.mailboxId, head);
  assert.equal((await sync('')).hrefs.length, 600);
});

test('a pass interrupted by a pruning above its floor is refused, since removals may be missing', async () => {
  for (const name of ['a', 'b', 'c']) await putEvent(dav, name);
  const { token } = await sync('', { limit: '1' });
  await dav.request('DELETE', `${CALENDAR}a.ics`);
  const { head } = await dav.services.store.read(dav.principal.mailboxId).mailbox();
  await dav.services.store.prune(dav.principal.mailboxId, head);
  const answer = await dav.request('REPORT', CALENDAR, { body: syncBody(token) });
  assert.deepEqual(readError(answer).conditions, ['{DAV:}valid-sync-token']);
});

test('a token of another store is refused', async () => {
  const folder = await dav.folder('Calendar');
  const foreign = new SyncTokens('0123456789abcdef').tokenOf(folder);
  const answer = await dav.request('REPORT', CALENDAR, { body: syncBody(foreign) });
  assert.equal(answer.status, 403);
  assert.deepEqual(readError(answer).conditions, ['{DAV:}valid-sync-token']);
});

test('a collection made anew under an old name refuses the old tokens', async () => {
  const path = `${CALENDAR_HOME}again/`;
  const body = `<D:mkcol ${NAMESPACES}><D:set><D:prop><D:resourcetype><D:collection/><C:calendar/></D:resourcetype></D:prop></D:set></D:mkcol>`;
  await dav.request('MKCOL', path, { body });
  const { token } = await sync('', {}, path);
  await dav.request('DELETE', path);
  await dav.request('MKCOL', path, { body });
  assert.equal((await dav.request('REPORT', path, { body: syncBody(token) })).status, 403);
});

test('level infinite is level 1 here; other levels and limits are 400', async () => {
  await putEvent(dav, 'a');
  assert.deepEqual((await sync('', { level: 'infinite' })).hrefs, [`${CALENDAR}a.ics`]);
  for (const asked of [{ level: '2' }, { limit: '0' }, { limit: '-1' }, { limit: 'x' }]) {
    assert.equal(
      (await dav.request('REPORT', CALENDAR, { body: syncBody('', asked) })).status,
      400,
      JSON.stringify(asked),
    );
  }
});

test('RFC 6578 §3.2 Depth 0 is meant whatever depth a client sends; what is no depth is 400', async () => {
  await putEvent(dav, 'a');
  const statusAt = async (depth: string): Promise<number> =>
    (await dav.request('REPORT', CALENDAR, { headers: { Depth: depth }, body: syncBody('') })).status;
  assert.deepEqual(await Promise.all(['0', '1', 'infinity'].map(statusAt)), [207, 207, 207]);
  assert.equal(await statusAt('2'), 400);
});

test('RFC 6578 §5 a sync token in If: a member is written only while the collection has not changed', async () => {
  await putEvent(dav, 'a');
  const { token } = await sync('');
  const put = async (name: string, list: string): Promise<number> => {
    const headers = { 'Content-Type': 'text/calendar', If: `<${CALENDAR}> (${list})` };
    return (await dav.request('PUT', `${CALENDAR}${name}.ics`, { headers, body: event(name) })).status;
  };
  assert.equal(await put('b', `<${token}>`), 201);
  assert.equal(await put('c', `<${token}>`), 412, 'the collection has changed');
  assert.equal(await put('c', `Not <${token}>`), 201);
  const now = (await sync('')).token;
  const untagged = { If: `(<${token}>) (<${now}>)` };
  const body = `<D:propertyupdate ${NAMESPACES}><D:set><D:prop><D:displayname>x</D:displayname></D:prop></D:set></D:propertyupdate>`;
  assert.equal((await dav.request('PROPPATCH', CALENDAR, { headers: untagged, body })).status, 207);
  assert.equal((await dav.request('PROPPATCH', CALENDAR, { headers: untagged, body })).status, 412);
});

test('RFC 8144 §2.1 return=minimal leaves out what is missing in reports too, and says so', async () => {
  await putEvent(dav, 'a');
  const headers = { Prefer: 'return=minimal' };
  const body = syncBody('', { prop: '<D:getetag/><D:nothing/>' });
  const answer = await dav.request('REPORT', CALENDAR, { headers, body });
  assert.equal(answer.headers['preference-applied'], 'return=minimal');
  assert.deepEqual([...readMultistatus(answer).at(`${CALENDAR}a.ics`).properties.keys()], [200]);
  const refused = await dav.request('REPORT', CALENDAR, { headers, body: syncBody('x') });
  assert.equal(refused.status, 403);
  assert.equal(refused.headers['preference-applied'], undefined);
});

test('RFC 3253 §3.6 a report that is not served there is 403 supported-report', async () => {
  await putEvent(dav, 'a');
  for (const path of ['/', PRINCIPAL, CALENDAR_HOME, `${CALENDAR}a.ics`]) {
    const answer = await dav.request('REPORT', path, { body: syncBody('') });
    assert.equal(answer.status, 403, path);
    assert.deepEqual(readError(answer).conditions, ['{DAV:}supported-report']);
  }
  assert.equal((await dav.request('REPORT', CALENDAR, { body: '<x:y xmlns:x="urn:x"/>' })).status, 403);
  assert.equal((await dav.request('REPORT', CALENDAR)).status, 400);
  assert.equal((await dav.request('REPORT', `${CALENDAR}none.ics`, { body: syncBody('') })).status, 404);
});

test('RFC 3253 §3.8 expand-property answers hrefs with the properties of what they name', async () => {
  const body = `<D:expand-property ${NAMESPACES}><D:property name="current-user-principal"><D:property name="displayname"/><D:property name="nothing"/><D:property name="principal-URL"><D:property name="resourcetype"/></D:property></D:property><D:property name="getetag"/></D:expand-property>`;
  const answer = await dav.request('REPORT', CALENDAR, { body });
  const text = answer.body as string;
  assert.equal(answer.status, 207);
  assert.match(text, /<D:current-user-principal><D:response><D:href>\/principals\/example\.org\/anna\/<\/D:href>/);
  assert.match(text, /<D:displayname>anna &lt;&amp;&gt;<\/D:displayname>/);
  assert.match(text, /<D:principal-URL><D:response>.*<D:resourcetype><D:principal\/><\/D:resourcetype>/);
  assert.equal(readMultistatus(answer).responses.length, 1);
  assert.equal(
    (
      await dav.request('REPORT', CALENDAR, {
        body: '<D:expand-property xmlns:D="DAV:"><D:property/></D:expand-property>',
      })
    ).status,
    400,
  );
});

test('expand-property cannot be made to multiply without bound', async () => {
  const nest = (depth: number): string =>
    depth === 0
      ? '<D:property name="displayname"/>'
      : `<D:property name="principal-URL">${nest(depth - 1)}</D:property><D:property name="current-user-principal">${nest(depth - 1)}</D:property>`;
  const body = `<D:expand-property xmlns:D="DAV:">${nest(12)}</D:expand-property>`;
  assert.equal((await dav.request('REPORT', PRINCIPAL, { body })).status, 507);
});
