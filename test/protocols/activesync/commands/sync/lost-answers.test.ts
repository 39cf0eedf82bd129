import assert from 'node:assert/strict';
import { test } from 'node:test';
import { card, folderSync, mail, syncPhone, withServer } from './support.ts';

const add = (clientId: string, name: string): string =>
  `<Add><ClientId>${clientId}</ClientId><ApplicationData><c:FirstName>${name}</c:FirstName></ApplicationData></Add>`;

test('a second device adds 20 items back to back while the first syncs after each: each is seen exactly once', () =>
  withServer(async (server) => {
    const id = `${(await server.folder('contacts')).id}`;
    const [first, second] = [syncPhone(server, { deviceId: 'A1' }), syncPhone(server, { deviceId: 'B1' })];
    await first.begin(id);
    await second.begin(id);
    const seen: string[] = [];
    for (let n = 0; n < 20; n += 1) {
      const xml = `<Commands>${add(`c${n}`, `Name ${n}`)}</Commands>`;
      const [, told] = await Promise.all([second.sync([{ id, xml }]), first.sync([{ id }])]);
      for (const { commands } of told.collections) {
        for (const { kind, serverId } of commands) seen.push(`${kind} ${serverId}`);
      }
    }
    const [last] = (await first.sync([{ id }])).collections;
    for (const { kind, serverId } of last?.commands ?? []) seen.push(`${kind} ${serverId}`);
    assert.equal(seen.length, 20);
    assert.equal(new Set(seen).size, 20);
    assert.ok(seen.every((command) => command.startsWith('Add ')));
    assert.equal(first.items(id).size, 20);
    assert.ok((await second.sync([{ id }])).isEmpty);
  }));

test('the same request again after a lost answer gets the same answer, byte by byte, and nothing is done twice', () =>
  withServer(async (server) => {
    const id = `${(await server.folder('contacts')).id}`;
    const phone = syncPhone(server);
    await phone.begin(id);
    await server.put('contacts', 'a', card('u', 'Ada'));
    const request = phone.document([{ id, xml: `<Commands>${add('c1', 'Bea')}</Commands>` }]);
    const first = await phone.send(request);
    const second = await phone.send(request);
    assert.equal(second.xml, first.xml);
    phone.adopt(second);
    assert.ok((await phone.sync([{ id }])).isEmpty);
    assert.equal((await itemsOf(server, 'contacts')).length, 2);
  }));

test('a repeat with other bytes names the item that its Add made, and tells what came since', () =>
  withServer(async (server) => {
    const id = `${(await server.folder('contacts')).id}`;
    const phone = syncPhone(server);
    await phone.begin(id);
    const lost = await phone.send(phone.document([{ id, xml: `<Commands>${add('c1', 'Bea')}</Commands>` }]));
    await server.put('contacts', 'a', card('u', 'Ada'));
    const xml = `<WindowSize>50</WindowSize><Commands>${add('c1', 'Bea')}${add('c2', 'Cleo')}</Commands>`;
    const [told] = (await phone.sync([{ id, xml }])).collections;
    assert.equal(told!.responses[0]!.serverId, lost.collections[0]!.responses[0]!.serverId);
    assert.deepEqual(
      told!.responses.map(({ clientId, status }) => [clientId, status]),
      [
        ['c1', 1],
        ['c2', 1],
      ],
    );
    await phone.drain(id);
    assert.match([...phone.items(id).values()].join(''), /Ada/);
    assert.equal((await itemsOf(server, 'contacts')).length, 3);
  }));

test('an Add whose answer was lost before the device began again makes no second item', () =>
  withServer(async (server) => {
    const id = `${(await server.folder('contacts')).id}`;
    const phone = syncPhone(server);
    await phone.begin(id);
    await phone.send(phone.document([{ id, xml: `<Commands>${add('c1', 'Bea')}</Commands>` }]));
    await phone.begin(id);
    const [told] = (await phone.sync([{ id, xml: `<Commands>${add('c1', 'Bea')}</Commands>` }])).collections;
    assert.equal(told!.responses[0]!.status, 1);
    assert.equal((await itemsOf(server, 'contacts')).length, 1);
  }));

test('parallel requests of one device do everything once', () =>
  withServer(async (server) => {
    const id = `${(await server.folder('contacts')).id}`;
    const phone = syncPhone(server);
    await phone.begin(id);
    const request = phone.document([{ id, xml: `<Commands>${add('c1', 'Bea')}${add('c2', 'Cleo')}</Commands>` }]);
    const answers = await Promise.all([1, 2, 3].map(() => phone.send(request)));
    assert.equal(new Set(answers.map(({ xml }) => xml)).size, 1);
    assert.equal((await itemsOf(server, 'contacts')).length, 2);
  }));

test('a phone that opens a folder twice at once has one key and everything once', () =>
  withServer(async (server) => {
    const item = await server.put('contacts', 'a', card('u', 'Ada'));
    const id = `${(await server.folder('contacts')).id}`;
    const phone = syncPhone(server);
    const starts = await Promise.all([1, 2].map(() => phone.send(phone.document([{ id, key: '0' }]))));
    assert.equal(starts[0]!.collections[0]!.key, starts[1]!.collections[0]!.key);
    phone.adopt(starts[0]!);
    const request = phone.document([{ id }]);
    const both = await Promise.all([1, 2].map(() => phone.send(request)));
    assert.equal(both[0]!.xml, both[1]!.xml);
    phone.adopt(both[1]!);
    assert.deepEqual([...phone.items(id).keys()], [`${id}:${item}`]);
    assert.ok((await phone.sync([{ id }])).isEmpty);
    // Once it holds something, key 0 is a new start; so it is with other options.
    const again = await phone.send(phone.document([{ id, key: '0' }]));
    const other = await phone.send(phone.document([{ id, key: '0', xml: '<Supported/>' }]));
    assert.equal(new Set([starts[0]!, again, other].map(({ collections }) => collections[0]!.key)).size, 3);
  }));

test('two commands for one item in one request are done in their order', () =>
  withServer(async (server) => {
    const item = await server.put('contacts', 'a', card('u', 'Ada'));
    const id = `${(await server.folder('contacts')).id}`;
    const phone = syncPhone(server);
    await phone.begin(id);
    const change = (name: string) =>
      `<Change><ServerId>${id}:${item}</ServerId><ApplicationData><c:FirstName>${name}</c:FirstName></ApplicationData></Change>`;
    await phone.sync([{ id, xml: `<Commands>${change('One')}${change('Two')}</Commands>` }]);
    assert.match((await itemsOf(server, 'contacts'))[0]!, /Two/);
    const xml = `<Commands>${change('Three')}<Delete><ServerId>${id}:${item}</ServerId></Delete></Commands>`;
    await phone.sync([{ id, xml }]);
    assert.deepEqual(await itemsOf(server, 'contacts'), []);
  }));

test('two views of one folder have keys of their own', () =>
  withServer(async (server) => {
    const { id } = await server.folder('calendar');
    const phone = syncPhone(server);
    await phone.begin(`${id}`);
    await phone.begin(`${id}t`);
    const task = '<Add><ClientId>c</ClientId><ApplicationData><t:Subject>Do it</t:Subject></ApplicationData></Add>';
    const [told] = (await phone.sync([{ id: `${id}t`, xml: `<Commands>${task}</Commands>` }])).collections;
    assert.equal(told!.responses[0]!.status, 1);
    assert.ok((await phone.sync([{ id: `${id}` }, { id: `${id}t` }])).isEmpty);
    const other = syncPhone(server, { deviceId: 'B1' });
    await other.begin(`${id}t`);
    await other.begin(`${id}`);
    assert.deepEqual([other.items(`${id}t`).size, other.items(`${id}`).size], [1, 0]);
  }));

test('a deleted mail goes to Deleted Items, for good with DeletesAsMoves 0', () =>
  withServer(async (server) => {
    const items = [await server.put('inbox', 'a', mail('One')), await server.put('inbox', 'b', mail('Two'))];
    const id = `${(await server.folder('inbox')).id}`;
    const phone = syncPhone(server);
    await phone.begin(id);
    const remove = (item: number) => `<Commands><Delete><ServerId>${id}:${item}</ServerId></Delete></Commands>`;
    await phone.sync([{ id, xml: remove(items[0]!) }]);
    await phone.sync([{ id, xml: `<DeletesAsMoves>0</DeletesAsMoves>${remove(items[1]!)}` }]);
    assert.deepEqual(await itemsOf(server, 'inbox'), []);
    const deleted = await itemsOf(server, 'deleted');
    assert.equal(deleted.length, 1);
    assert.match(deleted[0]!, /Subject: One/);
  }));

async function itemsOf(
  server: Parameters<Parameters<typeof withServer>[0]>[0],
  role: 'contacts' | 'inbox' | 'deleted',
): Promise<string[]> {
  const reader = server.environment.sync.store.read(server.anna.mailboxId);
  const { id } = await server.folder(role);
  const { items } = await reader.list(id, { limit: 500, withContent: true });
  const texts: string[] = [];
  for (const { item } of items) {
    const chunks: Uint8Array[] = [];
    for await (const chunk of reader.content(item.id)) chunks.push(chunk);
    texts.push(Buffer.concat(chunks).toString());
  }
  return texts;
}

test('a mail that was held back since its answers were lost again and again comes an hour later, and wakes a Ping', () =>
  withServer(async (server) => {
    const id = `${(await server.folder('inbox')).id}`;
    const phone = syncPhone(server);
    await folderSync(phone);
    await phone.begin(id);
    await server.put('inbox', 'a', mail('In a tunnel'));
    for (let lost = 0; lost < 4; lost += 1) await phone.send(phone.document([{ id }]));
    await phone.sync([{ id }]);
    assert.equal(phone.items(id).size, 0);
    assert.ok((await phone.sync([{ id }])).isEmpty);
    server.clock.advance(3_600_000);
    const folders = `<Folders><Folder><Id>${id}</Id><Class>Email</Class></Folder></Folders>`;
    const ping = `<Ping xmlns="Ping:"><HeartbeatInterval>60</HeartbeatInterval>${folders}</Ping>`;
    assert.match((await phone.phone.post('Ping', ping)).xml, /<Status>2<\/Status>/);
    await phone.sync([{ id }]);
    assert.equal(phone.items(id).size, 1);
    assert.ok((await phone.sync([{ id }])).isEmpty);
  }));
