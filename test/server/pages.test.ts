import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PlainBrowser, textOf } from '../admin/pages/site.ts';
import { startWhole } from './support/whole.ts';

test('the whole server: the first user signs in at /admin and sees the register, signs out and is out', async (t) => {
  const { gateway, logged, origin } = await startWhole(t);
  const { address, password } = gateway.firstStart!;
  const browser = new PlainBrowser(origin);
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
