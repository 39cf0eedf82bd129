import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { createSelfSigned } from '../../src/server/certificate/self-signed.ts';
import { SYSTEM_RANDOM } from '../../src/server/system-clock.ts';
import { RIGHT } from './support/fake-backend.ts';
import { rawConnection, tlsConnection } from './support/raw.ts';
import { temporaryFolder } from './support/start.ts';

const MAIN = fileURLToPath(new URL('./support/fake-main.ts', import.meta.url));

function environment(extra: Readonly<Record<string, string>> = {}) {
  return { PATH: process.env.PATH ?? '', ...extra };
}

async function launch(t: TestContext, argv: readonly string[], env = environment()) {
  const child = spawn(process.execPath, [MAIN, '--data', join(temporaryFolder(t), 'data'), ...argv], { env });
  t.after(() => child.kill('SIGKILL'));
  let output = '';
  let wake: () => void = () => {};
  child.stdout.on('data', (chunk) => {
    output += chunk;
    wake();
  });
  const exited = once(child, 'exit');
  void exited.then(() => wake());
  const until = async (pattern: RegExp): Promise<RegExpExecArray> => {
    for (;;) {
      const match = pattern.exec(output);
      if (match) return match;
      assert.equal(child.exitCode ?? child.signalCode, null, `it ended: ${output}`);
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  };
  const ready = await until(/^Causeway is ready\n(https?:\/\/127\.0\.0\.1:(\d+))\n/m);
  return { child, until, exited, output: () => output, port: Number(ready[2]) };
}

const PLAIN = ['--listen', 'http://127.0.0.1:0'];

test('when ready the process prints so, with each URL on a line of its own', async (t) => {
  const { output, port } = await launch(t, [...PLAIN, '--listen', 'http://[::1]:0']);
  const lines = output().trimEnd().split('\n');
  const at = lines.indexOf('Causeway is ready');
  assert.equal(lines[at + 1], `http://127.0.0.1:${port}`);
  assert.match(lines[at + 2] ?? '', /^http:\/\/\[::1\]:\d+$/);
  assert.equal(lines.length, at + 3);
});

test('the first password goes to the terminal and not into the log', async (t) => {
  const { output } = await launch(t, PLAIN, environment({ FIRST_USER: 'yes' }));
  assert.match(output(), /Password {4}first-password/);
  const logged = output()
    .split('\n')
    .filter((line) => line.startsWith('{'));
  assert.equal(logged.join('').includes('first-password'), false);
});

test('SIGTERM lets a request in flight finish, takes no new ones, and exits 0', async (t) => {
  const { child, until, exited, port } = await launch(t, PLAIN);
  const slow = await rawConnection(port);
  slow.send(`PUT /calendars/x HTTP/1.1\r\nHost: a\r\nAuthorization: ${RIGHT}\r\nContent-Length: 4\r\n\r\nab`);
  const idle = await rawConnection(port);
  idle.send('GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n');
  await idle.until(/ready/);
  child.kill('SIGTERM');
  await until(/draining: no new connections/);
  await assert.rejects(rawConnection(port));
  slow.send('cd');
  const answer = await slow.rest();
  assert.match(answer, /200 OK[\s\S]*whole answer/);
  assert.match(answer, /Connection: close/i);
  assert.deepEqual(await exited, [0, null]);
  const last = JSON.parse((await until(/^\{.*"stopped".*$/m))[0]) as Record<string, unknown>;
  assert.equal(last.msg, 'stopped');
});

test('a request that never ends is cut off after the grace time, and the exit is still 0', async (t) => {
  const { child, until, exited, port } = await launch(t, [...PLAIN, '--limits-grace-seconds', '0.2']);
  const stuck = await rawConnection(port);
  stuck.send(`PUT /calendars/x HTTP/1.1\r\nHost: a\r\nAuthorization: ${RIGHT}\r\nContent-Length: 4\r\n\r\nab`);
  const probe = await rawConnection(port);
  probe.send('GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n');
  await probe.until(/ready/);
  child.kill('SIGINT');
  await until(/grace time is over/);
  assert.deepEqual(await exited, [0, null]);
});

test('/healthz is 503 on a connection that is still open while draining', async (t) => {
  const { child, until, exited, port } = await launch(t, PLAIN);
  const open = await rawConnection(port);
  // Two requests on one connection: the second is read when the first, in flight at SIGTERM, is answered.
  open.send(`PUT /calendars/x HTTP/1.1\r\nHost: a\r\nAuthorization: ${RIGHT}\r\nContent-Length: 4\r\n\r\nab`);
  const begun = await rawConnection(port);
  begun.send('GET /healthz HTTP/1.1\r\nHost: a\r\n');
  const probe = await rawConnection(port);
  probe.send('GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n');
  await probe.until(/ready/);
  child.kill('SIGTERM');
  await until(/draining: no new connections/);
  begun.send('\r\n');
  assert.match(await begun.rest(), /^HTTP\/1\.1 503 [\s\S]*draining/);
  open.send('cd');
  await open.rest();
  assert.deepEqual(await exited, [0, null]);
});

test('SIGHUP serves the replaced certificate to new connections', async (t) => {
  const folder = temporaryFolder(t);
  const files = [join(folder, 'c.pem'), join(folder, 'k.pem')] as const;
  const put = async () => {
    const pair = await createSelfSigned(['localhost'], Date.now(), SYSTEM_RANDOM);
    writeFileSync(files[0], pair.cert);
    writeFileSync(files[1], pair.key);
  };
  await put();
  const argv = ['--listen', 'https://127.0.0.1:0', '--tls-cert', files[0], '--tls-key', files[1]];
  const { child, until, port } = await launch(t, argv);
  const open = await tlsConnection(port);
  const before = open.socket.getPeerCertificate().fingerprint256;
  await put();
  child.kill('SIGHUP');
  await until(/certificate replaced/);
  const { socket } = await tlsConnection(port);
  assert.notEqual(socket.getPeerCertificate().fingerprint256, before);
  socket.destroy();
  open.send('GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n');
  await open.until(/200 OK/);
  open.socket.destroy();
});

test('an exception outside of any request is logged, others finish, and the exit code tells the supervisor', async (t) => {
  const { until, exited, port } = await launch(t, PLAIN);
  const raw = await rawConnection(port);
  raw.send(`GET /calendars/throw HTTP/1.1\r\nHost: a\r\nAuthorization: ${RIGHT}\r\n\r\n`);
  await until(/"uncaught exception"/);
  assert.match(await raw.rest(), /whole answer/);
  assert.deepEqual(await exited, [1, null]);
});

test('wrong settings end the start with every problem on standard error', () => {
  const run = spawnSync(process.execPath, [MAIN, '--lisen', 'x', '--log-level', 'loud'], {
    env: environment(),
    encoding: 'utf8',
  });
  assert.equal(run.status, 78);
  assert.match(run.stderr, /--lisen \(command line\): there is no such setting\. Did you mean --listen\?/);
  assert.match(run.stderr, /log\.level \(--log-level\)/);
});

test('--help and -h list every flag', () => {
  for (const word of ['--help', '-h']) {
    const run = spawnSync(process.execPath, [MAIN, word], { env: environment(), encoding: 'utf8' });
    assert.equal(run.status, 0);
    for (const flag of ['--config', '--data', '--listen', '--tls-cert', '--trusted-proxies'])
      assert.ok(run.stdout.includes(`  ${flag} `));
  }
});
