import assert from 'node:assert/strict';
import { test } from 'node:test';
import { selfService } from '../../src/admin/authority/self-service.ts';
import { CLIENT_ORIGIN } from '../../src/domain/mailbox.ts';
import { registered } from '../contract/device-register.ts';
import { depositFor } from '../support/recovery.ts';
import { denied, HERE, bench as roles, THERE } from './authority/trials.ts';
import { ANN, adminBench } from './bench.ts';
import { cliBench } from './cli-bench.ts';

const DEVICE = [ANN.address, 'phone'];

async function deposited() {
  const bench = adminBench();
  await bench.administration.userAdd(ANN);
  const { mailboxId } = (await bench.stores.directory.user('ann', 'example.org'))!;
  await bench.stores.syncState.write(mailboxId, CLIENT_ORIGIN, (tx) =>
    tx.putDevice(registered('phone', ANN.address, 5)),
  );
  const cli = cliBench(bench);
  return { ...cli, deposit: (password: string) => depositFor(bench, ANN.address, 'phone', password) };
}

test('the command line shows it with its time, or as one object; before there is one it says why not', async () => {
  const { causeway, deposit, clock } = await deposited();
  const missing = await causeway(['device', 'recovery-password', ...DEVICE]);
  assert.deepEqual([missing.code, missing.out], [2, '']);
  assert.match(missing.err, /There is no recovery password of .*: the policy in force for it does not ask for one/);
  await deposit('71346 05529');
  const time = new Date(clock.now()).toISOString().slice(0, 16).replace('T', ' ');
  const shown = await causeway(['device', 'recovery-password', ...DEVICE]);
  assert.deepEqual(shown, { code: 0, out: `password:  71346 05529\ndeposited: ${time}\n`, err: '' });
  const json = await causeway(['device', 'recovery-password', ...DEVICE, '--json']);
  assert.deepEqual(JSON.parse(json.out), { password: '71346 05529', depositedAt: clock.now() });
});

test('"device show" says that one is there and since when, and never what it is', async () => {
  const { causeway, deposit, clock } = await deposited();
  const show = async (...more: string[]) => (await causeway(['device', 'show', ...DEVICE, ...more])).out;
  assert.doesNotMatch(await show(), /recovery/);
  await deposit('Zeppelinfahrt');
  const time = new Date(clock.now()).toISOString().slice(0, 16).replace('T', ' ');
  assert.match(await show(), new RegExp(`^recovery: {7}password deposited ${time}$`, 'm'));
  assert.deepEqual(JSON.parse(await show('--json')).recoveryPassword, { depositedAt: clock.now() });
  for (const text of [await show(), await show('--json'), (await causeway(['device', 'list', '--json'])).out]) {
    assert.doesNotMatch(text, /Zeppelin/);
  }
});

test('a device or a user that is not there is named', async () => {
  const { causeway } = await deposited();
  assert.match((await causeway(['device', 'recovery-password', ANN.address, 'tablet'])).err, /no device tablet/);
  assert.match((await causeway(['device', 'recovery-password', 'eve@example.org', 'phone'])).err, /eve@example\.org/);
  assert.equal((await causeway(['device', 'recovery-password', ANN.address])).code, 2);
});

test('the helpdesk sees it in its own domain alone, and not of an administrator who may do more; no other scope does', async () => {
  const made = await roles();
  for (const address of [HERE, THERE]) await depositFor(made, address, 'phone', `of ${address}`);
  const of = (address: string) => ({ address, device: 'phone' });
  const desk = made.as(['helpdesk'], 'example.org');
  assert.equal((await desk.recoveryPasswordShow(of(HERE))).password, `of ${HERE}`);
  await assert.rejects(desk.recoveryPasswordShow(of(THERE)), denied('domain example.net'));
  await assert.rejects(made.as(['read', 'wipe', 'admin']).recoveryPasswordShow(of(HERE)), denied('helpdesk'));
  await made.administration.userRoleSet({ address: HERE, role: { scopes: ['admin'], domain: null } });
  await assert.rejects(desk.recoveryPasswordShow(of(HERE)), denied('admin'));
});

test('people see that of their own devices, and find no other', async () => {
  const made = await roles();
  await depositFor(made, HERE, 'phone', 'secret');
  const own = selfService(made.administration, HERE);
  assert.equal((await own.recoveryPasswordShow({ device: 'phone' })).password, 'secret');
  const other = selfService(made.administration, THERE);
  await assert.rejects(other.recoveryPasswordShow({ device: 'phone' }), { code: 'item-not-found' });
  await assert.rejects(own.recoveryPasswordShow({ device: 'tablet' }), { code: 'item-not-found' });
});

test('it is gone with its user', async () => {
  const { administration, stores, deposit } = await deposited();
  await deposit('secret');
  const { mailboxId } = (await stores.directory.user('ann', 'example.org'))!;
  const document = () => stores.syncState.read(mailboxId).document('phone/recovery-password');
  assert.ok(await document());
  await administration.userRemove({ address: ANN.address });
  assert.equal(await document(), null);
});
