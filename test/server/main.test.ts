import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { temporaryFolder } from './support/start.ts';

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url));

interface Started {
  readonly child: ChildProcess;
  readonly output: string;
  readonly url: string;
  stop(): Promise<unknown>;
}

/** The real server, as `npm start` runs it. */
async function launch(t: TestContext, data: string): Promise<Started> {
  const argv = [MAIN, '--data', data, '--listen', 'http://127.0.0.1:0', '--listen', 'https://127.0.0.1:0'];
  const child = spawn(process.execPath, argv, { env: { PATH: process.env.PATH ?? '' } });
  t.after(() => child.kill('SIGKILL'));
  const exited = once(child, 'exit');
  let output = '';
  for await (const chunk of child.stdout.iterator({ destroyOnReturn: false })) {
    output += chunk;
    const ready = /^Causeway is ready\n(http:\S+)\nhttps:\S+\n/m.exec(output);
    if (!ready) continue;
    child.stdout.resume();
    const stop = async () => {
      child.kill('SIGTERM');
      const [code] = await exited;
      return code;
    };
    return { child, output, url: ready[1]!, stop };
  }
  throw new assert.AssertionError({ message: `it ended before it was ready: ${output}` });
}

function propfind(url: string, address: string, password: string): Promise<Response> {
  const authorization = `Basic ${Buffer.from(`${address}:${password}`).toString('base64')}`;
  return fetch(url, { method: 'PROPFIND', headers: { authorization, depth: '0' } });
}

test('the first start gives a folder, a certificate and a user who can sign in at once; later ones keep them', async (t) => {
  const data = join(temporaryFolder(t), 'data');
  const first = await launch(t, data);
  const address = /User name +(\S+)/.exec(first.output)?.[1] ?? '';
  const password = /Password +(\S+)/.exec(first.output)?.[1] ?? '';
  assert.match(address, /^admin@/);
  const root = await propfind(`${first.url}/`, address, password);
  assert.equal(root.status, 207);
  assert.match(await root.text(), /multistatus/);
  assert.equal((await propfind(`${first.url}/`, address, `${password}x`)).status, 401);
  const [, domain] = address.split('@');
  const calendar = await propfind(`${first.url}/calendars/${domain}/admin/Calendar/`, address, password);
  assert.equal(calendar.status, 207);
  assert.equal((await propfind(`${first.url}/.well-known/caldav`, address, password)).status, 207);
  for (const path of ['first-start.txt', 'causeway.db', 'tls/key.pem', 'tls/certificate.pem']) {
    assert.equal(statSync(join(data, path)).mode & 0o777, 0o600, path);
  }
  const certificate = readFileSync(join(data, 'tls/certificate.pem'), 'utf8');
  assert.equal(await first.stop(), 0);
  assert.equal(existsSync(join(data, 'causeway.sock')), false);

  const second = await launch(t, data);
  assert.doesNotMatch(second.output, /Password/);
  assert.equal((await propfind(`${second.url}/`, address, password)).status, 207);
  assert.equal(readFileSync(join(data, 'tls/certificate.pem'), 'utf8'), certificate);
  assert.equal(await second.stop(), 0);
});

test('a second server on the same data folder refuses to start and says who has it', async (t) => {
  const data = join(temporaryFolder(t), 'data');
  const first = await launch(t, data);
  const other = spawn(process.execPath, [MAIN, '--data', data, '--listen', 'http://127.0.0.1:0'], {
    env: { PATH: process.env.PATH ?? '' },
  });
  let told = '';
  other.stderr.on('data', (chunk) => {
    told += chunk;
  });
  const [code] = await once(other, 'close');
  assert.equal(code, 1);
  assert.match(told, new RegExp(`cannot start: .*${data}.* process ${first.child.pid}`));
  assert.equal((await fetch(`${first.url}/healthz`)).status, 200);
  assert.equal(await first.stop(), 0);
});
