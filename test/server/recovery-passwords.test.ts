import assert from 'node:assert/strict';
import { chmodSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { Backend } from '../../src/server/backend.ts';
import { openLocalAdministration } from '../../src/server/compose-admin.ts';
import { Phone } from '../support/eas/phone.ts';
import { startWhole } from './support/whole.ts';

const ANN = 'ann@example.org';
const PASSWORD = 'a-password-of-hers';
const PHONE = { address: ANN, device: 'PHONE1' };
const ON = { policy: { settings: { PasswordRecoveryEnabled: true } } };
const DEPOSIT =
  '<Settings xmlns="Settings:"><DevicePassword><Set><Password>Zeppelinfahrt</Password></Set></DevicePassword></Settings>';

/** A server with ann, whose phone has deposited a recovery password. */
async function deposited(t: TestContext, change?: (backend: Backend) => Backend) {
  const whole = await startWhole(t, { hostName: 'gateway.example.org', ...(change && { change }) });
  const { administration, origin } = whole;
  await administration.userAdd({ address: ANN, password: PASSWORD, isAdmin: false, displayName: null });
  await administration.policySet(ON);
  const { xml } = await new Phone({ origin, user: ANN, password: PASSWORD }).post('Settings', DEPOSIT);
  assert.match(xml, /<DevicePassword><Status>1<\/Status>/);
  return { ...whole, key: join(whole.data, 'recovery.key') };
}

test('what was deposited outlives a restart, and is read without a server too; its key is the owner’s alone', async (t) => {
  const first = await deposited(t);
  assert.equal((await first.administration.recoveryPasswordShow(PHONE)).password, 'Zeppelinfahrt');
  await first.close();
  assert.deepEqual([statSync(first.key).mode & 0o777, statSync(first.key).size], [0o600, 32]);
  assert.ok(!readFileSync(join(first.data, 'causeway.db')).includes('Zeppelin'));
  chmodSync(first.key, 0o644);
  const local = await openLocalAdministration(first.data);
  assert.equal((await local.administration.recoveryPasswordShow(PHONE)).password, 'Zeppelinfahrt');
  await local.close();
  assert.equal(statSync(first.key).mode & 0o777, 0o600);
  const second = await startWhole(t, { data: first.data });
  assert.equal((await second.administration.recoveryPasswordShow(PHONE)).password, 'Zeppelinfahrt');
  await second.close();
  assert.doesNotMatch(JSON.stringify([first.logged.lines, second.logged.lines]), /Zeppelin/);
});

test('without its key it cannot be read, which is said; what is no key is named, and the folder is let go', async (t) => {
  const first = await deposited(t);
  await first.close();
  writeFileSync(first.key, 'short');
  const named = /recovery\.key is no key: it has 5 bytes, not 32\. Bring it back from a backup; or remove it/;
  await assert.rejects(startWhole(t, { data: first.data }), named);
  await assert.rejects(openLocalAdministration(first.data), named);
  rmSync(first.key);
  const second = await startWhole(t, { data: first.data });
  const { recoveryPassword } = await second.administration.deviceShow(PHONE);
  assert.ok(recoveryPassword);
  await assert.rejects(second.administration.recoveryPasswordShow(PHONE), /another key than recovery\.key/);
});

test('the daily work forgets what no policy asks for any more', async (t) => {
  const opened: Backend[] = [];
  const { administration, logged } = await deposited(t, (backend) => {
    opened.push(backend);
    return backend;
  });
  const { mailboxId } = (await opened[0]!.directory.users()).find(({ localPart }) => localPart === 'ann')!;
  await opened[0]!.expireSyncState(mailboxId);
  assert.equal(logged.find('recovery password forgotten').length, 0);
  await administration.policySet({ policy: null });
  await opened[0]!.expireSyncState(mailboxId);
  assert.equal(logged.find('recovery password forgotten').length, 1);
  await administration.policySet(ON);
  await assert.rejects(administration.recoveryPasswordShow(PHONE), /has not deposited one/);
});
