import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { loadSettings } from '../../src/config/load-settings.ts';
import { openBackend } from '../../src/server/compose.ts';
import { startGateway } from '../../src/server/gateway.ts';
import { SYSTEM_CLOCK, SYSTEM_RANDOM } from '../../src/server/system-clock.ts';
import { PlainBrowser, textOf } from '../admin/pages/site.ts';
import { keepingLog, temporaryFolder } from './support/start.ts';

test('the whole server: the first user signs in at /admin and sees the register, signs out and is out', async (t) => {
  const folder = temporaryFolder(t);
  const argv = ['--data', join(folder, 'data'), '--listen', 'http://127.0.0.1:0', '--host-name', 'mail.example.org'];
  const { settings } = loadSettings({ argv, env: {}, cwd: '/' });
  const logged = keepingLog();
  const gateway = await startGateway({
    ...{ settings, clock: SYSTEM_CLOCK, random: SYSTEM_RANDOM, log: logged.log, openBackend },
  });
  t.after(() => gateway.close());
  const { address, password } = gateway.firstStart!;
  const browser = new PlainBrowser(`http://127.0.0.1:${gateway.listeners[0]!.port}`);
  assert.equal((await browser.get('/admin')).headers.get('location'), '/me/sign-in?to=%2Fadmin');
  const answer = await browser.post('/me/sign-in', { name: address, password, to: '/admin/devices' });
  assert.deepEqual([answer.status, answer.headers.get('location')], [303, '/admin/devices']);
  const shown = await browser.get('/admin/devices');
  assert.equal(shown.status, 200);
  assert.match(textOf(shown.text), /No device has come yet/);
  assert.match(shown.headers.get('content-security-policy')!, /script-src 'self'/);
  // A program's password is none here, and a page's sign-in is none for programs.
  assert.equal((await browser.get('/principals/')).status, 401);
  const token = /name="token" value="([^"]+)"/u.exec(shown.text)![1]!;
  const kept = new Map(browser.cookies);
  assert.equal((await browser.post('/me/sign-out', { token })).status, 303);
  for (const [name, value] of kept) browser.cookies.set(name, value);
  assert.equal((await browser.get('/admin/devices')).status, 303, 'the cookies of before are worth nothing');
  assert.deepEqual(
    logged.lines.filter(({ level }) => level === 'error'),
    [],
  );
});
