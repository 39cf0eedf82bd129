import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { el } from '../../../protocols/activesync/wbxml/element.ts';
import { CLIENT_ORIGIN } from '../../../src/domain/mailbox.ts';
import { FolderSession } from '../../bench/eas-phone.ts';
import { openTemp } from '../../store/sqlite/sqlite-fixture.ts';
import { startEas } from './support.ts';

const SIZES = [1_000, 5_000];

const cardText = (n: number, note = '') =>
  `BEGIN:VCARD\r\nVERSION:3.0\r\nUID:u${n}\r\nN:Person${n};;;;\r\nFN:Person${n}\r\nNOTE:${note}\r\nEND:VCARD\r\n`;

/** A server over SQLite, and what its store counts. */
async function counted(t: TestContext) {
  let stats = { rowsRead: 0 };
  const server = await startEas({
    openStores(publish) {
      const { stores } = openTemp(t, { publish });
      stats = stores.stats;
      return stores;
    },
  });
  t.after(() => server.close());
  return { server, stats };
}

/** A phone that holds all of a folder with so many contacts, over SQLite. */
async function primed(t: TestContext, size: number) {
  const { server, stats } = await counted(t);
  const folder = await server.folder('contacts');
  await server.environment.items.store.write(folder.mailboxId, { kind: 'import', by: null }, async (tx) => {
    for (let n = 0; n < size; n += 1) {
      const index = { kind: 'VCARD', uid: `u${n}`, rangeStart: 0, rangeEnd: 0, filterKey: 0 } as const;
      const content = Buffer.from(cardText(n));
      await tx.createItem({ folderId: folder.id, name: `u${n}.vcf`, content, contentType: 'text/vcard', index });
    }
  });
  const phone = server.phone();
  const contacts = new FolderSession(phone, String(folder.id), null);
  await contacts.prime();
  for (let more = true; more; ) ({ more } = await contacts.sync());
  // The request is kept for empty ones, and the device is known by now.
  await contacts.sync();
  const rowsRead = async <T>(work: () => Promise<T>): Promise<[T, number]> => {
    const before = stats.rowsRead;
    return [await work(), stats.rowsRead - before];
  };
  return { server, folder, phone, contacts, rowsRead };
}

test('a Sync without a change reads no item or log row, one with changes a number that goes by the changes', async (t) => {
  const costs: number[][] = [];
  for (const size of SIZES) {
    const { server, contacts, rowsRead } = await primed(t, size);
    const [idle, idleRows] = await rowsRead(() => contacts.sync());
    assert.equal(idle.commands, 0);
    const cost = [idleRows];
    for (const changes of [1, 10]) {
      for (let n = 0; n < changes; n += 1) await server.put('contacts', `u${n}.vcf`, cardText(n, `note ${changes}`));
      const [answer, rows] = await rowsRead(() => contacts.sync());
      assert.equal(answer.commands, changes);
      cost.push(rows);
    }
    costs.push(cost);
  }
  assert.deepEqual(costs[0], costs[1]);
  assert.equal(costs[0]![0], 0);
  assert.ok(costs[0]![2]! <= 10 * 10, `${costs[0]![2]} rows for 10 changes`);
});

test('a Ping reads no item or log row until something changes', async (t) => {
  for (const size of SIZES) {
    const { server, folder, phone, rowsRead } = await primed(t, size);
    const hierarchy = el('FolderHierarchy:FolderSync', el('FolderHierarchy:SyncKey', 0));
    await phone.command('FolderSync', hierarchy);
    const watched = el('Ping:Folder', el('Ping:Id', folder.id), el('Ping:Class', 'Contacts'));
    const ping = el('Ping:Ping', el('Ping:HeartbeatInterval', 480), el('Ping:Folders', watched));
    // Each Ping ends the one before it, which was waiting.
    let waiting = phone.post('Ping', ping);
    const [, rows] = await rowsRead(async () => {
      for (let n = 0; n < 3; n += 1) {
        const next = phone.post('Ping', ping);
        await waiting;
        waiting = next;
      }
    });
    assert.equal(rows, 0);
    await server.put('contacts', 'u0.vcf', cardText(0, 'changed'));
    const { xml } = await waiting;
    assert.match(xml, /<Status>2<\/Status><Folders><Folder>/);
  }
});

const MESSAGE_SIZES = [1_000, 25 * 1024 * 1024];

test('a Sync after a mark changed reads no row of the message, were it 25 MB', async (t) => {
  const costs: number[] = [];
  for (const size of MESSAGE_SIZES) {
    const { server, stats } = await counted(t);
    const { id, mailboxId } = await server.folder('inbox');
    const { store } = server.environment.items;
    const line = `${'x'.repeat(76)}\r\n`;
    const content = Buffer.from(`Subject: Large\r\n\r\n${line.repeat(Math.ceil(size / line.length))}`);
    const index = { kind: 'MESSAGE', uid: null, rangeStart: 0, rangeEnd: 0, filterKey: 0 } as const;
    const message = { folderId: id, name: 'm', content, contentType: 'message/rfc822', index };
    const item = await store.write(mailboxId, CLIENT_ORIGIN, (tx) => tx.createItem(message));
    const inbox = new FolderSession(server.phone(), String(id), null);
    await inbox.prime();
    const sync = async () => {
      const before = stats.rowsRead;
      const { commands } = await inbox.sync();
      return { commands, rows: stats.rowsRead - before };
    };
    const whole = await sync();
    assert.equal(whole.commands, 1);
    assert.ok(whole.rows > content.length / 65_536, 'what is read of a message is not counted');
    await sync();
    await store.write(mailboxId, CLIENT_ORIGIN, (tx) => tx.setFlags(item.id, { read: true }));
    const marked = await sync();
    assert.equal(marked.commands, 1);
    costs.push(marked.rows);
  }
  assert.equal(costs[0], costs[1]);
  assert.ok(costs[0]! <= 4, `${costs[0]} rows for a mark`);
});
