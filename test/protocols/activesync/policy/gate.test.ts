import assert from 'node:assert/strict';
import { test } from 'node:test';
import { exchange } from '../commands/exchange.ts';
import {
  ACCEPTED,
  acknowledge,
  ask,
  OPEN,
  offered,
  provision,
  setPolicy,
  statusOfOther,
} from '../commands/provision-exchange.ts';
import { startEas } from '../support.ts';

test('settings that demand something are in the document, lists too; a device with another set must fetch it: 143, 449 before 14.0', async (t) => {
  const server = await startEas();
  t.after(() => server.close());
  const phone = server.phone();
  phone.policyKey = await provision(phone);
  const old = server.phone({ version: '12.1', deviceId: 'OLD' });
  old.policyKey = await provision(old);
  const settings = {
    DevicePasswordEnabled: true,
    MinDevicePasswordLength: 6,
    AllowCamera: '0',
    UnapprovedInROMApplicationList: ['maps.exe', 'a&b'],
    AllowWiFi: true,
  };
  await setPolicy(server, { settings });
  assert.equal(await statusOfOther(phone), 143);
  assert.equal(await statusOfOther(old), 449);
  const wanted = OPEN.replace('DevicePasswordEnabled>0', 'DevicePasswordEnabled>1')
    .replace('<MinDevicePasswordLength/>', '<MinDevicePasswordLength>6</MinDevicePasswordLength>')
    .replace('AllowCamera>1', 'AllowCamera>0')
    .replace(
      '<UnapprovedInROMApplicationList/>',
      '<UnapprovedInROMApplicationList><ApplicationName>maps.exe</ApplicationName><ApplicationName>a&amp;b</ApplicationName></UnapprovedInROMApplicationList>',
    );
  phone.policyKey = await provision(phone, wanted);
  assert.equal(await statusOfOther(phone), 1);
});

test('a policy that is written anew with the same demands bothers no device', async (t) => {
  const server = await startEas();
  t.after(() => server.close());
  const phone = server.phone();
  phone.policyKey = await provision(phone);
  await setPolicy(server, { allowPartial: false, settings: { AllowCamera: true, MaxAttachmentSize: '' } });
  assert.equal(await statusOfOther(phone), 1);
});

test('144, 449 before 14.0: the key of another device, of another user, and one that nobody has', async (t) => {
  const server = await startEas();
  t.after(() => server.close());
  const phone = server.phone();
  const key = await provision(phone);
  const strangers = [server.phone({ deviceId: 'OTHER' }), server.phone({ user: 'bert' }), phone];
  for (const stranger of strangers) {
    stranger.policyKey = stranger === phone ? '1' : key;
    assert.equal(await statusOfOther(stranger), 144);
  }
  const old = server.phone({ version: '12.1', deviceId: 'OTHER' });
  old.policyKey = key;
  assert.equal(await statusOfOther(old), 449);
});

test('a device without key passes unless a policy is required: then 142, and 449 before 14.0', async (t) => {
  const server = await startEas();
  t.after(() => server.close());
  const phone = server.phone();
  assert.equal(await statusOfOther(phone), 1);
  await setPolicy(server, { required: true });
  phone.policyKey = '0';
  assert.equal(await statusOfOther(phone), 142);
  const old = server.phone({ version: '12.1' });
  old.policyKey = '0';
  assert.equal(await statusOfOther(old), 449);
  phone.policyKey = await provision(phone);
  assert.equal(await statusOfOther(phone), 1);
});

test('141: a device that shows no key at all and fetched no policy for ten minutes; Provision makes it good', async (t) => {
  const server = await startEas();
  t.after(() => server.close());
  await setPolicy(server, { required: true });
  const phone = server.phone();
  assert.equal(await statusOfOther(phone), 142);
  server.clock.advance(9 * 60_000);
  assert.equal(await statusOfOther(phone), 142);
  server.clock.advance(2 * 60_000);
  assert.equal(await statusOfOther(phone), 141);
  assert.equal(await statusOfOther(server.phone({ deviceId: 'NEW' })), 142, 'another device has its own time');
  const aware = server.phone();
  aware.policyKey = '0';
  assert.equal(await statusOfOther(aware), 142, 'one that shows 0 knows what to do');
  await exchange(phone, 'Provision', ask(), offered());
  assert.equal(await statusOfOther(phone), 142);
});

test('a probe is answered as any device, required or not, and nothing of it is kept', async (t) => {
  const server = await startEas();
  t.after(() => server.close());
  await setPolicy(server, { required: true });
  const probe = server.phone({ deviceId: 'validate' });
  assert.equal(await statusOfOther(probe), 142);
  server.clock.advance(3_600_000);
  assert.equal(await statusOfOther(probe), 142);
  await provision(probe);
  const reader = server.environment.sync.store.read(server.anna.mailboxId);
  assert.deepEqual([await reader.devices(), await reader.documents('')], [[], []]);
});

test('the key in force stays until a new policy is acknowledged', async (t) => {
  const server = await startEas();
  t.after(() => server.close());
  const phone = server.phone();
  phone.policyKey = await provision(phone);
  const { key } = await exchange(phone, 'Provision', ask(), offered());
  assert.equal(await statusOfOther(phone), 1);
  const final = await exchange(phone, 'Provision', acknowledge(key!, '1'), ACCEPTED);
  assert.notEqual(final.key, phone.policyKey);
  assert.equal(await statusOfOther(phone), 144, 'and then the old one ends');
});

test('a policy that is nonsense is logged once, and the last good one stays in force', async (t) => {
  const server = await startEas();
  t.after(() => server.close());
  await setPolicy(server, { required: true });
  await setPolicy(server, { required: 'yes', settings: { AllowCamera: 7, Colour: 'red' } });
  const phone = server.phone();
  phone.policyKey = '0';
  assert.equal(await statusOfOther(phone), 142);
  assert.equal(await statusOfOther(phone), 142);
  const logged = server.lines.filter(({ level }) => level === 'error');
  assert.deepEqual(
    logged.map(({ fields }) => fields.problems),
    [['required is neither true nor false', 'AllowCamera must be true or false', 'there is no setting "Colour"']],
  );
});
