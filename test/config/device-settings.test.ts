import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ELEMENT_NAMES, factsOf, isInVersion } from '../../protocols/activesync/wbxml/elements.ts';
import { DevicePolicyError, readDevicePolicy } from '../../src/config/device-policy.ts';
import { DEVICE_SETTINGS } from '../../src/config/device-settings.ts';

/** Elements of the Provision page that are no settings, but what is around them and entries of lists. */
const AROUND = [
  ...['Provision', 'Policies', 'Policy', 'PolicyType', 'PolicyKey', 'Data', 'Status', 'RemoteWipe', 'EASProvisionDoc'],
  ...['ApplicationName', 'Hash'],
];

test('MS-ASPROV §2.2.2.28 the settings are all those that 12.1 has', () => {
  const ofPage = ELEMENT_NAMES.filter((name) => name.startsWith('Provision:') && isInVersion(factsOf(name)!, '12.1'));
  const wanted = ofPage.map((name) => name.slice('Provision:'.length)).filter((name) => !AROUND.includes(name));
  assert.deepEqual(Object.keys(DEVICE_SETTINGS).toSorted(), wanted.toSorted());
});

test('what is the default of a setting can be written, and falls away', () => {
  for (const [name, { kind, unset }] of Object.entries(DEVICE_SETTINGS)) {
    const value = kind.type === 'list' ? [] : unset;
    assert.deepEqual(readDevicePolicy({ settings: { [name]: value } }).settings, {}, name);
  }
});

test('PasswordRecoveryEnabled can be said to be on and off, as every setting that is a yes or a no', () => {
  const read = (value: unknown) => readDevicePolicy({ settings: { PasswordRecoveryEnabled: value } }).settings;
  for (const off of [false, 0, '0']) assert.deepEqual(read(off), {});
  for (const on of [true, 1, '1']) assert.deepEqual(read(on), { PasswordRecoveryEnabled: '1' });
  assert.throws(() => read('yes'), { problems: ['PasswordRecoveryEnabled must be true or false'] });
});

test('values are taken within their bounds, as text, number or boolean, and refused outside of them', () => {
  const read = (name: string, value: unknown) => readDevicePolicy({ settings: { [name]: value } }).settings[name];
  for (const [name, value, kept] of [
    ['DevicePasswordEnabled', true, '1'],
    ['DevicePasswordEnabled', '1', '1'],
    ['AllowCamera', false, '0'],
    ['MinDevicePasswordLength', 16, '16'],
    ['MinDevicePasswordLength', ' 04 ', '4'],
    ['AllowBluetooth', 1, '1'],
    ['MaxCalendarAgeFilter', 7, '7'],
    ['MaxEmailBodyTruncationSize', 0, '0'],
    ['MaxAttachmentSize', 4_294_967_295, '4294967295'],
    ['ApprovedApplicationList', ['abc='], ['abc=']],
  ] as const) {
    assert.deepEqual(read(name, value), kept, `${name} ${value}`);
  }
  for (const [name, value] of [
    ['DevicePasswordEnabled', 'true'],
    ['DevicePasswordEnabled', 2],
    ['MinDevicePasswordLength', 0],
    ['MinDevicePasswordLength', 17],
    ['MinDevicePasswordLength', 1.5],
    ['MinDevicePasswordLength', Number.NaN],
    ['AllowBluetooth', 3],
    ['AllowBluetooth', ''],
    ['MaxCalendarAgeFilter', 1],
    ['MaxEmailBodyTruncationSize', -2],
    ['MaxAttachmentSize', 4_294_967_296],
    ['ApprovedApplicationList', 'abc='],
    ['ApprovedApplicationList', [7]],
    ['ApprovedApplicationList', ['a\nb']],
    ['AllowCamera', null],
    ['__proto__x', '1'],
    ['toString', '1'],
  ] as const) {
    assert.throws(() => read(name, value), DevicePolicyError, `${name} ${value}`);
  }
});

test('kinds of devices that are exempt are named by what devices say, never all of them', () => {
  const exempt = [{ agent: 'Outlook/1*' }, { type: 'WP8', model: 'x' }];
  assert.deepEqual(readDevicePolicy({ required: true, exempt }).exempt, exempt);
  assert.throws(() => readDevicePolicy({ exempt: [{}, { user: 'ann@*' }, 'x', { os: 7 }] }), {
    problems: [
      'entry 1 of exempt says no kind of device',
      '"user" is no part of match of entry 2 of exempt',
      'match of entry 3 of exempt is no object',
      'os of entry 4 of exempt is no text of 1 to 256 characters',
    ],
  });
  for (const wrong of [{}, 'x', Array(101).fill({ agent: 'x' })]) {
    assert.throws(() => readDevicePolicy({ exempt: wrong }), DevicePolicyError);
  }
});
