import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import type { PolicyScope } from '../../src/config/device-policies.ts';
import { DEVICE_POLICY_SETTING, OPEN_DEVICE_POLICY } from '../../src/config/device-policy.ts';
import { CLIENT_ORIGIN } from '../../src/domain/mailbox.ts';
import { actingFor, COMMAND_LINE } from '../../src/observe/acting.ts';
import { registered } from '../contract/device-register.ts';
import { ANN, adminBench, inFolder } from './bench.ts';
import { cliBench } from './cli-bench.ts';

test('without a word from an administrator nothing is asked of devices', async () => {
  const { administration } = adminBench();
  assert.deepEqual(await administration.policyShow({}), { policy: OPEN_DEVICE_POLICY, problems: [] });
});

test('a policy is set as a whole, shown as it is in force, and its history is kept', async () => {
  const { administration, stores } = adminBench();
  const settings = { DevicePasswordEnabled: true, MinDevicePasswordLength: 6, AllowCamera: true };
  const inForce = { ...OPEN_DEVICE_POLICY, settings: { DevicePasswordEnabled: '1', MinDevicePasswordLength: '6' } };
  const set = actingFor(COMMAND_LINE, () => administration.policySet({ policy: { settings } }));
  assert.deepEqual(await set, { policy: inForce, changed: 0 });
  assert.deepEqual((await administration.policyShow({})).policy, inForce);
  const [entry] = await stores.directory.settingHistory(DEVICE_POLICY_SETTING);
  assert.equal(entry!.who, 'cli');
});

test('what is no policy is refused with every mistake named, and the one in force stays', async () => {
  const { administration } = adminBench();
  await administration.policySet({ policy: { required: true } });
  const policy = { requird: true, allowPartial: 1, settings: { MinDevicePasswordLength: 99, Colour: 'red' } };
  await assert.rejects(administration.policySet({ policy }), {
    code: 'object-invalid',
    message:
      'The device policy cannot be used: "requird" is no part of a policy; allowPartial is neither true nor false; there is no setting "Colour"; MinDevicePasswordLength must be a whole number from 1 to 16, or empty.',
  });
  for (const other of ['x', 7, [], { settings: [] }]) {
    await assert.rejects(administration.policySet({ policy: other }), { code: 'object-invalid' });
  }
  assert.equal((await administration.policyShow({})).policy.required, true);
});

test('policy set takes a file, and --required alone leaves the settings as they are', async () => {
  await inFolder(async (folder) => {
    const { causeway, administration } = cliBench();
    const file = join(folder, 'policy.json');
    await writeFile(file, '{ "settings": { "AllowCamera": false } }');
    assert.deepEqual(await causeway(['policy', 'set', '--file', file]), {
      ...{
        code: 0,
        out: 'policy of everybody set: 1 setting, not required; another one than before for 0 devices\n',
        err: '',
      },
    });
    const required = await causeway(['policy', 'set', '--required', 'yes']);
    assert.match(required.out, /^policy of everybody set: 1 setting, required;/);
    const { policy } = await administration.policyShow({});
    assert.deepEqual([policy.required, policy.settings], [true, { AllowCamera: '0' }]);
    const shown = await causeway(['policy', 'show', '--json']);
    assert.deepEqual([shown.code, JSON.parse(shown.out)], [0, policy]);
    await writeFile(file, shown.out);
    assert.equal((await causeway(['policy', 'set', '--file', file])).code, 0);
    assert.deepEqual((await administration.policyShow({})).policy, policy);
  });
});

test('"policy show" prints whose policy it is, what holds without it and every setting that asks for something', async () => {
  const { causeway, administration } = cliBench();
  assert.equal(
    (await causeway(['policy', 'show'])).out,
    `policy of everybody
required:           no
partly is enough:   yes
managed elsewhere:  may go on
exempt:             none
settings:           none
`,
  );
  const settings = {
    ...{ DevicePasswordEnabled: true, MinDevicePasswordLength: 6, AllowCamera: false },
    UnapprovedInROMApplicationList: ['a.exe', 'b.exe'],
  };
  const exempt = [{ agent: 'Outlook/1*', os: 'x' }, { type: 'WindowsOutlook*' }];
  const policy = { required: true, allowPartial: false, allowExternal: false, exempt, settings };
  await administration.policySet({ scope: { kind: 'domain', name: 'example.org' }, policy });
  assert.equal(
    (await causeway(['policy', 'show', '--domain', 'example.org'])).out,
    `policy of domain example.org
required:           yes
partly is enough:   no
managed elsewhere:  is turned away
exempt:
  os "x", agent "Outlook/1*"
  type "WindowsOutlook*"
settings:
  AllowCamera: false
  DevicePasswordEnabled: true
  MinDevicePasswordLength: 6
  UnapprovedInROMApplicationList: a.exe, b.exe
`,
  );
});

test('policy set refuses wrong calls, files that are no policy, and changes nothing', async () => {
  await inFolder(async (folder) => {
    const { causeway, administration } = cliBench();
    const file = join(folder, 'policy.json');
    for (const [text, reason] of [
      ['{', /is no JSON/],
      ['[]', /holds no object/],
      ['{ "settings": { "AllowCamera": "perhaps" } }', /AllowCamera must be true or false/],
    ] as const) {
      await writeFile(file, text);
      const { code, err } = await causeway(['policy', 'set', '--file', file]);
      assert.equal(code, 2);
      assert.match(err, reason);
    }
    for (const line of [[], ['--required', 'maybe'], ['--file', join(folder, 'missing')], ['extra']]) {
      assert.equal((await causeway(['policy', 'set', ...line])).code, 2);
    }
    const missing = await causeway(['access', 'set', '--file', join(folder, 'missing')]);
    assert.match(missing.err, /missing cannot be read \(ENOENT\); name a JSON file that is there/);
    assert.deepEqual((await administration.policyShow({})).policy, OPEN_DEVICE_POLICY);
  });
});

test('policy show and --required say so when what is stored is no policy', async () => {
  const { causeway, stores } = cliBench();
  await stores.directory.setSetting(DEVICE_POLICY_SETTING, { required: 'yes' }, 'somebody');
  const shown = await causeway(['policy', 'show']);
  assert.deepEqual([shown.code, shown.out, shown.err], [1, '', 'required is neither true nor false\n']);
  const set = await causeway(['policy', 'set', '--required', 'no']);
  assert.equal(set.code, 2);
  assert.match(set.err, /set a whole one with --file/);
});

const PEOPLE = ['ann@example.org', 'bob@example.org', 'cat@other.example'];

/** Three people with a phone each, which all acknowledged the open policy; whose waiting requests were ended is noted. */
async function benchWithPeople() {
  const ended: string[] = [];
  const bench = adminBench({ endRequests: (_mailbox, device) => void ended.push(device) });
  for (const address of PEOPLE) {
    await bench.administration.userAdd({ ...ANN, address });
    const [name = '', domain = ''] = address.split('@');
    const { mailboxId } = (await bench.stores.directory.user(name, domain))!;
    const device = registered(`${name}-phone`, address, 1, { aliases: [`${name}-phone`, `${name}-other`] });
    await bench.stores.syncState.write(mailboxId, CLIENT_ORIGIN, (tx) => tx.putDevice(device));
  }
  const took = (): string[] => ended.splice(0).sort();
  return { ...cliBench(bench), took };
}

test('those devices are called for whom another policy is in force, and no others', async () => {
  const { administration, took } = await benchWithPeople();
  const set = async (scope: PolicyScope | undefined, policy: unknown) => {
    const { changed } = await administration.policySet({ ...(scope && { scope }), policy });
    const called = took();
    assert.equal(changed, called.length);
    return called;
  };
  const required = { required: true };
  assert.deepEqual(await set({ kind: 'user', address: 'Ann@example.org' }, required), ['ann-phone']);
  assert.deepEqual(await set({ kind: 'domain', name: 'EXAMPLE.org' }, required), ['bob-phone']);
  assert.deepEqual(await set(undefined, required), ['cat-phone']);
  assert.deepEqual(await set(undefined, { required: true, settings: { AllowCamera: true } }), []);
  await administration.groupSet({ name: 'staff', users: ['bob@example.org', 'ann@example.org'] });
  assert.deepEqual(took(), []);
  assert.deepEqual(await set({ kind: 'group', name: 'staff' }, {}), ['bob-phone']);
  await administration.groupSet({ name: 'staff', users: ['cat@other.example', 'ann@example.org'] });
  assert.deepEqual(took(), ['bob-phone', 'cat-phone']);
  assert.deepEqual(await set({ kind: 'device', address: 'cat@other.example', device: 'Cat-Other' }, required), [
    'cat-phone',
  ]);
  assert.deepEqual(await set({ kind: 'device', address: 'cat@other.example', device: 'new' }, required), []);
  assert.deepEqual(await set({ kind: 'user', address: 'ann@example.org' }, null), ['ann-phone']);
});

test('every policy is listed by its scope, found under any spelling of a device, and removed once', async () => {
  const { administration } = await benchWithPeople();
  const device = { kind: 'device', address: 'ann@example.org', device: 'ann-other' } as const;
  const late = { kind: 'device', address: 'ann@example.org', device: 'Late' } as const;
  const domain = { kind: 'domain', name: 'example.org' } as const;
  for (const scope of [late, device, domain]) await administration.policySet({ scope, policy: { required: true } });
  const { policies } = await administration.policyList({});
  assert.deepEqual(
    policies.map(({ scope }) => scope),
    [{ kind: 'everybody' }, domain, { ...device, device: 'ann-phone' }, { ...late, device: 'late' }],
  );
  assert.equal((await administration.policyShow({ scope: device })).policy.required, true);
  const { from } = await administration.policyOf({ address: 'ann@example.org', device: 'ANN-OTHER' });
  assert.deepEqual(from, { ...device, device: 'ann-phone' });
  await administration.policySet({ scope: device, policy: null });
  await assert.rejects(administration.policySet({ scope: device, policy: null }), { code: 'item-not-found' });
  await assert.rejects(administration.policyShow({ scope: device }), { code: 'item-not-found' });
  assert.deepEqual((await administration.policyOf({ address: 'ann@example.org', device: 'ann-phone' })).from, domain);
});

test('a policy for nobody there is refused, as is a scope that is none; one of somebody who is gone can be removed', async () => {
  const { administration, stores } = await benchWithPeople();
  for (const [scope, code] of [
    [{ kind: 'group', name: 'staff' }, 'item-not-found'],
    [{ kind: 'user', address: 'dan@example.org' }, 'item-not-found'],
    [{ kind: 'device', address: 'ann@example.org', device: 'a/b' }, 'object-invalid'],
    [{ kind: 'domain', name: '' }, 'name-invalid'],
    [{ kind: 'domain', name: '<script>' }, 'name-invalid'],
    [{ kind: 'planet', name: 'x' } as unknown as PolicyScope, 'object-invalid'],
  ] as const) {
    await assert.rejects(administration.policySet({ scope, policy: {} }), { code });
  }
  await stores.directory.setSetting('devices.policies', { users: { 'dan@example.org': {} }, groups: { x: {} } }, 'a');
  await administration.policySet({ scope: { kind: 'user', address: 'dan@example.org' }, policy: null });
  await administration.policySet({ scope: { kind: 'group', name: 'x' }, policy: null });
  assert.equal((await administration.policyList({})).policies.length, 1);
});

test('of two changes at once none is lost', async () => {
  const { administration } = await benchWithPeople();
  const policy = { required: true };
  await Promise.all(PEOPLE.map((address) => administration.policySet({ scope: { kind: 'user', address }, policy })));
  await Promise.all(PEOPLE.map((address, at) => administration.groupSet({ name: `g${at}`, users: [address] })));
  assert.equal((await administration.policyList({})).policies.length, 4);
  assert.equal(Object.keys(await administration.groupList({})).length, 3);
});

test('"policy list", "policy of", "policy show" and "policy remove" speak of scopes', async () => {
  const { causeway } = await benchWithPeople();
  const user = ['--user', 'ann@example.org'];
  const set = await causeway(['policy', 'set', '--required', 'yes', ...user, '--device', 'ann-phone']);
  assert.deepEqual([set.code, set.err], [2, 'causeway: There is no policy for device ann-phone of ann@example.org.\n']);
  await inFolder(async (folder) => {
    const file = join(folder, 'policy.json');
    await writeFile(file, '{ "settings": { "AllowCamera": false } }');
    const { out } = await causeway(['policy', 'set', '--file', file, ...user]);
    assert.equal(
      out,
      'policy of user ann@example.org set: 1 setting, not required; another one than before for 1 device\n',
    );
  });
  assert.match((await causeway(['policy', 'set', '--required', 'yes', ...user])).out, /1 setting, required/);
  assert.equal(
    (await causeway(['policy', 'list'])).out,
    'everybody  0 settings, not required\nuser ann@example.org  1 setting, required\n',
  );
  assert.equal(JSON.parse((await causeway(['policy', 'list', '--json'])).out).length, 2);
  assert.equal(JSON.parse((await causeway(['policy', 'show', ...user, '--json'])).out).required, true);
  assert.match(
    (await causeway(['policy', 'of', 'ann@example.org', 'ANN-phone'])).out,
    /^policy of user ann@example.org\nrequired: {11}yes\n[^{]*\n {2}AllowCamera: false\n$/,
  );
  const found = JSON.parse((await causeway(['policy', 'of', 'bob@example.org', 'bob-phone', '--json'])).out);
  assert.deepEqual(found.from, { kind: 'everybody' });
  const removed = await causeway(['policy', 'remove', ...user]);
  assert.equal(removed.out, 'policy of user ann@example.org removed; another one than before for 1 device\n');
  for (const line of [[], ['--everybody', ...user], ['--device', 'x'], ['--domain', 'a', '--group', 'b']]) {
    assert.equal((await causeway(['policy', 'remove', ...line])).code, 2, line.join(' '));
  }
  assert.equal((await causeway(['policy', 'remove', '--everybody'])).code, 0);
});
