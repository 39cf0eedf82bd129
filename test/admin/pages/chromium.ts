import assert from 'node:assert/strict';
import { accessSync, constants, mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { after, before, type TestContext } from 'node:test';
import { type Browser, chromium, type Page } from 'playwright-core';
import { smallPng } from '../../tools/small-png.ts';

/** Debian's name for it. */
const PROGRAM = 'chromium';

/** Where chromium is; null where it is not. */
function findChromium(): string | null {
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    const path = join(folder, PROGRAM);
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch (error) {
      if (!['ENOENT', 'EACCES', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
    }
  }
  return null;
}

/** Why tests with a browser are skipped; false where they run. */
export const WITHOUT_CHROMIUM =
  findChromium() === null ? 'needs chromium on the path (Debian package chromium)' : false;

const WIDTHS = { desktop: 1280, phone: 390 } as const;

export type Width = keyof typeof WIDTHS;

/** Chromium for one file of tests: started before the first one, ended after the last. Null until then, and where it is missing. */
export interface FileBrowser {
  current: Browser | null;
}

export function browserOfFile(): FileBrowser {
  const browser: FileBrowser = { current: null };
  before(async () => {
    if (WITHOUT_CHROMIUM !== false) return;
    const launched = { executablePath: findChromium()!, args: ['--no-sandbox'], headless: true };
    browser.current = await chromium.launch(launched);
  });
  after(() => browser.current?.close());
  return browser;
}

export interface WatchedPage {
  readonly page: Page;
  /** What the console complained of, and what the policy forbade. */
  readonly complaints: string[];
}

/** A window of that width whose complaints are kept. */
export async function openWindow(
  t: TestContext,
  browser: FileBrowser,
  origin: string,
  width: Width,
  scheme: 'light' | 'dark' = 'light',
): Promise<WatchedPage> {
  const context = await browser.current!.newContext({
    ...{
      viewport: { width: WIDTHS[width], height: width === 'phone' ? 844 : 800 },
      baseURL: origin,
      colorScheme: scheme,
    },
    ...{ reducedMotion: 'reduce', locale: 'en-GB', timezoneId: 'UTC' },
  });
  t.after(() => context.close());
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  return { page, complaints };
}

export async function signInAs(page: Page, name: string, password = 'word', to = '/admin/devices'): Promise<void> {
  await page.goto(`/me/sign-in?to=${encodeURIComponent(to)}`);
  await page.fill('#name', name);
  await page.fill('#password', password);
  await Promise.all([page.waitForURL((url) => !url.pathname.endsWith('/sign-in')), page.press('#password', 'Enter')]);
}

interface Findings {
  readonly unlabelled: readonly string[];
  readonly headings: readonly number[];
  readonly landmarks: readonly string[];
  readonly doubleIds: readonly string[];
  readonly overflow: number;
}

/** Runs in the page; text, because the types of a browser's world are none of this program's. */
const LOOK = `(() => {
  const all = (selector) => [...document.querySelectorAll(selector)];
  const named = (element) =>
    element.labels?.length || element.getAttribute('aria-label') || element.getAttribute('aria-labelledby') || element.textContent.trim();
  const ids = all('[id]').map(({ id }) => id);
  return {
    unlabelled: all('input:not([type=hidden]), select, textarea, button, a, svg[role=img], nav, table')
      .filter((element) => !(element.tagName === 'TABLE' ? element.querySelector('caption') : named(element)))
      .map(({ outerHTML }) => outerHTML.slice(0, 120)),
    headings: all('main h1, main h2, main h3').map(({ tagName }) => Number(tagName[1])),
    landmarks: ['main', 'header, main > .brand'].filter((selector) => document.querySelector(selector) === null),
    doubleIds: ids.filter((id, at) => ids.indexOf(id) !== at),
    overflow: document.documentElement.scrollWidth - document.documentElement.clientWidth,
  };
})()`;

/** What must hold of every page: no sideways scrolling, names on all that is used, one h1 and no level left out, landmarks. */
export async function checkPage(page: Page, what: string): Promise<void> {
  const found = (await page.evaluate(LOOK)) as Findings;
  assert.deepEqual(found.unlabelled, [], `${what}: things without a name`);
  assert.deepEqual(found.doubleIds, [], `${what}: ids that are there twice`);
  assert.deepEqual(found.landmarks, [], `${what}: landmarks`);
  assert.equal(found.overflow, 0, `${what}: scrolls sideways`);
  assert.deepEqual(
    [found.headings[0], found.headings.filter((level) => level === 1).length],
    [1, 1],
    `${what}: one h1`,
  );
  for (const [at, level] of found.headings.entries()) {
    assert.ok(level <= (found.headings[at - 1] ?? 1) + 1, `${what}: heading ${at} leaves a level out`);
  }
}

/** Pages whose pictures docs/admin-page.md shows; of the others none is kept. */
const PICTURED =
  /^(?:overview|devices|device|wipe|wiped|policy|access|conflicts|log|recording|services|me|me-app-password)-(?:desktop|phone|dark)$/;

/** Keeps a picture in docs/screenshots where SCREENSHOTS is set in the environment. */
export async function screenshot(page: Page, name: string): Promise<void> {
  if (process.env.SCREENSHOTS === undefined || !PICTURED.test(name)) return;
  const folder = 'docs/screenshots';
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${name}.png`), smallPng(await page.screenshot()));
}
