import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DeviceAccessError, OPEN_DEVICE_ACCESS, readDeviceAccess } from '../../src/config/device-access.ts';
import { fitsPattern } from '../../src/config/patterns.ts';

test('* stands for anything, case does not count, all else is as it is', () => {
  for (const [text, pattern, fits] of [
    ['iPhone', 'IPHONE', true],
    ['iPhone 7', 'iphone', false],
    ['iPhone 7', 'iphone*', true],
    ['iPhone 7', '*phone*7', true],
    ['', '*', true],
    ['', 'a*', false],
    ['aba', 'ab*ba', false],
    ['abba', 'ab*ba', true],
    ['abcabc', '*abc', true],
    ['a.b', 'a?b', false],
    ['axb', 'a.b', false],
  ] as const) {
    assert.equal(fitsPattern(text, pattern), fits, `${text} ${pattern}`);
  }
});

test('what is left out is as without rules', () => {
  assert.deepEqual(readDeviceAccess(null), OPEN_DEVICE_ACCESS);
  assert.deepEqual(readDeviceAccess({}), OPEN_DEVICE_ACCESS);
  assert.deepEqual(readDeviceAccess({ rules: [{ access: 'block' }] }).rules, [{ match: {}, access: 'block', why: '' }]);
});

test('every mistake is named, and nothing is taken for what it is not', () => {
  const value = {
    rules: [{ match: { color: 'red', os: 5 }, access: 'deny' }, 'x', { access: 'allow', why: 1 }],
    default: 'never',
    maximumPerUser: 0,
    protocols: [{ match: { type: 'iPhone' }, on: 'no' }],
    extra: 1,
  };
  const expected = [
    '"extra" is no part of the access rules',
    'maximumPerUser is no whole number from 1 to 100000, nor null',
    '"color" is no part of match of rule 1',
    'os of rule 1 is no text of 1 to 256 characters',
    'access of rule 1 is none of allow, quarantine, block',
    'rule 2 is no object',
    'access of rule 2 is none of allow, quarantine, block',
    'why of rule 3 is no text of at most 500 characters',
    'default is none of allow, quarantine, block',
    'on of entry 1 of protocols is neither true nor false',
    '"type" is no part of match of entry 1 of protocols',
  ];
  assert.throws(
    () => readDeviceAccess(value),
    (error) => error instanceof DeviceAccessError && assert.deepEqual(error.problems, expected) === undefined,
  );
  for (const other of [[], 'x', 3, { rules: {} }, { rules: Array(1_001).fill({ access: 'allow' }) }]) {
    assert.throws(() => readDeviceAccess(other), DeviceAccessError);
  }
});

test('approval by the user stands beside a quarantine only', () => {
  const rule = { match: {}, access: 'quarantine', approval: 'user', why: '' } as const;
  const read = readDeviceAccess({ rules: [rule], default: 'quarantine', defaultApproval: 'user' });
  assert.deepEqual([read.rules, read.defaultApproval], [[rule], 'user']);
  const plain = readDeviceAccess({ rules: [{ ...rule, approval: 'administrator' }], defaultApproval: 'administrator' });
  assert.deepEqual([plain.rules[0]?.approval, plain.defaultApproval], [undefined, undefined]);
  const wrong = {
    rules: [
      { access: 'block', approval: 'user' },
      { access: 'quarantine', approval: 'anybody' },
    ],
  };
  assert.throws(() => readDeviceAccess({ ...wrong, defaultApproval: 'user' }), {
    problems: [
      'approval of rule 1 can be user only beside quarantine',
      'approval of rule 2 is none of administrator, user',
      'defaultApproval can be user only beside quarantine',
    ],
  });
});
