import assert from 'node:assert/strict';
import { test } from 'node:test';
import { applyQuotas } from '../../src/admin/apply-quotas.ts';
import type { DiskStatus } from '../../src/admin/calls/watch.ts';
import { DEFAULT_WATCH, WATCH_SETTING } from '../../src/config/watch-settings.ts';
import { actingFor, COMMAND_LINE } from '../../src/observe/acting.ts';
import { keepingLog } from '../server/support/start.ts';
import { ANN, adminBench } from './bench.ts';
import { cliBench } from './cli-bench.ts';

const DISK: DiskStatus = { state: 'low', freeBytes: 3 * 1024 ** 3, totalBytes: 1024 ** 4, since: 1, seenAt: 2 };

async function open() {
  let looked = 0;
  const lookAnew = async () => {
    looked += 1;
  };
  const logged = keepingLog();
  const bench = cliBench(adminBench({ disk: { status: DISK, lookAnew }, log: logged.log }));
  await bench.administration.userAdd(ANN);
  await bench.administration.userAdd({ ...ANN, address: 'bob@other.example' });
  const quotaOf = async (address: string) => (await bench.administration.usageShow({ address })).quota;
  return { ...bench, logged, looks: () => looked, quotaOf };
}

test('"watch show" and "watch set" tell and change limits one by one, with who in the history and the config log', async () => {
  const { causeway, administration, stores, looks, logged } = await open();
  const { out } = await causeway(['watch', 'show']);
  assert.match(
    out,
    /^disk +3 GiB of 1 TiB free, low\nsoft limit +1 GiB free\nhard limit +128 MiB free\nquota +no limit\n/,
  );
  const set = await causeway(['watch', 'set', '--soft', '10%', '--hard', '2GiB', '--warn-at', '80']);
  assert.equal(set.code, 0, set.err);
  assert.match(set.out, /soft limit +10 % free\nhard limit +2 GiB free\n.*warned at +80 %\n$/s);
  assert.equal(looks(), 1);
  const { watch, disk } = await administration.watchShow({});
  assert.deepEqual([watch.quota.warnAt, disk], [0.8, DISK]);
  const [entry] = await stores.directory.settingHistory(WATCH_SETTING);
  assert.equal(entry?.who, 'cli');
  const [line] = logged.find('limits of disk and mailboxes set');
  assert.deepEqual([line?.log, line?.who], ['config', 'cli']);
  assert.equal((await causeway(['watch', 'set', '--hard', 'none'])).code, 0);
  assert.equal((await administration.watchShow({})).watch.disk.hard, null);
});

test('"watch set" refuses what makes no sense and changes nothing', async () => {
  const { causeway, administration } = await open();
  const wrong = [
    [],
    ['--soft', 'much'],
    ['--domain', 'example.org'],
    ['--as-everybody'],
    ['--domain', 'a.example', '--as-everybody', '--bytes', '1'],
    ['--warn-at', '5'],
    ['--items', '-1'],
    ['--soft', '1', '--hard', '2'],
  ];
  for (const args of wrong) assert.equal((await causeway(['watch', 'set', ...args])).code, 2, args.join(' '));
  assert.deepEqual((await administration.watchShow({})).watch, DEFAULT_WATCH);
  await assert.rejects(administration.watchSet({ watch: { quota: { warnAt: 7 } } }), { code: 'object-invalid' });
});

test('quotas for everybody and for a domain hold at once, but for whoever has one of their own', async () => {
  const { causeway, quotaOf } = await open();
  await causeway(['user', 'quota', 'ann@example.org', '--items', '9']);
  await causeway(['watch', 'set', '--bytes', '5GiB', '--items', '100']);
  assert.deepEqual(await quotaOf('ann@example.org'), { bytes: 5 * 1024 ** 3, items: 9 });
  assert.deepEqual(await quotaOf('bob@other.example'), { bytes: 5 * 1024 ** 3, items: 100 });
  await causeway(['watch', 'set', '--domain', 'Other.Example', '--bytes', '1GiB']);
  assert.deepEqual(await quotaOf('bob@other.example'), { bytes: 1024 ** 3, items: null });
  await causeway(['watch', 'set', '--domain', 'other.example', '--as-everybody']);
  assert.deepEqual(await quotaOf('bob@other.example'), { bytes: 5 * 1024 ** 3, items: 100 });
  await causeway(['user', 'quota', 'ann@example.org', '--items', 'default', '--bytes', 'none']);
  assert.deepEqual(await quotaOf('ann@example.org'), { bytes: null, items: 100 });
});

test('quotas that were set but not put in force, since the server stopped, are at the next start', async () => {
  const { stores, quotaOf } = await open();
  const quota = { ...DEFAULT_WATCH.quota, everybody: { bytes: 7, items: null } };
  const watch = { ...DEFAULT_WATCH, quota };
  await applyQuotas(stores, watch, 'SYSTEM');
  assert.deepEqual(await quotaOf('ann@example.org'), { bytes: 7, items: null });
  const before = (await stores.directory.settingHistory('watch.applied')).length;
  await applyQuotas(stores, watch, 'SYSTEM');
  assert.equal((await stores.directory.settingHistory('watch.applied')).length, before);
  await applyQuotas(stores, DEFAULT_WATCH, 'SYSTEM');
  assert.deepEqual(await quotaOf('ann@example.org'), { bytes: null, items: null });
});

test('"user quota" shows and sets, "usage" lists the fullest first, of all or of a domain', async () => {
  const { causeway } = await open();
  const shown = await causeway(['user', 'quota', 'ann@example.org']);
  assert.equal(shown.out, '       -  0 bytes, 0 items  of no limit  ann@example.org\n');
  const set = await causeway(['user', 'quota', 'bob@other.example', '--bytes', '0', '--json']);
  assert.deepEqual(JSON.parse(set.out), {
    ...{ address: 'bob@other.example', usedBytes: 0, items: 0, share: 1, isWarned: true },
    ...{ quota: { bytes: 0, items: null }, own: { bytes: 0, items: null } },
  });
  const all = await causeway(['usage']);
  assert.equal(
    all.out,
    '!  100 %  0 bytes, 0 items  of 0 bytes, any number of items  bob@other.example\n' +
      '       -  0 bytes, 0 items  of no limit                      ann@example.org\n',
  );
  const domain = JSON.parse((await causeway(['usage', '--domain', 'EXAMPLE.org', '--json'])).out);
  assert.deepEqual(
    domain.map(({ address }: { address: string }) => address),
    ['ann@example.org'],
  );
  assert.equal((await causeway(['usage', '--limit', '1'])).out.split('\n').length, 2);
  assert.deepEqual((await causeway(['usage', '--domain', 'nobody.example'])).out, '');
  assert.equal((await causeway(['usage', '--limit', '0'])).code, 2);
  assert.equal((await causeway(['user', 'quota', 'eve@example.org'])).code, 2);
  assert.equal((await causeway(['user', 'quota', 'ann@example.org', '--bytes', 'x'])).code, 2);
});

test('what is no quota, and a page that is none, is refused by the calls themselves', async () => {
  const { administration } = await open();
  const address = 'ann@example.org';
  for (const bytes of [-1, 1.5, 'x', undefined] as never[]) {
    await assert.rejects(administration.userQuotaSet({ address, bytes, items: null }), { code: 'object-invalid' });
  }
  for (const limit of [0, 501, 'x' as never]) {
    await assert.rejects(administration.usageList({ domain: null, after: null, limit }), { code: 'object-invalid' });
  }
  await assert.rejects(administration.usageList({ domain: null, after: 'x', limit: 1 }), { code: 'content-invalid' });
});

test('settings that cannot be used are told of, and the usual ones hold', async () => {
  const { causeway, stores, administration } = await open();
  await stores.directory.setSetting(WATCH_SETTING, { quota: 7 }, 'test');
  const { code, err } = await causeway(['watch', 'show']);
  assert.equal(code, 1);
  assert.match(err, /quota is no object/);
  assert.equal((await causeway(['watch', 'set', '--warn-at', '80'])).code, 2);
  await actingFor(COMMAND_LINE, () => administration.watchSet({ watch: {} }));
  assert.equal((await causeway(['watch', 'show'])).code, 0);
});
