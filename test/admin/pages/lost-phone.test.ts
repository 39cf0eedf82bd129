import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { provision, said, statusOf } from '../../protocols/activesync/wipe/scene.ts';
import { startWhole } from '../../server/support/whole.ts';
import { Phone } from '../../support/eas/phone.ts';
import {
  browserOfFile,
  checkPage,
  openWindow,
  screenshot,
  signInAs,
  WITHOUT_CHROMIUM,
  type Width,
} from './chromium.ts';

const browser = browserOfFile();

const ANN = 'ann@example.org';
const PASSWORD = 'the password of Ann';
const FOLDER_SYNC = '<FolderSync xmlns="FolderHierarchy:"><SyncKey>0</SyncKey></FolderSync>';

/** The whole server with its logs in files, Ann, and her phone that has fetched a policy and synchronised. */
async function launch(t: TestContext) {
  const { administration, gateway, origin } = await startWhole(t, { hasLogFiles: true });
  await administration.userAdd({ address: ANN, password: PASSWORD, isAdmin: false, displayName: 'Ann' });
  const phone = new Phone({ origin, user: ANN, password: PASSWORD, deviceId: 'LOST1', deviceType: 'iPhone' });
  await provision(phone);
  assert.equal((await phone.post('FolderSync', FOLDER_SYNC)).status, 200);
  return { origin, phone, root: gateway.firstStart! };
}

for (const width of ['desktop', 'phone'] as Width[]) {
  test(`a lost phone in a ${width} window: found, what it will erase seen, wiped, watched, read in the log`, {
    skip: WITHOUT_CHROMIUM,
  }, async (t) => {
    const { origin, phone, root } = await launch(t);
    const { page, complaints } = await openWindow(t, browser, origin, width);
    await signInAs(page, root.address, root.password, '/admin/devices');
    await page.fill('#f-text', 'iphone');
    await page.getByRole('link', { name: 'One' }).click();
    await page.getByRole('link', { name: 'Wipe this device …' }).click();
    await page.getByText('The device is told to erase itself.').waitFor();
    assert.match(await page.locator('main').innerText(), /the whole device is set back to factory settings/);
    await checkPage(page, 'wipe');
    await screenshot(page, `wipe-${width}`);
    await page.fill('#f-why', 'lost in a train');
    await page.fill('#f-confirm', 'another');
    await page.getByRole('button', { name: 'Wipe it' }).click();
    await page.getByText('Nothing was done: "another" is not One').waitFor();
    assert.equal(await page.inputValue('#f-why'), 'lost in a train');
    await page.fill('#f-confirm', 'One');
    await page.getByRole('button', { name: 'Wipe it' }).click();
    await page.locator('#wipe-state', { hasText: 'wipe waits for the device' }).waitFor();
    assert.equal(statusOf(await phone.post('FolderSync', FOLDER_SYNC)), '140');
    assert.match((await phone.post('Provision', '<Provision xmlns="Provision:"/>')).xml, /RemoteWipe/);
    await page.locator('#wipe-state', { hasText: 'wipe was sent' }).waitFor();
    assert.equal(statusOf(await phone.post('Provision', said(1))), '1');
    await page.locator('#wipe-state .badge', { hasText: /^wiped$/ }).waitFor();
    assert.match(await page.locator('#wipe-state').innerText(), new RegExp(`by ${root.address}.*lost in a train`, 's'));
    await checkPage(page, 'wiped');
    await screenshot(page, `wiped-${width}`);
    await page.goto('/admin/logs/security');
    const line = page.locator('main', { hasText: 'device was wiped' });
    await line.waitFor();
    assert.match(await line.innerText(), /LOST1[^\n]*/);
    // The page refused a wipe that was not confirmed, which a browser tells in its console.
    assert.deepEqual(complaints, ['Failed to load resource: the server responded with a status of 400 (Bad Request)']);
  });
}
