import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Administration } from '../../../src/admin/administration.ts';
import { authorised } from '../../../src/admin/authority/authorised.ts';
import type { Authority } from '../../../src/admin/authority/authority.ts';
import { CALL_RULES } from '../../../src/admin/authority/call-rules.ts';
import { selfService } from '../../../src/admin/authority/self-service.ts';
import type { PolicyScope } from '../../../src/config/device-policies.ts';
import { ADMIN_SCOPES, type AdminRole, type AdminScope, WHOLE_SERVER } from '../../../src/domain/admin-role.ts';
import { isGatewayError } from '../../../src/domain/errors.ts';
import { CLIENT_ORIGIN } from '../../../src/domain/mailbox.ts';
import { registered } from '../../contract/device-register.ts';
import { ANN, adminBench } from '../bench.ts';

const HERE = 'ann@example.org';
const THERE = 'bob@example.net';
const ROOT = 'root@example.org';
/** Is in example.org and has its administration. */
const DOMAIN_ADMIN: AdminRole = { scopes: ADMIN_SCOPES, domain: 'example.org' };

function authority(scopes: readonly AdminScope[], domain: string | null = null): Authority {
  return { address: 'adm@example.org', scopes: new Set(scopes), domain };
}

async function bench() {
  const made = adminBench();
  const { administration, stores } = made;
  for (const address of [HERE, THERE, ROOT, 'dom@example.org']) await administration.userAdd({ ...ANN, address });
  await administration.userRoleSet({ address: ROOT, role: WHOLE_SERVER });
  await administration.userRoleSet({ address: 'dom@example.org', role: DOMAIN_ADMIN });
  for (const [localPart, domain] of [
    ['ann', 'example.org'],
    ['bob', 'example.net'],
  ] as const) {
    const { mailboxId } = (await stores.directory.user(localPart, domain))!;
    const device = registered('phone', `${localPart}@${domain}`, 5);
    await stores.syncState.write(mailboxId, CLIENT_ORIGIN, (tx) => tx.putDevice(device));
  }
  const as = (scopes: readonly AdminScope[], domain: string | null = null) =>
    authorised(administration, authority(scopes, domain));
  return { ...made, as };
}

function denied(right: string) {
  return (error: unknown) => {
    assert.ok(isGatewayError(error, 'access-denied'), String(error));
    assert.equal(error.facts.right, right, error.message);
    return true;
  };
}

const NO_FILTER = { text: null, protocol: null, access: null, order: 'owner', after: null, limit: 50 } as const;

/** Calls as they would be made, each about `address` where it is about somebody. */
type Trial = (calls: Administration, address: string) => Promise<unknown>;
type Trials = { readonly [C in keyof Administration]?: Trial };

const OF_USER = {
  userAdd: (calls, address) => calls.userAdd({ ...ANN, address: `new-${address}` }),
  userShow: (calls, address) => calls.userShow({ address }),
  userRoleSet: (calls, address) => calls.userRoleSet({ address, role: null }),
  userPasswd: (calls, address) => calls.userPasswd({ address, password: 'x' }),
  userRemove: (calls, address) => calls.userRemove({ address }),
  folderList: (calls, address) => calls.folderList({ address }),
  importFolder: (calls, address) => {
    const folder = { itemClass: 'mail', role: 'inbox', parentId: null, name: '', displayName: null } as const;
    return calls.importFolder({ address, folder: { ...folder, components: [], properties: {} } });
  },
  importBatch: (calls, address) => calls.importBatch({ address, folderId: 1, entries: [] }),
  exportPage: (calls, address) => calls.exportPage({ address, folderId: 1, after: null }),
  exportChunk: (calls, address) => calls.exportChunk({ address, itemId: 1, revision: '', start: 0, end: 1 }),
  deviceList: (calls, address) => calls.deviceList({ ...NO_FILTER, address, domain: null }),
  appPasswordList: (calls, address) => calls.appPasswordList({ address }),
  appPasswordAdd: (calls, address) => calls.appPasswordAdd({ address, label: 'x', protocols: null }),
  appPasswordRevoke: (calls, address) => calls.appPasswordRevoke({ address, id: null }),
  deviceShow: (calls, address) => calls.deviceShow({ address, device: 'phone' }),
  deviceDecide: (calls, address) => calls.deviceDecide({ address, device: 'phone', access: 'blocked', why: '' }),
  usageShow: (calls, address) => calls.usageShow({ address }),
  userQuotaSet: (calls, address) => calls.userQuotaSet({ address, bytes: 1, items: null }),
  usageList: (calls, address) => calls.usageList({ domain: address.split('@')[1]!, after: null, limit: 5 }),
  policyOf: (calls, address) => calls.policyOf({ address, device: 'phone' }),
  deviceResync: (calls, address) => calls.deviceResync({ address, device: 'phone', folderId: null }),
  deviceRemove: (calls, address) => calls.deviceRemove({ address, device: 'phone' }),
  conflictRuleSet: (calls, address) => calls.conflictRuleSet({ domain: null, address, device: null, rule: null }),
  conflictList: (calls, address) => calls.conflictList({ address }),
  conflictRestore: (calls, address) => calls.conflictRestore({ address, id: 1 }),
  wipeForecast: (calls, address) => calls.wipeForecast({ address, device: 'phone' }),
  wipeStart: (calls, address) => calls.wipeStart({ address, device: 'phone', kind: 'full', why: 'x' }),
  wipeConsent: (calls, address) => calls.wipeConsent({ address, device: 'phone' }),
  wipeCancel: (calls, address) => calls.wipeCancel({ address, device: 'phone', why: 'x' }),
  wipeClear: (calls, address) => calls.wipeClear({ address, device: 'phone', why: 'x' }),
  wipeList: (calls, address) => calls.wipeList({ domain: null, address, state: null, after: null, limit: 5 }),
  quarantineList: (calls, address) => calls.quarantineList({ address, device: null }),
  quarantineRetry: (calls, address) => calls.quarantineRetry({ address, device: null, itemId: null }),
  quarantineClear: (calls, address) => calls.quarantineClear({ address, device: null, itemId: null }),
  outboxList: (calls, address) => calls.outboxList({ address }),
  outboxRetry: (calls, address) => calls.outboxRetry({ address }),
  recordStart: (calls, address) => calls.recordStart({ address, device: null, minutes: 1, withContents: false }),
} satisfies Trials;

const OF_SERVER = {
  unlockAll: (calls) => calls.unlockAll(),
  accessShow: (calls) => calls.accessShow({}),
  accessSet: (calls) => calls.accessSet({ access: {} }),
  groupList: (calls) => calls.groupList({}),
  groupSet: (calls, address) => calls.groupSet({ name: 'g', users: [address] }),
  policySet: (calls) => calls.policySet({ policy: {} }),
  wipeSettingsShow: (calls) => calls.wipeSettingsShow(),
  wipeSettingsSet: (calls) => calls.wipeSettingsSet({ settings: {} }),
  logShow: (calls) => calls.logShow({ name: 'config', lines: 1, grep: null, after: null }),
  logClear: (calls) => calls.logClear({ name: 'config' }),
  logDebug: (calls) => calls.logDebug({ category: null, isOn: false }),
  watchShow: (calls) => calls.watchShow({}),
  watchSet: (calls) => calls.watchSet({ watch: {} }),
  serviceList: (calls) => calls.serviceList({}),
  serviceSet: (calls) => {
    const service = { startsAutomatically: true, maxConnections: 0, addressGroup: null };
    return calls.serviceSet({ name: 'webdav', service });
  },
  serviceStart: (calls) => calls.serviceStart({ name: 'webdav' }),
  serviceStop: (calls) => calls.serviceStop({ name: 'webdav' }),
  addressGroupList: (calls) => calls.addressGroupList({}),
  addressGroupSet: (calls) => calls.addressGroupSet({ name: 'office', ranges: ['10.0.0.0/8'] }),
  overview: (calls) => calls.overview({}),
  check: (calls) => calls.check({}),
} satisfies Trials;

/** Lists, and what is found by another name than an address. */
const OTHERS = {
  connectionList: (calls) => calls.connectionList({ address: null }),
  openFolderList: (calls) => calls.openFolderList({ address: null }),
  deviceApprove: (calls, address) => calls.deviceApprove({ address, device: 'phone' }),
  policyList: (calls) => calls.policyList({}),
  policyShow: (calls) => calls.policyShow({}),
  userList: (calls) => calls.userList(),
  recordList: (calls) => calls.recordList(),
  recordStop: (calls) => calls.recordStop({ id: '20260101-00000000' }),
  recordRemove: (calls) => calls.recordRemove({ id: '20260101-00000000' }),
  recordFiles: (calls) => calls.recordFiles({ id: '20260101-00000000' }),
  recordRead: (calls) => calls.recordRead({ id: '20260101-00000000', name: 'about.yaml', start: 0, end: 1 }),
} satisfies Trials;

const TRIALS: { readonly [C in keyof Administration]: Trial } = { ...OF_USER, ...OF_SERVER, ...OTHERS };

function namesOf<T extends Trials>(trials: T): (keyof T & keyof Administration)[] {
  return Object.keys(trials) as (keyof T & keyof Administration)[];
}

/** An administration that only says which calls came through. */
function witness(administration: Administration) {
  const made: string[] = [];
  const calls = Object.keys(TRIALS).map((name) => {
    const call = async () => {
      made.push(name);
      return [];
    };
    return [name, call];
  });
  const { userList, recordList } = administration;
  return { made, calls: { ...(Object.fromEntries(calls) as Administration), userList, recordList } };
}

for (const name of namesOf(TRIALS)) {
  const { scope } = CALL_RULES[name];
  test(`${name} needs the scope ${scope}, and no other scope stands for it`, async () => {
    const { administration } = await bench();
    const { made, calls } = witness(administration);
    const others = ADMIN_SCOPES.filter((one) => one !== scope);
    await assert.rejects(TRIALS[name](authorised(calls, authority(others)), HERE), denied(scope));
    assert.deepEqual(made, []);
  });
}

for (const name of namesOf(OF_USER)) {
  test(`${name}: an administrator of a domain reaches its people, and nobody elsewhere, there or not`, async () => {
    const { administration } = await bench();
    const { made, calls } = witness(administration);
    const limited = authorised(calls, authority(ADMIN_SCOPES, 'example.org'));
    for (const address of [THERE, 'nobody@example.net', 'ann@sub.example.org', 'ann@xexample.org']) {
      await assert.rejects(TRIALS[name](limited, address), { code: 'access-denied' });
    }
    assert.deepEqual(made, []);
    await TRIALS[name](limited, HERE);
    assert.deepEqual(made, [name]);
  });
}

for (const name of namesOf(OF_SERVER)) {
  test(`${name} is about the whole server: not for an administrator of a domain`, async () => {
    const { administration } = await bench();
    const { made, calls } = witness(administration);
    const limited = authorised(calls, authority(ADMIN_SCOPES, 'example.org'));
    await assert.rejects(TRIALS[name](limited, HERE), denied('whole-server'));
    assert.deepEqual(made, []);
    await TRIALS[name](authorised(calls, authority(ADMIN_SCOPES)), HERE);
    assert.deepEqual(made, [name]);
  });
}

test('lists hold what is in the administrator’s domain, and all for the whole server', async () => {
  const { as } = await bench();
  const here = as(['read', 'helpdesk'], 'example.org');
  const users = (await here.userList()).map(({ address }) => address);
  assert.deepEqual(users, [HERE, 'dom@example.org', ROOT]);
  const query = { ...NO_FILTER, address: null, domain: null };
  const owners = async (calls: Administration) => (await calls.deviceList(query)).devices.map(({ owner }) => owner);
  assert.deepEqual(await owners(here), [HERE]);
  assert.deepEqual(await owners(as(['read'])), [HERE, THERE]);
  assert.equal((await as(['read']).userList()).length, 4);
  await assert.rejects(here.deviceList({ ...query, domain: 'example.net' }), denied('domain example.net'));
  await assert.rejects(here.outboxRetry({ address: null }), denied('whole-server'));
});

test('the word of a device’s owner is nobody else’s', async () => {
  const { administration } = await bench();
  const { made, calls } = witness(administration);
  const approve = (address: string) =>
    authorised(calls, authority(ADMIN_SCOPES)).deviceApprove({ address, device: 'phone' });
  await assert.rejects(approve(HERE), denied('self'));
  assert.deepEqual(made, []);
  await approve('Adm@example.org');
  assert.deepEqual(made, ['deviceApprove']);
});

test('an administrator of a domain reads everybody’s policy, and sets those of the domain and its people', async () => {
  const { as } = await bench();
  const [here, all] = [as(['read', 'admin'], 'example.org'), as(ADMIN_SCOPES)];
  const policy = { required: true };
  const inReach: readonly PolicyScope[] = [
    { kind: 'domain', name: 'Example.org' },
    { kind: 'user', address: HERE },
    { kind: 'device', address: HERE, device: 'phone' },
  ];
  for (const scope of inReach) await here.policySet({ scope, policy });
  const beyond: readonly (readonly [PolicyScope, string])[] = [
    [{ kind: 'domain', name: 'example.net' }, 'domain example.net'],
    [{ kind: 'user', address: THERE }, 'domain example.net'],
    [{ kind: 'device', address: THERE, device: 'phone' }, 'domain example.net'],
    [{ kind: 'group', name: 'staff' }, 'whole-server'],
  ];
  await all.groupSet({ name: 'staff', users: [HERE] });
  for (const [scope, right] of beyond) {
    await assert.rejects(here.policySet({ scope, policy }), denied(right));
    await assert.rejects(here.policyShow({ scope }), denied(right));
    await all.policySet({ scope, policy });
  }
  await assert.rejects(here.policySet({ policy }), denied('whole-server'));
  assert.equal((await here.policyShow({})).policy.required, false);
  const kinds = (await here.policyList({})).policies.map(({ scope }) => scope.kind);
  assert.deepEqual(kinds, ['everybody', 'domain', 'user', 'device']);
  assert.equal((await all.policyList({})).policies.length, 8);
});

test('whoever is signed in cannot say what only the command line may: to stop the administration', async () => {
  const { administration } = await bench();
  const seen: unknown[] = [];
  const calls = {
    ...administration,
    serviceStop: async (input: unknown) => seen.push(input),
  } as unknown as Administration;
  await authorised(calls, authority(ADMIN_SCOPES)).serviceStop({ name: 'admin', alsoAdmin: true });
  assert.deepEqual(seen, [{ name: 'admin' }]);
});

test('nobody gives a role beyond their own', async () => {
  const { as } = await bench();
  const give = (calls: Administration, role: AdminRole) => calls.userRoleSet({ address: HERE, role });
  await assert.rejects(give(as(['admin']), { scopes: ['admin', 'wipe'], domain: null }), denied('wipe'));
  const domain = as(ADMIN_SCOPES, 'example.org');
  await assert.rejects(give(domain, WHOLE_SERVER), denied('whole-server'));
  await assert.rejects(give(domain, { scopes: ['read'], domain: 'example.net' }), denied('domain example.net'));
  await assert.rejects(domain.userAdd({ ...ANN, address: 'new@example.org', isAdmin: true }), denied('whole-server'));
  assert.equal((await give(domain, { scopes: ['read'], domain: 'Example.ORG' })).role?.domain, 'example.org');
});

test('nobody gets hold of, demotes or removes an administrator who may do more', async () => {
  const { as } = await bench();
  const domain = as(ADMIN_SCOPES, 'example.org');
  const helpdesk = as(['helpdesk'], 'example.org');
  await assert.rejects(domain.userPasswd({ address: 'Root@Example.org', password: 'x' }), { code: 'access-denied' });
  await assert.rejects(domain.userRoleSet({ address: ROOT, role: null }), { code: 'access-denied' });
  await assert.rejects(domain.userRemove({ address: ROOT }), { code: 'access-denied' });
  await assert.rejects(helpdesk.userPasswd({ address: 'dom@example.org', password: 'x' }), { code: 'access-denied' });
  await helpdesk.userPasswd({ address: HERE, password: 'x' });
  await domain.userPasswd({ address: 'dom@example.org', password: 'x' });
});

test('a recording is for the administrators of its user’s domain; one with contents needs the scope admin', async () => {
  const { administration } = await bench();
  const recording = { id: 'r', address: THERE, device: null, withContents: true } as const;
  const times = { startedAt: 0, endsAt: 1, endedAt: 1, reason: null, exchanges: 0, bytes: 0, unanswered: 0 };
  const calls = { ...witness(administration).calls, recordList: async () => [{ ...recording, ...times }] };
  const with_ = (scopes: readonly AdminScope[], domain: string | null) => authorised(calls, authority(scopes, domain));
  await assert.rejects(with_(ADMIN_SCOPES, 'example.org').recordFiles({ id: 'r' }), { code: 'item-not-found' });
  await assert.rejects(with_(['helpdesk'], 'example.net').recordFiles({ id: 'r' }), denied('admin'));
  await with_(['helpdesk', 'admin'], 'example.net').recordFiles({ id: 'r' });
  assert.deepEqual(await with_(['read'], 'example.org').recordList(), []);
  const start = { address: THERE, device: null, minutes: 1, withContents: true };
  await assert.rejects(with_(['helpdesk'], null).recordStart(start), denied('admin'));
});

test('a role is refused that is none, and says why', async () => {
  const { administration } = await bench();
  const bad = [
    { scopes: [], domain: null },
    { scopes: ['root'], domain: null },
    { scopes: ['read'], domain: 'a b' },
    'x',
  ];
  for (const role of bad) {
    await assert.rejects(administration.userRoleSet({ address: HERE, role: role as AdminRole }), /role|address/);
  }
  assert.equal((await administration.userShow({ address: HERE })).role, null);
});

test('users see and remove their own devices and nobody else’s, without any role', async () => {
  const { administration } = await bench();
  const own = selfService(administration, HERE);
  const listed = await own.deviceList({ ...NO_FILTER });
  assert.deepEqual(
    listed.devices.map(({ owner }) => owner),
    [HERE],
  );
  const smuggled = { ...NO_FILTER, address: THERE };
  assert.equal((await own.deviceList(smuggled)).devices[0]?.owner, HERE);
  await own.deviceRemove({ device: 'phone' });
  assert.equal((await own.userShow({})).devices, 0);
  assert.equal((await administration.userShow({ address: THERE })).devices, 1);
});

test('a device that is kept out cannot be made unknown by its user, to come in as a new one', async () => {
  const { administration } = await bench();
  await administration.deviceDecide({ address: HERE, device: 'phone', access: 'blocked', why: 'lost' });
  await assert.rejects(selfService(administration, HERE).deviceRemove({ device: 'phone' }), denied('helpdesk'));
  assert.equal((await administration.deviceShow({ address: HERE, device: 'phone' })).access, 'blocked');
});
