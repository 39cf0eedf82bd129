import assert from 'node:assert/strict';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { connect as connectTls } from 'node:tls';
import { createSelfSigned } from '../../src/server/certificate/self-signed.ts';
import { SYSTEM_RANDOM } from '../../src/server/system-clock.ts';
import { fakeClock } from '../support/fake-clock.ts';
import { fakeBackend, RIGHT } from './support/fake-backend.ts';
import { rawConnection, tlsConnection } from './support/raw.ts';
import { start, temporaryFolder } from './support/start.ts';

const BOTH = ['--listen', 'https://127.0.0.1:0', '--listen', 'http://127.0.0.1:0'];
const fine = () =>
  fakeBackend(async (ctx) => {
    ctx.body = 'fine';
  });

async function served(port: number): Promise<string> {
  const { socket } = await tlsConnection(port);
  const { fingerprint256 } = socket.getPeerCertificate();
  socket.destroy();
  return fingerprint256;
}

test('TLS and plain listeners serve side by side on the ports the system chose', async (t) => {
  const { gateway, port } = await start(t, fine(), BOTH);
  assert.deepEqual(
    gateway.listeners.map(({ url, port: number }) => url.replace(`:${number}`, '')),
    ['https://127.0.0.1', 'http://127.0.0.1'],
  );
  assert.ok(port(0) > 0 && port(1) > 0 && port(0) !== port(1));
  const raw = await tlsConnection(port(0));
  raw.send('GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n');
  await raw.until(/200 OK[\s\S]*ready/);
  assert.equal(raw.socket.getProtocol(), 'TLSv1.3');
  raw.socket.destroy();
  assert.equal((await fetch(`http://127.0.0.1:${port(1)}/healthz`)).status, 200);
});

test('an IPv6 address in brackets can be listened on', async (t) => {
  const { gateway, port } = await start(t, fine(), ['--listen', 'http://[::1]:0']);
  assert.equal(gateway.listeners[0]?.url, `http://[::1]:${port(0)}`);
  assert.equal((await fetch(`http://[::1]:${port(0)}/healthz`)).status, 200);
});

test('the sign-in is told whether the connection is encrypted', async (t) => {
  const backend = fine();
  const { port } = await start(t, backend, BOTH);
  const raw = await tlsConnection(port(0));
  raw.send(`GET / HTTP/1.1\r\nHost: a\r\nAuthorization: ${RIGHT}\r\n\r\n`);
  await raw.until(/fine/);
  raw.socket.destroy();
  await (await fetch(`http://127.0.0.1:${port(1)}/`)).text();
  assert.deepEqual(backend.events, ['auth 127.0.0.1 true', 'auth 127.0.0.1 false']);
});

test('TLS speaks only HTTP/1.1 (ALPN) and not below TLS 1.2', async (t) => {
  const { port } = await start(t, fine(), BOTH);
  const offer = { port: port(0), host: '127.0.0.1', rejectUnauthorized: false };
  const alpn = await new Promise((resolve, reject) => {
    const socket = connectTls({ ...offer, ALPNProtocols: ['h2', 'http/1.1'] }, () => {
      resolve(socket.alpnProtocol);
      socket.destroy();
    });
    socket.on('error', reject);
  });
  assert.equal(alpn, 'http/1.1');
  const old = { ...offer, minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' } as const;
  await assert.rejects(new Promise((resolve, reject) => connectTls(old, () => resolve(null)).on('error', reject)));
});

test('tls.minVersion TLSv1 lets phones in that know nothing newer', async (t) => {
  const { port } = await start(t, fine(), ['--listen', 'https://127.0.0.1:0', '--tls-min-version', 'TLSv1']);
  const old = {
    port: port(0),
    host: '127.0.0.1',
    rejectUnauthorized: false,
    minVersion: 'TLSv1',
    maxVersion: 'TLSv1',
    ciphers: 'DEFAULT@SECLEVEL=0',
  } as const;
  const version = await new Promise((resolve, reject) => {
    const socket = connectTls(old, () => {
      resolve(socket.getProtocol());
      socket.destroy();
    });
    socket.on('error', reject);
  });
  assert.equal(version, 'TLSv1');
});

test('bytes that are no TLS cost only their own connection', async (t) => {
  const { port } = await start(t, fine(), BOTH);
  const noise = await rawConnection(port(0));
  noise.send('GET / HTTP/1.1\r\nHost: plain\r\n\r\n');
  await noise.rest();
  noise.socket.destroy();
  const half = await rawConnection(port(0));
  half.send('\x16\x03\x01\x00');
  half.socket.destroy();
  assert.match(await served(port(0)), /^[0-9A-F:]{95}$/);
});

test('a reload serves a replaced certificate to new connections and keeps the old ones open', async (t) => {
  const folder = temporaryFolder(t);
  const [cert, key] = [join(folder, 'c.pem'), join(folder, 'k.pem')];
  const put = async () => {
    const pair = await createSelfSigned(['localhost'], Date.now(), SYSTEM_RANDOM);
    writeFileSync(cert, pair.cert);
    writeFileSync(key, pair.key);
  };
  await put();
  const { gateway, port, logged } = await start(t, fine(), [...BOTH, '--tls-cert', cert, '--tls-key', key]);
  const before = await served(port(0));
  const open = await tlsConnection(port(0));
  await put();
  await gateway.reloadCertificate();
  const after = await served(port(0));
  assert.notEqual(after, before);
  assert.equal(logged.find('certificate replaced')[0]?.fingerprint, after);
  open.send('GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n');
  await open.until(/200 OK/);
  assert.equal(open.socket.getPeerCertificate().fingerprint256, before);
  open.socket.destroy();
});

test('a reload of a bad certificate keeps the present one and says why', async (t) => {
  const folder = temporaryFolder(t);
  const [cert, key] = [join(folder, 'c.pem'), join(folder, 'k.pem')];
  const pair = await createSelfSigned(['localhost'], Date.now(), SYSTEM_RANDOM);
  writeFileSync(cert, pair.cert);
  writeFileSync(key, pair.key);
  const { gateway, port, logged } = await start(t, fine(), [...BOTH, '--tls-cert', cert, '--tls-key', key]);
  const before = await served(port(0));
  writeFileSync(cert, 'no certificate');
  await gateway.reloadCertificate();
  assert.equal(await served(port(0)), before);
  const [error] = logged.lines.filter(({ level }) => level === 'error');
  assert.match(error?.message ?? '', /present one stays/);
  assert.match(String(error?.error), /c\.pem/);
});

test('a port in use is told with address and remedy, nothing stays open, the backend is closed', async (t) => {
  const blocker = createServer();
  await new Promise<void>((resolve) => blocker.listen(0, '127.0.0.1', resolve));
  t.after(() => blocker.close());
  const { port } = blocker.address() as { port: number };
  const backend = fine();
  const attempt = start(t, backend, ['--listen', 'http://127.0.0.1:0', '--listen', `http://127.0.0.1:${port}`]);
  await assert.rejects(
    attempt,
    (error: Error) => error.message.includes(`127.0.0.1:${port}`) && /--listen/.test(error.message),
  );
  assert.deepEqual(backend.events, ['closed']);
});

test('at first start the user, the URLs and the certificate are told, once, and kept for the owner only', async (t) => {
  const user = { address: 'admin@example.org', password: 'abcd-efgh-ijkl' };
  const backend = fakeBackend(async () => {}, user);
  const { gateway, folder } = await start(t, backend, [
    '--listen',
    'https://127.0.0.1:0',
    '--public-url',
    'https://dav.example.org/',
  ]);
  const text = gateway.firstStart?.text ?? '';
  for (const part of [user.address, user.password, 'https://dav.example.org/', 'dav.example.org']) {
    assert.ok(text.includes(part), part);
  }
  assert.ok(!text.includes(gateway.listeners[0]!.url), 'what only this machine reaches is not told to others');
  const fingerprint = await served(gateway.listeners[0]!.port);
  assert.ok(text.includes(fingerprint.slice(0, 47)) && text.includes(fingerprint.slice(48)));
  const path = join(folder, 'first-start.txt');
  assert.ok(readFileSync(path, 'utf8').includes(user.password));
  assert.equal(statSync(path).mode & 0o777, 0o600);
  assert.equal(statSync(folder).mode & 0o777, 0o700);
});

test('a later start tells nothing', async (t) => {
  const { gateway } = await start(t, fine());
  assert.equal(gateway.firstStart, null);
});

test('the change log is pruned a minute after start and then daily, and closing ends that', async (t) => {
  const clock = fakeClock();
  const user = {
    id: 1,
    localPart: 'a',
    domain: 'b',
    displayName: null,
    role: null,
    mailboxId: 5,
    passwordHash: '',
    passwordVersion: 1,
    createdAt: 0,
  };
  const base = fine();
  const backend = { ...base, directory: { users: async () => [user], setting: async () => 30 } };
  const { gateway, logged } = await start(t, backend, undefined, clock);
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  clock.advance(59_000);
  await settle();
  assert.deepEqual(base.events, []);
  clock.advance(1_000);
  await settle();
  assert.deepEqual(base.events, ['prune 5 7']);
  assert.deepEqual(logged.find('pruned the change log')[0], {
    level: 'info',
    message: 'pruned the change log',
    days: 30,
    mailboxes: 1,
    rows: 3,
  });
  clock.advance(86_400_000);
  await settle();
  assert.equal(base.events.length, 2);
  await gateway.close();
  clock.advance(5 * 86_400_000);
  await settle();
  assert.deepEqual(base.events.slice(2), ['closed']);
});

test('a connection beyond limits.connections is closed, and a place that becomes free is given again', async (t) => {
  const { port, logged } = await start(t, fine(), ['--listen', 'http://127.0.0.1:0', '--limits-connections', '1']);
  const first = await rawConnection(port(0));
  first.send('GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n');
  await first.until(/ready/);
  const second = await rawConnection(port(0));
  assert.equal(await second.rest(), '');
  assert.equal(
    logged.lines.filter(({ level, message }) => level === 'warn' && /limits\.connections/.test(message)).length,
    1,
  );
  first.send('GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
  await first.rest();
  // The place is free when the server has seen the end of the first, a moment after we did.
  let answer = '';
  while (!answer.includes('ready')) {
    const next = await rawConnection(port(0));
    next.send('GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
    answer = await next.rest();
  }
});
