import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CLIENT_ORIGIN } from '../../../../src/domain/mailbox.ts';
import { decodePart, decodePartText } from '../../../../src/formats/mime/decode-part.ts';
import { findText } from '../../../../src/formats/mime/header-fields.ts';
import { type MessagePart, partsOf } from '../../../../src/formats/mime/message-index.ts';
import { indexMessage } from '../../../../src/formats/mime/message-indexer.ts';
import { crossCheck, expectXml, needsCrossCheck } from '../../../support/eas/cross-check.ts';
import { assertNothingSent, assertSent, base64, held, withServer } from '../mail-support.ts';
import type { EasServer } from '../support.ts';

const ORIGINAL = [
  'Return-Path: <bert@example.org>',
  'From: =?UTF-8?Q?B=C3=A9rt?= <bert@example.org>',
  'To: anna@example.org',
  'Subject: Plans',
  'Date: Sun, 3 May 2026 09:00:00 +0000',
  'Message-ID: <orig@example.org>',
  'References: <first@example.org> <second@example.org>',
  'MIME-Version: 1.0',
  'Content-Type: multipart/mixed; boundary=o',
  '',
  '--o',
  'Content-Type: text/plain; charset=utf-8',
  'Content-Transfer-Encoding: 8bit',
  '',
  'Grüße',
  '> older',
  '',
  '--o',
  'Content-Type: application/pdf; name="a.pdf"',
  'Content-Transfer-Encoding: base64',
  'Content-Disposition: attachment; filename="a.pdf"',
  '',
  'AAEC',
  'AwQF',
  '--o',
  'Content-Type: application/ms-tnef; name="winmail.dat"',
  'Content-Transfer-Encoding: base64',
  '',
  'eJ8+IgA=',
  '--o--',
  '',
].join('\r\n');

const HEAD = ['From: anna@example.org', 'To: bert@example.org', 'Subject: Re: Plans'];
const ANSWER = [...HEAD, 'Content-Type: text/plain; charset=iso-8859-1', '', 'Sch\xf6n', ''].join('\r\n');

type Smart = 'SmartReply' | 'SmartForward';

function request(command: Smart, source: string, mime: string = ANSWER, more = '', clientId = 'c1'): string {
  const bytes = base64(Buffer.from(mime, 'latin1'));
  return `<${command} xmlns="ComposeMail:"><ClientId>${clientId}</ClientId><SaveInSentItems/>${more}<Source>${source}</Source><MIME>${bytes}</MIME></${command}>`;
}

function status(command: Smart, code: number): string {
  return `<${command} xmlns="ComposeMail:"><Status>${code}</Status></${command}>`;
}

async function original(
  server: EasServer,
  content = ORIGINAL,
): Promise<{ id: number; source: string; folderId: number }> {
  const id = await server.put('inbox', 'o.eml', content);
  const { id: folderId } = await server.folder('inbox');
  return { id, folderId, source: `<FolderId>${folderId}</FolderId><ItemId>${folderId}:${id}</ItemId>` };
}

/** The message in Sent, its parts and their text. */
async function sent(server: EasServer) {
  const text = (await held(server, 'sent')).at(-1)!;
  const bytes = Buffer.from(text, 'latin1');
  const index = indexMessage(bytes);
  const leaves = [...partsOf(index.root)].filter(({ children }) => children.length === 0);
  const textOf = async (part: MessagePart): Promise<string> => {
    let found = '';
    for await (const piece of decodePartText(bytes, part)) found += piece;
    return found;
  };
  const bytesOf = async (part: MessagePart): Promise<Buffer> => {
    const chunks: Uint8Array[] = [];
    for await (const chunk of decodePart(bytes, part)) chunks.push(chunk);
    return Buffer.concat(chunks);
  };
  return { text, index, leaves, textOf, bytesOf, field: (name: string) => findText(index.fields, name) };
}

async function verbOf(server: EasServer, id: number) {
  return (await server.environment.items.store.read(server.anna.mailboxId).item(id))?.flags.lastVerb ?? null;
}

test('MS-ASCMD §2.2.1.20 SmartReply quotes the original below the answer, in UTF-8, and goes on with its thread', () =>
  withServer(async (server) => {
    const { id, source } = await original(server);
    assertSent(await server.phone().post('SmartReply', request('SmartReply', source)));
    const { leaves, textOf, field, index } = await sent(server);
    assert.deepEqual(
      leaves.map(({ mediaType }) => mediaType),
      ['text/plain'],
    );
    assert.equal(index.root.parameters.get('charset'), 'utf-8');
    assert.equal(
      await textOf(leaves[0]!),
      [
        'Schön',
        '',
        '-----Original Message-----',
        'From: Bért <bert@example.org>',
        'Sent: Sun, 3 May 2026 09:00:00 +0000',
        'To: anna@example.org',
        'Subject: Plans',
        '',
        '> Grüße',
        '>> older',
        '',
      ].join('\r\n'),
    );
    assert.equal(field('in-reply-to'), '<orig@example.org>');
    assert.equal(field('references'), '<first@example.org> <second@example.org> <orig@example.org>');
    assert.equal(field('subject'), 'Re: Plans');
    const at = Math.floor(server.clock.now() / 1000);
    assert.deepEqual(await verbOf(server, id), { verb: 'reply', at });
    assert.equal((await held(server, 'inbox', server.bert)).length, 1);
  }));

test('MS-ASCMD §2.2.1.19 SmartForward keeps the bytes of every attachment, winmail.dat too', () =>
  withServer(async (server) => {
    const { id, source } = await original(server);
    assertSent(await server.phone().post('SmartForward', request('SmartForward', source)));
    const { text, leaves, textOf, bytesOf } = await sent(server);
    assert.deepEqual(
      leaves.map(({ mediaType, filename }) => [mediaType, filename]),
      [
        ['text/plain', null],
        ['application/pdf', 'a.pdf'],
        ['application/ms-tnef', 'winmail.dat'],
      ],
    );
    assert.match(
      await textOf(leaves[0]!),
      /^Schön\r\n\r\n-----Original Message-----\r\n[\s\S]*\r\n\r\nGrüße\r\n> older\r\n$/,
    );
    assert.deepEqual([...(await bytesOf(leaves[1]!))], [0, 1, 2, 3, 4, 5]);
    assert.ok(text.includes('\r\n\r\nAAEC\r\nAwQF\r\n--'), 'not even encoded again');
    assert.ok(text.includes('\r\n\r\neJ8+IgA=\r\n--'));
    assert.equal((await verbOf(server, id))?.verb, 'forward');
    const [arrived] = await held(server, 'inbox', server.bert);
    assert.ok(arrived!.endsWith(text), 'what arrives is what was kept');
  }));

test('an answer to several people is noted as one to all', () =>
  withServer(async (server) => {
    const { id, source } = await original(server);
    const toAll = ANSWER.replace(
      'To: bert@example.org',
      'To: bert@example.org\r\nCc: anna@example.org, Anna+x@example.org',
    );
    assertSent(
      await server.phone().post('SmartReply', request('SmartReply', source, toAll.replace(', Anna+x@example.org', ''))),
    );
    assert.equal((await verbOf(server, id))?.verb, 'reply', 'oneself does not count');
    assertSent(await server.phone().post('SmartReply', request('SmartReply', source, toAll, '', 'c2')));
    assert.equal((await verbOf(server, id))?.verb, 'reply-all');
  }));

test('ReplaceMime: the message is sent as it is, in the thread of the original', () =>
  withServer(async (server) => {
    const { id, source } = await original(server);
    const answer = ANSWER.replace('Subject', 'References: <own@phone>\r\nSubject');
    assertSent(await server.phone().post('SmartForward', request('SmartForward', source, answer, '<ReplaceMime/>')));
    const { text, field } = await sent(server);
    assert.ok(
      text.endsWith('Content-Type: text/plain; charset=iso-8859-1\r\n\r\nSch\xf6n\r\n') ||
        /\r\n\r\nSch\xf6n\r\n$/.test(text),
    );
    assert.equal(field('references'), '<own@phone>', 'what the client says stays');
    assert.equal(field('in-reply-to'), '<orig@example.org>');
    assert.equal((await verbOf(server, id))?.verb, 'forward');
  }));

test('the source is found by LongId, and by ItemId where it lies now', () =>
  withServer(async (server) => {
    const { id, folderId, source } = await original(server);
    const { id: deleted } = await server.folder('deleted');
    await server.environment.items.store.write(server.anna.mailboxId, CLIENT_ORIGIN, (tx) =>
      tx.moveItem(id, deleted, 'm.eml'),
    );
    const longId = `<LongId>${folderId}:${id}</LongId>`;
    for (const [clientId, names] of [
      ['c1', source],
      ['c2', longId],
      ['c3', `<ItemId>${folderId}:${id}</ItemId>`],
    ] as const) {
      assertSent(await server.phone().post('SmartReply', request('SmartReply', names, ANSWER, '', clientId)));
      const { leaves, textOf } = await sent(server);
      assert.match(await textOf(leaves[0]!), /> Grüße/);
    }
  }));

test('12.1: the source is in the query, plain or base64, and the message is the body', () =>
  withServer(async (server) => {
    const { id, folderId } = await original(server);
    const phone = server.phone({ version: '12.1' });
    const headers = { 'Content-Type': 'message/rfc822' };
    const body = Buffer.from(ANSWER, 'latin1');
    const query = { CollectionId: `${folderId}`, ItemId: `${folderId}:${id}`, SaveInSent: 'T' };
    assertSent(await phone.post('SmartReply', body, { headers, query }));
    const first = await sent(server);
    assert.match(await first.textOf(first.leaves[0]!), /^Schön[\s\S]*> Grüße/);
    assertSent(await phone.post('SmartReply', body, { headers, query }));
    assert.equal((await held(server, 'sent')).length, 1, 'the same again is sent once');
    const parameter = (tag: number, text: string) => [tag, text.length, ...Buffer.from(text)];
    const head = [121, 2, 0x09, 0x04, 6, ...Buffer.from('PHONE1'), 0, 9, ...Buffer.from('TestPhone')];
    const rawQuery = Buffer.from([...head, ...parameter(4, `${folderId}:${id}`), 7, 1, 1]).toString('base64');
    assertSent(await phone.post('SmartForward', body, { headers, rawQuery }));
    assert.equal((await sent(server)).leaves.length, 3);
    const statuses = await Promise.all(
      [{}, { CollectionId: '1' }, { LongId: '1:2', ItemId: '1:2' }, { ItemId: 'x' }, { ItemId: '1:999' }].map(
        async (names: Record<string, string>) =>
          (await phone.post('SmartReply', body, { headers, query: names })).status,
      ),
    );
    assert.deepEqual(statuses, [400, 400, 400, 400, 404]);
    assert.equal((await held(server, 'sent')).length, 2);
  }));

test(
  'sources that are none: 103, 105, 106, 146, 147, 150, 104; nothing is sent, nothing is marked',
  needsCrossCheck,
  () =>
    withServer(async (server) => {
      const { id, folderId, source } = await original(server);
      const contact = await server.put(
        'contacts',
        'c.vcf',
        'BEGIN:VCARD\r\nVERSION:4.0\r\nFN:X\r\nUID:x\r\nEND:VCARD\r\n',
      );
      const itemId = `<ItemId>${folderId}:${id}</ItemId>`;
      const cases: readonly (readonly [string, number])[] = [
        ['', 105],
        [`<FolderId>${folderId}</FolderId>`, 105],
        [`<LongId>${folderId}:${id}</LongId>${itemId}`, 105],
        [`<LongId>${folderId}:${id}</LongId><FolderId>${folderId}</FolderId>`, 105],
        ['<ItemId>abc</ItemId>', 106],
        [`<ItemId>${'9'.repeat(70)}</ItemId>`, 106],
        [`<FolderId>x y</FolderId>${itemId}`, 106],
        ['<LongId>RgAAAA</LongId>', 106],
        [`<ItemId>${folderId}:${id + 1000}</ItemId>`, 150],
        [`${source}<InstanceId>2026-05-04T10:00:00.000Z</InstanceId>`, 146],
        [`${source}<InstanceId>soon</InstanceId>`, 104],
        [`<ItemId>1:${contact}</ItemId>`, 147],
        [`<ItemId><Status>1</Status></ItemId>`, 103],
      ];
      const phone = server.phone();
      for (const command of ['SmartReply', 'SmartForward'] as const) {
        for (const [names, code] of cases)
          await crossCheck(phone, command, request(command, names), status(command, code));
        const bare = request(command, '').replace('<Source></Source>', '');
        expectXml(await phone.post(command, bare), status(command, 103));
      }
      const bert = server.phone({ user: 'bert' });
      const mine = ANSWER.replace('anna@', 'bert@');
      const ofAnna = `<ItemId>${folderId}:${contact}</ItemId>`;
      expectXml(await bert.post('SmartReply', request('SmartReply', ofAnna, mine)), status('SmartReply', 150));
      await assertNothingOfAnna(server);
      assert.equal(await verbOf(server, id), null);
    }),
);

async function assertNothingOfAnna(server: EasServer): Promise<void> {
  for (const role of ['outbox', 'sent'] as const) assert.deepEqual(await held(server, role), [], role);
}

test('a message that cannot be answered: 107, 116, 119, 121; nothing is sent, nothing is marked', () =>
  withServer(async (server) => {
    const { id, source } = await original(server);
    const encrypted = [...HEAD, 'Content-Type: application/pkcs7-mime; smime-type=enveloped-data', '', 'MIIB', ''].join(
      '\r\n',
    );
    const cases: readonly (readonly [string, number])[] = [
      ['', 107],
      [[...HEAD, 'Content-Type: multipart/mixed; boundary=none', '', 'text', ''].join('\r\n'), 107],
      [ANSWER.replace('bert@example.org', 'Bert'), 116],
      [ANSWER.replace('To: ', 'X-To: '), 119],
      [encrypted, 121],
    ];
    for (const command of ['SmartReply', 'SmartForward'] as const) {
      for (const [mime, code] of cases) {
        expectXml(await server.phone().post(command, request(command, source, mime)), status(command, code));
      }
    }
    await assertNothingSent(server);
    assert.equal(await verbOf(server, id), null);
  }));

test('a reply that comes again is 118 also when its original is gone, and the mark is not set twice', () =>
  withServer(async (server) => {
    const { id, source } = await original(server);
    const phone = server.phone();
    assertSent(await phone.post('SmartReply', request('SmartReply', source)));
    const before = await server.environment.items.store.read(server.anna.mailboxId).item(id);
    server.clock.advance(5_000);
    expectXml(await phone.post('SmartReply', request('SmartReply', source)), status('SmartReply', 118));
    assert.deepEqual(await server.environment.items.store.read(server.anna.mailboxId).item(id), before);
    await server.remove(id);
    expectXml(await phone.post('SmartReply', request('SmartReply', source)), status('SmartReply', 118));
    expectXml(
      await phone.post('SmartReply', request('SmartReply', source, ANSWER, '', 'c2')),
      status('SmartReply', 150),
    );
    assert.equal((await held(server, 'inbox', server.bert)).length, 1);
  }));

const SERIES = [
  'BEGIN:VCALENDAR',
  'VERSION:2.0',
  'PRODID:x',
  'BEGIN:VEVENT',
  'UID:series',
  'DTSTAMP:20260101T000000Z',
  'DTSTART:20260504T100000Z',
  'DTEND:20260504T110000Z',
  'RRULE:FREQ=DAILY;COUNT=5',
  'EXDATE:20260506T100000Z',
  'SUMMARY:Standup',
  'LOCATION:Room 1',
  'CATEGORIES:Secret',
  'ORGANIZER:mailto:bert@example.org',
  'ATTENDEE:mailto:anna@example.org',
  'BEGIN:VALARM',
  'ACTION:DISPLAY',
  'TRIGGER:-PT5M',
  'END:VALARM',
  'END:VEVENT',
  'END:VCALENDAR',
  '',
].join('\r\n');

test('MS-ASCMD §2.2.3.92.2 an event is forwarded as invitation, one occurrence by InstanceId; without what is private', () =>
  withServer(async (server) => {
    const id = await server.put('calendar', 's.ics', SERIES);
    const { id: folderId } = await server.folder('calendar');
    const source = `<FolderId>${folderId}</FolderId><ItemId>${folderId}:${id}</ItemId>`;
    const post = (instance: string, clientId: string) =>
      server.phone().post('SmartForward', request('SmartForward', source + instance, ANSWER, '', clientId));
    const instance = (day: number) => `<InstanceId>2026-05-${String(day).padStart(2, '0')}T10:00:00.000Z</InstanceId>`;
    assertSent(await post('', 'c1'));
    const whole = await sent(server);
    assert.deepEqual(
      whole.leaves.map(({ mediaType }) => mediaType),
      ['text/plain', 'text/calendar'],
    );
    assert.equal(whole.leaves[1]!.parameters.get('method'), 'REQUEST');
    const series = await whole.textOf(whole.leaves[1]!);
    assert.match(series, /METHOD:REQUEST[\s\S]*RRULE:/);
    assert.doesNotMatch(series, /VALARM|Secret/);
    assert.match(
      await whole.textOf(whole.leaves[0]!),
      /Subject: Standup\r\nWhen: 2026-05-04 10:00 - 11:00 UTC\r\nWhere: Room 1/,
    );
    assertSent(await post(instance(5), 'c2'));
    const one = await sent(server);
    const occurrence = await one.textOf(one.leaves[1]!);
    assert.match(occurrence, /RECURRENCE-ID:20260505T100000Z/);
    assert.match(occurrence, /DTSTART:20260505T100000Z\r\nDTEND:20260505T110000Z/);
    assert.doesNotMatch(occurrence, /RRULE|EXDATE/);
    expectXml(await post(instance(6), 'c3'), status('SmartForward', 150));
    expectXml(await post(instance(29), 'c3'), status('SmartForward', 150));
    expectXml(await post('<InstanceId>x</InstanceId>', 'c3'), status('SmartForward', 104));
    const old = await server.phone({ version: '12.1' }).post('SmartForward', Buffer.from(ANSWER, 'latin1'), {
      headers: { 'Content-Type': 'message/rfc822' },
      query: { ItemId: `${folderId}:${id}`, Occurrence: '20260507T100000Z', SaveInSent: 'T' },
    });
    assertSent(old);
    const last = await sent(server);
    assert.match(await last.textOf(last.leaves[1]!), /RECURRENCE-ID:20260507T100000Z/);
    const single = await server.put(
      'calendar',
      '1.ics',
      SERIES.replace(/RRULE.*\r\n|EXDATE.*\r\n/g, '').replace('UID:series', 'UID:one'),
    );
    const alone = `<ItemId>${folderId}:${single}</ItemId>${instance(4)}`;
    expectXml(
      await server.phone().post('SmartForward', request('SmartForward', alone, ANSWER, '', 'c4')),
      status('SmartForward', 146),
    );
    assert.equal((await held(server, 'sent')).length, 3);
  }));
