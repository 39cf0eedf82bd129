import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { DEVICE_POLICY_SETTING, OPEN_DEVICE_POLICY } from '../../src/config/device-policy.ts';
import { actingFor, COMMAND_LINE } from '../../src/observe/acting.ts';
import { adminBench, inFolder } from './bench.ts';
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
    const shown = await causeway(['policy', 'show']);
    assert.deepEqual([shown.code, JSON.parse(shown.out)], [0, policy]);
    await writeFile(file, shown.out);
    assert.equal((await causeway(['policy', 'set', '--file', file])).code, 0);
    assert.deepEqual((await administration.policyShow({})).policy, policy);
  });
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
