import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { depositFor } from '../../support/recovery.ts';
import { browserOfFile, openWindow, signInAs, WITHOUT_CHROMIUM } from './chromium.ts';
import { formsOf, PlainBrowser, startSite, textOf, withDevices } from './site.ts';

const PHONE = '/admin/devices/ann%40example.org/PHONE1';
const MINE = '/me/devices/PHONE1';
const ANN = 'ann@example.org';

const browser = browserOfFile();

async function visited(t: TestContext, who: string) {
  const site = await startSite(t);
  await withDevices(site);
  return { ...site, browser: await new PlainBrowser(site.origin).signIn(who) };
}

test('a recovery password is shown when it is asked for, to the helpdesk, and to who may only read that there is one', async (t) => {
  const site = await visited(t, 'root');
  const { browser: desk } = site;
  assert.doesNotMatch((await desk.get(PHONE)).text, /ecovery password/);
  await depositFor(site, ANN, 'phone1', 'a<b>71346 05529');
  const { text } = await desk.get(PHONE);
  assert.match(textOf(text), /Recovery password The device deposited one just now/);
  const shown = await desk.act(PHONE, 'recovery');
  assert.equal(shown.status, 200);
  assert.match(textOf(shown.text), /Recovery password of Ann’s <b>phone<\/b> a<b>71346 05529/);
  assert.doesNotMatch(shown.text, /<b>71346/);
  assert.equal(shown.headers.get('cache-control'), 'no-store');
  const reader = await new PlainBrowser(site.origin).signIn('reader');
  const seen = (await reader.get(PHONE)).text;
  assert.match(textOf(seen), /The device deposited one/);
  assert.doesNotMatch(seen, /value="recovery"/);
  const token = /name="token" value="([^"]+)"/u.exec(seen)![1]!;
  const refused = await reader.post(PHONE, { do: 'recovery', token });
  assert.equal(refused.status, 403);
  for (const page of [text, seen, refused.text, (await desk.get(PHONE)).text]) assert.doesNotMatch(page, /71346/);
  await site.administration.policySet({ policy: null });
  assert.doesNotMatch((await desk.get(PHONE)).text, /ecovery password/);
});

test('the recovery password of one’s own device is shown when it is asked for; of another’s there is none', async (t) => {
  const site = await visited(t, 'ann');
  const { browser: own } = site;
  await depositFor(site, ANN, 'phone1', '71346 05529');
  await depositFor(site, 'bob@example.org', 'droid', 'of bob');
  assert.doesNotMatch((await own.get(MINE)).text, /71346/);
  const shown = textOf((await own.act(MINE, 'recovery')).text);
  assert.match(shown, /71346 05529 Deposited just now/);
  const token = formsOf((await own.get(MINE)).text)[0]!.values.token!;
  const other = await own.post('/me/devices/DROID', { do: 'recovery', token });
  assert.equal(other.status, 404);
  assert.doesNotMatch(other.text, /of bob/);
});

test('a recovery password is on no page until its button is pressed, and fits a narrow window', {
  skip: WITHOUT_CHROMIUM,
}, async (t) => {
  for (const [width, who, path] of [
    ['desktop', 'root', PHONE],
    ['phone', 'ann', MINE],
  ] as const) {
    const site = await startSite(t);
    await withDevices(site, 'plain');
    await depositFor(site, ANN, 'phone1', '71346  05529'.repeat(10));
    const { page, complaints } = await openWindow(t, browser, site.origin, width);
    await signInAs(page, who, 'word', path);
    assert.doesNotMatch(await page.content(), /71346/);
    await page.getByRole('button', { name: 'Show recovery password' }).click();
    await page.getByRole('heading', { name: 'Recovery password of Ann’s phone' }).waitFor();
    assert.match(await page.getByLabel('The recovery password').innerText(), /^(?:71346 {2}05529){10}\s/);
    assert.equal(await page.evaluate('document.documentElement.scrollWidth <= innerWidth'), true);
    await page.getByRole('link', { name: 'Back to the device' }).click();
    await page.getByRole('button', { name: 'Show recovery password' }).waitFor();
    assert.doesNotMatch(await page.content(), /71346/);
    assert.deepEqual(complaints, []);
  }
});
