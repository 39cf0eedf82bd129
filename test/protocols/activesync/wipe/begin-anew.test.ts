import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SyncPhone } from '../../../support/eas/sync-phone.ts';
import { ask } from '../commands/provision-exchange.ts';
import { card, folderSync, stateOf, syncPhone } from '../commands/sync/support.ts';
import { DEVICE, LOST, provision, statusOf, type WipeScene, wipeScene } from './scene.ts';

const FACTS =
  '<Settings xmlns="Settings:"><DeviceInformation><Set><Model>Computer</Model></Set></DeviceInformation></Settings>';
const hierarchy = ({ phone }: SyncPhone, key: string) =>
  phone.post('FolderSync', `<FolderSync xmlns="FolderHierarchy:"><SyncKey>${key}</SyncKey></FolderSync>`);

/** A client of this type that takes policies and holds contacts. */
async function holding({ server }: WipeScene, deviceType: string) {
  await server.put('contacts', 'c', card('c', 'Secret Person'));
  const client = syncPhone(server, { deviceType, version: '14.0' });
  await provision(client.phone);
  const id = `${(await server.folder('contacts')).id}`;
  await folderSync(client);
  await client.begin(id);
  const key = /<SyncKey>([^<]+)</.exec((await hierarchy(client, '0')).xml)![1]!;
  return { client, id, key };
}

test('MS-ASCMD §2.2.3.177.4 a client that drops all when its folders begin anew is told so, and is wiped once it begins', () =>
  wipeScene(async (scene) => {
    const { server, administration } = scene;
    const { client, key } = await holding(scene, 'TbSync');
    const { method, erases } = await administration.wipeForecast(DEVICE);
    assert.equal(method, 'drain');
    assert.match(erases.join(), /Known of EAS-4-TbSync/);
    await administration.wipeStart(LOST);
    const wipe = async () => (await administration.deviceShow(DEVICE)).wipe;
    assert.equal(statusOf(await client.phone.post('Settings', FACTS)), '1');
    assert.equal(await wipe(), 'pending');
    const told = await hierarchy(client, key);
    assert.deepEqual([statusOf(told), /SyncKey/.test(told.xml)], ['9', false]);
    assert.equal(await wipe(), 'sent');
    const policy = await client.phone.post('Provision', ask());
    assert.match(policy.xml, /<PolicyKey>\d+</, 'it gets its policy, no directive, with which it would stop');
    assert.equal(statusOf(await client.phone.post('Settings', FACTS)), '1');
    assert.equal(await wipe(), 'sent');
    assert.equal(statusOf(await hierarchy(client, '0')), '129');
    assert.equal(await wipe(), 'acknowledged');
    assert.equal(statusOf(await client.phone.post('Settings', FACTS)), '129');
    assert.equal(statusOf(await client.phone.post('Provision', ask())), '129');
    const { partnerships } = (await stateOf(server)) as { partnerships: readonly unknown[] };
    assert.deepEqual(partnerships, []);
    assert.equal(server.lines.filter(({ message }) => message === 'device was wiped').length, 1);
  }));

test('while it was not told of its folders yet, a Sync of it is emptied as that of others', () =>
  wipeScene(async (scene) => {
    const { server, administration } = scene;
    const { client, id } = await holding(scene, 'TbSync');
    await administration.wipeStart(LOST);
    const before = await server.environment.items.store.read(server.anna.mailboxId).folders();
    const add =
      '<Commands><Add><ClientId>1</ClientId><ApplicationData><c:FirstName>New</c:FirstName></ApplicationData></Add></Commands>';
    assert.equal((await client.sync([{ id, xml: add }])).collections[0]?.status, 3);
    await client.begin(id);
    assert.match([...client.items(id).values()].join(), /This device was emptied/);
    assert.deepEqual(await server.environment.items.store.read(server.anna.mailboxId).folders(), before);
  }));

test('of any other client key 0 says nothing of what it holds', () =>
  wipeScene(async (scene) => {
    const { administration } = scene;
    const { client } = await holding(scene, 'Thing');
    assert.equal((await administration.wipeForecast(DEVICE)).method, 'full');
    await administration.wipeStart(LOST);
    assert.equal(statusOf(await hierarchy(client, '0')), '140');
    assert.equal((await administration.deviceShow(DEVICE)).wipe, 'pending');
  }));
