import assert from 'node:assert/strict';
import { createWipes } from '../../../src/devices/wipes.ts';
import { SILENT_LOG } from '../../../src/observe/log.ts';
import { ANN, type Answer, type ApiWorld, BOB, PASSWORD } from './world.ts';

/** What an administrator of example.org gets who asks for what is of example.net, or of the whole server. */
type Elsewhere =
  /** 403, and nothing is done. */
  | 'denied'
  /** 404, as if it were not there. */
  | 'missing'
  /** An answer without what is elsewhere. */
  | 'filtered'
  /** Nobody's: no role is asked for. */
  | 'anybody';

/** How an operation is driven. `who` is Ann, and Bob where the other domain is tried. */
export interface Case {
  readonly path: (world: ApiWorld, who: string) => string | Promise<string>;
  readonly body?: (world: ApiWorld, who: string) => unknown | Promise<unknown>;
  readonly elsewhere: Elsewhere;
  /** What the answer must be besides what the document says. */
  readonly check?: (answer: Answer, world: ApiWorld) => void | Promise<void>;
}

const user = (who: string, rest = '') => `/users/${encodeURIComponent(who)}${rest}`;
const device = (who: string, rest = '') => user(who, `/devices/Phone${rest}`);

function at(path: string, elsewhere: Elsewhere, more: Omit<Case, 'path' | 'elsewhere'> = {}): Case {
  return { path: () => path, elsewhere, ...more };
}

function ofUser(rest: string, more: Omit<Case, 'path' | 'elsewhere'> = {}): Case {
  return { path: (_world, who) => user(who, rest), elsewhere: 'denied', ...more };
}

function ofDevice(rest: string, more: Omit<Case, 'path' | 'elsewhere'> = {}): Case {
  return { path: (_world, who) => device(who, rest), elsewhere: 'denied', ...more };
}

async function recording(world: ApiWorld, who: string, rest = ''): Promise<string> {
  const { id } = await world.administration.recordStart({
    address: who,
    device: null,
    minutes: 5,
    withContents: false,
  });
  return `/recordings/${id}${rest}`;
}

async function refreshToken({ send }: ApiWorld): Promise<{ refresh: string }> {
  const { body } = await send({ method: 'POST', path: '/token', body: { name: ANN, password: PASSWORD } });
  return { refresh: (body as { refresh: string }).refresh };
}

const owners = (list: string, key: string) => (answer: Answer) => {
  const entries = (answer.body as Record<string, Record<string, unknown>[]>)[list]!;
  assert.ok(entries.length > 0, 'there is something to list');
  assert.deepEqual(
    entries.filter((entry) => String(entry[key]).endsWith('@example.net')),
    [],
  );
};

const has = (list: string) => (answer: Answer) => {
  assert.ok((answer.body as Record<string, unknown[]>)[list]!.length > 0, `${list} has something to be judged`);
};

/** One for each operation of openapi/admin.yaml. */
export const CASES: Readonly<Record<string, Case>> = {
  documentShow: at('/openapi.yaml', 'anybody', {
    check: ({ body, type }) => {
      assert.match(String(body), /^openapi: 3\.1/);
      assert.match(type, /^application\/yaml/);
    },
  }),
  tokenShow: at('/token', 'filtered'),
  tokenSignIn: at('/token', 'anybody', { body: () => ({ name: ANN, password: PASSWORD }) }),
  tokenRefresh: at('/token/refresh', 'anybody', { body: refreshToken }),
  tokenRevoke: at('/token/revoke', 'anybody', { body: refreshToken }),

  userList: at('/users', 'filtered', { check: owners('users', 'address') }),
  userAdd: at('/users', 'denied', {
    body: (_world, who) => ({ address: `new-${who}`, password: 'x', displayName: 'New' }),
    check: ({ headers }) => assert.equal(headers.get('location'), '/api/admin/v1/users/new-ann%40example.org'),
  }),
  userShow: ofUser(''),
  userRemove: ofUser('', {
    check: async (_answer, { administration }) => {
      await assert.rejects(administration.userShow({ address: ANN }), { code: 'item-not-found' });
    },
  }),
  userPasswd: ofUser('/password', { body: () => ({ password: 'new' }) }),
  userRoleSet: ofUser('/role', {
    body: () => ({ role: { scopes: ['admin'], domain: 'example.org' } }),
    check: ({ body }) =>
      assert.deepEqual((body as { role: unknown }).role, { scopes: ['admin'], domain: 'example.org' }),
  }),
  unlockAll: at('/lockouts', 'denied'),

  deviceList: {
    path: (_world, who) => `/devices?domain=${who.split('@')[1]}&text=Nine&limit=5&order=owner`,
    elsewhere: 'denied',
    check: owners('devices', 'owner'),
  },
  deviceShow: ofDevice('', {
    check: ({ body }) => assert.equal((body as { quarantine: unknown[] }).quarantine.length, 1),
  }),
  deviceRemove: ofDevice(''),
  deviceDecide: ofDevice('/access', {
    body: () => ({ access: 'blocked', why: 'lost' }),
    check: ({ body }) => assert.equal((body as { who: unknown }).who, 'tester@example.org'),
  }),
  deviceResync: ofDevice('/resync', { body: () => ({}), check: ({ body }) => assert.deepEqual(body, { count: 1 }) }),
  recoveryPasswordShow: {
    path: async (world, who) => {
      await world.deposit(who, 'phone', `recovery of ${who}`);
      return device(who, '/recovery-password');
    },
    elsewhere: 'denied',
    check: ({ body, headers }, { clock }) => {
      assert.deepEqual(body, { password: `recovery of ${ANN}`, depositedAt: clock.now() });
      assert.equal(headers.get('Cache-Control'), 'no-store');
    },
  },
  conflictRuleSet: at('/conflict-rules', 'denied', { body: (_world, who) => ({ address: who, rule: 'merge' }) }),
  conflictRuleList: {
    path: async ({ administration }) => {
      const rule = { device: null, rule: 'merge' } as const;
      for (const domain of ['example.org', 'example.net']) {
        await administration.conflictRuleSet({ ...rule, domain, address: null });
        await administration.conflictRuleSet({ ...rule, domain: null, address: domain.endsWith('g') ? ANN : BOB });
      }
      return '/conflict-rules';
    },
    elsewhere: 'filtered',
    check: ({ body }) => {
      const { rules } = body as { rules: unknown[] };
      assert.deepEqual(rules, [
        { domain: 'example.org', address: null, rule: 'merge' },
        { domain: null, address: ANN, rule: 'merge' },
      ]);
    },
  },
  conflictList: ofUser('/conflicts', { check: has('conflicts') }),
  conflictRestore: {
    path: (world, who) => user(who, `/conflicts/${world.of(who).conflict}/restore`),
    elsewhere: 'denied',
  },
  quarantineList: ofUser('/quarantine?device=phone', { check: has('entries') }),
  quarantineRetry: ofUser('/quarantine/retry', {
    body: () => ({ device: 'phone' }),
    check: ({ body }) => assert.deepEqual(body, { count: 1 }),
  }),
  quarantineClear: ofUser('/quarantine/clear', {
    body: (world, who) => ({ itemId: world.of(who).itemId }),
    check: ({ body }) => assert.deepEqual(body, { count: 1 }),
  }),

  wipeList: {
    path: async ({ administration }, who) => {
      await administration.wipeStart({ address: who, device: 'phone', kind: 'full', why: 'lost' });
      return `/wipes?domain=${who.split('@')[1]}&limit=5`;
    },
    elsewhere: 'denied',
    check: owners('wipes', 'owner'),
  },
  wipeForecast: ofDevice('/wipe-forecast'),
  wipeStart: ofDevice('/wipe', {
    body: () => ({ kind: 'full', why: 'lost' }),
    check: ({ body }) => assert.equal((body as { by: unknown }).by, 'tester@example.org'),
  }),
  wipeConsent: {
    path: async ({ administration }, who) => {
      await administration.wipeSettingsSet({ settings: { secondPerson: true } });
      await administration.wipeStart({ address: who, device: 'phone', kind: 'full', why: 'lost' });
      return device(who, '/wipe/consent');
    },
    elsewhere: 'denied',
  },
  wipeCancel: {
    path: async ({ administration }, who) => {
      await administration.wipeStart({ address: who, device: 'phone', kind: 'full', why: 'lost' });
      return device(who, '/wipe/cancel');
    },
    body: () => ({ why: 'found' }),
    elsewhere: 'denied',
  },
  wipeClear: {
    path: async ({ administration, stores, clock }, who) => {
      await administration.wipeStart({ address: who, device: 'phone', kind: 'full', why: 'lost' });
      const [localPart = '', domain = ''] = who.split('@');
      const { mailboxId } = (await stores.directory.user(localPart, domain))!;
      const wipes = createWipes({ syncState: stores.syncState, clock, log: SILENT_LOG });
      const target = { mailboxId, device: 'phone', remoteAddress: '192.0.2.1' };
      await wipes.sent(target, 'full');
      await wipes.answered(target, true);
      return device(who, '/wipe/clear');
    },
    body: () => ({ why: 'set up again' }),
    elsewhere: 'denied',
  },
  wipeSettingsShow: at('/wipe-settings', 'denied'),
  wipeSettingsSet: at('/wipe-settings', 'denied', {
    body: () => ({ settings: { secondPerson: true, silentAfterDays: 3 } }),
  }),

  appPasswordList: ofUser('/app-passwords', {
    check: async (_answer, { administration, send, all }) => {
      await administration.appPasswordAdd({ address: ANN, label: 'Phone', protocols: null });
      has('passwords')(await send({ path: user(ANN, '/app-passwords'), token: all }));
    },
  }),
  appPasswordAdd: ofUser('/app-passwords', {
    body: () => ({ label: 'Phone', protocols: ['activesync'] }),
    check: async ({ body }, { logged }) => {
      const { password } = body as { password: string };
      assert.equal(JSON.stringify(logged.lines).includes(password), false);
    },
  }),
  appPasswordRevoke: {
    async path({ administration }, who) {
      const { entry } = await administration.appPasswordAdd({ address: who, label: 'Phone', protocols: null });
      return user(who, `/app-passwords/${entry.id}`);
    },
    elsewhere: 'denied',
    check: ({ body }) => assert.deepEqual(body, { count: 1 }),
  },
  appPasswordRevokeAll: ofUser('/app-passwords'),

  accessShow: at('/access-rules', 'denied'),
  accessSet: at('/access-rules', 'denied', {
    body: () => ({
      access: { rules: [{ match: { os: 'android*' }, access: 'block', why: 'old' }], maximumPerUser: 5 },
    }),
    check: ({ body }) => assert.equal((body as { changed: number }).changed, 2),
  }),
  groupList: at('/groups', 'denied'),
  groupSet: at('/groups/staff', 'denied', { body: (_world, who) => ({ users: [who] }) }),
  policyList: at('/policies', 'filtered', { check: has('policies') }),
  policyShow: {
    async path({ administration }, who) {
      await administration.policySet({ scope: { kind: 'user', address: who }, policy: { required: true } });
      return `/policy?kind=user&address=${encodeURIComponent(who)}`;
    },
    elsewhere: 'denied',
    check: ({ body }) => assert.equal((body as { policy: { required: boolean } }).policy.required, true),
  },
  policySet: at('/policy', 'denied', {
    body: (_world, who) => ({
      scope: { kind: 'device', address: who, device: 'phone' },
      policy: { required: true, exempt: [{ os: 'Android 4*' }], settings: { DevicePasswordEnabled: '1' } },
    }),
  }),
  policyOf: ofDevice('/policy', {
    check: ({ body }) => assert.deepEqual((body as { from: unknown }).from, { kind: 'everybody' }),
  }),
  outboxList: {
    path: (_world, who) => `/outbox?address=${encodeURIComponent(who)}`,
    elsewhere: 'denied',
    check: has('messages'),
  },
  outboxRetry: at('/outbox/retry', 'denied', { body: (_world, who) => ({ address: who }) }),

  recordList: {
    async path(world, who) {
      await recording(world, ANN);
      if (who !== ANN) await recording(world, who);
      return '/recordings';
    },
    elsewhere: 'filtered',
    check: owners('recordings', 'address'),
  },
  recordStart: at('/recordings', 'denied', { body: (_world, who) => ({ address: who }) }),
  recordStop: { path: (world, who) => recording(world, who, '/stop'), elsewhere: 'missing' },
  recordRemove: { path: recording, elsewhere: 'missing' },
  recordFiles: { path: (world, who) => recording(world, who, '/files'), elsewhere: 'missing', check: has('files') },
  recordRead: {
    path: (world, who) => recording(world, who, '/files/about.yaml'),
    elsewhere: 'missing',
    check: ({ body, headers }) => {
      assert.match(String(body), /ann@example\.org|recorded|about/i);
      assert.match(headers.get('content-disposition') ?? '', /attachment; filename=".*about\.yaml"/);
    },
  },

  logShow: at('/logs/config?limit=5', 'denied'),
  logClear: at('/logs/config', 'denied'),
  logDebugShow: at('/debug-categories', 'denied', { check: has('categories') }),
  logDebug: at('/debug-categories/push', 'denied', { body: () => ({ isOn: true }) }),

  folderList: ofUser('/folders', { check: has('folders') }),
  importFolder: ofUser('/folders', { body: () => ({ itemClass: 'calendar', name: 'work', components: ['VEVENT'] }) }),
  exportPage: {
    path: (world, who) => user(who, `/folders/${world.of(who).calendar}/items`),
    elsewhere: 'denied',
    check: has('items'),
  },
  importBatch: {
    path: (world, who) => user(who, `/folders/${world.of(who).calendar}/items`),
    body: () => ({ entries: [{ contentType: 'text/calendar', content: Buffer.from('nonsense').toString('base64') }] }),
    elsewhere: 'denied',
    check: ({ body }) => assert.equal((body as { outcomes: { kind: string }[] }).outcomes[0]!.kind, 'refused'),
  },
  exportChunk: {
    async path(world, who) {
      const folderId = world.of(who).calendar;
      const { items } = await world.administration.exportPage({ address: who, folderId, after: null });
      const { id, revision, size } = items[0]!;
      return user(who, `/items/${id}/content?revision=${revision}&size=${size}`);
    },
    elsewhere: 'denied',
    check: ({ body }) => assert.match(String(body), /^BEGIN:VCALENDAR[\s\S]*END:VCALENDAR\r\n$/),
  },

  watchShow: at('/watch', 'denied'),
  watchSet: at('/watch', 'denied', {
    body: () => ({
      watch: {
        disk: { soft: { unit: 'percent', free: 10 }, hard: null },
        quota: { everybody: { bytes: 1_000_000, items: null }, domains: {}, warnAt: 0.9 },
      },
    }),
  }),
  usageList: {
    path: (_world, who) => `/usage?domain=${who.split('@')[1]}`,
    elsewhere: 'denied',
    check: owners('usage', 'address'),
  },
  usageShow: ofUser('/usage'),
  userQuotaSet: ofUser('/quota', { body: () => ({ bytes: 5_000_000, items: 'none' }) }),
  serviceList: at('/services', 'denied', { check: has('services') }),
  serviceSet: at('/services/webdav', 'denied', {
    body: () => ({ service: { startsAutomatically: true, maxConnections: 9, addressGroup: null } }),
  }),
  serviceStart: at('/services/webdav/start', 'denied'),
  serviceStop: at('/services/webdav/stop', 'denied', {
    check: ({ body }) => assert.equal((body as { state: string }).state, 'stopped'),
  }),
  connectionList: at('/connections?limit=5', 'filtered', { check: owners('connections', 'user') }),
  openFolderList: at('/open-folders', 'filtered', { check: owners('folders', 'user') }),
  addressGroupList: at('/address-groups', 'denied'),
  addressGroupSet: at('/address-groups/office', 'denied', { body: () => ({ ranges: ['10.0.0.0/8'] }) }),
  overview: at('/overview', 'denied'),

  check: at('/check', 'denied'),
};
