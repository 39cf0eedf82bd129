import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createFolder } from '../../../src/items/folders.ts';
import { type EasAdministration, withAdministration } from './administered-server.ts';
import { card, folderSync, parked, syncPhone } from './commands/sync/support.ts';
import type { EasServer } from './support.ts';

const ANNA = 'anna@example.org';
const CONTACT_NS = 'xmlns="Contacts:"';
const named = (name: string) => `<ApplicationData><FirstName ${CONTACT_NS}>${name}</FirstName></ApplicationData>`;
const add = (clientId: string, name: string) =>
  `<Commands><Add><ClientId>${clientId}</ClientId>${named(name)}</Add></Commands>`;
const change = (id: string, name: string) =>
  `<Commands><Change><ServerId>${id}</ServerId>${named(name)}</Change></Commands>`;

/** A phone with Anna's contacts, and somebody who administers the same server. */
async function administered(
  work: (scene: {
    server: EasServer;
    administration: EasAdministration;
    phone: ReturnType<typeof syncPhone>;
    id: string;
    item: number;
  }) => Promise<void>,
): Promise<void> {
  await withAdministration(async ({ server, administration }) => {
    const item = await server.put('contacts', 'a', card('u', 'Ada'));
    const id = `${(await server.folder('contacts')).id}`;
    const phone = syncPhone(server);
    await folderSync(phone);
    await phone.begin(id);
    await work({ server, administration, phone, id, item });
  });
}

test('a device that is blocked is answered at once, refused from then on, and let in again by a word', () =>
  administered(async ({ server, administration, phone, id }) => {
    const waiting = phone.sync([{ id }], '<Wait>10</Wait>');
    await parked(server);
    await administration.deviceDecide({ address: ANNA, device: 'phone1', access: 'blocked', why: 'lost' });
    assert.equal((await waiting).isEmpty, true);
    const refused = await phone.sync([{ id }]);
    assert.deepEqual([refused.http, refused.status], [200, 129]);
    await administration.deviceDecide({ address: ANNA, device: 'PHONE1', access: 'allowed', why: '' });
    assert.equal((await phone.sync([{ id }])).http, 200);
    assert.equal((await phone.sync([{ id, xml: add('1', 'Bea') }])).collections[0]!.status, 1);
  }));

test('new rules end what the devices wait for that are not to come in any more', () =>
  administered(async ({ server, administration, phone, id }) => {
    const waiting = phone.sync([{ id }], '<Wait>10</Wait>');
    await parked(server);
    const { changed } = await administration.accessSet({ access: { default: 'quarantine' } });
    assert.equal(changed, 1);
    assert.equal((await waiting).isEmpty, true);
    assert.equal((await phone.sync([{ id }])).status, 129);
  }));

test('a protocol that is switched off for a user, or for a group as somebody comes into it, ends what its devices wait for', () =>
  administered(async ({ server, administration, phone, id }) => {
    const off = (match: object) =>
      administration.accessSet({ access: { protocols: [{ match: { ...match, protocol: 'activesync' }, on: false }] } });
    const first = phone.sync([{ id }], '<Wait>10</Wait>');
    await parked(server);
    await off({ user: ANNA });
    assert.equal((await first).isEmpty, true);
    assert.equal((await phone.sync([{ id }])).status, 126);
    await administration.groupSet({ name: 'staff', users: ['bert@example.org'] });
    await off({ group: 'staff' });
    const second = phone.sync([{ id }], '<Wait>10</Wait>');
    await parked(server);
    await administration.groupSet({ name: 'staff', users: [ANNA] });
    assert.equal((await second).isEmpty, true);
    assert.equal((await phone.sync([{ id }])).status, 126);
  }));

test('a resync reads a folder anew, and what the device did without hearing of it is not done twice', () =>
  administered(async ({ server, administration, phone, id }) => {
    const lost = phone.document([{ id, xml: add('7', 'Bea') }]);
    await phone.send(lost);
    const count = await administration.deviceResync({ address: ANNA, device: 'phone1', folderId: Number(id) });
    assert.equal(count, 1);
    assert.equal((await phone.send(lost)).collections[0]?.status, 3);
    await phone.begin(id);
    await phone.sync([{ id, xml: add('7', 'Bea') }]);
    const folder = await server.folder('contacts');
    const stored = await server.environment.items.store.read(server.anna.mailboxId).list(folder.id, {
      ...{ limit: 9, withContent: false },
    });
    assert.equal(stored.items.length, 2);
    await phone.drain(id);
    assert.equal(phone.items(id).size, 2);
  }));

test('a resync of a folder that a device is shown as part of another reads that one anew', () =>
  administered(async ({ server, administration, id }) => {
    const place = {
      parentId: null,
      name: 'club',
      displayName: 'Club',
      itemClass: 'contacts',
      components: [],
    } as const;
    const request = { principal: server.anna, ...place, properties: {} };
    const club = await createFolder(server.environment.items, request);
    const samsung = syncPhone(server, { deviceId: 'SAM', deviceType: 'SAMSUNGSMG900F' });
    await folderSync(samsung);
    await samsung.begin(id);
    const asked = { address: ANNA, folderId: club.id };
    assert.equal(await administration.deviceResync({ ...asked, device: 'sam' }), 1);
    assert.equal((await samsung.sync([{ id }])).collections[0]?.status, 3);
    assert.equal(await administration.deviceResync({ ...asked, device: 'phone1' }), 0);
  }));

test('the rule of the device wins over that of its user, that over the domain’s, and that over the client’s', () =>
  administered(async ({ server, administration, phone, id, item }) => {
    const cases = [
      [{ domain: 'example.org', address: null, device: null, rule: 'client-wins' }, 1],
      [{ domain: null, address: ANNA, device: null, rule: 'server-wins' }, 7],
      [{ domain: null, address: ANNA, device: 'phone1', rule: 'client-wins' }, 1],
      [{ domain: null, address: ANNA, device: 'phone1', rule: null }, 7],
      [{ domain: null, address: ANNA, device: null, rule: null }, 1],
    ] as const;
    for (const [at, [rule, status]] of cases.entries()) {
      await administration.conflictRuleSet(rule);
      await phone.drain(id);
      await server.put('contacts', 'a', card('u', `Server${at}`));
      const options = '<Options><Conflict>1</Conflict></Options>';
      const [told] = (await phone.sync([{ id, xml: options + change(`${id}:${item}`, `Phone${at}`) }])).collections;
      // Where the device wins there is nothing to answer.
      assert.equal(told?.responses[0]?.status ?? 1, status, `case ${at}`);
    }
    await assert.rejects(administration.conflictRuleSet({ ...cases[1][0], rule: 'best-wins' }), {
      code: 'object-invalid',
    });
  }));

test('both versions of a conflict are listed, and the one that lost can be put back, and back again', () =>
  administered(async ({ server, administration, phone, id, item }) => {
    await server.put('contacts', 'a', card('u', 'Bea'));
    await phone.sync([{ id, xml: change(`${id}:${item}`, 'Cleo') }]);
    const [conflict] = await administration.conflictList({ address: ANNA });
    assert.deepEqual([conflict?.device, conflict?.side, conflict?.rule], ['PHONE1', 'client', 'server-wins']);
    assert.match(conflict!.lost, /Cleo/);
    assert.match(conflict!.present!, /Bea/);
    assert.equal(await administration.conflictRestore({ address: ANNA, id: conflict!.id }), item);
    await phone.drain(id);
    assert.match(phone.items(id).get(`${id}:${item}`)!, /Cleo/);
    const [back] = await administration.conflictList({ address: ANNA });
    assert.match(back!.lost, /Bea/);
    await administration.conflictRestore({ address: ANNA, id: back!.id });
    assert.match((await administration.conflictList({ address: ANNA }))[0]!.present!, /Bea/);
    await server.remove(item);
    const [gone] = await administration.conflictList({ address: ANNA });
    assert.equal(gone!.present, null);
    await administration.conflictRestore({ address: ANNA, id: gone!.id });
    await phone.drain(id);
    assert.equal(phone.items(id).size, 1);
    await assert.rejects(administration.conflictRestore({ address: ANNA, id: 999 }), { code: 'item-not-found' });
  }));

test('a device is shown with its folders, the time of the last change told or taken, and who decided', () =>
  administered(async ({ server, administration, phone, id }) => {
    server.clock.advance(60_000);
    await phone.sync([{ id, xml: add('1', 'Bea') }]);
    await administration.conflictRuleSet({ domain: null, address: ANNA, device: null, rule: 'merge' });
    const shown = await administration.deviceShow({ address: ANNA, device: 'PHONE1' });
    assert.deepEqual(shown.synchronised, [
      { folderId: Number(id), folder: 'Contacts', hasState: true, lastSyncAt: server.clock.now() },
    ]);
    assert.deepEqual([shown.lastSyncAt, shown.owner], [server.clock.now(), ANNA]);
    assert.deepEqual([shown.decision?.state, shown.decision?.by], ['allowed', 'rule']);
    assert.deepEqual([shown.conflictRule, shown.conflictRuleInForce], [null, 'merge']);
  }));
