import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addressMatcher, rangeProblem, readAddressGroups } from '../../src/config/address-groups.ts';
import { bytesText, parseBytes } from '../../src/config/byte-sizes.ts';
import {
  DEFAULT_SERVICES,
  readService,
  readServices,
  ServiceSettingsError,
} from '../../src/config/service-settings.ts';
import {
  DEFAULT_WATCH,
  limitBytes,
  quotaOfDomain,
  readWatchSettings,
  WatchSettingsError,
} from '../../src/config/watch-settings.ts';

test('missing parts of the watch settings are as usual, and what is read reads the same again', () => {
  assert.deepEqual(readWatchSettings(null), DEFAULT_WATCH);
  assert.deepEqual(readWatchSettings({}), DEFAULT_WATCH);
  const read = readWatchSettings({
    disk: { soft: null, hard: { unit: 'percent', free: 2.5 } },
    quota: { everybody: { bytes: 5 }, domains: { 'Example.ORG': { items: 7 } }, warnAt: 0.5 },
  });
  assert.deepEqual(read.quota.domains, { 'example.org': { bytes: null, items: 7 } });
  assert.deepEqual(readWatchSettings(JSON.parse(JSON.stringify(read))), read);
  assert.deepEqual(quotaOfDomain(read, 'example.org'), { bytes: null, items: 7 });
  assert.deepEqual(quotaOfDomain(read, 'constructor'), { bytes: 5, items: null });
  assert.equal(limitBytes({ unit: 'percent', free: 2.5 }, 1_000), 25);
});

test('each mistake in the watch settings is named', () => {
  const value = {
    disk: { soft: { unit: 'bytes', free: 1 }, hard: { unit: 'bytes', free: 2 }, more: 1 },
    quota: { everybody: { bytes: -1 }, domains: { 'a@b': {} }, warnAt: 2 },
  };
  assert.throws(
    () => readWatchSettings(value),
    (error: unknown) => {
      assert.ok(error instanceof WatchSettingsError);
      const text = error.problems.join('\n');
      for (const word of ['"more"', 'everybody.bytes', '"a@b"', 'warnAt', 'disk.soft is less']) {
        assert.ok(text.includes(word), `${word} in ${text}`);
      }
      return true;
    },
  );
  for (const wrong of [
    [],
    'x',
    { disk: { hard: { unit: 'percent', free: 100 } } },
    { disk: { hard: { unit: 'm', free: 1 } } },
  ]) {
    assert.throws(() => readWatchSettings(wrong), WatchSettingsError);
  }
});

test('services that are kept wrong are as usual; one that is set wrong is refused', () => {
  const lmtp = { startsAutomatically: false, maxConnections: 3, addressGroup: 'office' };
  assert.deepEqual(readServices({ lmtp, webdav: 7 }), { ...DEFAULT_SERVICES, lmtp });
  assert.deepEqual(readServices(null), DEFAULT_SERVICES);
  for (const wrong of [{ ...lmtp, maxConnections: -1 }, { ...lmtp, x: 1 }, { ...lmtp, addressGroup: 7 }, {}, null]) {
    assert.throws(() => readService(wrong), ServiceSettingsError);
  }
});

test('address groups hold addresses and ranges of both families, and nothing else', () => {
  const groups = readAddressGroups({ office: ['192.0.2.0/24', '2001:db8::1', 'x', 7], odd: 'x' });
  assert.deepEqual(groups, { office: ['192.0.2.0/24', '2001:db8::1'] });
  const isOffice = addressMatcher(groups.office!);
  assert.deepEqual(['192.0.2.9', '192.0.3.9', '2001:db8::1', '2001:db8::2', '', 'x'].map(isOffice), [
    true,
    false,
    true,
    false,
    false,
    false,
  ]);
  assert.match(rangeProblem('10.0.0.0/40') ?? '', /neither an address nor a range/);
});

test('sizes are written and read with binary units', () => {
  assert.deepEqual([0, 1023, 1024, 1536, 15 * 1024 ** 2, 1.25 * 1024 ** 4].map(bytesText), [
    '0 bytes',
    '1023 bytes',
    '1 KiB',
    '1.50 KiB',
    '15 MiB',
    '1.25 TiB',
  ]);
  assert.deepEqual(['500', '64 KiB', '1.5GiB', '2g', '7B', '', '-1', '1x', '1e3', '9999999 PiB'].map(parseBytes), [
    500,
    65_536,
    1.5 * 1024 ** 3,
    2 * 1024 ** 3,
    7,
    null,
    null,
    null,
    null,
    null,
  ]);
});
