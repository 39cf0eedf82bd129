import assert from 'node:assert/strict';
import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { BlockList } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { promisify } from 'node:util';
import { type LmtpAddress, parseLmtpAddress } from '../../src/config/lmtp-address.ts';
import { openLmtpService } from '../../src/mail/lmtp/lmtp-service.ts';
import type { MailServices } from '../../src/mail/services.ts';
import { LmtpClient } from './lmtp-client.ts';
import { MailWorld, type StoreKind } from './world.ts';

interface Setting {
  readonly kind?: StoreKind;
  readonly services?: Partial<MailServices>;
  readonly addresses?: readonly LmtpAddress[];
  readonly allow?: string;
  readonly graceMs?: number;
}

async function open(t: TestContext, setting: Setting = {}) {
  const world = new MailWorld(t, setting.kind ?? 'memory');
  const ana = await world.user('ana@example.org');
  const bob = await world.user('bob@example.org');
  const allow = new BlockList();
  allow.addAddress(setting.allow ?? '127.0.0.1');
  const addresses = setting.addresses ?? [{ kind: 'tcp', host: '127.0.0.1', port: 0 }];
  const service = await openLmtpService(
    { ...world.services, ...setting.services },
    { addresses, allow, graceMs: setting.graceMs ?? 1 },
  );
  t.after(() => service.close());
  const port = Number(/:(\d+)$/.exec(service.addresses[0] ?? '')?.[1]);
  const client = (where: { path: string } | { port: number } = { port }) => {
    const made = new LmtpClient(where);
    t.after(() => made.destroy());
    return made;
  };
  return { world, ana, bob, service, port, client };
}

const MESSAGE = 'Subject: caf\xe9 \xf0\x9f\x98\x80\r\n\r\n.one dot\r\n..two\r\n.\r\nlone\nLF and \x00\xff\r\n';

for (const kind of ['memory', 'sqlite'] as const) {
  test(`${kind}: a message reaches every recipient with its bytes, one reply each (RFC 2033 §4.2)`, async (t) => {
    const { world, ana, bob, client } = await open(t, { kind });
    const lmtp = client();
    const features = await lmtp.begin('them@elsewhere.example', ' BODY=8BITMIME SIZE=100');
    for (const feature of ['PIPELINING', 'ENHANCEDSTATUSCODES', '8BITMIME', `SIZE ${world.services.maxMessageBytes}`]) {
      assert.match(features, new RegExp(`^250[- ]${feature}$`, 'm'));
    }
    assert.doesNotMatch(features, /AUTH|STARTTLS/);
    assert.match(await lmtp.send('RCPT TO:<ANA@Example.org>'), /^250 2\.1\.5 /);
    assert.match(await lmtp.send('RCPT TO:<nobody@example.org>'), /^550 5\.1\.1 <nobody@example\.org> /);
    assert.match(await lmtp.send('RCPT TO:<bob+lists@example.org>'), /^250 2\.1\.5 /);
    const replies = await lmtp.data(MESSAGE, 2);
    assert.match(replies[0]!, /^250 2\.6\.0 <ANA@Example\.org> /);
    assert.match(replies[1]!, /^250 2\.6\.0 <bob\+lists@example\.org> /);
    for (const [{ mailboxId }, address] of [
      [ana, 'ANA@example.org'],
      [bob, 'bob+lists@example.org'],
    ] as const) {
      const [item, ...more] = await world.held(mailboxId, 'inbox');
      assert.equal(more.length, 0);
      assert.equal(item!.isRead, false);
      const head = new RegExp(
        `^Return-Path: <them@elsewhere\\.example>\r\nDelivered-To: ${address.replace('+', '\\+')}\r\n` +
          `Received: from mx\\.example\\.org \\(\\[127\\.0\\.0\\.1\\]\\)\r\n\tby mail\\.example\\.org with LMTP id [0-9a-f]{16}\r\n\tfor <.*>;\r\n\t.*\r\n`,
      );
      assert.equal(item!.text.replace(head, ''), MESSAGE);
    }
    // The connection is there for the next message, here from the null sender.
    assert.match(await lmtp.send('MAIL FROM:<>'), /^250/);
    await lmtp.send('RCPT TO:<ana@example.org>');
    assert.match((await lmtp.data('Subject: 2\r\n\r\n', 1))[0]!, /^250/);
    assert.match((await world.held(ana.mailboxId, 'inbox'))[1]!.text, /^Return-Path: <>\r\n/);
    assert.match(await lmtp.send('QUIT'), /^221/);
  });
}

test('one recipient named twice has one message and is answered twice', async (t) => {
  const { world, bob, ana, client } = await open(t);
  const lmtp = client();
  await lmtp.begin();
  for (const address of ['bob@example.org', 'BOB@example.org', 'bob@example.org', 'ana@example.org']) {
    assert.match(await lmtp.send(`RCPT TO:<${address}>`), /^250/);
  }
  const replies = await lmtp.data('Subject: x\r\n\r\n', 4);
  assert.equal(replies.filter((reply) => reply.startsWith('250')).length, 4);
  assert.match(await lmtp.send('NOOP'), /^250/, 'no reply is left over');
  assert.equal((await world.held(bob.mailboxId, 'inbox')).length, 1);
  assert.equal((await world.held(ana.mailboxId, 'inbox')).length, 1);
});

test('a full mailbox: 452 4.2.2 as long as it may be tidied up, 552 5.2.2 when the message can never fit', async (t) => {
  const { world, ana, bob, client } = await open(t);
  const lmtp = client();
  await world.mailboxes.setQuota(bob.mailboxId, { bytes: 10_000, items: null });
  await lmtp.begin('a@b.example', ' SIZE=20000');
  assert.match(await lmtp.send('RCPT TO:<bob@example.org>'), /^552 5\.2\.2 /);
  await lmtp.send('RSET');
  await lmtp.send('MAIL FROM:<a@b.example>');
  await lmtp.send('RCPT TO:<bob@example.org>');
  await lmtp.send('RCPT TO:<ana@example.org>');
  const [forBob, forAna] = await lmtp.data(`Subject: x\r\n\r\n${'y'.repeat(20_000)}\r\n`, 2);
  assert.match(forBob!, /^552 5\.2\.2 <bob@example\.org> /);
  assert.match(forAna!, /^250 /);
  await world.mailboxes.setQuota(bob.mailboxId, { bytes: null, items: 0 });
  await lmtp.send('MAIL FROM:<a@b.example>');
  assert.match(await lmtp.send('RCPT TO:<bob@example.org>'), /^452 4\.2\.2 /);
  await world.mailboxes.setQuota(bob.mailboxId, { bytes: 1000, items: null });
  assert.match(await lmtp.send('RCPT TO:<bob@example.org>'), /^250 /);
  assert.match((await lmtp.data(`Subject: x\r\n\r\n${'y'.repeat(400)}\r\n`, 1))[0]!, /^250 /);
  await lmtp.send('MAIL FROM:<a@b.example>');
  await lmtp.send('RCPT TO:<bob@example.org>');
  assert.match((await lmtp.data(`Subject: x\r\n\r\n${'y'.repeat(600)}\r\n`, 1))[0]!, /^452 4\.2\.2 /);
  assert.equal((await world.held(bob.mailboxId, 'inbox')).length, 1);
  assert.equal((await world.held(ana.mailboxId, 'inbox')).length, 1);
});

test('a message beyond the limit: 552 5.3.4 at MAIL when it is declared, else for every recipient', async (t) => {
  const { world, ana, client } = await open(t, { services: { maxMessageBytes: 5_000 } });
  const lmtp = client();
  await lmtp.reply();
  assert.match(await lmtp.send('LHLO mx'), /^250[- ]SIZE 5000$/m);
  assert.match(await lmtp.send('MAIL FROM:<a@b.example> SIZE=5001'), /^552 5\.3\.4 /);
  await lmtp.send('MAIL FROM:<a@b.example>');
  await lmtp.send('RCPT TO:<ana@example.org>');
  await lmtp.send('RCPT TO:<ana@example.org>');
  for (const reply of await lmtp.data(`Subject: x\r\n\r\n${'y'.repeat(50_000)}\r\n`, 2))
    assert.match(reply, /^552 5\.3\.4 /);
  assert.match(await lmtp.send('NOOP'), /^250/);
  assert.deepEqual(await world.held(ana.mailboxId, 'inbox'), []);
  await lmtp.send('MAIL FROM:<a@b.example>');
  await lmtp.send('RCPT TO:<ana@example.org>');
  const exact = `Subject: x\r\n\r\n${'y'.repeat(5_000 - 16)}\r\n`;
  assert.equal(exact.length, 5_000);
  assert.match((await lmtp.data(exact, 1))[0]!, /^250 /);
});

test('a client that hangs up within a message delivers nothing; one that cuts its bytes anywhere all of it', async (t) => {
  const { world, ana, client } = await open(t);
  const broken = client();
  await broken.begin();
  await broken.send('RCPT TO:<ana@example.org>');
  await broken.send('DATA');
  broken.write('Subject: half\r\n\r\nabc');
  await new Promise((resolve) => setTimeout(resolve, 50));
  broken.destroy();
  const lmtp = client();
  await lmtp.begin();
  await lmtp.send('RCPT TO:<ana@example.org>');
  await lmtp.send('DATA');
  for (const byte of `${MESSAGE.replace(/(^|\r\n)\./g, '$1..')}.\r\n`) {
    lmtp.write(byte);
    await new Promise((resolve) => setImmediate(resolve));
  }
  assert.match(await lmtp.reply(), /^250/);
  const items = await world.held(ana.mailboxId, 'inbox');
  assert.equal(items.length, 1);
  assert.ok(items[0]!.text.endsWith(MESSAGE));
});

test('who is not allowed is told so, and HELO is not LMTP', async (t) => {
  const { client, world } = await open(t, { allow: '10.0.0.1' });
  assert.match(await client().reply(), /^554 /);
  assert.deepEqual(
    world.lines.filter(({ level }) => level === 'error'),
    [],
  );
  const open2 = await open(t);
  const lmtp = open2.client();
  assert.match(await lmtp.reply(), /^220 mail\.example\.org LMTP/);
  assert.match(await lmtp.send('EHLO x'), /^500 /);
  assert.match(await lmtp.send('MAIL FROM:<a@b.example>'), /^503 /);
});

test('a store in trouble is a reason to try again (451 4.3.0), a bug too, and is logged', async (t) => {
  const { world, client } = await open(t, {
    services: {
      syncState: new Proxy({} as MailServices['syncState'], {
        get: (_, name) => {
          if (name === 'read') return () => ({ mailbox: async () => ({ quotaBytes: null, quotaItems: null }) });
          return async () => {
            throw new Error('a bug');
          };
        },
      }),
    },
  });
  const lmtp = client();
  await lmtp.begin();
  await lmtp.send('RCPT TO:<ana@example.org>');
  assert.match((await lmtp.data('Subject: x\r\n\r\n', 1))[0]!, /^451 4\.3\.0 /);
  assert.ok(world.lines.some(({ level, message }) => level === 'error' && message === 'delivery failed'));
});

test('closing tells idle connections at once, and lets a message under way end', async (t) => {
  const { world, ana, client, service } = await open(t, { graceMs: 10_000 });
  const idle = client();
  await idle.begin();
  const busy = client();
  await busy.begin();
  await busy.send('RCPT TO:<ana@example.org>');
  await busy.send('DATA');
  busy.write('Subject: x\r\n\r\n');
  await new Promise((resolve) => setTimeout(resolve, 50));
  const closed = service.close();
  assert.match(await idle.reply(), /^421 /);
  busy.write('rest\r\n.\r\n');
  assert.match(await busy.reply(), /^250 /);
  busy.write('QUIT\r\n');
  await closed;
  assert.equal((await world.held(ana.mailboxId, 'inbox')).length, 1);
});

test('a socket file: one left by a dead server is replaced, one in use or another file is not', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'causeway-lmtp-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'lmtp');
  const dead = `require('net').createServer().listen(${JSON.stringify(path)}, () => process.kill(process.pid, 'SIGKILL'))`;
  spawnSync(process.execPath, ['-e', dead]);
  const addresses: LmtpAddress[] = [{ kind: 'unix', path }];
  const { client, world, ana, service } = await open(t, { addresses });
  assert.deepEqual(service.addresses, [`unix:${path}`]);
  const lmtp = client({ path });
  await lmtp.begin();
  await lmtp.send('RCPT TO:<ana@example.org>');
  assert.match((await lmtp.data('Subject: x\r\n\r\n', 1))[0]!, /^250 /);
  assert.match((await world.held(ana.mailboxId, 'inbox'))[0]!.text, /\r\nReceived: from mx\.example\.org\r\n\tby /);
  await assert.rejects(open(t, { addresses }), /another server answers there/);
  const file = join(folder, 'file');
  writeFileSync(file, '');
  await assert.rejects(open(t, { addresses: [{ kind: 'unix', path: file }] }), /no socket/);
});

const hasPython = spawnSync('python3', ['-c', 'import smtplib']).status === 0;
test("Python's smtplib.LMTP delivers", { skip: hasPython ? false : 'python3 is not installed' }, async (t) => {
  const { world, ana, bob, port } = await open(t);
  // It reads one reply for a message, however many recipients there were: so one recipient each.
  const script = [
    'import smtplib, sys',
    'with smtplib.LMTP("127.0.0.1", int(sys.argv[1])) as lmtp:',
    '    for user in ["ana", "no", "bob"]:',
    '        try:',
    '            print(lmtp.sendmail("them@elsewhere.example", [user + "@example.org"],',
    '                b"Subject: from Python\\r\\n\\r\\n.dot\\r\\n\\xc3\\xa9\\r\\n", mail_options=["BODY=8BITMIME"]))',
    '        except smtplib.SMTPRecipientsRefused as refused:',
    '            print(refused.recipients)',
  ].join('\n');
  const { stdout } = await promisify(execFile)('python3', ['-c', script, String(port)]);
  assert.match(stdout, /^\{\}\n\{'no@example\.org': \(550, b'5\.1\.1 .*\n\{\}\n$/);
  for (const { mailboxId } of [ana, bob]) {
    const [item] = await world.held(mailboxId, 'inbox');
    assert.ok(item!.text.endsWith('Subject: from Python\r\n\r\n.dot\r\n\xc3\xa9\r\n'));
  }
});

test('addresses to listen on', () => {
  assert.deepEqual(parseLmtpAddress('lmtp://[::1]:24'), { kind: 'tcp', host: '::1', port: 24 });
  assert.deepEqual(parseLmtpAddress('unix:/run/causeway/lmtp'), { kind: 'unix', path: '/run/causeway/lmtp' });
  for (const text of [
    'lmtp://x',
    'lmtp://:24',
    'lmtp://h:70000',
    'unix:lmtp',
    `unix:/${'x'.repeat(107)}`,
    'http://h:1',
    'lmtp://[x]:1',
  ]) {
    assert.throws(() => parseLmtpAddress(text), TypeError, text);
  }
});
