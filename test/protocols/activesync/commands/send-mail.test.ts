import assert from 'node:assert/strict';
import type { ClientRequest } from 'node:http';
import { test } from 'node:test';
import { encodeWbxml } from '../../../../protocols/activesync/wbxml/encode.ts';
import { GatewayError } from '../../../../src/domain/errors.ts';
import type { MailSubmission } from '../../../../src/mail/submission.ts';
import { FakeRelay, REFUSED } from '../../../mail/world.ts';
import { crossCheck, expectXml, needsCrossCheck } from '../../../support/eas/cross-check.ts';
import { assertNothingSent, assertSent, base64, held, withServer } from '../mail-support.ts';
import { wbxFromXml } from '../wbxml/from-xml.ts';
import { libwbxmlWrite } from '../wbxml/libwbxml.ts';

const LINES = ['From: anna@example.org', 'To: bert@example.org', 'Subject: Hello', 'Message-ID: <1@phone>'];
const MESSAGE = [...LINES, 'Date: Mon, 4 May 2026 10:00:00 +0000', '', 'Hi Bert', ''].join('\r\n');

function request(clientId: string, mime = MESSAGE, more = '<SaveInSentItems/>'): string {
  return `<SendMail xmlns="ComposeMail:"><ClientId>${clientId}</ClientId>${more}<MIME>${base64(mime)}</MIME></SendMail>`;
}

function status(code: number): string {
  return `<SendMail xmlns="ComposeMail:"><Status>${code}</Status></SendMail>`;
}

test('MS-ASCMD §2.2.1.17 a sent message is in the recipient’s Inbox and in Sent, and answered by an empty 200', () =>
  withServer(async (server) => {
    assertSent(await server.phone().post('SendMail', request('c1')));
    const [arrived, ...more] = await held(server, 'inbox', server.bert);
    assert.equal(more.length, 0);
    assert.ok(arrived!.endsWith(MESSAGE), 'the bytes stayed');
    assert.deepEqual(await held(server, 'sent'), [MESSAGE]);
    assert.deepEqual(await held(server, 'outbox'), []);
  }));

test('requests that libwbxml builds are taken, and its reader finds the status that is expected', needsCrossCheck, () =>
  withServer(async (server) => {
    const phone = server.phone();
    const prologue =
      '<?xml version="1.0"?><!DOCTYPE ActiveSync PUBLIC "-//MICROSOFT//DTD ActiveSync//EN" "http://www.microsoft.com/">';
    assertSent(await phone.post('SendMail', libwbxmlWrite(prologue + request('c1'))));
    await crossCheck(phone, 'SendMail', request('c1'), status(118));
    await crossCheck(phone, 'SendMail', request('c2', LINES[0]!), status(119));
    assert.equal((await held(server, 'inbox', server.bert)).length, 1);
  }),
);

test('without SaveInSentItems no copy is kept', () =>
  withServer(async (server) => {
    assertSent(await server.phone().post('SendMail', request('c1', MESSAGE, '')));
    assertSent(await server.phone().post('SendMail', request('c2', MESSAGE, '<SaveInSentItems>0</SaveInSentItems>')));
    assert.deepEqual(await held(server, 'sent'), []);
    assert.equal((await held(server, 'inbox', server.bert)).length, 2);
  }));

test('Mime as text, plain or in base64, long or short, is the message all the same', () =>
  withServer(async (server) => {
    const long = MESSAGE + 'x\r\n'.repeat(50_000);
    for (const [clientId, text, wanted] of [
      ['c1', MESSAGE, MESSAGE],
      ['c2', base64(MESSAGE), MESSAGE],
      ['c3', base64(long), long],
      ['c4', long, long],
    ] as const) {
      const xml = `<SendMail xmlns="ComposeMail:"><ClientId>${clientId}</ClientId><SaveInSentItems/><MIME/></SendMail>`;
      const root = wbxFromXml(xml);
      const children = root.children.map((child) =>
        typeof child === 'object' && 'name' in child && child.name === 'ComposeMail:Mime'
          ? { ...child, children: [text] }
          : child,
      );
      const loose = encodeWbxml({ ...root, children }, { version: 'any' });
      assertSent(await server.phone().post('SendMail', loose));
      assert.equal((await held(server, 'sent')).at(-1), wanted, clientId);
    }
  }));

test('MS-ASCMD §2.2.1.17 a ClientId is sent once: 118, and nothing more, also with another message', () =>
  withServer(async (server) => {
    const phone = server.phone();
    assertSent(await phone.post('SendMail', request('c1')));
    const other = MESSAGE.replace('Hi Bert', 'Another');
    for (const mime of [MESSAGE, other]) expectXml(await phone.post('SendMail', request('c1', mime)), status(118));
    server.clock.advance(20 * 86_400_000);
    expectXml(await phone.post('SendMail', request('c1')), status(118));
    assert.equal((await held(server, 'inbox', server.bert)).length, 1);
    assert.equal((await held(server, 'sent')).length, 1);
    assertSent(await phone.post('SendMail', request('c2')));
    assertSent(await server.phone({ deviceId: 'OTHER' }).post('SendMail', request('c1')));
    assert.equal((await held(server, 'inbox', server.bert)).length, 3);
  }));

test('two copies of one request at once send one message', () =>
  withServer(async (server) => {
    const answers = await Promise.all([1, 2, 3].map(() => server.phone().post('SendMail', request('c1'))));
    const bodies = answers.map(({ body }) => body.length).sort((a, b) => a - b);
    assert.equal(bodies[0], 0);
    assert.ok(bodies[1]! > 0, 'the others are told 118');
    assert.equal((await held(server, 'inbox', server.bert)).length, 1);
  }));

test('a request whose answer is lost has sent its message once when it comes again', () => {
  const submitted = Promise.withResolvers<void>();
  const answered = Promise.withResolvers<void>();
  const slowly = ({ submit }: MailSubmission): MailSubmission => ({
    async submit(request) {
      const result = await submit(request);
      submitted.resolve();
      await answered.promise;
      return result;
    },
  });
  return withServer(
    async (server) => {
      const phone = server.phone();
      let first: ClientRequest | null = null;
      const onSent = (sent: ClientRequest) => {
        first = sent;
      };
      const lost = phone.post('SendMail', request('c1'), { onSent });
      await submitted.promise;
      first!.destroy();
      await assert.rejects(lost);
      answered.resolve();
      expectXml(await phone.post('SendMail', request('c1')), status(118));
      assert.equal((await held(server, 'inbox', server.bert)).length, 1);
      assert.equal((await held(server, 'sent')).length, 1);
    },
    { change: (environment) => ({ ...environment, mail: slowly(environment.mail) }) },
  );
});

test('12.1: the body is the message, SaveInSent a parameter; the same bytes are sent once a day', () =>
  withServer(async (server) => {
    const phone = server.phone({ version: '12.1' });
    const headers = { 'Content-Type': 'message/rfc822' };
    const post = (query: Record<string, string>) => phone.post('SendMail', Buffer.from(MESSAGE), { headers, query });
    assertSent(await post({ SaveInSent: 'T' }));
    assert.deepEqual(await held(server, 'sent'), [MESSAGE]);
    assertSent(await post({ SaveInSent: 'T' }));
    assert.equal((await held(server, 'inbox', server.bert)).length, 1, 'not sent again');
    server.clock.advance(86_400_000);
    assertSent(await post({}));
    assert.equal((await held(server, 'inbox', server.bert)).length, 2);
    assert.equal((await held(server, 'sent')).length, 1);
    assertSent(await post({}));
    assert.equal((await held(server, 'inbox', server.bert)).length, 2, 'and once on the next day');
  }));

test('12.1: SaveInSent of a base64 query is its option bit', () =>
  withServer(async (server) => {
    const query = [121, 1, 0x09, 0x04, 6, ...Buffer.from('PHONE1'), 0, 9, ...Buffer.from('TestPhone'), 7, 1, 1];
    const rawQuery = Buffer.from(query).toString('base64');
    const headers = { 'Content-Type': 'message/rfc822' };
    assertSent(await server.phone({ version: '12.1' }).post('SendMail', Buffer.from(MESSAGE), { headers, rawQuery }));
    assert.deepEqual(await held(server, 'sent'), [MESSAGE]);
  }));

test('what is no request is 101, 102 or 103 (by HTTP 400 in 12.1), and nothing is sent', () =>
  withServer(async (server) => {
    const phone = server.phone();
    const mime = `<MIME>${base64(MESSAGE)}</MIME>`;
    for (const inner of [
      mime,
      `<ClientId/>${mime}`,
      `<ClientId>${'x'.repeat(65)}</ClientId>${mime}`,
      '<ClientId>c1</ClientId>',
      `<ClientId><Status>1</Status></ClientId>${mime}`,
      `<ClientId>c1</ClientId><SaveInSentItems>maybe</SaveInSentItems>${mime}`,
      '<ClientId>c1</ClientId><MIME><Status>1</Status></MIME>',
    ]) {
      expectXml(await phone.post('SendMail', `<SendMail xmlns="ComposeMail:">${inner}</SendMail>`), status(103));
    }
    expectXml(await phone.post('SendMail', request('c1').replaceAll('SendMail', 'SmartReply')), status(103));
    expectXml(await phone.post('SendMail', null), status(101));
    const headers = { 'Content-Type': 'message/rfc822' };
    expectXml(await phone.post('SendMail', Buffer.from(MESSAGE), { headers }), status(101));
    expectXml(await phone.post('SendMail', Buffer.from([3, 1, 0x6a, 0, 0x45])), status(102));
    const old = server.phone({ version: '12.1' });
    for (const body of [null, request('c1')]) assert.equal((await old.post('SendMail', body)).status, 400);
    await assertNothingSent(server);
  }));

test('a message that cannot be sent says why: 107, 116, 119, 130 and 122, and keeps nothing', () =>
  withServer(
    async (server) => {
      const phone = server.phone();
      const refused: readonly (readonly [number, string])[] = [
        [107, ''],
        [107, `${MESSAGE.replace('To:', 'From: anna@example.org\r\nTo:')}`],
        [116, MESSAGE.replace('bert@example.org', 'Bert')],
        [119, MESSAGE.replace('To: bert@example.org', 'X-To: nobody')],
        [130, MESSAGE.replace('anna@', 'bert@')],
        [122, MESSAGE + 'x'.repeat(5_000)],
      ];
      for (const [code, mime] of refused)
        expectXml(await phone.post('SendMail', request(`c${code}`, mime)), status(code));
      const headers = { 'Content-Type': 'message/rfc822' };
      const old = server.phone({ version: '12.1' });
      const http = await Promise.all(
        refused.slice(1).map(async ([, mime]) => (await old.post('SendMail', Buffer.from(mime), { headers })).status),
      );
      assert.deepEqual(http, [400, 500, 400, 403, 413]);
      await assertNothingSent(server);
    },
    { mail: { maxMessageBytes: 4_000 } },
  ));

test('a full mailbox is 113, a message that the relay refuses 120; sending it again later works', () => {
  const relay = new FakeRelay();
  relay.answer = () => REFUSED;
  return withServer(
    async (server) => {
      const phone = server.phone();
      const { store } = server.environment.items;
      await store.setQuota(server.anna.mailboxId, { bytes: 10, items: null });
      expectXml(await phone.post('SendMail', request('c1')), status(113));
      await store.setQuota(server.anna.mailboxId, { bytes: null, items: null });
      const away = MESSAGE.replace('bert@example.org', 'eve@elsewhere.example');
      expectXml(await phone.post('SendMail', request('c1', away)), status(120));
      await assertNothingSent(server);
      relay.answer = () => ({ kind: 'accepted' });
      assertSent(await phone.post('SendMail', request('c1', away)));
      assert.equal(relay.taken.length, 1);
    },
    { mail: { relay } },
  );
});

test('MS-ASCMD §2.2.1.17 an account is 166, a rights template 168: there are none; in 14.0 the elements mean nothing', () =>
  withServer(async (server) => {
    const account = '<SaveInSentItems/><AccountId>work</AccountId>';
    const template =
      '<SaveInSentItems/><TemplateID xmlns="RightsManagement:">12345678-1234-1234-1234-123456789012</TemplateID>';
    expectXml(await server.phone().post('SendMail', request('c1', MESSAGE, account)), status(166));
    expectXml(await server.phone().post('SendMail', request('c1', MESSAGE, template)), status(168));
    await assertNothingSent(server);
    const none = '<TemplateID xmlns="RightsManagement:">00000000-0000-0000-0000-000000000000</TemplateID><AccountId/>';
    assertSent(await server.phone().post('SendMail', request('c1', MESSAGE, none)));
    assertSent(await server.phone({ version: '14.0' }).post('SendMail', request('c2', MESSAGE, account)));
  }));

test('a store that is away is 114, a bug of ours 110; both by HTTP in 12.1', () => {
  let failure: Error = new GatewayError('store-unavailable', { reason: 'closed' });
  const mail: MailSubmission = { submit: () => Promise.reject(failure) };
  return withServer(
    async (server) => {
      const old = (body: string) =>
        server
          .phone({ version: '12.1' })
          .post('SendMail', Buffer.from(body), { headers: { 'Content-Type': 'message/rfc822' } });
      expectXml(await server.phone().post('SendMail', request('c1')), status(114));
      assert.equal((await old(MESSAGE)).status, 503);
      failure = new Error('broken');
      expectXml(await server.phone().post('SendMail', request('c1')), status(110));
      assert.equal((await old(MESSAGE)).status, 500);
      failure = new GatewayError('revision-mismatch', { expected: '1', actual: '2' });
      expectXml(await server.phone().post('SendMail', request('c1')), status(111));
    },
    { change: (environment) => ({ ...environment, mail }) },
  );
});

test('a probe sends nothing and leaves nothing behind', () =>
  withServer(async (server) => {
    expectXml(await server.phone({ deviceId: 'validate' }).post('SendMail', request('c1')), status(130));
    await assertNothingSent(server);
    const reader = server.environment.sync.store.read(server.anna.mailboxId);
    assert.deepEqual([await reader.devices(), await reader.doneOperation('validate/SendMail/c1')], [[], null]);
  }));
