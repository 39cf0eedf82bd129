import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ADDRESSES, MY_ADDRESSES } from './addresses.ts';
import {
  browserOfFile,
  checkPage,
  openWindow,
  screenshot,
  signInAs,
  WITHOUT_CHROMIUM,
  type Width,
} from './chromium.ts';
import { type StartedSite, startSite, withDevices } from './site.ts';

const browser = browserOfFile();

for (const width of ['desktop', 'phone'] as Width[]) {
  test(`every page in a ${width} window: nothing forbidden, nothing sideways, everything named`, {
    skip: WITHOUT_CHROMIUM,
  }, async (t) => {
    const site: StartedSite = await startSite(t);
    await withDevices(site, 'plain');
    const { page, complaints } = await openWindow(t, browser, site.origin, width);
    await page.goto('/me/sign-in');
    await checkPage(page, 'sign-in');
    await screenshot(page, `sign-in-${width}`);
    await signInAs(page, 'root');
    for (const [name, path] of ADDRESSES) {
      await page.goto(path);
      await checkPage(page, name);
      await screenshot(page, `${name}-${width}`);
      assert.deepEqual(complaints, [], name);
    }
  });

  test(`every page of one's own in a ${width} window: nothing forbidden, nothing sideways, everything named`, {
    skip: WITHOUT_CHROMIUM,
  }, async (t) => {
    const site = await startSite(t);
    await withDevices(site, 'plain');
    const { page, complaints } = await openWindow(t, browser, site.origin, width);
    await signInAs(page, 'ann', 'word', '/me');
    for (const [name, path] of MY_ADDRESSES) {
      await page.goto(path);
      await checkPage(page, name);
      await screenshot(page, `${name}-${width}`);
    }
    await page.goto('/me/app-passwords');
    await page.fill('#f-label', 'My new phone');
    await page.getByRole('button', { name: 'Make it' }).click();
    await page.locator('.secret').waitFor();
    await checkPage(page, 'me-app-password');
    await screenshot(page, `me-app-password-${width}`);
    assert.deepEqual(complaints, []);
  });
}
