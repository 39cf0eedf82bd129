import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type TestContext, test } from 'node:test';
import { parseSyslogAddress } from '../../src/config/syslog-address.ts';
import type { LogLine } from '../../src/observe/pino-log.ts';
import type { SyslogAddress } from '../../src/observe/syslog/address.ts';
import { syslogMessage } from '../../src/observe/syslog/format.ts';
import { Syslog } from '../../src/observe/syslog/syslog.ts';
import { SYSTEM_CLOCK } from '../../src/server/system-clock.ts';

const LINE: LogLine = {
  log: 'security',
  level: 40,
  json: `{"level":40,"time":${Date.UTC(2026, 10, 22)},"user":"ann@example.org","msg":"sign-in failed"}\n`,
};
const WHO = { hostName: 'mail.example.org', processId: 7 };
const TEXT = '{"user":"ann@example.org","msg":"sign-in failed"}';
const MESSAGE = `<84>1 2026-11-22T00:00:00.000Z mail.example.org causeway 7 security - ${TEXT}`;

function open(t: TestContext, address: SyslogAddress): Syslog {
  const syslog = new Syslog({ ...WHO, address, after: SYSTEM_CLOCK.after, onFailure: (error) => assert.fail(error) });
  t.after(() => syslog.close());
  return syslog;
}

test('RFC 5424 §6: priority, version, time, host, program, process, log and the line', () => {
  assert.equal(syslogMessage(LINE, WHO), MESSAGE);
  assert.match(
    syslogMessage({ ...LINE, log: 'mail', level: 30 }, { ...WHO, hostName: 'a b' }),
    /^<22>1 \S+ ab causeway 7 mail - /,
  );
});

test('a long line is cut between characters', () => {
  const json = JSON.stringify({ level: 30, time: 0, msg: 'ü'.repeat(9000) });
  const message = syslogMessage({ log: 'server', level: 30, json }, WHO);
  assert.ok(Buffer.byteLength(message) < 8_400);
  assert.match(message, /ü…$/);
});

test('RFC 5426: over UDP a message is a datagram', async (t) => {
  const server = createSocket('udp4');
  server.bind(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  open(t, { kind: 'udp', host: '127.0.0.1', port: server.address().port }).sink(LINE);
  const [bytes] = (await once(server, 'message')) as [Buffer];
  assert.equal(bytes.toString(), MESSAGE);
});

test('RFC 6587 §3.4.1: over TCP every message says its octets first', async (t) => {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const received = new Promise<string>((resolve) => {
    server.on('connection', (socket) => {
      let text = '';
      socket.on('data', (chunk) => {
        text += chunk.toString();
        if (text.length >= 2 * (MESSAGE.length + 4)) resolve(text);
      });
      t.after(() => socket.destroy());
    });
  });
  t.after(() => server.close());
  const syslog = open(t, { kind: 'tcp', host: '127.0.0.1', port: (server.address() as AddressInfo).port });
  syslog.sink(LINE);
  syslog.sink(LINE);
  const length = MESSAGE.length;
  assert.equal(await received, `${length} ${MESSAGE}${length} ${MESSAGE}`);
});

test('a server that is away is told once, and lines are not kept for it', async () => {
  const failures: Error[] = [];
  const told = Promise.withResolvers<void>();
  const onFailure = (error: Error) => {
    failures.push(error);
    told.resolve();
  };
  const address = { kind: 'unix', path: join(tmpdir(), 'causeway-nobody-listens') } as const;
  const syslog = new Syslog({ ...WHO, address, after: () => undefined, onFailure });
  syslog.sink(LINE);
  await told.promise;
  for (let count = 0; count < 10; count += 1) syslog.sink(LINE);
  syslog.close();
  assert.equal(failures.length, 1);
});

const NEEDS = ['python3', 'logger'].filter((program) => {
  try {
    return execFileSync('which', [program]).length === 0;
  } catch {
    return true;
  }
});
const LISTENER = `
import socket, sys
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
s.bind(sys.argv[1])
print("ready", flush=True)
print(s.recv(65536).decode(), flush=True)
`;

test('a datagram socket such as /dev/log gets the lines too', {
  skip: NEEDS.length > 0 ? `not here: ${NEEDS.join(', ')}` : false,
}, async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'causeway-syslog-'));
  const path = join(folder, 'log');
  const listener = spawn('python3', ['-c', LISTENER, path], { stdio: ['ignore', 'pipe', 'inherit'] });
  t.after(() => {
    listener.kill();
    rmSync(folder, { recursive: true });
  });
  const lines = createInterface({ input: listener.stdout });
  await once(lines, 'line');
  open(t, { kind: 'unix', path }).sink(LINE);
  const [text] = (await once(lines, 'line')) as [string];
  assert.match(text, /^<84>1 .*causeway/);
  assert.ok(text.endsWith(`security ${TEXT}`), text);
});

test('a syslog address is a socket file or a host, its port 514 where none is said', () => {
  assert.deepEqual(parseSyslogAddress('unix:/dev/log'), { kind: 'unix', path: '/dev/log' });
  assert.deepEqual(parseSyslogAddress('udp://logs.example.org'), { kind: 'udp', host: 'logs.example.org', port: 514 });
  assert.deepEqual(parseSyslogAddress('tcp://[::1]:601'), { kind: 'tcp', host: '::1', port: 601 });
  for (const wrong of ['/dev/log', 'udp://', 'tcp://a:0', 'tcp://a:70000', 'tcp://[a]:1', 'http://a']) {
    assert.throws(() => parseSyslogAddress(wrong), TypeError);
  }
});
