import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';
import Koa from 'koa';
import type { Authority } from '../../../src/admin/authority/authority.ts';
import type { AdministrationParts } from '../../../src/admin/create-administration.ts';
import { createPages } from '../../../src/admin/pages/site.ts';
import type { SignIns } from '../../../src/auth/tokens/sign-ins.ts';
import { ADMIN_SCOPES, type AdminScope } from '../../../src/domain/admin-role.ts';
import type { Clock } from '../../../src/domain/clock.ts';
import { CLIENT_ORIGIN } from '../../../src/domain/mailbox.ts';
import { type Device, NO_POLICY } from '../../../src/store/device-store.ts';
import { partnershipOf } from '../../contract/partnership-fixture.ts';
import { fakeClock } from '../../support/fake-clock.ts';
import { adminBench, event } from '../bench.ts';
import { fillServer, type ServerParts, serverParts } from './server-parts.ts';

/** Who signs in with which name; the password of all is `word`. */
const PEOPLE: Readonly<Record<string, Authority>> = {
  root: authority('root@example.org', ADMIN_SCOPES),
  reader: authority('reader@example.org', ['read']),
  domain: authority('dora@example.org', ADMIN_SCOPES, 'example.org'),
  ann: authority('ann@example.org', []),
};

function authority(address: string, scopes: readonly AdminScope[], domain: string | null = null): Authority {
  return { address, scopes: new Set(scopes), domain };
}

/** Sign-ins whose tokens are names; an access token that was marked as over is renewed. */
function fakeSignIns(): SignIns & { readonly over: Set<string>; readonly ended: string[] } {
  const over = new Set<string>();
  const ended: string[] = [];
  return {
    over,
    ended,
    async signIn({ name, password }) {
      if (name === 'locked') return { kind: 'locked', retryAfterSeconds: 90 };
      const found = PEOPLE[name];
      if (found === undefined || password !== 'word') return { kind: 'refused', reason: 'wrong-credentials' };
      return { kind: 'ok', access: `${name}.1`, refresh: `${name}.r`, expiresAt: 0, authority: found };
    },
    verify: async (access) => (over.has(access) ? null : (PEOPLE[access.split('.')[0]!] ?? null)),
    async renew(refresh) {
      const name = refresh.split('.')[0]!;
      const found = PEOPLE[name];
      return found === undefined || ended.includes(refresh)
        ? null
        : { kind: 'ok', access: `${name}.2`, refresh, expiresAt: 0, authority: found };
    },
    async end(refresh) {
      ended.push(refresh);
    },
  };
}

export interface StartedSite extends ReturnType<typeof adminBench>, ServerParts {
  readonly origin: string;
  readonly signIns: ReturnType<typeof fakeSignIns>;
}

/** The pages over memory stores, behind a listener; it is closed with the test. */
export async function startSite(t: TestContext, more: Partial<AdministrationParts> = {}): Promise<StartedSite> {
  // The parts keep the time of the bench, which is made with them.
  const time: { clock: Clock } = { clock: fakeClock() };
  const shared: Clock = {
    now: () => time.clock.now(),
    elapsed: () => time.clock.elapsed(),
    after: (ms, callback) => time.clock.after(ms, callback),
  };
  const parts = serverParts(t, shared);
  const bench = adminBench({ ...parts, ...more });
  time.clock = bench.clock;
  const signIns = fakeSignIns();
  const { administration, clock, random } = bench;
  const pages = createPages({
    ...{ administration, clock, random, signIns, publicUrl: null },
    facts: (ctx) => ({ remoteAddress: '192.0.2.7', isSecure: ctx.get('X-Test-Secure') === 'yes' }),
  });
  const app = new Koa();
  app.use(async (ctx) => {
    if (pages.handles(ctx.path)) await pages.handle(ctx);
  });
  const server = createServer(app.callback()).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { ...bench, ...parts, origin: `http://127.0.0.1:${port}`, signIns };
}

export interface PageAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/** A browser that knows cookies and forms and nothing else. */
export class PlainBrowser {
  readonly origin: string;
  readonly cookies = new Map<string, string>();
  readonly headers: Record<string, string> = {};

  constructor(origin: string) {
    this.origin = origin;
  }

  async get(path: string, headers: Readonly<Record<string, string>> = {}): Promise<PageAnswer> {
    return this.#send(path, { headers });
  }

  async post(
    path: string,
    fields: Readonly<Record<string, string>>,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<PageAnswer> {
    const origin = headers.Origin ?? this.origin;
    return this.#send(path, {
      method: 'POST',
      body: new URLSearchParams(fields),
      headers: { ...headers, Origin: origin },
    });
  }

  /** Looks at the page, and sends its form that has the action `does` with other values put in; follows to what is shown then. */
  async act(path: string, does: string, fields: Readonly<Record<string, string>> = {}): Promise<PageAnswer> {
    const shown = await this.get(path);
    const form = formsOf(shown.text).find(({ values }) => values.do === does);
    if (form === undefined) throw new Error(`${path} has no form for ${does}: ${shown.status} ${textOf(shown.text)}`);
    const answer = await this.post(form.action, { ...form.values, ...fields });
    const next = answer.headers.get('location');
    return next === null ? answer : this.get(next);
  }

  async signIn(name: string): Promise<this> {
    const answer = await this.post('/me/sign-in', { name, password: 'word' });
    if (answer.status !== 303) throw new Error(`${name} was not let in: ${answer.status}`);
    return this;
  }

  async #send(
    path: string,
    init: RequestInit & { readonly headers: Readonly<Record<string, string>> },
  ): Promise<PageAnswer> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const headers = { ...this.headers, ...(cookie !== '' && { Cookie: cookie }), ...init.headers };
    const response = await fetch(new URL(path, this.origin), { ...init, redirect: 'manual', headers });
    for (const line of response.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/u.exec(line)!;
      if (value === '') this.cookies.delete(name!);
      else this.cookies.set(name!, value!);
    }
    return { status: response.status, headers: response.headers, text: await response.text() };
  }
}

interface FoundForm {
  readonly action: string;
  readonly values: Record<string, string>;
}

/** The forms of a page with what is in their hidden fields, and in the others as far as they are filled. */
export function formsOf(text: string): FoundForm[] {
  return [...text.matchAll(/<form method="post" action="([^"]*)"[^>]*>(.*?)<\/form>/gsu)].map(([, action, inner]) => {
    const values: Record<string, string> = {};
    for (const [tag] of inner!.matchAll(/<input [^>]*>/gu)) {
      const at = (name: string) => new RegExp(` ${name}="([^"]*)"`, 'u').exec(tag)?.[1];
      if (at('type') === 'checkbox' && !tag.includes(' checked')) continue;
      const name = at('name');
      if (name !== undefined) values[name] = plain(at('value') ?? '');
    }
    for (const [, name, options] of inner!.matchAll(/<select [^>]*name="([^"]*)"[^>]*>(.*?)<\/select>/gsu)) {
      values[name!] = plain(/<option value="([^"]*)" selected/u.exec(options!)?.[1] ?? '');
    }
    for (const [, name, value] of inner!.matchAll(/<textarea [^>]*name="([^"]*)"[^>]*>\n?(.*?)<\/textarea>/gsu)) {
      values[name!] = plain(value!);
    }
    return { action: plain(action!), values };
  });
}

/** What is read on a page, without its tags. */
export function textOf(text: string): string {
  const main = /<main[^>]*>(.*)<\/main>/su.exec(text)?.[1] ?? text;
  return plain(main.replace(/<svg.*?<\/svg>/gsu, '').replace(/<[^>]*>/gu, ' '))
    .replace(/\s+/gu, ' ')
    .trim();
}

function plain(text: string): string {
  return text.replace(/&#(\d+);/gu, (_, code) => String.fromCharCode(Number(code)));
}

/** What people wrote: such that would be markup, or such as people write, for pictures. */
const NAMES = {
  hostile: { user: 'Ann <Bell>', device: 'Ann’s <b>phone</b>', event: 'Dinner <i>late</i>' },
  plain: { user: 'Ann Bell', device: 'Ann’s phone', event: 'Dinner' },
} as const;

/** People with devices: Ann has a phone that does not get two items, and a program; Bob's phone is blocked. */
export async function withDevices(site: StartedSite, names: keyof typeof NAMES = 'hostile'): Promise<void> {
  await fillServer(site);
  const { administration, stores, clock } = site;
  for (const name of ['root', 'ann', 'bob']) {
    const address = `${name}@example.org`;
    await administration.userAdd({
      address,
      password: 'secret',
      isAdmin: name === 'root',
      displayName: name === 'ann' ? NAMES[names].user : null,
    });
  }
  await addDevice(site, 'ann', {
    id: 'phone1',
    type: 'iPhone',
    information: { Model: 'iPhone15,2', OS: 'iOS 18.1', FriendlyName: NAMES[names].device },
  });
  await addDevice(site, 'ann', {
    id: 'davx5',
    protocol: 'webdav',
    version: null,
    agent: 'DAVx5/4.4 Android',
    type: '',
  });
  await addDevice(site, 'bob', {
    id: 'droid',
    type: 'Android',
    agent: 'Android-Mail/1',
    information: { Model: 'Pixel 9' },
  });
  await administration.deviceDecide({
    address: 'bob@example.org',
    device: 'droid',
    access: 'blocked',
    why: 'lost in a train',
  });
  const { mailboxId } = (await stores.directory.user('ann', 'example.org'))!;
  const calendar = (await stores.syncState.read(mailboxId).folders()).find(({ role }) => role === 'calendar')!;
  await administration.importBatch({
    ...{ address: 'ann@example.org', folderId: calendar.id },
    entries: [{ content: Buffer.from(event('lunch')), contentType: 'text/calendar', name: 'lunch.ics' }],
  });
  const { items } = await administration.exportPage({ address: 'ann@example.org', folderId: calendar.id, after: null });
  const { current } = partnershipOf(calendar.id, 'phone1');
  const exceptions = [
    { itemId: 4, isHeld: true, tried: 2, reason: 'failed' as const },
    { itemId: 5, isHeld: false, tried: 2, reason: 'repeats' as const },
  ];
  await stores.syncState.write(mailboxId, CLIENT_ORIGIN, async (tx) => {
    await tx.keepConflictLoser({
      ...{ folderId: calendar.id, itemId: items[0]!.id, device: 'phone1', at: clock.now() - 3_600_000, side: 'client' },
      ...{
        rule: 'server-wins',
        contentType: 'text/calendar',
        content: Buffer.from(event('lunch', NAMES[names].event)),
      },
    });
    await tx.putPartnership({
      ...partnershipOf(calendar.id, 'phone1', { current: { ...current, exceptions } }),
      syncedAt: clock.now() - 60_000,
    });
  });
}

export async function addDevice(
  { stores, clock }: StartedSite,
  user: string,
  device: Partial<Device> & { readonly id: string },
) {
  const { mailboxId } = (await stores.directory.user(user, 'example.org'))!;
  const now = clock.now();
  await stores.syncState.write(mailboxId, CLIENT_ORIGIN, (tx) =>
    tx.putDevice({
      ...{
        protocol: 'activesync',
        aliases: [device.id],
        shownId: device.id.toUpperCase(),
        type: 'Phone',
        agent: 'Agent/1',
      },
      ...{ version: '14.1', information: {}, firstSeenAt: now - 86_400_000, lastSeenAt: now - 120_000 },
      ...{ remoteAddress: '198.51.100.9', policy: NO_POLICY, owner: `${user}@example.org`, ...device },
    }),
  );
}
