import assert from 'node:assert/strict';
import { test } from 'node:test';
import { browserOfFile, openWindow, signInAs, WITHOUT_CHROMIUM } from './chromium.ts';
import { startSite, withDevices } from './site.ts';

const browser = browserOfFile();

test('on paper stands what is set, without what can be pressed', { skip: WITHOUT_CHROMIUM }, async (t) => {
  const site = await startSite(t);
  await withDevices(site);
  const { page } = await openWindow(t, browser, site.origin, 'desktop');
  await signInAs(page, 'root');
  await page.emulateMedia({ media: 'print' });
  const settings = [
    ['/admin/policies?kind=everybody', '#f-required-on'],
    ['/admin/access', '#f-default'],
    ['/admin/services', '#f-lmtp-connections'],
    ['/admin/quotas', '#f-soft'],
    ['/admin/devices', 'tbody tr >> nth=0'],
  ] as const;
  for (const [path, setting] of settings) {
    await page.goto(path);
    assert.equal(await page.locator(setting).isVisible(), true, `${path}: ${setting}`);
    for (const pressed of ['button', '.button', 'nav', '.top', 'summary', '[role=search]']) {
      assert.equal(await page.locator(pressed).filter({ visible: true }).count(), 0, `${path}: ${pressed}`);
    }
  }
});
