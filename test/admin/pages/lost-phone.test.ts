import assert from 'node:assert/strict';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { connectAdministration } from '../../../src/admin/socket/connect-administration.ts';
import { loadSettings } from '../../../src/config/load-settings.ts';
import { openLogs } from '../../../src/observe/open-logs.ts';
import { openBackend } from '../../../src/server/compose.ts';
import { startGateway } from '../../../src/server/gateway.ts';
import { SYSTEM_CLOCK, SYSTEM_RANDOM } from '../../../src/server/system-clock.ts';
import { provision, said, statusOf } from '../../protocols/activesync/wipe/scene.ts';
import { temporaryFolder } from '../../server/support/start.ts';
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
  const data = join(temporaryFolder(t), 'data');
  const argv = ['--data', data, '--listen', 'http://127.0.0.1:0', '--host-name', 'mail.example.org'];
  const { settings } = loadSettings({ argv, env: {}, cwd: '/' });
  const clock = SYSTEM_CLOCK;
  const logs = openLogs({
    ...{ settings: { ...settings.log, level: 'info' }, format: 'json', folder: join(data, 'logs'), syslog: null },
    ...{ hostName: 'mail', now: clock.now, after: clock.after, write: () => undefined, complain: assert.fail },
  });
  const gateway = await startGateway({ settings, clock, random: SYSTEM_RANDOM, log: logs.log, logs, openBackend });
  t.after(async () => {
    await gateway.close();
    logs.close();
  });
  const connected = await connectAdministration(data);
  assert.ok(connected);
  await connected.administration.userAdd({ address: ANN, password: PASSWORD, isAdmin: false, displayName: 'Ann' });
  await connected.close();
  const origin = `http://127.0.0.1:${gateway.listeners[0]!.port}`;
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
