import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { MY_ADDRESSES } from './addresses.ts';
import { addDevice, formsOf, PlainBrowser, startSite, textOf, withDevices } from './site.ts';

const MINE = '/me/devices/PHONE1';
const ANN = 'ann@example.org';

async function visited(t: TestContext, who = 'ann') {
  const site = await startSite(t);
  await withDevices(site);
  return { ...site, browser: await new PlainBrowser(site.origin).signIn(who) };
}

test('every page of one’s own is there without any role, and shows what people wrote as text', async (t) => {
  const { browser } = await visited(t);
  for (const [, address] of MY_ADDRESSES) {
    const { status, text } = await browser.get(address);
    assert.equal(status, 200, `${address}: ${textOf(text)}`);
    assert.doesNotMatch(text, /<b>phone|Ann <Bell|undefined|\[object/, address);
    assert.doesNotMatch(text, /href="\/admin"/, address);
  }
});

test('a device of somebody else is not found, looked at or acted on', async (t) => {
  const { browser, administration } = await visited(t);
  assert.equal((await browser.get('/me/devices/DROID')).status, 404);
  const { values } = formsOf((await browser.get(MINE)).text)[0]!;
  const token = values.token!;
  for (const does of ['approve', 'resync', 'wipe', 'cancel', 'remove']) {
    const answer = await browser.post('/me/devices/DROID', {
      do: does,
      token,
      why: 'x',
      confirm: 'Pixel 9',
      kind: 'full',
    });
    assert.equal(answer.status, 404, does);
  }
  const { access, wipeDetails } = await administration.deviceShow({ address: 'bob@example.org', device: 'droid' });
  assert.deepEqual([access, wipeDetails], ['blocked', null]);
});

test('a device is wiped by its owner when its name was typed, and the wipe is taken back', async (t) => {
  const { browser, administration } = await visited(t);
  const details = async () => (await administration.deviceShow({ address: ANN, device: 'phone1' })).wipeDetails;
  const shown = textOf((await browser.get(MINE)).text);
  assert.match(shown, /What will be erased/);
  const wrong = await browser.act(MINE, 'wipe', { why: 'lost', confirm: 'phone' });
  assert.deepEqual([wrong.status, await details()], [400, null]);
  assert.match(wrong.text, /value="lost"/);
  const asked = await browser.act(MINE, 'wipe', { why: 'lost', confirm: 'Ann’s <b>phone</b>' });
  assert.match(textOf(asked.text), /The wipe begins as soon as the device comes.*wipe waits for the device/);
  assert.deepEqual([(await details())!.by, (await details())!.why], [ANN, 'lost']);
  assert.match(textOf((await browser.get('/me')).text), /wipe waits for the device/);
  assert.match(textOf((await browser.act(MINE, 'cancel')).text), /The wipe is cancelled/);
  assert.equal((await details())!.state, 'cancelled');
});

test('a wipe that an administrator asked for is not the user’s to cancel', async (t) => {
  const { browser, administration } = await visited(t);
  await administration.wipeStart({ address: ANN, device: 'phone1', kind: 'full', why: 'stolen' });
  const { text } = await browser.get(MINE);
  assert.doesNotMatch(text, /value="cancel"/);
  const token = /name="token" value="([^"]+)"/u.exec(text)![1]!;
  const refused = await browser.post(MINE, { do: 'cancel', token });
  assert.equal(refused.status, 403);
  assert.match(textOf(refused.text), /only an administrator can cancel it/);
  assert.equal((await administration.deviceShow({ address: ANN, device: 'phone1' })).wipeDetails!.state, 'pending');
});

test('a waiting device is let in by its owner where the rule leaves it to them, and only there', async (t) => {
  const site = await visited(t);
  const { browser, administration, clock } = site;
  const waiting = { state: 'quarantined', by: 'rule', who: null, why: '', at: clock.now() } as const;
  await administration.accessSet({ access: { default: 'quarantine', defaultApproval: 'user' } } as never);
  await addDevice(site, 'ann', { id: 'new', type: 'New', access: { ...waiting, approval: 'user' } });
  assert.match(textOf((await browser.get('/me')).text), /3 devices wait to be let in: New/);
  assert.match(textOf((await browser.act('/me/devices/NEW', 'approve')).text), /The device is let in/);
  assert.equal((await administration.deviceShow({ address: ANN, device: 'new' })).decision!.by, 'user');
  await administration.accessSet({ access: { default: 'quarantine' } } as never);
  await addDevice(site, 'ann', { id: 'other', type: 'Other', access: waiting });
  const { text } = await browser.get('/me/devices/OTHER');
  assert.match(textOf(text), /before an administrator lets it in/);
  assert.doesNotMatch(text, /value="approve"/);
  const { values } = formsOf(text)[0]!;
  assert.equal((await browser.post('/me/devices/OTHER', { do: 'approve', token: values.token! })).status, 403);
});

test('a device reads everything anew, and is forgotten', async (t) => {
  const { browser, administration } = await visited(t);
  assert.match(textOf((await browser.act(MINE, 'resync')).text), /1 folder anew/);
  assert.match(textOf((await browser.act(MINE, 'remove')).text), /The device is forgotten/);
  await assert.rejects(administration.deviceShow({ address: ANN, device: 'phone1' }), { code: 'item-not-found' });
});

test('an app password is shown once with what to type where and a QR code, listed without, and revoked', async (t) => {
  const { browser, administration, origin } = await visited(t);
  const page = '/me/app-passwords';
  const made = await browser.act(page, 'add-password', { label: 'tablet', protocol: 'activesync' });
  const password = /<p class="secret">([a-z-]+)<\/p>/u.exec(made.text)![1]!;
  assert.match(made.text, /<img class="qr" src="data:image\/svg\+xml;base64,/);
  assert.match(
    textOf(made.text),
    new RegExp(`Exchange \\(ActiveSync\\).*Leave the domain empty.*${new URL(origin).host}.*${password}`),
  );
  assert.doesNotMatch(textOf(made.text), /CalDAV/);
  const listed = await browser.get(page);
  assert.doesNotMatch(listed.text, new RegExp(password));
  assert.match(textOf(listed.text), /tablet ActiveSync .* by ann@example\.org none yet –/);
  assert.match(textOf((await browser.act(page, 'revoke')).text), /1 app password is revoked/);
  assert.ok((await administration.appPasswordList({ address: ANN }))[0]!.revokedAt);
  assert.equal((await browser.act(page, 'add-password', { label: '' })).status, 400);
});

test('what to type is told without an app password too, and that a connection is not encrypted', async (t) => {
  const { browser, origin } = await visited(t);
  const text = textOf((await browser.get('/me/setup')).text);
  assert.match(text, new RegExp(`Thunderbird.* Address ${origin}/ User name ann@example\\.org`));
  assert.match(text, /not encrypted/);
  assert.match(text, /Port \d+ SSL off/);
});

test('the quota is shown, and a warning where the mailbox is nearly full', async (t) => {
  const { browser, administration } = await visited(t);
  assert.match(textOf((await browser.get('/me')).text), /Items 1 item Used no limit/);
  await administration.userQuotaSet({ address: ANN, bytes: null, items: 1 });
  assert.match(textOf((await browser.get('/me')).text), /nearly full.*1 item of 1 Used 100 %/);
});
