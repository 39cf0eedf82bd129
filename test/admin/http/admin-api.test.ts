import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pageOf } from '../../../src/admin/http/page-of.ts';
import { ANN, type ApiWorld, apiWorld, BOB, PASSWORD, ROOT } from './world.ts';

interface Signed {
  readonly access: string;
  readonly refresh: string;
  readonly expiresAt: number;
}

async function signIn({ send }: ApiWorld, name = ROOT, password = PASSWORD) {
  return send({ method: 'POST', path: '/token', body: { name, password } });
}

async function signedIn(world: ApiWorld, name = ROOT): Promise<Signed> {
  const answer = await signIn(world, name);
  assert.equal(answer.status, 200, JSON.stringify(answer.body));
  return answer.body as Signed;
}

const codeOf = ({ body }: { readonly body: unknown }) => (body as { code: string }).code;

test('signing in, working, renewing and signing out', async (t) => {
  const world = await apiWorld(t);
  const { access, refresh } = await signedIn(world);
  assert.equal((await world.send({ path: '/users', token: access })).status, 200);
  const renewed = await world.send({ method: 'POST', path: '/token/refresh', body: { refresh } });
  const next = renewed.body as Signed;
  assert.equal((await world.send({ path: '/token', token: next.access })).status, 200);
  await world.send({ method: 'POST', path: '/token/revoke', body: { refresh: next.refresh } });
  for (const token of [access, next.access]) assert.equal((await world.send({ path: '/users', token })).status, 401);
  const again = await world.send({ method: 'POST', path: '/token/refresh', body: { refresh: next.refresh } });
  assert.deepEqual([again.status, codeOf(again)], [401, 'unauthenticated']);
});

test('wrong passwords are 401, then 429 with Retry-After, and the right one is locked out with them', async (t) => {
  const world = await apiWorld(t);
  for (const guess of ['1', '2', '3', '4', '5']) assert.equal((await signIn(world, ANN, guess)).status, 401);
  const locked = await signIn(world, ANN);
  assert.deepEqual([locked.status, codeOf(locked)], [429, 'locked']);
  assert.ok(Number(locked.headers.get('retry-after')) > 0);
});

test('a user without a role signs in, and may do nothing here', async (t) => {
  const world = await apiWorld(t);
  const { access } = await signedIn(world, ANN);
  const answer = await world.send({ path: '/users', token: access });
  assert.deepEqual([answer.status, codeOf(answer)], [403, 'access-denied']);
});

test('a role that is taken ends the tokens at once', async (t) => {
  const world = await apiWorld(t);
  const { access } = await signedIn(world);
  await world.administration.userAdd({ address: 'new@example.org', password: 'x', isAdmin: true, displayName: null });
  await world.administration.userRoleSet({ address: ROOT, role: null });
  assert.equal((await world.send({ path: '/users', token: access })).status, 401);
});

test('every write is told: who, from where, what, about what, how it went, and no secret', async (t) => {
  const world = await apiWorld(t);
  const { access } = await signedIn(world);
  const path = `/users/${encodeURIComponent(ANN)}/password`;
  await world.send({ method: 'PUT', path, body: { password: 'very-new-word' }, token: access });
  const missing = { method: 'DELETE', path: '/users/nobody%40example.org', token: access };
  assert.equal((await world.send(missing)).status, 404);
  const limited = world.tokenOf(['helpdesk'], 'example.org');
  await world.send({ method: 'PUT', path: `/users/${BOB}/password`, body: { password: 'y' }, token: limited });
  await world.send({ path: '/users', token: access });
  const told = world.logged.lines
    .filter(({ message }) => message.startsWith('admin api'))
    .map(({ log, who, address, call, target, outcome }) => [log, who, address, call, target, outcome].join(' '));
  const done = `${ROOT} 192.0.2.9 userPasswd ${ANN} done`;
  const notThere = `${ROOT} 192.0.2.9 userRemove nobody@example.org item-not-found`;
  const denied = `tester@example.org 192.0.2.9 userPasswd ${BOB} access-denied`;
  assert.deepEqual(
    told,
    [done, notThere, denied].flatMap((line) => [`config ${line}`, `security ${line}`]),
  );
  const everything = JSON.stringify(world.logged.lines);
  for (const secret of ['very-new-word', access, PASSWORD]) assert.equal(everything.includes(secret), false);
});

test('whoever acts is who is signed in: in the lines of the calls themselves, too', async (t) => {
  const world = await apiWorld(t);
  await world.send({ method: 'DELETE', path: `/users/${ANN}/devices/phone`, token: world.all });
  const [line] = world.logged.find('device removed');
  assert.deepEqual([line?.who, line?.address, line?.user], ['tester@example.org', '192.0.2.9', ANN]);
});

test('pages of a list hold everything once, also when something goes meanwhile', async (t) => {
  const world = await apiWorld(t);
  const seen: string[] = [];
  let cursor = '';
  for (;;) {
    const { body } = await world.send({ path: `/users?limit=1${cursor}`, token: world.all });
    const { users, next } = body as { users: { address: string }[]; next: string | null };
    seen.push(...users.map(({ address }) => address));
    if (seen.length === 1) await world.administration.userRemove({ address: ANN });
    if (next === null) break;
    cursor = `&cursor=${next}`;
  }
  assert.deepEqual(seen, [ANN, BOB, ROOT]);
  const junk = await world.send({ path: '/users?cursor=***', token: world.all });
  assert.deepEqual([junk.status, codeOf(junk)], [400, 'request-invalid']);
});

test('a page that ends with the list has no next, and falling lists go down', () => {
  const numbers = ['1', '3', '2'];
  const page = (limit: number, cursor?: string) =>
    pageOf(numbers, (key) => key, { limit, ...(cursor === undefined ? {} : { cursor }) }, 'falling');
  assert.deepEqual(page(3), { entries: ['3', '2', '1'], next: null });
  const first = page(2);
  assert.deepEqual(first.entries, ['3', '2']);
  assert.deepEqual(page(2, first.next!), { entries: ['1'], next: null });
});

test('a cursor that is none, of another list, or of the same with other filters is refused with a sentence', async (t) => {
  const world = await apiWorld(t);
  const get = (path: string) => world.send({ path, token: world.all });
  const nextOf = async (path: string) => ((await get(path)).body as { next: string }).next;
  const refused = async (path: string) => {
    const answer = await get(path);
    const { detail, errors } = answer.body as { detail: string; errors: { pointer: string }[] };
    assert.deepEqual([answer.status, codeOf(answer)], [400, 'request-invalid'], path);
    assert.deepEqual([detail.startsWith('The cursor is none'), errors[0]?.pointer], [true, '/query/cursor'], path);
  };
  const next = await nextOf('/users?limit=1');
  for (const list of [
    'devices',
    'usage',
    'wipes',
    'outbox',
    'recordings',
    'connections',
    'open-folders',
    'logs/config',
  ]) {
    for (const cursor of ['x', '%00', 'e30', '1:2:3', next]) await refused(`/${list}?cursor=${cursor}`);
  }
  await refused(`/users?text=ann&limit=1&cursor=${next}`);
  assert.equal((await get(`/users?limit=2&cursor=${next}`)).status, 200);
  const forged = await get(`/usage?cursor=${(await nextOf('/usage?limit=1')).slice(0, 9)}junk`);
  assert.deepEqual([forged.status, codeOf(forged)], [400, 'content-invalid']);
  assert.equal((forged.body as { detail: string }).detail, 'There is no such page; begin with the first one.');
});

test('an unknown address is 404, another method 405 with those there are, and both say so as a problem', async (t) => {
  const { send, all } = await apiWorld(t);
  for (const path of ['/nothing', '/users/a/b/c', '/users//password', '/users/%zz', '']) {
    const answer = await send({ path, token: all });
    assert.deepEqual([answer.status, codeOf(answer)], [404, 'path-unknown'], path);
  }
  const answer = await send({ method: 'PATCH', path: '/users', token: all });
  assert.deepEqual([answer.status, answer.headers.get('allow')], [405, 'GET, POST']);
  assert.equal((await send({ method: 'OPTIONS', path: '/users' })).headers.get('access-control-allow-origin'), null);
});

test('a body that is too large is 413, whether it says so or not', async (t) => {
  const { send, all, made } = await apiWorld(t);
  const text = JSON.stringify({ address: ANN, password: 'x'.repeat(1_100_000) });
  const answer = await send({ method: 'POST', path: '/users', text, token: all });
  assert.deepEqual([answer.status, codeOf(answer)], [413, 'body-too-large']);
  assert.deepEqual(made, []);
});

test('a name with a slash, in any spelling, is one name', async (t) => {
  const { send, all } = await apiWorld(t);
  const answer = await send({ path: `/users/${ANN}/devices/a%2Fb`, token: all });
  assert.equal((answer.body as { detail: string }).detail, 'There is no device a/b; "device list" shows which are.');
});

test('a large item and the bytes of a calendar come back exactly as they were put', async (t) => {
  const { send, all, of, administration } = await apiWorld(t);
  const { items } = await administration.exportPage({ address: ANN, folderId: of(ANN).calendar, after: null });
  const drafts = (await administration.folderList({ address: ANN })).find(({ role }) => role === 'drafts')!.id;
  // So large that a pattern that keeps a place for each character would not judge its Base64.
  const message = `Subject: x\r\n\r\n${'0123456789abcdef'.repeat(500_000)}\r\n`;
  const entries = [{ contentType: 'message/rfc822', content: Buffer.from(message).toString('base64') }];
  const folder = `/users/${ANN}/folders/${drafts}/items`;
  const put = await send({ method: 'POST', path: folder, body: { entries }, token: all });
  assert.deepEqual(put.body, { outcomes: [{ kind: 'created' }] });
  const listed = (await send({ path: folder, token: all })).body as {
    items: { id: number; size: number; revision: string; content: null }[];
  };
  const [item] = listed.items;
  assert.equal(item!.content, null);
  const content = `/users/${ANN}/items/${item!.id}/content?revision=${item!.revision}`;
  assert.equal((await send({ path: `${content}&size=${item!.size}`, token: all })).body, message);
  const boundless = await send({ path: `${content}&size=${Number.MAX_SAFE_INTEGER}`, token: all });
  assert.equal(boundless.body, message);
  const stale = await send({ path: `/users/${ANN}/items/${items[0]!.id}/content?revision=x&size=5`, token: all });
  assert.deepEqual([stale.status, codeOf(stale)], [409, 'revision-mismatch']);
});

test('a policy’s settings are taken as people write them, and whose it is must be said whole', async (t) => {
  const { send, all } = await apiWorld(t);
  const scope = { kind: 'domain', name: 'example.org' };
  const settings = { DevicePasswordEnabled: true, MinDevicePasswordLength: 6 };
  const set = await send({ method: 'PUT', path: '/policy', body: { scope, policy: { settings } }, token: all });
  assert.equal(set.status, 200, JSON.stringify(set.body));
  const shown = await send({ path: '/policy?kind=domain&name=example.org', token: all });
  assert.equal((shown.body as { policy: { settings: object } }).policy.settings !== undefined, true);
  for (const query of ['kind=domain', 'kind=user', 'kind=device&address=ann%40example.org']) {
    const answer = await send({ path: `/policy?${query}`, token: all });
    assert.deepEqual([answer.status, codeOf(answer)], [400, 'request-invalid'], query);
  }
  const removed = await send({ method: 'PUT', path: '/policy', body: { scope, policy: null }, token: all });
  assert.equal((removed.body as { policy: unknown }).policy, null);
});

test('the administration is not stopped over itself', async (t) => {
  const { send, all } = await apiWorld(t);
  const answer = await send({ method: 'POST', path: '/services/admin/stop', token: all });
  assert.deepEqual([answer.status, codeOf(answer)], [409, 'protected']);
});

test('a recording with contents is not for the helpdesk', async (t) => {
  const { send, tokenOf } = await apiWorld(t);
  const body = { address: ANN, withContents: true };
  const answer = await send({ method: 'POST', path: '/recordings', body, token: tokenOf(['helpdesk']) });
  assert.deepEqual([answer.status, codeOf(answer)], [403, 'access-denied']);
});

test('the last administrator of the whole server stays one: 409', async (t) => {
  const { send, all } = await apiWorld(t);
  const answer = await send({ method: 'PUT', path: `/users/${ROOT}/role`, body: { role: null }, token: all });
  assert.deepEqual([answer.status, codeOf(answer)], [409, 'protected']);
});
