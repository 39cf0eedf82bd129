import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isElement } from '../../../../protocols/activesync/wbxml/element.ts';
import type { ItemFlags } from '../../../../src/domain/item.ts';
import { CLIENT_ORIGIN } from '../../../../src/domain/mailbox.ts';
import type { SyncPhone, ToldSync } from '../../../support/eas/sync-phone.ts';
import { mail, syncPhone, withServer } from '../commands/sync/support.ts';
import type { EasServer } from '../support.ts';

type Version = '12.1' | '14.0' | '14.1';

const FLAG = '<e:Flag><e:Status>2</e:Status><e:FlagType>Call</e:FlagType></e:Flag>';
const CATEGORY = '<e:Categories><e:Category>Red</e:Category></e:Categories>';

/** Two phones of one person that hold the same mail. */
async function twoPhones(server: EasServer, version: Version = '14.1') {
  const itemId = await server.put('inbox', 'a', mail('Told in parts'));
  const id = String((await server.folder('inbox')).id);
  const [one, other] = ['ONE', 'OTHER'].map((deviceId) => syncPhone(server, { version, deviceId })) as [
    SyncPhone,
    SyncPhone,
  ];
  for (const phone of [one, other]) await phone.begin(id);
  const serverId = `${id}:${itemId}`;
  const change = (phone: SyncPhone, data: string) => phone.sync([{ id, xml: commandOf(serverId, data) }]);
  const pull = (phone: SyncPhone) => phone.sync([{ id }]);
  return { id, itemId, serverId, one, other, change, pull };
}

function commandOf(serverId: string, data: string): string {
  const command = `<Change><ServerId>${serverId}</ServerId><ApplicationData>${data}</ApplicationData></Change>`;
  return `<Commands>${command}</Commands>`;
}

/** The children of ApplicationData of the one Change that an answer holds. */
function toldNames({ collections }: ToldSync): readonly string[] {
  const commands = collections.flatMap(({ commands }) => commands);
  assert.deepEqual(
    commands.map(({ kind }) => kind),
    ['Change'],
  );
  return commands[0]!.data!.children.filter(isElement).map(({ name }) => name);
}

async function setFlags(server: EasServer, itemId: number, change: (flags: ItemFlags) => ItemFlags): Promise<void> {
  const { store } = server.environment.items;
  await store.write(server.anna.mailboxId, CLIENT_ORIGIN, async (tx) => {
    await tx.setFlags(itemId, change((await tx.item(itemId))!.flags));
  });
}

const CHANGES: readonly [title: string, data: string, versions: readonly Version[], names: readonly string[]][] = [
  [
    'MS-ASEMAIL_R75: of mail of which only Read changed',
    '<e:Read>1</e:Read>',
    ['12.1', '14.0', '14.1'],
    ['Email:Read'],
  ],
  ['MS-ASEMAIL_R76, R320: of mail of which only Flag changed', FLAG, ['12.1', '14.0', '14.1'], ['Email:Flag']],
  ['MS-ASEMAIL_R320: of mail of which only Categories changed', CATEGORY, ['14.0', '14.1'], ['Email:Categories']],
];

for (const [title, data, versions, names] of CHANGES) {
  for (const version of versions) {
    test(`${version}: ${title} a Change holds that element alone, and the rest stays on the phone`, () =>
      withServer(async (server) => {
        const { id, serverId, one, other, change, pull } = await twoPhones(server, version);
        await change(other, data);
        assert.deepEqual(toldNames(await pull(one)), names);
        const held = one.items(id).get(serverId)!;
        assert.match(held, /Told in parts/);
        await one.begin(id);
        assert.equal(one.items(id).get(serverId), held);
      }));
  }
}

test('MS-ASEMAIL_R75: several marks that changed are told together, and Categories as empty when they are gone', () =>
  withServer(async (server) => {
    const { one, other, itemId, change, pull } = await twoPhones(server);
    await change(other, '<e:Read>1</e:Read>');
    await change(other, CATEGORY);
    assert.deepEqual(toldNames(await pull(one)), ['Email:Read', 'Email:Categories']);
    await setFlags(server, itemId, ({ categories: _, ...rest }) => rest);
    const told = await pull(one);
    assert.deepEqual(toldNames(told), ['Email:Categories']);
    assert.match(told.xml, /<Categories[^>]*\/>/);
  }));

test('MS-ASEMAIL: a mail that was answered is told by LastVerbExecuted and its time; 12.1, which lacks them, gets the marks', () =>
  withServer(async (server) => {
    const { id, itemId, one, pull } = await twoPhones(server);
    const old = syncPhone(server, { version: '12.1', deviceId: 'OLD' });
    await old.begin(id);
    await setFlags(server, itemId, (flags) => ({ ...flags, lastVerb: { verb: 'reply', at: 1_767_225_600 } }));
    assert.deepEqual(toldNames(await pull(one)), ['Email2:LastVerbExecuted', 'Email2:LastVerbExecutionTime']);
    const names = toldNames(await pull(old));
    assert.ok(names.includes('Email:Read') && !names.includes('Email:Subject'), names.join(' '));
  }));

test('MS-ASEMAIL LastVerbExecuted: a verb that was taken back is told as 0, alone and in the whole mail; 12.1 gets the marks', () =>
  withServer(async (server) => {
    const { id, itemId, serverId, one, pull } = await twoPhones(server);
    const old = syncPhone(server, { version: '12.1', deviceId: 'OLD' });
    assert.doesNotMatch(one.items(id).get(serverId)!, /LastVerb/);
    await old.begin(id);
    await setFlags(server, itemId, (flags) => ({ ...flags, lastVerb: { verb: 'reply', at: 1_767_225_600 } }));
    await pull(one);
    await pull(old);
    await setFlags(server, itemId, ({ lastVerb: _, ...others }) => others);
    const told = await pull(one);
    assert.deepEqual(toldNames(told), ['Email2:LastVerbExecuted']);
    assert.match(told.xml, /LastVerbExecuted[^>]*>0</);
    const names = toldNames(await pull(old));
    assert.ok(names.includes('Email:Read') && !names.includes('Email:Subject'), names.join(' '));
    await one.begin(id);
    assert.match(one.items(id).get(serverId)!, /LastVerbExecuted[^>]*>0</);
  }));

test('MS-ASEMAIL_R75: a Change whose answer was lost comes again, with what changed since', () =>
  withServer(async (server) => {
    const { id, serverId, one, other, change, pull } = await twoPhones(server);
    await change(other, '<e:Read>1</e:Read>');
    assert.deepEqual(toldNames(await one.send(one.document([{ id }]))), ['Email:Read']);
    await change(other, FLAG);
    assert.deepEqual(toldNames(await one.sync([{ id, xml: '<WindowSize>9</WindowSize>' }])), [
      'Email:Read',
      'Email:Flag',
    ]);
    assert.equal((await pull(one)).isEmpty, true);
    const held = one.items(id).get(serverId);
    await one.begin(id);
    assert.equal(one.items(id).get(serverId), held);
  }));

test('MS-ASEMAIL_R75: a phone whose own change lost, or was refused, gets the whole mail', () =>
  withServer(async (server) => {
    const { one, other, change } = await twoPhones(server);
    await change(other, CATEGORY);
    const lost = toldNames(await change(one, FLAG));
    assert.ok(lost.includes('Email:Subject') && lost.includes('Email:Categories'), lost.join(' '));
    const refused = toldNames(await change(one, '<m:Sender xmlns:m="Email2:">x</m:Sender>'));
    assert.ok(refused.includes('Email:Subject'), refused.join(' '));
  }));

test('MS-ASEMAIL_R75: mail that moved away and back is an Add with all of it', () =>
  withServer(async (server) => {
    const { id, itemId, serverId, one, pull } = await twoPhones(server);
    const { store } = server.environment.items;
    const deleted = await server.folder('deleted');
    await store.write(server.anna.mailboxId, CLIENT_ORIGIN, (tx) => tx.moveItem(itemId, deleted.id, 'a'));
    await pull(one);
    assert.equal(one.items(id).has(serverId), false);
    await store.write(server.anna.mailboxId, CLIENT_ORIGIN, async (tx) => {
      await tx.moveItem(itemId, Number(id), 'a');
      await tx.setFlags(itemId, { read: true });
    });
    const told = await pull(one);
    assert.deepEqual(
      told.collections[0]!.commands.map(({ kind }) => kind),
      ['Add'],
    );
    assert.match(one.items(id).get(serverId)!, /Told in parts/);
  }));
