import assert from 'node:assert/strict';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parse } from 'yaml';
import { startWhole } from './support/whole.ts';

test('the first administrator signs in to the Admin API of a real server, and tokens outlive a restart', async (t) => {
  const first = await startWhole(t);
  const api = `${first.origin}/api/admin/v1`;
  const { address: name, password } = first.gateway.firstStart!;
  const document = await fetch(`${api}/openapi.yaml`);
  assert.equal(parse(await document.text()).openapi, '3.1.0');
  const headers = { 'content-type': 'application/json' };
  const body = JSON.stringify({ name, password });
  const signedIn = await fetch(`${api}/token`, { method: 'POST', headers, body });
  const { access } = (await signedIn.json()) as { access: string };
  assert.equal(statSync(join(first.data, 'sign-in.key')).mode & 0o777, 0o600);
  const list = async (origin: string) => fetch(`${origin}/devices`, { headers: { authorization: `Bearer ${access}` } });
  assert.deepEqual(await (await list(api)).json(), { devices: [], next: null });
  // An API's answers are no pages, and Basic is not asked for: a browser would send it to every site of the server.
  const refused = await fetch(`${api}/devices`, {
    headers: { authorization: `Basic ${btoa(`${name}:${password}`)}` },
  });
  assert.equal(refused.status, 401);
  assert.match(refused.headers.get('www-authenticate') ?? '', /^Bearer /);
  assert.match(refused.headers.get('content-security-policy') ?? '', /^default-src 'none'/);
  await first.close();
  const second = await startWhole(t, { data: first.data });
  assert.equal((await list(`${second.origin}/api/admin/v1`)).status, 200);
  await second.close();
  const lines = [...first.logged.lines, ...second.logged.lines];
  const told = JSON.stringify(lines);
  assert.equal(told.includes(password) || told.includes(access), false);
  const line = lines.find(({ operation }) => operation === 'deviceList');
  assert.deepEqual([line?.protocol, line?.signedIn], ['admin-api', name]);
});
