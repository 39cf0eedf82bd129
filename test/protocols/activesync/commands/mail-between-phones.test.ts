import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { FakeRelay } from '../../../mail/world.ts';
import { SyncPhone } from '../../../support/eas/sync-phone.ts';
import { assertSent, base64, held, withServer } from '../mail-support.ts';
import type { EasServer } from '../support.ts';

const FILE = Buffer.from(Array.from({ length: 3_000 }, (_, at) => (at * 7) % 256));

function mail(to: string, subject: string, from = 'anna'): string {
  const lines = [
    `From: ${from}@example.org`,
    `To: ${to}@example.org`,
    `Subject: ${subject}`,
    `Message-ID: <${subject.replaceAll(/\W/g, '')}@phone>`,
    'MIME-Version: 1.0',
    'Content-Type: multipart/mixed; boundary=x',
    '',
    '--x',
    'Content-Type: text/plain; charset=utf-8',
    '',
    `This is ${subject}`,
    '--x',
    'Content-Type: application/octet-stream; name="data.bin"',
    'Content-Transfer-Encoding: base64',
    'Content-Disposition: attachment; filename="data.bin"',
    '',
    base64(FILE).replaceAll(/.{76}/g, '$&\r\n'),
    '--x--',
    '',
  ];
  return lines.join('\r\n');
}

function answer(to: string, subject: string, from: string): string {
  return `From: ${from}@example.org\r\nTo: ${to}@example.org\r\nSubject: ${subject}\r\n\r\nAnswer\r\n`;
}

function smart(command: string, clientId: string, serverId: string, mime: string): string {
  const [folder] = serverId.split(':');
  const source = `<Source><FolderId>${folder}</FolderId><ItemId>${serverId}</ItemId></Source>`;
  return `<${command} xmlns="ComposeMail:"><ClientId>${clientId}</ClientId><SaveInSentItems/>${source}<MIME>${base64(mime)}</MIME></${command}>`;
}

async function inboxOf(server: EasServer, user: 'anna' | 'bert', deviceId: string) {
  const { id } = await server.folder('inbox', server[user]);
  const phone = new SyncPhone(server.phone({ user, deviceId }));
  await phone.begin(String(id));
  return { phone, id: String(id), items: () => phone.items(String(id)) };
}

test('a mail with a file goes from phone to phone; answered and passed on, every device sees the marks, and the file is the same', () =>
  withServer(async (server) => {
    const send = `<SendMail xmlns="ComposeMail:"><ClientId>1</ClientId><SaveInSentItems/><MIME>${base64(mail('bert', 'Plans'))}</MIME></SendMail>`;
    const bert = await inboxOf(server, 'bert', 'BERT1');
    const tablet = await inboxOf(server, 'bert', 'BERT2');
    assertSent(await server.phone().post('SendMail', send));
    await bert.phone.drain(bert.id);
    await tablet.phone.drain(tablet.id);
    const [[serverId, shown] = ['', '']] = [...bert.items()];
    assert.match(shown, /<Subject[^>]*>Plans<[\s\S]*data\.bin/);
    assertSent(
      await bert.phone.phone.post(
        'SmartReply',
        smart('SmartReply', 'r', serverId, answer('anna', 'Re: Plans', 'bert')),
      ),
    );
    await tablet.phone.drain(tablet.id);
    assert.match(tablet.items().get(serverId)!, /LastVerbExecuted[^>]*>1</);
    server.clock.advance(1_000);
    assertSent(
      await bert.phone.phone.post(
        'SmartForward',
        smart('SmartForward', 'f', serverId, answer('anna', 'Fwd: Plans', 'bert')),
      ),
    );
    for (const device of [bert, tablet]) {
      await device.phone.drain(device.id);
      assert.match(device.items().get(serverId)!, /LastVerbExecuted[^>]*>3</);
    }
    const [reply, forward] = (await held(server, 'inbox')) as [string, string];
    assert.match(reply, /In-Reply-To: <Plans@phone>\r\n/);
    assert.doesNotMatch(reply, /data\.bin/);
    const encoded = /filename="data\.bin"\r\n\r\n([\s\S]*?)\r\n--/.exec(forward)![1]!;
    const digest = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
    assert.equal(digest(Buffer.from(encoded, 'base64')), digest(FILE));
    // And once more, from the forward that came: the file is still the same.
    const anna = await inboxOf(server, 'anna', 'ANNA1');
    const [again = ''] = [...anna.items()].find(([, item]) => item.includes('Fwd: Plans')) ?? [];
    assertSent(
      await anna.phone.phone.post(
        'SmartForward',
        smart('SmartForward', 'f2', again, answer('bert', 'Fwd: Fwd', 'anna')),
      ),
    );
    const last = (await held(server, 'inbox', server.bert)).at(-1)!;
    assert.ok(last.includes(encoded));
  }));

test('what a relay does not answer in time is in the Outbox and goes out later; the phone that repeats itself is told 118', () => {
  const relay = new FakeRelay();
  const answered = Promise.withResolvers<void>();
  relay.gate = answered.promise;
  return withServer(
    async (server) => {
      const away = mail('bert', 'Away').replace('bert@example.org', 'eve@elsewhere.example');
      const send = `<SendMail xmlns="ComposeMail:"><ClientId>1</ClientId><SaveInSentItems/><MIME>${base64(away)}</MIME></SendMail>`;
      const first = server.phone().post('SendMail', send);
      while (relay.asked === 0) await new Promise((resolve) => setImmediate(resolve));
      assert.equal((await held(server, 'outbox')).length, 1, 'durable before it is answered');
      server.clock.advance(20_000);
      assertSent(await first);
      const again = await server.phone().post('SendMail', send);
      assert.match(again.xml, /<Status>118</);
      assert.equal((await held(server, 'outbox')).length, 1);
      assert.equal((await held(server, 'sent')).length, 1);
      answered.resolve();
      while ((await held(server, 'outbox')).length > 0) await new Promise((resolve) => setImmediate(resolve));
      assert.equal(relay.taken.length, 1);
    },
    { mail: { relay } },
  );
});
