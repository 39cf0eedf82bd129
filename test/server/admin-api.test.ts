import assert from 'node:assert/strict';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parse } from 'yaml';
import { loadSettings } from '../../src/config/load-settings.ts';
import { openBackend } from '../../src/server/compose.ts';
import { startGateway } from '../../src/server/gateway.ts';
import { SYSTEM_CLOCK, SYSTEM_RANDOM } from '../../src/server/system-clock.ts';
import { keepingLog, temporaryFolder } from './support/start.ts';

test('the first administrator signs in to the Admin API of a real server, and tokens outlive a restart', async (t) => {
  const folder = join(temporaryFolder(t), 'data');
  const argv = ['--data', folder, '--listen', 'http://127.0.0.1:0'];
  const { settings } = loadSettings({ argv, env: {}, cwd: '/' });
  const { log, lines } = keepingLog();
  const begin = async () => {
    const gateway = await startGateway({ settings, clock: SYSTEM_CLOCK, random: SYSTEM_RANDOM, log, openBackend });
    return { gateway, origin: `${gateway.listeners[0]!.url.replace(/\/$/, '')}/api/admin/v1` };
  };
  const first = await begin();
  const { address: name, password } = first.gateway.firstStart!;
  const document = await fetch(`${first.origin}/openapi.yaml`);
  assert.equal(parse(await document.text()).openapi, '3.1.0');
  const headers = { 'content-type': 'application/json' };
  const body = JSON.stringify({ name, password });
  const signedIn = await fetch(`${first.origin}/token`, { method: 'POST', headers, body });
  const { access } = (await signedIn.json()) as { access: string };
  assert.equal(statSync(join(folder, 'sign-in.key')).mode & 0o777, 0o600);
  const list = async (origin: string) => fetch(`${origin}/devices`, { headers: { authorization: `Bearer ${access}` } });
  assert.deepEqual(await (await list(first.origin)).json(), { devices: [], next: null });
  // An API's answers are no pages, and Basic is not asked for: a browser would send it to every site of the server.
  const refused = await fetch(`${first.origin}/devices`, {
    headers: { authorization: `Basic ${btoa(`${name}:${password}`)}` },
  });
  assert.equal(refused.status, 401);
  assert.match(refused.headers.get('www-authenticate') ?? '', /^Bearer /);
  assert.match(refused.headers.get('content-security-policy') ?? '', /^default-src 'none'/);
  await first.gateway.close();
  const second = await begin();
  assert.equal((await list(second.origin)).status, 200);
  await second.gateway.close();
  const told = JSON.stringify(lines);
  assert.equal(told.includes(password) || told.includes(access), false);
  const line = lines.find(({ operation }) => operation === 'deviceList');
  assert.deepEqual([line?.protocol, line?.signedIn], ['admin-api', name]);
});
