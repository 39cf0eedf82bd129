import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GatewayError } from '../../../../src/domain/errors.ts';
import { card, event, folderSync, parked, syncPhone } from '../commands/sync/support.ts';
import { ANNA, DEVICE, EMPTY, LOST, provision, said, statusOf, type WipeScene, wipeScene } from './scene.ts';

const PING = '<Ping xmlns="Ping:"/>';
const FOLDER_SYNC = '<FolderSync xmlns="FolderHierarchy:"><SyncKey>0</SyncKey></FolderSync>';
const DIRECTIVE =
  /^<Provision:Provision[^>]*><Provision:Status>1<\/Provision:Status><Provision:RemoteWipe\/>|<Status>1<\/Status><RemoteWipe\/>/;

const stateOf = async ({ administration }: WipeScene) => (await administration.deviceShow(DEVICE)).wipeDetails!;
const isRefused = (words: RegExp) => (error: unknown) =>
  error instanceof GatewayError && error.code === 'wipe-refused' && words.test(error.message);

for (const version of ['12.1', '14.0', '14.1'] as const) {
  const [asked, blocked] = version === '12.1' ? ['HTTP 449', 'HTTP 403'] : ['140', '129'];

  test(`MS-ASPROV §3.1.5.1.2.2 ${version}: told at any command, fetched by an empty Provision, acknowledged, refused`, () =>
    wipeScene(async (scene) => {
      const { server, as, administration, lines } = scene;
      const phone = scene.phone({ version });
      await provision(phone);
      await as('admin@example.org', (calls) => calls.wipeStart(LOST));
      assert.equal((await stateOf(scene)).state, 'pending');
      for (const [command, body] of [
        ['FolderSync', FOLDER_SYNC],
        ['Ping', PING],
        ['Sync', null],
      ] as const) {
        assert.equal(statusOf(await phone.post(command, body)), asked, command);
      }
      assert.equal((await stateOf(scene)).sentAt, null);
      const offer = await phone.post('Provision', EMPTY, { headers: { 'X-MS-PolicyKey': '0' } });
      assert.match(offer.xml, DIRECTIVE);
      assert.doesNotMatch(offer.xml, /PolicyKey/);
      assert.equal((await stateOf(scene)).state, 'sent');
      const thanks = await phone.post('Provision', said(1));
      assert.match(thanks.xml, /<Status>1<\/Status>/);
      assert.doesNotMatch(thanks.xml, /RemoteWipe/);
      const { state, by, why, remoteAddress, endedAt } = await stateOf(scene);
      assert.deepEqual(
        [state, by, why, remoteAddress, endedAt],
        ['acknowledged', 'admin@example.org', 'lost on the train', '192.0.2.1', server.clock.now()],
      );
      for (const command of ['FolderSync', 'Provision'] as const) {
        assert.equal(statusOf(await phone.post(command, command === 'FolderSync' ? FOLDER_SYNC : EMPTY)), blocked);
      }
      const told = lines().filter(([message]) => /wiped|wipe sent/.test(message));
      assert.deepEqual(
        told.map(([message, { user, device, who, address }]) => [message, user, device, who, address]),
        [
          ['device will be wiped', ANNA, 'PHONE1', 'admin@example.org', undefined],
          ['wipe sent to the device', ANNA, 'PHONE1', 'admin@example.org', '192.0.2.1'],
          ['device was wiped', ANNA, 'PHONE1', 'admin@example.org', '192.0.2.1'],
        ],
      );
      await as('admin@example.org', (calls) => calls.wipeClear({ ...DEVICE, why: 'set up again' }));
      assert.equal((await phone.post('FolderSync', FOLDER_SYNC)).status, 200);
      const details = await administration.deviceShow(DEVICE);
      assert.equal(details.wipeDetails, null);
      assert.deepEqual(
        details.wipeHistory.map(({ state: was, endedBy, endedWhy }) => [was, endedBy, endedWhy]),
        [['acknowledged', 'admin@example.org', 'set up again']],
      );
    }));

  test(`${version}: what the device waits for is answered at once, so that it comes`, () =>
    wipeScene(async ({ server, administration }) => {
      const phone = syncPhone(server, { version });
      await provision(phone.phone);
      const id = `${(await server.folder('contacts')).id}`;
      await folderSync(phone);
      await phone.begin(id);
      const ping = `<Ping xmlns="Ping:"><HeartbeatInterval>600</HeartbeatInterval><Folders><Folder><Id>${id}</Id><Class>Contacts</Class></Folder></Folders></Ping>`;
      const waiting = phone.phone.post('Ping', ping);
      await parked(server);
      await administration.wipeStart(LOST);
      assert.equal((await waiting).status, 200);
      assert.equal(statusOf(await phone.phone.post('Ping', ping)), asked);
      assert.equal(server.environment.parking.size, 0);
    }));

  test(`${version}: a wipe that was not sent can be taken back, one that was sent cannot`, () =>
    wipeScene(async (scene) => {
      const { as, lines } = scene;
      const phone = scene.phone({ version });
      await provision(phone);
      await as('admin@example.org', (calls) => calls.wipeStart(LOST));
      assert.equal(statusOf(await phone.post('FolderSync', FOLDER_SYNC)), asked);
      const back = await as('help@example.org', (calls) => calls.wipeCancel({ ...DEVICE, why: 'found again' }));
      assert.deepEqual([back.state, back.endedBy, back.endedWhy], ['cancelled', 'help@example.org', 'found again']);
      assert.equal((await phone.post('FolderSync', FOLDER_SYNC)).status, 200);
      assert.doesNotMatch((await phone.post('Provision', EMPTY)).xml, /RemoteWipe/);
      await as('admin@example.org', (calls) => calls.wipeStart(LOST));
      await phone.post('Provision', EMPTY);
      await assert.rejects(
        as('help@example.org', (calls) => calls.wipeCancel({ ...DEVICE, why: 'found again' })),
        isRefused(/PHONE1: the wipe was sent to it, so it cannot be taken back/),
      );
      const cancelled = lines().filter(([message]) => message === 'wipe of the device cancelled');
      assert.deepEqual(
        cancelled.map(([, { who, why }]) => [who, why]),
        [['help@example.org', 'found again']],
      );
    }));
}

test('an acknowledgement that was lost is asked for again, and noted once', () =>
  wipeScene(async (scene) => {
    const phone = scene.phone();
    await provision(phone);
    await scene.administration.wipeStart(LOST);
    await phone.post('Provision', EMPTY);
    // What it said never came; it asks for something, and is told to come once more.
    assert.equal(statusOf(await phone.post('FolderSync', FOLDER_SYNC)), '140');
    assert.match((await phone.post('Provision', EMPTY)).xml, DIRECTIVE);
    assert.equal((await stateOf(scene)).state, 'sent');
    await phone.post('Provision', said(1));
    // The thanks were lost: it says so again and is thanked, and nothing is noted.
    scene.server.clock.advance(1_000);
    assert.equal(statusOf(await phone.post('Provision', said(1))), '1');
    assert.equal((await stateOf(scene)).endedAt, scene.server.clock.now() - 1_000);
    assert.equal(scene.lines().filter(([message]) => message === 'device was wiped').length, 1);
    assert.equal(scene.lines().filter(([message]) => message === 'wipe sent to the device').length, 1);
  }));

test('an acknowledgement of what was never sent is not believed: the directive is', () =>
  wipeScene(async (scene) => {
    const phone = scene.phone();
    await provision(phone);
    await scene.administration.wipeStart(LOST);
    assert.match((await phone.post('Provision', said(1))).xml, DIRECTIVE);
    assert.equal((await stateOf(scene)).state, 'sent');
  }));

test('MS-ASPROV §3.2.5.1.2.2 a wipe that failed is answered 2 with the directive, told, and tried again', () =>
  wipeScene(async (scene) => {
    const phone = scene.phone();
    await provision(phone);
    await scene.administration.wipeStart(LOST);
    await phone.post('Provision', EMPTY);
    const again = await phone.post('Provision', said(2));
    assert.match(again.xml, /<Status>2<\/Status><RemoteWipe\/>/);
    assert.equal((await stateOf(scene)).state, 'failed');
    assert.ok(scene.lines().some(([message]) => message === 'device says that its wipe failed'));
    assert.equal(statusOf(await phone.post('FolderSync', FOLDER_SYNC)), '140');
    await phone.post('Provision', said(1));
    assert.equal((await stateOf(scene)).state, 'acknowledged');
  }));

test('a device that is silent for seven days is told so, and is wiped all the same when it comes', () =>
  wipeScene(async (scene) => {
    const { server, administration, tick } = scene;
    const phone = scene.phone();
    await provision(phone);
    await administration.wipeStart(LOST);
    await phone.post('Provision', EMPTY);
    server.clock.advance(7 * 86_400_000 - 1);
    assert.equal(await tick(), 0);
    server.clock.advance(1);
    assert.equal(await tick(), 1);
    assert.equal((await stateOf(scene)).state, 'silent');
    assert.equal((await administration.deviceShow(DEVICE)).status, 'does not answer its wipe');
    assert.equal(statusOf(await phone.post('FolderSync', FOLDER_SYNC)), '140');
    assert.match((await phone.post('Provision', EMPTY)).xml, DIRECTIVE);
    assert.equal((await stateOf(scene)).state, 'sent');
    await phone.post('Provision', said(1));
    assert.equal((await stateOf(scene)).state, 'acknowledged');
  }));

test('iOS puts the status beside the element', () =>
  wipeScene(async (scene) => {
    const phone = scene.phone();
    await provision(phone);
    await scene.administration.wipeStart(LOST);
    await phone.post('Provision', EMPTY);
    await phone.post('Provision', '<Provision xmlns="Provision:"><Status>1</Status><RemoteWipe/></Provision>');
    assert.equal((await stateOf(scene)).state, 'acknowledged');
  }));

test('a device that asks for a policy or sends an empty body under a wipe is told to wipe itself all the same', () =>
  wipeScene(async (scene) => {
    const phone = scene.phone();
    await provision(phone);
    await scene.administration.wipeStart(LOST);
    const policy =
      '<Provision xmlns="Provision:"><Policies><Policy><PolicyType>MS-EAS-Provisioning-WBXML</PolicyType></Policy></Policies></Provision>';
    assert.match((await phone.post('Provision', policy)).xml, DIRECTIVE);
    assert.match((await phone.post('Provision', null)).xml, DIRECTIVE);
  }));

test('a device that was blocked meanwhile, or whose protocol was switched off, may fetch and acknowledge its wipe and nothing else', () =>
  wipeScene(async (scene) => {
    const { administration } = scene;
    const phone = scene.phone();
    await provision(phone);
    await administration.wipeStart(LOST);
    await administration.deviceDecide({ ...DEVICE, access: 'blocked', why: 'lost' });
    await administration.accessSet({ access: { protocols: [{ match: { protocol: 'activesync' }, on: false }] } });
    assert.equal(statusOf(await phone.post('FolderSync', FOLDER_SYNC)), '140');
    assert.match((await phone.post('Provision', EMPTY)).xml, DIRECTIVE);
    await phone.post('Provision', said(1));
    assert.equal((await stateOf(scene)).state, 'acknowledged');
    assert.equal(statusOf(await phone.post('FolderSync', FOLDER_SYNC)), '126');
  }));

test('the account’s other devices go on, and the mailbox is not touched', () =>
  wipeScene(async (scene) => {
    const { server, administration } = scene;
    await server.put('contacts', 'a', card('u', 'Ada'));
    await server.put('calendar', 'e', event('v', 'Tea'));
    const other = syncPhone(server, { deviceId: 'TABLET' });
    const id = `${(await server.folder('contacts')).id}`;
    await folderSync(other);
    await other.begin(id);
    const phone = syncPhone(server);
    await provision(phone.phone);
    await phone.begin(id);
    const contents = async () =>
      server.environment.items.store.read(server.anna.mailboxId).list(Number(id), { limit: 9, withContent: true });
    const before = await contents();
    await administration.wipeStart(LOST);
    await phone.phone.post('Provision', EMPTY);
    await phone.phone.post('Provision', said(1));
    assert.deepEqual(await contents(), before);
    await server.put('contacts', 'b', card('w', 'Bea'));
    await other.drain(id);
    assert.equal(other.items(id).size, 2);
    const left = await server.environment.sync.store.read(server.anna.mailboxId).partnerships();
    assert.deepEqual([...new Set(left.map(({ device }) => device.split('/')[0]))], ['tablet']);
  }));

test('a device that never fetched a policy is told for ten minutes; one that then still does not come is emptied instead', () =>
  wipeScene(async (scene) => {
    const { server, administration, lines } = scene;
    const phone = syncPhone(server);
    const id = `${(await server.folder('contacts')).id}`;
    await folderSync(phone);
    await phone.begin(id);
    assert.match((await administration.wipeForecast(DEVICE)).advice.join(), /within ten minutes/);
    assert.equal((await administration.wipeStart(LOST)).method, 'full');
    assert.equal(statusOf(await phone.phone.post('FolderSync', FOLDER_SYNC)), '140');
    server.clock.advance(9 * 60_000);
    assert.equal(statusOf(await phone.phone.post('FolderSync', FOLDER_SYNC)), '140');
    server.clock.advance(60_000);
    assert.equal((await phone.phone.post('FolderSync', FOLDER_SYNC)).status, 200);
    assert.equal((await stateOf(scene)).method, 'drain');
    assert.ok(lines().some(([message]) => /knows no wipe/.test(message)));
    // One that comes for it after all gets the directive.
    assert.match((await phone.phone.post('Provision', EMPTY)).xml, DIRECTIVE);
    assert.equal((await stateOf(scene)).method, 'full');
  }));

test('the account alone cannot be wiped from a device that speaks no 16.1, and it is said why', () =>
  wipeScene(async ({ administration, phone }) => {
    await provision(phone());
    const { kinds, notOffered } = await administration.wipeForecast(DEVICE);
    assert.deepEqual(kinds, ['full']);
    assert.match(notOffered[0]!.why, /from protocol version 16\.1 on; PHONE1 speaks 14\.1/);
    await assert.rejects(administration.wipeStart({ ...LOST, kind: 'account' }), isRefused(/16\.1/));
  }));
