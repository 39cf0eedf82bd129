import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inLog } from '../../../src/observe/log-names.ts';
import {
  browserOfFile,
  checkPage,
  openWindow,
  screenshot,
  signInAs,
  WITHOUT_CHROMIUM,
  type Width,
} from './chromium.ts';
import { FIRST_RECORDING, syncExchange, takeExchange } from './server-parts.ts';
import { startSite, withDevices } from './site.ts';

const browser = browserOfFile();

test('a log on the screen goes on by itself, line by line, and stays at its end', {
  skip: WITHOUT_CHROMIUM,
}, async (t) => {
  const site = await startSite(t);
  await withDevices(site);
  const { page, complaints } = await openWindow(t, browser, site.origin, 'desktop');
  await signInAs(page, 'root', 'word', '/admin/logs/mail?mark=sent');
  for (let round = 0; round < 2; round += 1) {
    for (let at = 0; at < 40; at += 1) inLog(site.log, 'mail').info({ at, round }, 'message sent');
    await page.locator('.line', { hasText: `at=39 round=${round}` }).waitFor();
  }
  assert.equal(await page.locator('.line').count(), 80, 'no line comes twice');
  assert.equal(await page.locator('.line mark').count(), 80);
  const isAtEnd = `(() => { const log = document.querySelector('.log'); return Math.abs(log.scrollTop) < 2 && log.scrollHeight > log.clientHeight; })()`;
  assert.equal(await page.evaluate(isAtEnd), true);
  await checkPage(page, 'log');
  assert.deepEqual(complaints, []);
});

for (const width of ['desktop', 'phone'] as Width[]) {
  test(`exchanges come as they are recorded, and what is open stays open (${width})`, {
    skip: WITHOUT_CHROMIUM,
  }, async (t) => {
    const site = await startSite(t);
    await withDevices(site);
    const { page, complaints } = await openWindow(t, browser, site.origin, width);
    await signInAs(page, 'root', 'word', `/admin/recordings/${FIRST_RECORDING}`);
    await page.locator('#x-001 summary').click();
    takeExchange(site.recorder, syncExchange('Another'));
    await page.locator('#x-002').waitFor();
    assert.deepEqual(await page.locator('details.exchange').evaluateAll((all) => all.map(({ id }) => id)), [
      'x-002',
      'x-001',
    ]);
    assert.notEqual(await page.locator('#x-001').getAttribute('open'), null);
    await page.locator('#x-001 pre', { hasText: 'SyncKey' }).first().waitFor();
    // The next poll has both already; neither loses what is in it.
    takeExchange(site.recorder, syncExchange('A third'));
    await page.locator('#x-003').waitFor();
    await page.locator('#x-002 summary').click();
    await page.locator('#x-002 pre', { hasText: 'SyncKey' }).first().waitFor();
    await checkPage(page, 'recording');
    await screenshot(page, `recording-open-${width}`);
    assert.deepEqual(complaints, []);
  });
}

test('a device is wiped from /me in a browser: what will be erased is read first', {
  skip: WITHOUT_CHROMIUM,
}, async (t) => {
  const site = await startSite(t);
  await withDevices(site);
  const { page, complaints } = await openWindow(t, browser, site.origin, 'phone');
  await signInAs(page, 'ann', 'word', '/me/devices/PHONE1');
  await page.locator('summary', { hasText: 'Wipe this device' }).click();
  await page.getByText('What will be erased').waitFor();
  await checkPage(page, 'me-wipe');
  await screenshot(page, 'me-wipe-phone');
  await page.fill('#f-why', 'lost on the train');
  await page.fill('#f-confirm', 'Ann’s <b>phone</b>');
  await page.getByRole('button', { name: 'Wipe it' }).click();
  await page.locator('#wipe-now').waitFor();
  await checkPage(page, 'me-wiping');
  await screenshot(page, 'me-wiping-phone');
  assert.equal(
    (await site.administration.deviceShow({ address: 'ann@example.org', device: 'phone1' })).wipeDetails!.state,
    'pending',
  );
  assert.deepEqual(complaints, []);
});

test('what was opened in a part that shows itself anew stays open', { skip: WITHOUT_CHROMIUM }, async (t) => {
  const site = await startSite(t);
  await withDevices(site);
  const { page } = await openWindow(t, browser, site.origin, 'desktop');
  await page.clock.install();
  await signInAs(page, 'root', 'word', '/admin/services');
  await page.locator('summary', { hasText: 'Stop ActiveSync' }).click();
  await site.live.stop('webdav');
  await page.clock.runFor(6_000);
  await page.locator('#services', { hasText: 'stopped' }).waitFor();
  await page.getByRole('button', { name: 'Stop it: ActiveSync' }).click({ timeout: 2_000 });
  await page.getByText('ActiveSync is stopped.').waitFor();
});
