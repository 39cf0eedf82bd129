import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { GatewayError } from '../../../src/domain/errors.ts';
import { browserOfFile, openWindow, screenshot, signInAs, WITHOUT_CHROMIUM, type Width } from './chromium.ts';
import { startSite, withDevices } from './site.ts';

const skip = WITHOUT_CHROMIUM;

const browser = browserOfFile();

async function opened(t: TestContext, width: Width = 'desktop') {
  const site = await startSite(t);
  await withDevices(site);
  const { page, complaints } = await openWindow(t, browser, site.origin, width);
  await signInAs(page, 'root');
  return { ...site, page, complaints };
}

test('typing into the search shows what fits, keeps the place of the cursor and the address', { skip }, async (t) => {
  const { page, complaints } = await opened(t);
  await page.locator('#f-text').pressSequentially('pixel');
  await page.locator('#results', { hasNotText: 'DAVx5' }).waitFor();
  assert.match(await page.locator('#results').innerText(), /Pixel 9/);
  assert.equal(await page.evaluate('document.activeElement.id'), 'f-text');
  assert.match(page.url(), /\?text=pixel/);
  await page.selectOption('#f-access', 'allowed');
  await page.getByText('No device fits.').waitFor();
  assert.deepEqual(complaints, []);
});

test('what refreshes itself shows what changed elsewhere, and leaves what is being typed alone', {
  skip,
}, async (t) => {
  const site = await startSite(t);
  await withDevices(site);
  const { page, complaints } = await openWindow(t, browser, site.origin, 'desktop');
  await page.clock.install();
  await signInAs(page, 'root', 'word', '/admin/devices/ann%40example.org/PHONE1');
  await page.fill('#f-why', 'half a sentence');
  const address = 'ann@example.org';
  await site.administration.deviceDecide({ address, device: 'phone1', access: 'blocked', why: '' });
  await page.clock.runFor(11_000);
  await page.locator('#state', { hasText: 'blocked' }).waitFor();
  assert.equal(await page.inputValue('#f-why'), 'half a sentence');
  // A sign-in that is over leads to the sign-in, and back from there.
  site.signIns.over.add('root.1');
  site.signIns.ended.push('root.r');
  await page.clock.runFor(11_000);
  await page.waitForURL(/\/me\/sign-in\?to=/);
  assert.deepEqual(complaints, []);
});

test('a refusal while it refreshes itself leaves the page as it is', { skip }, async (t) => {
  const site = await startSite(t);
  await withDevices(site);
  const { page } = await openWindow(t, browser, site.origin, 'desktop');
  await page.clock.install();
  await signInAs(page, 'root', 'word', '/admin/devices/ann%40example.org/PHONE1');
  const deviceShow = async () => {
    throw new GatewayError('store-unavailable', { reason: 'busy' }, 'The store cannot answer now.');
  };
  const { deviceShow: before } = site.administration;
  Object.assign(site.administration, { deviceShow });
  const refused = page.waitForResponse((response) => response.status() === 503);
  await page.clock.runFor(11_000);
  await refused;
  assert.match(await page.locator('#state').innerText(), /iPhone15,2/);
  Object.assign(site.administration, { deviceShow: before });
});

test('an open page about a device that is removed meanwhile says that it is gone', { skip }, async (t) => {
  const site = await startSite(t);
  await withDevices(site);
  const { page } = await openWindow(t, browser, site.origin, 'desktop');
  await page.clock.install();
  await signInAs(page, 'root', 'word', '/admin/devices/ann%40example.org/PHONE1');
  await site.administration.deviceRemove({ address: 'ann@example.org', device: 'phone1' });
  const gone = page.waitForResponse((response) => response.status() === 404);
  await page.clock.runFor(11_000);
  await gone;
  await page.getByText('There is no device PHONE1').waitFor();
});

test('everything is reached by keyboard: skip link, menu, search, device, decision', { skip }, async (t) => {
  const { page, administration } = await opened(t);
  const focused = () =>
    page.evaluate('document.activeElement.textContent.trim() || document.activeElement.id') as Promise<string>;
  const tabTo = async (wanted: string) => {
    for (let at = 0; at < 60 && (await focused()) !== wanted; at += 1) await page.keyboard.press('Tab');
    assert.equal(await focused(), wanted);
    const outline = 'getComputedStyle(document.activeElement).outlineStyle';
    assert.notEqual(await page.evaluate(outline), 'none', `${wanted} shows that it has the focus`);
  };
  await page.keyboard.press('Tab');
  assert.equal(await focused(), 'Skip to the content');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  assert.equal(await focused(), 'f-text');
  await tabTo('Pixel 9');
  await Promise.all([page.waitForURL(/DROID/), page.keyboard.press('Enter')]);
  await tabTo('f-why');
  await page.keyboard.type('found again');
  await page.keyboard.press('Shift+Tab');
  await page.keyboard.press('Home');
  await page.keyboard.press('Tab');
  await Promise.all([page.waitForResponse((response) => response.status() === 303), page.keyboard.press('Enter')]);
  await page.getByText('The device is allowed now.').waitFor();
  const { decision } = await administration.deviceShow({ address: 'bob@example.org', device: 'droid' });
  assert.deepEqual([decision?.state, decision?.who, decision?.why], ['allowed', 'root@example.org', 'found again']);
});

test('in a narrow window the menu opens by its button and closes by Escape', { skip }, async (t) => {
  const { page } = await opened(t, 'phone');
  const link = page.getByRole('link', { name: 'Users' });
  assert.equal(await link.isVisible(), false);
  await page.getByRole('button', { name: 'Menu' }).press('Enter');
  assert.equal(await link.isVisible(), true);
  await page.keyboard.press('Escape');
  assert.equal(await link.isVisible(), false);
  await page.getByRole('button', { name: 'Menu' }).click();
  await Promise.all([page.waitForURL(/\/admin\/users$/), link.click()]);
});

test('without scripts the register is searched and a device is decided about', { skip }, async (t) => {
  const site = await startSite(t);
  await withDevices(site);
  const context = await browser.current!.newContext({ javaScriptEnabled: false, baseURL: site.origin });
  t.after(() => context.close());
  const page = await context.newPage();
  await signInAs(page, 'root');
  await page.fill('#f-text', 'pixel');
  await Promise.all([page.waitForURL(/text=pixel/), page.press('#f-text', 'Enter')]);
  await page.getByRole('link', { name: 'Pixel 9' }).click();
  await page.selectOption('#f-access', 'allowed');
  await page.getByRole('button', { name: 'Decide' }).click();
  await page.getByText('The device is allowed now.').waitFor();
});

test('dark windows get dark pages', { skip }, async (t) => {
  const site = await startSite(t);
  await withDevices(site, 'plain');
  const { page } = await openWindow(t, browser, site.origin, 'desktop', 'dark');
  await signInAs(page, 'root', 'word', '/admin/devices/ann%40example.org/PHONE1');
  const background = 'getComputedStyle(document.body).backgroundColor';
  const [red = 255] = ((await page.evaluate(background)) as string).match(/\d+/g)!.map(Number);
  assert.ok(red < 60, `the background is dark: ${red}`);
  await screenshot(page, 'device-dark');
});
