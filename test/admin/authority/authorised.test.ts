import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Administration } from '../../../src/admin/administration.ts';
import { authorised } from '../../../src/admin/authority/authorised.ts';
import { CALL_RULES } from '../../../src/admin/authority/call-rules.ts';
import { selfService } from '../../../src/admin/authority/self-service.ts';
import type { PolicyScope } from '../../../src/config/device-policies.ts';
import { ADMIN_SCOPES, type AdminRole, type AdminScope, WHOLE_SERVER } from '../../../src/domain/admin-role.ts';
import { actingFor } from '../../../src/observe/acting.ts';
import { ANN } from '../bench.ts';
import {
  authority,
  bench,
  denied,
  HERE,
  NO_FILTER,
  namesOf,
  OF_SERVER,
  OF_USER,
  ROOT,
  THERE,
  TRIALS,
  witness,
} from './trials.ts';

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

test('users wipe their own devices, and cancel what they began themselves, but not what an administrator did', async () => {
  const { administration } = await bench();
  const own = selfService(administration, HERE);
  const me = { protocol: 'pages', user: HERE, address: null };
  assert.ok((await own.wipeForecast({ device: 'phone' })).kinds.includes('full'));
  const begun = await actingFor(me, () => own.wipeStart({ device: 'phone', kind: 'full', why: 'lost' }));
  assert.deepEqual([begun.state, begun.by], ['pending', HERE]);
  assert.equal((await actingFor(me, () => own.wipeCancel({ device: 'phone', why: 'found' }))).state, 'cancelled');
  await actingFor({ ...me, user: ROOT }, () =>
    administration.wipeStart({ address: HERE, device: 'phone', kind: 'full', why: 'stolen' }),
  );
  await assert.rejects(own.wipeCancel({ device: 'phone', why: 'found' }), denied('wipe'));
  assert.equal((await administration.deviceShow({ address: HERE, device: 'phone' })).wipe, 'pending');
});

test('a user cannot call off a wipe that waits for consent by having the device forgotten', async () => {
  const { administration } = await bench();
  await administration.wipeSettingsSet({ settings: { secondPerson: true } });
  const wipe = { address: HERE, device: 'phone', kind: 'full', why: 'stolen' } as const;
  await actingFor({ protocol: 'pages', user: ROOT, address: null }, () => administration.wipeStart(wipe));
  const own = selfService(administration, HERE);
  await assert.rejects(own.deviceRemove({ device: 'phone' }), { code: 'wipe-refused' });
  assert.equal((await administration.deviceShow(wipe)).wipe, 'waiting-for-consent');
});

test('a device that is kept out cannot be made unknown by its user, to come in as a new one', async () => {
  const { administration } = await bench();
  await administration.deviceDecide({ address: HERE, device: 'phone', access: 'blocked', why: 'lost' });
  await assert.rejects(selfService(administration, HERE).deviceRemove({ device: 'phone' }), denied('helpdesk'));
  assert.equal((await administration.deviceShow({ address: HERE, device: 'phone' })).access, 'blocked');
});
