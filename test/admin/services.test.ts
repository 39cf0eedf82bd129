import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ADDRESS_GROUPS_SETTING } from '../../src/config/address-groups.ts';
import { SERVICES_SETTING } from '../../src/config/service-settings.ts';
import { actingFor } from '../../src/observe/acting.ts';
import { adminBench } from './bench.ts';
import { cliBench } from './cli-bench.ts';

const open = () => cliBench(adminBench());
const SERVICE = { startsAutomatically: true, maxConnections: 0, addressGroup: null };

test('"service list" shows what is set where no server runs, and nothing can be started there', async () => {
  const { causeway } = open();
  const { out, code } = await causeway(['service', 'list']);
  assert.equal(code, 0);
  assert.match(out, /^activesync {2}unknown {2}automatic {2}0 connections {2}for everybody {2}-\n/);
  assert.match(out, /^lmtp {8}unknown {2}automatic {2}0 of 50 connections {2}for everybody {2}-$/m);
  const { err, code: refused } = await causeway(['service', 'start', 'lmtp']);
  assert.equal(refused, 2);
  assert.match(err, /no server runs on this data folder.*service set NAME --automatic/);
});

test('"service set" changes what is given and leaves the rest, with a history', async () => {
  const { causeway, stores, administration } = open();
  await causeway(['address-group', 'set', 'office', '10.0.0.0/8']);
  assert.equal((await causeway(['service', 'set', 'webdav', '--connections', '7', '--addresses', 'office'])).code, 0);
  const { out } = await causeway(['service', 'set', 'webdav', '--automatic', 'no', '--json']);
  const set = { startsAutomatically: false, maxConnections: 7, addressGroup: 'office' };
  assert.deepEqual({ ...JSON.parse(out), ...set }, JSON.parse(out));
  assert.equal((await stores.directory.settingHistory(SERVICES_SETTING)).at(-1)?.who, 'cli');
  await causeway(['service', 'set', 'webdav', '--addresses', 'none']);
  const [, webdav] = await administration.serviceList({});
  assert.deepEqual([webdav?.addressGroup, webdav?.maxConnections], [null, 7]);
});

test('what names no service or address group, or sets nonsense, is refused with what there is', async () => {
  const { causeway, administration } = open();
  assert.match(
    (await causeway(['service', 'stop', 'imap'])).err,
    /no service "imap"; there are: activesync, webdav, lmtp, admin/,
  );
  assert.match((await causeway(['service', 'set', 'lmtp', '--addresses', 'x'])).err, /no address group "x"/);
  for (const args of [
    [],
    ['lmtp'],
    ['lmtp', '--automatic', 'maybe'],
    ['lmtp', '--connections', '-1'],
    ['lmtp', 'admin'],
  ]) {
    assert.equal((await causeway(['service', 'set', ...args])).code, 2, args.join(' '));
  }
  await assert.rejects(administration.serviceSet({ name: 'lmtp', service: { ...SERVICE, maxConnections: 1.5 } }), {
    code: 'object-invalid',
  });
});

test('an address group is set whole, listed with who is limited to it, and not removed while somebody is', async () => {
  const { causeway, stores } = open();
  const set = await causeway(['address-group', 'set', 'office', '10.0.0.0/8', '2001:db8::/32', '10.0.0.0/8']);
  assert.deepEqual([set.code, set.out], [0, 'office  10.0.0.0/8 2001:db8::/32\n']);
  await causeway(['service', 'set', 'webdav', '--addresses', 'office']);
  assert.equal((await causeway(['address-group', 'list'])).out, 'office  10.0.0.0/8 2001:db8::/32  webdav\n');
  const removed = await causeway(['address-group', 'set', 'office']);
  assert.equal(removed.code, 2);
  assert.match(removed.err, /cannot be removed: webdav would serve nobody/);
  const changed = await causeway(['address-group', 'set', 'office', '192.0.2.1']);
  assert.match(changed.err, /From now on webdav serves 192\.0\.2\.1 alone/);
  await causeway(['service', 'set', 'webdav', '--addresses', 'none']);
  assert.equal((await causeway(['address-group', 'set', 'office'])).out, 'office removed\n');
  assert.match((await causeway(['address-group', 'set', 'office'])).err, /no address group "office" to be removed/);
  assert.equal((await causeway(['address-group', 'list', '--json'])).out, '[]\n');
  assert.equal((await stores.directory.settingHistory(ADDRESS_GROUPS_SETTING)).length, 3);
});

test('ranges that are none are named, each of them, and nothing is set', async () => {
  const { causeway, administration } = open();
  const { code, err } = await causeway(['address-group', 'set', 'office', '10.0.0.0/33', 'x', '10.0.0.1']);
  assert.equal(code, 2);
  assert.match(err, /"10\.0\.0\.0\/33" is neither.*"x" is neither/);
  assert.equal((await causeway(['address-group', 'set', '-', '10.0.0.1'])).code, 2);
  await assert.rejects(administration.addressGroupSet({ name: 'a', ranges: [7] as never }), { code: 'object-invalid' });
  assert.deepEqual(await administration.addressGroupList({}), []);
});

test('a service whose group is empty, and an administration that could be locked out, are warned of', async () => {
  const { administration, stores, causeway } = open();
  await causeway(['address-group', 'set', 'office', '192.0.2.1']);
  const { err } = await causeway(['service', 'set', 'admin', '--addresses', 'office', '--automatic', 'no']);
  assert.match(err, /served to 192\.0\.2\.1 alone; the command line.*always works\.\n.*service start admin/);
  await stores.directory.setSetting(ADDRESS_GROUPS_SETTING, {}, 'test');
  const services = await administration.serviceList({});
  assert.match(services[3]!.warnings[0]!, /"office" is empty: admin serves nobody/);
});

test('"overview", "connection list" and "folder open" work where no server runs', async () => {
  const { causeway } = open();
  const { out, code } = await causeway(['overview']);
  assert.equal(code, 0);
  assert.match(out, /^running since {2}no server runs\ndevices {8}0: 0 allowed, 0 quarantined, 0 blocked\n/);
  assert.equal(JSON.parse((await causeway(['overview', '--json'])).out).syncsPerMinute.length, 60);
  assert.equal((await causeway(['connection', 'list', '--json'])).out, '[]\n');
  assert.equal((await causeway(['folder', 'open', 'ann@example.org'])).out, '');
});

test('nobody limits the administration to addresses without their own, by the service or by its group', async () => {
  const { administration } = open();
  const from = <T>(address: string | null, work: () => Promise<T>) =>
    actingFor({ protocol: 'admin-api', user: 'root@example.org', address }, work);
  const limited = { name: 'admin', service: { ...SERVICE, addressGroup: 'office' } };
  await administration.addressGroupSet({ name: 'office', ranges: ['10.0.0.0/8'] });
  await assert.rejects(
    from('192.0.2.7', () => administration.serviceSet(limited)),
    { code: 'protected', message: /Add 192\.0\.2\.7 first/ },
  );
  await from('10.1.2.3', () => administration.serviceSet(limited));
  const move = () => administration.addressGroupSet({ name: 'office', ranges: ['192.0.2.0/24'] });
  await assert.rejects(from('10.1.2.3', move), { code: 'protected' });
  await from('192.0.2.7', move);
  await from(null, () => administration.addressGroupSet({ name: 'office', ranges: ['203.0.113.0/24'] }));
  await from('198.51.100.1', () =>
    administration.serviceSet({ name: 'webdav', service: { ...SERVICE, addressGroup: 'office' } }),
  );
});
