import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GatewayError } from '../../../../src/domain/errors.ts';
import type { FolderRole } from '../../../../src/domain/item-class.ts';
import { CLIENT_ORIGIN } from '../../../../src/domain/mailbox.ts';
import { createFolder } from '../../../../src/items/folders.ts';
import { crossCheck, expectXml, needsCrossCheck } from '../../../support/eas/cross-check.ts';
import { type EasServer, withServer } from '../support.ts';
import { primeByEngine, syncByEngine } from '../waiting/prime.ts';

const move = (item: string, source: string, ...destinations: string[]) =>
  `<Move><SrcMsgId>${item}</SrcMsgId><SrcFldId>${source}</SrcFldId>${destinations.map((id) => `<DstFldId>${id}</DstFldId>`).join('')}</Move>`;
const request = (...moves: string[]) => `<MoveItems xmlns="Move:">${moves.join('')}</MoveItems>`;
const said = (item: string, status: number, moved: string | null = null) =>
  `<Response><SrcMsgId>${item}</SrcMsgId><Status>${status}</Status>${moved === null ? '' : `<DstMsgId>${moved}</DstMsgId>`}</Response>`;
const answer = (...responses: string[]) => `<MoveItems xmlns="Move:">${responses.join('')}</MoveItems>`;
const status = (code: number) => `<MoveItems xmlns="Move:"><Status>${code}</Status></MoveItems>`;

const mail = (server: EasServer, name = 'm.eml', role: FolderRole = 'inbox') =>
  server.put(role, name, `Subject: ${name}\r\n\r\nx`);

/** Names by folder, and nothing else: what a refused request must leave as it was. */
async function contents(server: EasServer, ...roles: FolderRole[]): Promise<string[][]> {
  const reader = server.environment.items.store.read(server.anna.mailboxId);
  const listed: string[][] = [];
  for (const role of roles) {
    const { items } = await reader.list((await server.folder(role)).id, { limit: 500, withContent: false });
    listed.push(items.map(({ item }) => item.name));
  }
  return listed;
}

const head = async (server: EasServer) =>
  (await server.environment.items.store.read(server.anna.mailboxId).mailbox()).head;

test('MS-ASCMD §2.2.1.12 an item is moved: 3, and its new id; by libwbxml', needsCrossCheck, () =>
  withServer(async (server) => {
    const id = await mail(server);
    await crossCheck(
      server.phone(),
      'MoveItems',
      request(move(`1:${id}`, '1', '4')),
      answer(said(`1:${id}`, 3, `4:${id}`)),
    );
    assert.deepEqual(await contents(server, 'inbox', 'deleted'), [[], ['m.eml']]);
  }),
);

for (const version of ['12.1', '14.0', '14.1'] as const) {
  test(`${version}: a repeat after a lost answer is answered the same, and moves nothing`, () =>
    withServer(async (server) => {
      const id = await mail(server);
      const phone = server.phone({ version });
      const moves = request(move(`1:${id}`, '1', '4'));
      expectXml(await phone.post('MoveItems', moves), answer(said(`1:${id}`, 3, `4:${id}`)));
      const before = await head(server);
      expectXml(await phone.post('MoveItems', moves), answer(said(`1:${id}`, 3, `4:${id}`)));
      assert.equal(await head(server), before);
      const other = server.phone({ version, deviceId: 'OTHER' });
      expectXml(await other.post('MoveItems', moves), answer(said(`1:${id}`, 1)));
    }));
}

test('an item that came back since is moved anew', () =>
  withServer(async (server) => {
    const id = await mail(server);
    const moves = request(move(`1:${id}`, '1', '4'));
    const done = answer(said(`1:${id}`, 3, `4:${id}`));
    expectXml(await server.phone().post('MoveItems', moves), done);
    await server.environment.items.store.write(server.anna.mailboxId, CLIENT_ORIGIN, (tx) =>
      tx.moveItem(id, 1, 'm.eml'),
    );
    expectXml(await server.phone().post('MoveItems', moves), done);
    assert.deepEqual(await contents(server, 'inbox', 'deleted'), [[], ['m.eml']]);
  }));

test('an item that was removed after the move is still answered as moved', () =>
  withServer(async (server) => {
    const id = await mail(server);
    const moves = request(move(`1:${id}`, '1', '4'));
    await server.phone().post('MoveItems', moves);
    await server.remove(id);
    expectXml(await server.phone().post('MoveItems', moves), answer(said(`1:${id}`, 3, `4:${id}`)));
  }));

test('several moves are done in their order, each with its own status; a name that is taken is changed', () =>
  withServer(async (server) => {
    const [a, b, c] = [
      await mail(server, 'a.eml'),
      await mail(server, 'b.eml'),
      await mail(server, 'a.eml', 'deleted'),
    ];
    expectXml(
      await server
        .phone()
        .post(
          'MoveItems',
          request(
            move(`1:${a}`, '1', '4'),
            move('1:999', '1', '4'),
            move(`4:${a}`, '4', '6'),
            move(`1:${b}`, '1', '4'),
            move(`4:${c}`, '4', '6'),
          ),
        ),
      answer(
        said(`1:${a}`, 3, `4:${a}`),
        said('1:999', 1),
        said(`4:${a}`, 3, `6:${a}`),
        said(`1:${b}`, 3, `4:${b}`),
        said(`4:${c}`, 3, `6:${c}`),
      ),
    );
    assert.deepEqual(await contents(server, 'inbox', 'deleted', 'junk'), [[], ['b.eml'], ['a-2.eml', 'a.eml']]);
  }));

test('MS-ASCMD §2.2.3.177.10 status 1: no such source or item, or not in that source, or another person’s', () =>
  withServer(async (server) => {
    const id = await mail(server);
    const foreign = await server.put('inbox', 'b.eml', 'Subject: b\r\n\r\nb', server.bert);
    await server.put('inbox', 'c.eml', 'Subject: c\r\n\r\nc', server.bert);
    const theirs = await server.put('inbox', 'd.eml', 'Subject: d\r\n\r\nd', server.bert);
    assert.ok(theirs > id && foreign === id, 'ids of two mailboxes are counted apart');
    const before = await head(server);
    const wrong = [
      [`1:${id}`, '99'],
      [`1:${id}`, 'nonsense'],
      [`1:${id}`, '4'],
      [`4:${id}`, '4'],
      [`1:${theirs}`, '1'],
      ['', '1'],
      [String(id), '1'],
    ] as const;
    for (const [item, source] of wrong) {
      expectXml(
        await server.phone().post('MoveItems', request(move(item, source, '6'))),
        answer(said(item, 1).replace('<SrcMsgId></SrcMsgId>', '<SrcMsgId/>')),
      );
    }
    assert.equal(await head(server), before);
  }));

test('MS-ASCMD §2.2.3.177.10 status 2: no such destination, or one of another class; 4: the folder where it is', () =>
  withServer(async (server) => {
    const id = await mail(server);
    const task = await server.put(
      ...([
        'tasks',
        't.ics',
        'BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//t//t//EN\r\nBEGIN:VTODO\r\nUID:t\r\nDTSTAMP:20260101T000000Z\r\nEND:VTODO\r\nEND:VCALENDAR\r\n',
      ] as const),
    );
    const before = await head(server);
    for (const destination of ['99', 'nonsense', '7', '8', '9', '']) {
      expectXml(
        await server.phone().post('MoveItems', request(move(`1:${id}`, '1', destination))),
        answer(said(`1:${id}`, 2)),
      );
    }
    expectXml(
      await server.phone().post('MoveItems', request(move(`9:${task}`, '9', '7'))),
      answer(said(`9:${task}`, 2)),
    );
    expectXml(await server.phone().post('MoveItems', request(move(`1:${id}`, '1', '1'))), answer(said(`1:${id}`, 4)));
    assert.equal(await head(server), before);
    expectXml(
      await server.phone().post('MoveItems', request(move(`9:${task}`, '9', '7t'))),
      answer(said(`9:${task}`, 3, `7t:${task}`)),
    );
  }));

test('MS-ASCMD §2.2.3.177.10 status 5: two destinations for one item, or one that has its UID already; nothing moves', () =>
  withServer(async (server) => {
    const id = await mail(server);
    const second = await createFolder(server.environment.items, {
      principal: server.anna,
      ...{ itemClass: 'contacts', name: 'second', displayName: null, components: [], properties: {}, parentId: null },
    });
    const card = 'BEGIN:VCARD\r\nVERSION:3.0\r\nUID:same\r\nFN:x\r\nN:x;;;;\r\nEND:VCARD\r\n';
    const contact = await server.put('contacts', 'x.vcf', card);
    await server.environment.items.store.write(server.anna.mailboxId, CLIENT_ORIGIN, async (tx) => {
      const { kind, uid, rangeStart, rangeEnd, filterKey, contentType } = (await tx.item(contact))!;
      const index = { kind, uid, rangeStart, rangeEnd, filterKey };
      await tx.createItem({ folderId: second.id, name: 'y.vcf', content: Buffer.from(card), contentType, index });
    });
    const before = await head(server);
    const phone = server.phone();
    expectXml(await phone.post('MoveItems', request(move(`1:${id}`, '1', '4', '6'))), answer(said(`1:${id}`, 5)));
    expectXml(
      await phone.post('MoveItems', request(move(`1:${id}`, '1', '4'), move(`1:${id}`, '1', '6'))),
      answer(said(`1:${id}`, 5), said(`1:${id}`, 5)),
    );
    expectXml(
      await phone.post('MoveItems', request(move(`8:${contact}`, '8', String(second.id)))),
      answer(said(`8:${contact}`, 5)),
    );
    assert.equal(await head(server), before);
  }));

test('MS-ASCMD §2.2.3.177.10 status 7: a store that fails half way leaves everything as it was', () => {
  let left = Number.POSITIVE_INFINITY;
  return withServer(
    async (server) => {
      const ids = [await mail(server, 'a.eml'), await mail(server, 'b.eml')];
      const moves = request(...ids.map((id) => move(`1:${id}`, '1', '4')));
      left = 1;
      expectXml(await server.phone().post('MoveItems', moves), answer(...ids.map((id) => said(`1:${id}`, 7))));
      assert.deepEqual(await contents(server, 'inbox', 'deleted'), [['a.eml', 'b.eml'], []]);
      left = 2;
      expectXml(
        await server.phone().post('MoveItems', moves),
        answer(...ids.map((id) => said(`1:${id}`, 3, `4:${id}`))),
      );
    },
    {
      change: (environment) => {
        const { store } = environment.sync;
        const write: typeof store.write = (mailboxId, origin, work) =>
          store.write(mailboxId, origin, (tx) =>
            work({
              ...tx,
              moveItem(...parameters) {
                left -= 1;
                if (left < 0) throw new GatewayError('store-unavailable', { reason: 'a test' }, 'The store is down.');
                return tx.moveItem(...parameters);
              },
            }),
          );
        return { ...environment, sync: { ...environment.sync, store: { read: store.read.bind(store), write } } };
      },
    },
  );
});

test('MS-ASCMD §3.1.5.10 more moves than the limit, ids too long and what breaks the schema are 103, HTTP 400 in 12.1', () =>
  withServer(
    async (server) => {
      const id = await mail(server);
      const good = move(`1:${id}`, '1', '4');
      const before = await head(server);
      const malformed = [
        request(good, good, good),
        request(),
        request(move('x'.repeat(65), '1', '4')),
        request(move(`1:${id}`, 'x'.repeat(65), '4')),
        request(move(`1:${id}`, '1', 'x'.repeat(65))),
        request(move(`1:${id}`, '1')),
        request(good, '<Move><SrcFldId>1</SrcFldId><DstFldId>4</DstFldId></Move>'),
      ];
      for (const body of malformed) {
        expectXml(await server.phone().post('MoveItems', body), status(103));
        assert.equal((await server.phone({ version: '12.1' }).post('MoveItems', body)).status, 400);
      }
      assert.equal(await head(server), before);
    },
    { limits: { maxMoves: 2 } },
  ));

test('a probe moves nothing', () =>
  withServer(async (server) => {
    const id = await mail(server);
    const probe = server.phone({ deviceId: 'validate' });
    expectXml(await probe.post('MoveItems', request(move(`1:${id}`, '1', '4'))), status(108));
    assert.deepEqual(await contents(server, 'inbox', 'deleted'), [['m.eml'], []]);
  }));

/** What the mover's next Syncs of source and destination say. */
async function toldAfterMove(server: EasServer, deviceType: string): Promise<string[][]> {
  const id = await mail(server);
  const [inbox, deleted] = [await server.folder('inbox'), await server.folder('deleted')];
  const keys = [await primeByEngine(server, inbox), await primeByEngine(server, deleted)];
  const phone = server.phone({ deviceType });
  expectXml(await phone.post('MoveItems', request(move(`1:${id}`, '1', '4'))), answer(said(`1:${id}`, 3, `4:${id}`)));
  const told = [await syncByEngine(server, inbox, keys[0]!), await syncByEngine(server, deleted, keys[1]!)];
  const again = await syncByEngine(server, deleted, told[1]!.key);
  assert.deepEqual(again.commands, []);
  return told.map(({ commands }) => commands.map(({ kind }) => kind));
}

test('the mover’s own Syncs tell it that the item left, and that it came', () =>
  withServer(async (server) => {
    assert.deepEqual(await toldAfterMove(server, 'TestPhone'), [['delete'], ['add']]);
  }));

for (const deviceType of ['WindowsOutlook15', 'WindowsMail']) {
  test(`clients.md: ${deviceType} keeps the item under its new id, so it gets a Change and no second item`, () =>
    withServer(async (server) => {
      assert.deepEqual(await toldAfterMove(server, deviceType), [['delete'], ['change']]);
    }));
}

test('clients.md: one of these that the move takes out of the window is taken off the device', () =>
  withServer(async (server) => {
    const { mailboxId } = server.anna;
    const filterKey = Math.floor(server.clock.now() / 1000) - 10 * 86_400;
    const { id } = await server.environment.items.store.write(mailboxId, CLIENT_ORIGIN, (tx) =>
      tx.createItem({
        ...{ folderId: 1, name: 'old.eml', content: Buffer.from('Subject: x\r\n\r\nx'), contentType: 'message/rfc822' },
        index: { kind: 'MESSAGE', uid: null, rangeStart: filterKey, rangeEnd: filterKey, filterKey },
      }),
    );
    const deleted = await server.folder('deleted');
    const key = await primeByEngine(server, deleted, { filterType: 2 });
    await server.phone({ deviceType: 'WindowsOutlook15' }).post('MoveItems', request(move(`1:${id}`, '1', '4')));
    const told = await syncByEngine(server, deleted, key, { filterType: 2 });
    assert.deepEqual(
      told.commands.map(({ kind }) => kind),
      ['soft-delete'],
    );
  }));
