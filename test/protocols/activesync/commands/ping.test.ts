import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { LOWEST_KEY } from '../../../../src/domain/edge.ts';
import { GatewayError } from '../../../../src/domain/errors.ts';
import type { FolderRole } from '../../../../src/domain/item-class.ts';
import { createFolder, deleteFolder, updateFolder } from '../../../../src/items/folders.ts';
import { MERGE_MS } from '../../../../src/push/waiters.ts';
import { crossCheck, expectXml, needsCrossCheck } from '../../../support/eas/cross-check.ts';
import type { Phone, PhoneAnswer } from '../../../support/eas/phone.ts';
import { type EasServer, type EasServerOptions, withServer } from '../support.ts';
import { FOLDER_SYNC, parked, settled } from '../waiting/ping-answers.ts';
import { primeByEngine } from '../waiting/prime.ts';

const folder = (id: string, easClass = 'Email') => `<Folder><Id>${id}</Id><Class>${easClass}</Class></Folder>`;
const ping = (seconds: number | null, ...ids: string[]) =>
  `<Ping xmlns="Ping:">${seconds === null ? '' : `<HeartbeatInterval>${seconds}</HeartbeatInterval>`}<Folders>${ids.map((id) => folder(id)).join('')}</Folders></Ping>`;
const status = (code: number, more = '') => `<Ping xmlns="Ping:"><Status>${code}</Status>${more}</Ping>`;
const changed = (...ids: string[]) =>
  status(2, `<Folders>${ids.map((id) => `<Folder>${id}</Folder>`).join('')}</Folders>`);
const card = (name: string) =>
  `BEGIN:VCARD\r\nVERSION:3.0\r\nUID:${name}\r\nFN:${name}\r\nN:${name};;;;\r\nEND:VCARD\r\n`;

function withQuietEnd(work: (server: EasServer) => Promise<void>, options: EasServerOptions = {}): Promise<void> {
  return withServer(async (server) => {
    await work(server);
    const parked = server.environment.parking.size;
    assert.deepEqual([parked, server.environment.bus.listenerCount], [0, 0], 'nothing is left waiting');
  }, options);
}

/** A phone that knows the hierarchy and has fetched all there is in these folders. */
async function begun(server: EasServer, ...roles: FolderRole[]): Promise<Phone> {
  const phone = server.phone();
  await phone.command('FolderSync', FOLDER_SYNC);
  for (const role of roles) await primeByEngine(server, await server.folder(role));
  return phone;
}

const isWaiting = async (answer: Promise<PhoneAnswer>): Promise<boolean> => {
  await settled();
  return (await Promise.race([answer, pause(20, null)])) === null;
};

test('MS-ASCMD §2.2.1.13 a Ping is answered with 1 when its time is over, and not before', () =>
  withQuietEnd(async (server) => {
    const phone = await begun(server, 'contacts');
    const waiting = phone.post('Ping', ping(300, '8'));
    await parked(server);
    server.clock.advance(299_999);
    assert.ok(await isWaiting(waiting));
    server.clock.advance(1);
    expectXml(await waiting, status(1));
    assert.equal(server.clock.pending, 0);
  }));

test('a change by another client wakes it with 2 and the folder, by libwbxml', needsCrossCheck, () =>
  withQuietEnd(async (server) => {
    const phone = await begun(server, 'contacts', 'calendar');
    const waiting = crossCheck(phone, 'Ping', ping(300, '7', '8'), changed('8'));
    await parked(server);
    await server.put('contacts', 'a.vcf', card('a'));
    await waiting;
  }),
);

for (const version of ['12.1', '14.0', '14.1'] as const) {
  test(`${version}: what changed before is answered at once, each folder by its id`, () =>
    withQuietEnd(async (server) => {
      await begun(server, 'contacts', 'inbox');
      const phone = server.phone({ version });
      await phone.post('FolderSync', FOLDER_SYNC);
      await server.put('contacts', 'a.vcf', card('a'));
      await server.put('inbox', 'm.eml', 'Subject: x\r\n\r\nx');
      expectXml(await phone.post('Ping', ping(300, '1', '8')), changed('1', '8'));
    }));
}

test('it stays changed until a Sync has consumed it, however often it was answered', () =>
  withQuietEnd(async (server) => {
    const phone = await begun(server, 'contacts');
    await server.put('contacts', 'a.vcf', card('a'));
    for (let times = 0; times < 3; times += 1) {
      expectXml(await phone.post('Ping', ping(300, '8')), changed('8'));
    }
    await primeByEngine(server, await server.folder('contacts'));
    const waiting = phone.post('Ping', ping(300, '8'));
    await parked(server);
    server.clock.advance(300_000);
    expectXml(await waiting, status(1));
  }));

test('a folder that was primed and never fetched wakes when something comes; one that is filled is answered at once', () =>
  withQuietEnd(async (server) => {
    const phone = await begun(server);
    await primeByEngine(server, await server.folder('contacts'), { isFetched: false });
    const waiting = phone.post('Ping', ping(300, '8'));
    await parked(server);
    await server.put('contacts', 'a.vcf', card('a'));
    expectXml(await waiting, changed('8'));
    expectXml(await phone.post('Ping', ping(300, '8')), changed('8'));
  }));

test('a folder that was never synchronised is reported once, then again only when something changes in it', () =>
  withQuietEnd(async (server) => {
    const phone = await begun(server, 'contacts');
    expectXml(await phone.post('Ping', ping(300, '1', '8')), changed('1'));
    const waiting = phone.post('Ping', ping(300, '1', '8'));
    await parked(server);
    await server.put('inbox', 'm.eml', 'Subject: x\r\n\r\nx');
    expectXml(await waiting, changed('1'));
    const again = phone.post('Ping', ping(300, '1', '8'));
    await parked(server);
    server.clock.advance(300_000);
    expectXml(await again, status(1));
    await primeByEngine(server, await server.folder('inbox'), { isFetched: false });
    expectXml(await phone.post('Ping', ping(300, '1')), changed('1'));
  }));

test('folders and interval are kept: either may be left out, or the whole body', () =>
  withQuietEnd(async (server) => {
    const phone = await begun(server, 'contacts', 'inbox');
    for (const body of [
      null,
      '<Ping xmlns="Ping:"><HeartbeatInterval>60</HeartbeatInterval></Ping>',
      ping(null, '8'),
    ]) {
      expectXml(await phone.post('Ping', body), status(3));
    }
    await server.put('contacts', 'a.vcf', card('a'));
    expectXml(await phone.post('Ping', ping(300, '8')), changed('8'));
    for (const body of [
      null,
      '<Ping xmlns="Ping:"><HeartbeatInterval>60</HeartbeatInterval></Ping>',
      ping(null, '8'),
    ]) {
      expectXml(await phone.post('Ping', body), changed('8'));
    }
    const waiting = phone.post('Ping', ping(null, '1'));
    await parked(server);
    server.clock.advance(60_000);
    expectXml(await waiting, status(1));
  }));

test('MS-ASCMD §2.2.3.177.11 status 3: the values of another device, or of another person, are not used', () =>
  withQuietEnd(async (server) => {
    const phone = await begun(server, 'contacts');
    await server.put('contacts', 'a.vcf', card('a'));
    expectXml(await phone.post('Ping', ping(300, '8')), changed('8'));
    expectXml(await server.phone({ deviceId: 'PHONE2' }).post('Ping', null), status(3));
    expectXml(await server.phone({ user: 'bert' }).post('Ping', null), status(3));
  }));

const documents = (server: EasServer) =>
  server.environment.sync.store.read(server.anna.mailboxId).documents('phone1/ping');

test('MS-ASCMD §2.2.3.177.11 status 4: what breaks the schema, in every version, and nothing is kept', () =>
  withQuietEnd(async (server) => {
    await begun(server, 'contacts');
    const malformed = [
      '<Ping xmlns="Ping:"><HeartbeatInterval>soon</HeartbeatInterval></Ping>',
      '<Ping xmlns="Ping:"/>',
      '<Ping xmlns="Ping:"><HeartbeatInterval>60</HeartbeatInterval><Folders><Folder><Class>Email</Class></Folder></Folders></Ping>',
      ping(60, ''),
      ping(60, 'x'.repeat(65)),
      FOLDER_SYNC,
    ];
    for (const version of ['12.1', '14.1'] as const) {
      for (const body of malformed) expectXml(await server.phone({ version }).post('Ping', body), status(4));
    }
    assert.deepEqual(await documents(server), []);
  }));

test('MS-ASCMD §2.2.3.177.11 status 5 carries the nearest interval, 6 how many folders may be watched; neither is kept', () =>
  withQuietEnd(
    async (server) => {
      const phone = await begun(server, 'contacts');
      const nearest = (seconds: number) => status(5, `<HeartbeatInterval>${seconds}</HeartbeatInterval>`);
      expectXml(await phone.post('Ping', ping(59, '8')), nearest(60));
      expectXml(await phone.post('Ping', ping(-100, '8')), nearest(60));
      expectXml(await phone.post('Ping', ping(3_541, '8')), nearest(3_540));
      expectXml(await phone.post('Ping', ping(60, '1', '7', '8')), status(6, '<MaxFolders>2</MaxFolders>'));
      assert.deepEqual(await documents(server), []);
    },
    { limits: { maxPingFolders: 2 } },
  ));

test('MS-ASCMD §2.2.3.177.11 status 7: a folder that comes, is renamed or goes ends the wait', () =>
  withQuietEnd(async (server) => {
    const { environment, anna: principal } = server;
    const phone = await begun(server, 'contacts');
    const waitFor = async (work: () => Promise<unknown>): Promise<void> => {
      await phone.command('FolderSync', FOLDER_SYNC);
      const waiting = phone.post('Ping', ping(300, '8'));
      await parked(server);
      await work();
      await settled();
      server.clock.advance(MERGE_MS);
      expectXml(await waiting, status(7));
    };
    const mail = { itemClass: 'mail', displayName: null, components: [], properties: {}, parentId: null } as const;
    await waitFor(() => createFolder(environment.items, { principal, name: 'New', ...mail }));
    const made = (await environment.items.store.read(principal.mailboxId).folders()).find(
      ({ name }) => name === 'New',
    )!;
    await waitFor(() => updateFolder(environment.items, { principal, folder: made, patch: { displayName: 'Newer' } }));
    await waitFor(() => deleteFolder(environment.items, { principal, folder: made }));
  }));

test('MS-ASCMD §2.2.3.177.11 status 7 also for a watched folder that goes, and for a device that never did FolderSync', () =>
  withQuietEnd(async (server) => {
    const { environment, anna: principal } = server;
    const book = { itemClass: 'contacts', displayName: null, components: [], properties: {}, parentId: null } as const;
    const made = await createFolder(environment.items, { principal, name: 'second', ...book });
    const phone = await begun(server);
    await primeByEngine(server, made);
    const waiting = phone.post('Ping', ping(300, String(made.id)));
    await parked(server);
    await deleteFolder(environment.items, { principal, folder: made });
    expectXml(await waiting, status(7));
    expectXml(await phone.post('Ping', ping(300, String(made.id))), status(7));
    expectXml(await server.phone({ deviceId: 'NEW' }).post('Ping', ping(300, '8')), status(7));
  }));

test('ids that never were, or are another person’s, are passed over and do not loop; the wait goes on', () =>
  withQuietEnd(async (server) => {
    const phone = await begun(server, 'contacts');
    const foreign = await createFolder(server.environment.items, {
      principal: server.bert,
      ...{ itemClass: 'contacts', name: 'second', displayName: null, components: [], properties: {}, parentId: null },
    });
    const waiting = phone.post('Ping', ping(300, '8', '999', 'nonsense', `${foreign.id}`));
    await parked(server);
    await server.put('contacts', 'a.vcf', card('a'), server.bert);
    assert.ok(await isWaiting(waiting));
    server.clock.advance(300_000);
    expectXml(await waiting, status(1));
  }));

test('clients.md: AOSP heartbeats on the Outbox alone and on no folder at all', () =>
  withQuietEnd(async (server) => {
    const phone = await begun(server, 'outbox');
    for (const body of [
      ping(480, '5'),
      '<Ping xmlns="Ping:"><HeartbeatInterval>480</HeartbeatInterval><Folders/></Ping>',
    ]) {
      const waiting = phone.post('Ping', body);
      await parked(server);
      server.clock.advance(480_000);
      expectXml(await waiting, status(1));
    }
  }));

test('MS-ASCMD §2.2.3.177.11 status 8 when the store cannot answer, before it waits and while it does', () => {
  let isDown = false;
  const down = () => new GatewayError('store-unavailable', { reason: 'a test' }, 'The store is down.');
  return withQuietEnd(
    async (server) => {
      const phone = await begun(server, 'contacts');
      const waiting = phone.post('Ping', ping(300, '8'));
      await parked(server);
      isDown = true;
      server.environment.bus.publish({
        ...{ mailboxId: server.anna.mailboxId, folderId: 8, stamp: 1, origin: { kind: 'client', by: null } },
      });
      expectXml(await waiting, status(8));
      expectXml(await phone.post('Ping', ping(300, '8')), status(8));
      isDown = false;
      const later = phone.post('Ping', null);
      await parked(server);
      server.clock.advance(300_000);
      expectXml(await later, status(1));
    },
    {
      change: (environment) => {
        const { store } = environment.sync;
        const read: typeof store.read = (mailboxId) => {
          const reader = store.read(mailboxId);
          const document: typeof reader.document = async (name) => {
            if (isDown) throw down();
            return reader.document(name);
          };
          return { ...reader, document };
        };
        const sync = { ...environment.sync, store: { read, write: store.write.bind(store) } };
        return { ...environment, sync };
      },
    },
  );
});

test('a newer Ping takes the place of the older one, which is answered quietly with 1', () =>
  withQuietEnd(async (server) => {
    const phone = await begun(server, 'contacts', 'inbox');
    const older = phone.post('Ping', ping(300, '8'));
    await parked(server);
    const newer = phone.post('Ping', ping(300, '8', '1'));
    expectXml(await older, status(1));
    await parked(server);
    const other = server.phone({ deviceId: 'PHONE2' });
    await other.post('FolderSync', FOLDER_SYNC);
    expectXml(await other.post('Ping', ping(300, '8')), changed('8'));
    assert.ok(await isWaiting(newer), 'other devices do not end it');
    await server.put('inbox', 'm.eml', 'Subject: x\r\n\r\nx');
    expectXml(await newer, changed('1'));
  }));

test('a Sync of a pinged collection ends the Ping quietly with 1, a Sync of another does not', () =>
  withQuietEnd(async (server) => {
    const phone = await begun(server, 'contacts', 'inbox');
    const sync = (id: string) =>
      `<Sync xmlns="AirSync:"><Collections><Collection><SyncKey>0</SyncKey><CollectionId>${id}</CollectionId></Collection></Collections></Sync>`;
    const waiting = phone.post('Ping', ping(300, '1', '8'));
    await parked(server);
    assert.equal((await phone.post('Sync', sync('7'))).status, 200);
    assert.ok(await isWaiting(waiting));
    assert.equal((await phone.post('Sync', sync('8'))).status, 200);
    expectXml(await waiting, status(1));
  }));

test('a client that leaves lets go of listener, timer and place', () =>
  withQuietEnd(async (server) => {
    const phone = await begun(server, 'contacts');
    let leave = () => {};
    const waiting = phone.post('Ping', ping(300, '8'), { onSent: (request) => (leave = () => request.destroy()) });
    const gone = assert.rejects(waiting);
    await parked(server);
    assert.equal(server.environment.bus.listenerCount, 1);
    leave();
    await gone;
    await parked(server, 0);
    assert.deepEqual([server.environment.bus.listenerCount, server.clock.pending], [0, 0]);
  }));

test('a server that stops answers those who wait, and keeps nobody waiting any more', () =>
  withQuietEnd(async (server) => {
    const phone = await begun(server, 'contacts');
    const waiting = phone.post('Ping', ping(300, '8'));
    await parked(server);
    server.environment.parking.endAll();
    expectXml(await waiting, status(1));
    expectXml(await phone.post('Ping', ping(300, '8')), status(1));
  }));

test('changes that are nothing for the device leave it waiting, and its time goes on', () =>
  withQuietEnd(async (server) => {
    const phone = await begun(server, 'contacts');
    const waiting = phone.post('Ping', ping(300, '8'));
    await parked(server);
    server.clock.advance(200_000);
    // Comes and goes before anyone looks.
    await server.environment.items.store.write(server.anna.mailboxId, { kind: 'client', by: null }, async (tx) => {
      const index = { kind: 'VCARD', uid: 'b', rangeStart: 0, rangeEnd: 0, filterKey: LOWEST_KEY } as const;
      const item = await tx.createItem({
        ...{ folderId: 8, name: 'b.vcf', content: Buffer.from(card('b')), contentType: 'text/vcard', index },
      });
      await tx.deleteItem(item.id);
    });
    assert.ok(await isWaiting(waiting));
    server.clock.advance(100_000);
    expectXml(await waiting, status(1));
  }));

test('a probe is told to do FolderSync, and nothing is kept of it', () =>
  withQuietEnd(async (server) => {
    const probe = server.phone({ deviceId: 'validate' });
    expectXml(await probe.post('Ping', ping(300, '8')), status(7));
    const reader = server.environment.sync.store.read(server.anna.mailboxId);
    assert.deepEqual([await reader.devices(), await reader.documents('validate')], [[], []]);
  }));
