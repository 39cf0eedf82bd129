import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CLIENT_ORIGIN } from '../../../../../src/domain/mailbox.ts';
import type { AskedOf } from '../../../../support/eas/sync-phone.ts';
import { card, event, mail, syncPhone, withServer } from './support.ts';

const DAY = 86_400_000;
const filter = (type: number): string => `<Options><FilterType>${type}</FilterType></Options>`;
const body = (content: string, more = ''): string =>
  `<Options>${more}<b:BodyPreference>${content}</b:BodyPreference></Options>`;

test('MS-ASCMD §2.2.3.68.2 a filter changed in place brings items and takes them by SoftDelete', () =>
  withServer(async (server) => {
    const young = await server.put('inbox', 'a', mail('Young', 'x', 'Thu, 01 Jan 2026 00:00:00 +0000'));
    const old = await server.put('inbox', 'b', mail('Old', 'x', 'Mon, 01 Dec 2025 00:00:00 +0000'));
    const id = `${(await server.folder('inbox')).id}`;
    const phone = syncPhone(server);
    await phone.begin(id, '', filter(3));
    assert.deepEqual([...phone.items(id).keys()], [`${id}:${young}`]);
    await phone.drain(id, filter(0));
    assert.deepEqual(new Set(phone.items(id).keys()), new Set([`${id}:${young}`, `${id}:${old}`]));
    const [told] = (await phone.sync([{ id, xml: filter(3) }])).collections;
    assert.deepEqual(
      told!.commands.map(({ kind, serverId }) => [kind, serverId]),
      [['SoftDelete', `${id}:${old}`]],
    );
    server.clock.advance(8 * DAY);
    const [aged] = (await phone.sync([{ id }])).collections;
    assert.deepEqual(
      aged!.commands.map(({ kind, serverId }) => [kind, serverId]),
      [['SoftDelete', `${id}:${young}`]],
    );
  }));

test('options stay in force until others come, and begin anew at key 0', () =>
  withServer(async (server) => {
    const id = `${(await server.folder('inbox')).id}`;
    const phone = syncPhone(server);
    await phone.begin(id, '', body('<b:Type>1</b:Type><b:TruncationSize>4</b:TruncationSize>'));
    await server.put('inbox', 'a', mail('A', 'abcdefgh'));
    assert.match((await phone.sync([{ id }])).xml, /<Data>abcd<\/Data>/);
    await phone.sync([{ id, xml: filter(0) }]);
    await server.put('inbox', 'b', mail('B', 'abcdefgh'));
    assert.match((await phone.sync([{ id }])).xml, /<Data>abcdefgh/);
    await phone.sync([{ id, xml: body('<b:Type>1</b:Type><b:TruncationSize>4</b:TruncationSize>') }]);
    await phone.begin(id);
    assert.match([...phone.items(id).values()][0]!, /<Data>abcdefgh/);
  }));

test('of two Options those of the collection’s class count, whichever comes first; SMS is passed over', () =>
  withServer(async (server) => {
    const id = `${(await server.folder('inbox')).id}`;
    await server.put('inbox', 'a', mail('Old', 'x', 'Mon, 01 Dec 2025 00:00:00 +0000'));
    const sms = '<Options><Class>SMS</Class><FilterType>0</FilterType></Options>';
    for (const own of ['<Class>Email</Class>', '']) {
      const email = `<Options>${own}<FilterType>1</FilterType></Options>`;
      for (const xml of [sms + email, email + sms]) {
        const phone = syncPhone(server);
        await phone.begin(id, '', xml);
        assert.equal(phone.items(id).size, 0, xml);
      }
    }
    const onlySms = syncPhone(server);
    await onlySms.begin(id, '', sms.replace('>0<', '>1<'));
    assert.equal(onlySms.items(id).size, 1);
  }));

for (const [title, options, expected] of [
  [
    'plain text, cut',
    body('<b:Type>1</b:Type><b:TruncationSize>5</b:TruncationSize>'),
    /<Truncated>1<\/Truncated><Data>Hello<\/Data>/,
  ],
  ['HTML made of text', body('<b:Type>2</b:Type>'), /<Type>2<\/Type>.*<Data>.*Hello World/],
  [
    'a preview',
    body('<b:Type>1</b:Type><b:TruncationSize>0</b:TruncationSize><b:Preview>7</b:Preview>'),
    /<Preview>Hello W<\/Preview>/,
  ],
  ['MIME', body('<b:Type>4</b:Type>', '<MIMESupport>2</MIMESupport>'), /<Type>4<\/Type>.*Subject: Greetings/],
  [
    'MIME, cut by MIMETruncation',
    body('<b:Type>4</b:Type>', '<MIMETruncation>0</MIMETruncation><MIMESupport>2</MIMESupport>'),
    /<Type>4<\/Type>.*<Truncated>1/,
  ],
  ['no MIME where it is not wanted', body('<b:Type>4</b:Type>', '<MIMESupport>0</MIMESupport>'), /<Type>1<\/Type>/],
  [
    'RTF passed over for the next',
    '<Options><b:BodyPreference><b:Type>3</b:Type></b:BodyPreference><b:BodyPreference><b:Type>1</b:Type></b:BodyPreference></Options>',
    /<Type>1<\/Type>/,
  ],
  ['Truncation of older versions', '<Options><Truncation>0</Truncation></Options>', /<Truncated>1<\/Truncated>/],
] as const) {
  test(`bodies as the options want them: ${title}`, () =>
    withServer(async (server) => {
      await server.put('inbox', 'a', mail('Greetings', 'Hello World'));
      const id = `${(await server.folder('inbox')).id}`;
      const phone = syncPhone(server);
      await phone.begin(id, '', options);
      assert.match([...phone.items(id).values()][0]!.replaceAll('\n', ' '), expected);
    }));
}

test('MS-ASAIRS §2.2.2.11 a part of the body where it is asked for, in 14.1 only', () =>
  withServer(async (server) => {
    await server.put('inbox', 'a', mail('Greetings', 'Hello World'));
    const id = `${(await server.folder('inbox')).id}`;
    const xml =
      '<Options><b:BodyPartPreference><b:Type>2</b:Type><b:TruncationSize>4000</b:TruncationSize></b:BodyPartPreference></Options>';
    for (const version of ['14.0', '14.1'] as const) {
      const phone = syncPhone(server, { version });
      await phone.begin(id, '', xml);
      assert.equal(/<BodyPart[ >].*Hello World/s.test([...phone.items(id).values()][0]!), version === '14.1');
    }
    assert.ok(server.lines.every(({ level }) => level !== 'error'));
  }));

test('MS-ASCMD §2.2.3.34 Conflict 0: the client wins, and what it replaced is kept', () =>
  withServer(async (server) => {
    const item = await server.put('contacts', 'a', card('u', 'Ada'));
    const id = `${(await server.folder('contacts')).id}`;
    const phone = syncPhone(server);
    await phone.begin(id, '', '<Options><Conflict>0</Conflict></Options>');
    await server.put('contacts', 'a', card('u', 'Bea'));
    const xml = `<Commands><Change><ServerId>${id}:${item}</ServerId><ApplicationData><c:FirstName>Cleo</c:FirstName></ApplicationData></Change></Commands>`;
    const [told] = (await phone.sync([{ id, xml }])).collections;
    assert.deepEqual(told!.responses, []);
    await phone.drain(id);
    assert.match(phone.items(id).get(`${id}:${item}`)!, /Cleo/);
    const [loser] = await server.environment.sync.store.read(server.anna.mailboxId).conflictLosers();
    assert.match(Buffer.from(loser!.content).toString(), /Bea/);
  }));

for (const [title, supported, kept] of [
  ['no Supported: what does not come is deleted', '', false],
  ['an empty Supported: what does not come stays', '<Supported/>', true],
  [
    'Supported with the element: what does not come is deleted',
    '<Supported><c:JobTitle/><c:FirstName/></Supported>',
    false,
  ],
  ['Supported without the element: what does not come stays', '<Supported><c:FirstName/></Supported>', true],
] as const) {
  test(`MS-ASCMD §2.2.3.179 ${title}`, () =>
    withServer(async (server) => {
      const content = card('u', 'Ada').replace('END:', 'TITLE:Countess\r\nEND:');
      const item = await server.put('contacts', 'a', content);
      const id = `${(await server.folder('contacts')).id}`;
      const phone = syncPhone(server);
      await phone.begin(id, supported);
      // Options given later leave it in force.
      await phone.sync([{ id, xml: '<Options><Conflict>1</Conflict></Options>' }]);
      const xml = `<Commands><Change><ServerId>${id}:${item}</ServerId><ApplicationData><c:FirstName>Bea</c:FirstName></ApplicationData></Change></Commands>`;
      await phone.sync([{ id, xml }]);
      const other = syncPhone(server, { deviceId: 'B1' });
      await other.begin(id);
      const shown = other.items(id).get(`${id}:${item}`)!;
      assert.match(shown, /Bea/);
      assert.equal(shown.includes('Countess'), kept);
    }));
}

test('WindowSize: 100 without one, 512 for 0 and beyond', () =>
  withServer(async (server) => {
    const folder = await server.folder('contacts');
    await server.environment.items.store.write(server.anna.mailboxId, CLIENT_ORIGIN, async (tx) => {
      const index = { kind: 'VCARD', uid: null, rangeStart: 0, rangeEnd: 0, filterKey: 0 } as const;
      for (let n = 0; n < 520; n += 1) {
        const content = Buffer.from(card(`u${n}`, `N ${n}`));
        await tx.createItem({ content, contentType: 'text/vcard', index, folderId: folder.id, name: `${n}` });
      }
    });
    const id = `${folder.id}`;
    const count = async (xml: string): Promise<number> => {
      const phone = syncPhone(server);
      await phone.sync([{ id, key: '0' }]);
      return (await phone.sync([{ id, xml } satisfies AskedOf])).collections[0]!.commands.length;
    };
    assert.equal(await count(''), 100);
    assert.equal(await count('<WindowSize>0</WindowSize>'), 512);
    assert.equal(await count('<WindowSize>9999</WindowSize>'), 512);
    assert.equal(await count('<WindowSize>7</WindowSize>'), 7);
  }));

test('the log line of a Sync says how much went either way, and nothing of what it was', () =>
  withServer(async (server) => {
    const id = `${(await server.folder('contacts')).id}`;
    const phone = syncPhone(server);
    await phone.begin(id);
    for (const name of ['Ada', 'Bea']) await server.put('contacts', name, card(name, name));
    const add = '<Add><ClientId>c</ClientId><ApplicationData><c:FirstName>Cleo</c:FirstName></ApplicationData></Add>';
    const xml = `<WindowSize>1</WindowSize><Commands>${add}<Delete><ServerId>${id}:99</ServerId></Delete></Commands>`;
    await phone.sync([{ id, xml }, { id: '999' }]);
    const { fields } = server.lines.findLast(({ message }) => message === 'request')!;
    const { collections, answered, received, sent, moreAvailable, quarantined, statuses } = fields;
    assert.deepEqual(
      { collections, answered, received, sent, moreAvailable, quarantined, statuses },
      {
        ...{ collections: 2, answered: 2, received: { add: 1, delete: 1 }, sent: { add: 1 } },
        ...{ moreAvailable: 1, quarantined: 0, statuses: [12] },
      },
    );
    assert.doesNotMatch(JSON.stringify(fields), /Ada|Bea|Cleo/);
  }));

test('a quarantine alarm is told once a day for a device and collection', () =>
  withServer(async (server) => {
    const folder = await server.folder('calendar');
    await server.environment.items.store.write(server.anna.mailboxId, CLIENT_ORIGIN, async (tx) => {
      const index = { kind: 'VEVENT', uid: null, rangeStart: 0, rangeEnd: 0, filterKey: 0 } as const;
      for (let n = 0; n < 101; n += 1) {
        const content = Buffer.from('BEGIN:VCALENDAR');
        await tx.createItem({ content, contentType: 'text/calendar', index, folderId: folder.id, name: `${n}` });
      }
    });
    await server.put('calendar', 'good', event('u', 'Good'));
    const id = `${folder.id}`;
    const phone = syncPhone(server);
    const alarms = () => server.lines.filter(({ level }) => level === 'warn').length;
    await phone.begin(id);
    assert.equal(phone.items(id).size, 1);
    assert.equal(alarms(), 1);
    await server.put('calendar', 'another', event('u2', 'Another'));
    await phone.sync([{ id }]);
    assert.equal(alarms(), 1);
    server.clock.advance(DAY);
    await server.put('calendar', 'third', event('u3', 'Third'));
    await phone.sync([{ id }]);
    assert.equal(alarms(), 2);
  }));
