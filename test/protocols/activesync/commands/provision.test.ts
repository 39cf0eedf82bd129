import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DEVICE_POLICY_SETTING } from '../../../../src/config/device-policy.ts';
import { GatewayError } from '../../../../src/domain/errors.ts';
import type { Phone } from '../../../support/eas/phone.ts';
import { type EasServer, startEas } from '../support.ts';
import { exchange } from './exchange.ts';

const TYPE = 'MS-EAS-Provisioning-WBXML';

const information = (fields: string) => `
  <DeviceInformation xmlns="Settings:"><Set>${fields}</Set></DeviceInformation>`;

const ask = (more = information('<Model>One</Model>'), type = TYPE) => `
  <Provision xmlns="Provision:">${more}
    <Policies><Policy><PolicyType>${type}</PolicyType></Policy></Policies>
  </Provision>`;

const acknowledge = (key: string, status: string) => `
  <Provision xmlns="Provision:"><Policies><Policy>
    <PolicyType>${TYPE}</PolicyType>${key === '' ? '' : `<PolicyKey>${key}</PolicyKey>`}<Status>${status}</Status>
  </Policy></Policies></Provision>`;

/** What asks for nothing, in the order of the specification's list. */
const OPEN = `
  <DevicePasswordEnabled>0</DevicePasswordEnabled>
  <AlphanumericDevicePasswordRequired>0</AlphanumericDevicePasswordRequired>
  <PasswordRecoveryEnabled>0</PasswordRecoveryEnabled>
  <DeviceEncryptionEnabled>0</DeviceEncryptionEnabled>
  <AttachmentsEnabled>1</AttachmentsEnabled>
  <MinDevicePasswordLength/>
  <MaxInactivityTimeDeviceLock/>
  <MaxDevicePasswordFailedAttempts/>
  <MaxAttachmentSize/>
  <AllowSimpleDevicePassword>1</AllowSimpleDevicePassword>
  <DevicePasswordExpiration>0</DevicePasswordExpiration>
  <DevicePasswordHistory>0</DevicePasswordHistory>
  <AllowStorageCard>1</AllowStorageCard>
  <AllowCamera>1</AllowCamera>
  <RequireDeviceEncryption>0</RequireDeviceEncryption>
  <AllowUnsignedApplications>1</AllowUnsignedApplications>
  <AllowUnsignedInstallationPackages>1</AllowUnsignedInstallationPackages>
  <MinDevicePasswordComplexCharacters>1</MinDevicePasswordComplexCharacters>
  <AllowWiFi>1</AllowWiFi>
  <AllowTextMessaging>1</AllowTextMessaging>
  <AllowPOPIMAPEmail>1</AllowPOPIMAPEmail>
  <AllowBluetooth>2</AllowBluetooth>
  <AllowIrDA>1</AllowIrDA>
  <RequireManualSyncWhenRoaming>0</RequireManualSyncWhenRoaming>
  <AllowDesktopSync>1</AllowDesktopSync>
  <MaxCalendarAgeFilter>0</MaxCalendarAgeFilter>
  <AllowHTMLEmail>1</AllowHTMLEmail>
  <MaxEmailAgeFilter>0</MaxEmailAgeFilter>
  <MaxEmailBodyTruncationSize>-1</MaxEmailBodyTruncationSize>
  <MaxEmailHTMLBodyTruncationSize>-1</MaxEmailHTMLBodyTruncationSize>
  <RequireSignedSMIMEMessages>0</RequireSignedSMIMEMessages>
  <RequireEncryptedSMIMEMessages>0</RequireEncryptedSMIMEMessages>
  <RequireSignedSMIMEAlgorithm>0</RequireSignedSMIMEAlgorithm>
  <RequireEncryptionSMIMEAlgorithm>0</RequireEncryptionSMIMEAlgorithm>
  <AllowSMIMEEncryptionAlgorithmNegotiation>2</AllowSMIMEEncryptionAlgorithmNegotiation>
  <AllowSMIMESoftCerts>1</AllowSMIMESoftCerts>
  <AllowBrowser>1</AllowBrowser>
  <AllowConsumerEmail>1</AllowConsumerEmail>
  <AllowRemoteDesktop>1</AllowRemoteDesktop>
  <AllowInternetSharing>1</AllowInternetSharing>
  <UnapprovedInROMApplicationList/>
  <ApprovedApplicationList/>`;

const INFORMED = '<DeviceInformation xmlns="Settings:"><Status>1</Status></DeviceInformation>';

const offered = (settings = OPEN, before = INFORMED) => `
  <Provision xmlns="Provision:">${before}<Status>1</Status><Policies><Policy>
    <PolicyType>${TYPE}</PolicyType><Status>1</Status><PolicyKey>{key}</PolicyKey>
    <Data><EASProvisionDoc>${settings}</EASProvisionDoc></Data>
  </Policy></Policies></Provision>`;

const ACCEPTED = `
  <Provision xmlns="Provision:"><Status>1</Status><Policies><Policy>
    <PolicyType>${TYPE}</PolicyType><Status>1</Status><PolicyKey>{key}</PolicyKey>
  </Policy></Policies></Provision>`;

const policyStatus = (status: number, type = TYPE, before = '') => `
  <Provision xmlns="Provision:">${before}<Status>1</Status><Policies><Policy>
    <PolicyType>${type}</PolicyType><Status>${status}</Status>
  </Policy></Policies></Provision>`;

const status = (code: number) => `<Provision xmlns="Provision:"><Status>${code}</Status></Provision>`;

/** Any other command; its own status is none of 14x. */
const OTHER = '<Search xmlns="Search:"><Store><Name>GAL</Name><Query>bert</Query></Store></Search>';

async function statusOfOther(phone: Phone): Promise<number> {
  const answer = await phone.post('Search', OTHER);
  return answer.status === 200 ? Number(/<Status>(\d+)</.exec(answer.xml)?.[1]) : answer.status;
}

async function provision(phone: Phone, settings = OPEN): Promise<string> {
  const before = (phone.options.version ?? '14.1') === '14.1' ? INFORMED : '';
  const { key: temporary } = await exchange(phone, 'Provision', ask(), offered(settings, before));
  const { key } = await exchange(phone, 'Provision', acknowledge(temporary!, '1'), ACCEPTED);
  assert.notEqual(key, temporary);
  return key!;
}

function setPolicy(server: EasServer, value: unknown): Promise<void> {
  return server.environment.directory.setSetting(DEVICE_POLICY_SETTING, value, 'test');
}

async function deviceOf(server: EasServer, alias = 'phone1', principal = server.anna) {
  return server.environment.sync.store.read(principal.mailboxId).deviceByAlias(alias);
}

for (const version of ['12.1', '14.0', '14.1'] as const) {
  test(`MS-ASPROV §3.1.5.1 ${version}: two steps give a key, though nothing is demanded`, async (t) => {
    const server = await startEas();
    t.after(() => server.close());
    const phone = server.phone({ version });
    const key = await provision(phone);
    assert.match(key, /^[1-9]\d{0,9}$/);
    phone.policyKey = key;
    assert.equal(await statusOfOther(phone), 1);
    const policy = (await deviceOf(server))!.policy;
    assert.deepEqual([policy.key, policy.answer], [Number(key), 1]);
  });
}

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

test('the key may come with the request instead of the document when a policy is acknowledged', async (t) => {
  const server = await startEas();
  t.after(() => server.close());
  const phone = server.phone();
  const { key } = await exchange(phone, 'Provision', ask(), offered());
  await exchange(phone, 'Provision', acknowledge('', '1'), ACCEPTED, { query: { PolicyKey: key! } });
});

test('an acknowledgement that is sent again, because the answer was lost, gets the same key', async (t) => {
  const server = await startEas();
  t.after(() => server.close());
  const phone = server.phone();
  const { key: temporary } = await exchange(phone, 'Provision', ask(), offered());
  const first = await exchange(phone, 'Provision', acknowledge(temporary!, '1'), ACCEPTED);
  assert.deepEqual(await exchange(phone, 'Provision', acknowledge(temporary!, '1'), ACCEPTED), first);
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

test('policy status 5: a key that was not offered, an offer of another device or user, none at all; nothing changes', async (t) => {
  const server = await startEas();
  t.after(() => server.close());
  const phone = server.phone();
  const { key } = await exchange(phone, 'Provision', ask(), offered());
  const before = await deviceOf(server);
  for (const wrong of ['1', '0', 'x', '']) {
    await exchange(phone, 'Provision', acknowledge(wrong, '1'), policyStatus(5));
  }
  await exchange(server.phone({ deviceId: 'OTHER' }), 'Provision', acknowledge(key!, '1'), policyStatus(5));
  await exchange(server.phone({ user: 'bert' }), 'Provision', acknowledge(key!, '1'), policyStatus(5));
  assert.deepEqual(await deviceOf(server), before);
  assert.equal((await deviceOf(server, 'phone1', server.bert))!.policy.key, null);
});

test('policy status 3: the type of version 2.5, and one that nobody knows', async (t) => {
  const server = await startEas();
  t.after(() => server.close());
  for (const type of ['MS-WAP-Provisioning-XML', 'Other']) {
    await exchange(server.phone(), 'Provision', ask(undefined, type), policyStatus(3, type, INFORMED));
    await exchange(server.phone({ version: '12.1' }), 'Provision', ask('', type), policyStatus(3, type));
  }
  assert.equal((await deviceOf(server))!.policy.offeredKey, null);
});

test('partly applied, refused and managed elsewhere are enough where the policy says so', async (t) => {
  const server = await startEas();
  t.after(() => server.close());
  for (const answer of ['2', '3', '4']) {
    const phone = server.phone({ deviceId: `PHONE${answer}` });
    const { key } = await exchange(phone, 'Provision', ask(), offered());
    phone.policyKey = (await exchange(phone, 'Provision', acknowledge(key!, answer), ACCEPTED)).key!;
    assert.equal(await statusOfOther(phone), 1);
    assert.equal((await deviceOf(server, `phone${answer}`))!.policy.answer, Number(answer));
  }
});

test('139, 141 and 145 where it does not: no key, 403 before 14.0, and the offer is used up', async (t) => {
  const server = await startEas();
  t.after(() => server.close());
  await setPolicy(server, { required: true, allowPartial: false, allowExternal: false });
  for (const [answer, code] of [
    ['2', 139],
    ['3', 141],
    ['4', 145],
  ] as const) {
    const phone = server.phone({ deviceId: `PHONE${answer}` });
    const { key } = await exchange(phone, 'Provision', ask(), offered());
    await exchange(phone, 'Provision', acknowledge(key!, answer), status(code));
    const { policy } = (await deviceOf(server, `phone${answer}`))!;
    assert.deepEqual([policy.key, policy.offeredKey, policy.answer], [null, null, Number(answer)]);
    await exchange(phone, 'Provision', acknowledge(key!, '1'), policyStatus(5));
    const old = server.phone({ deviceId: `OLD${answer}`, version: '12.1' });
    const offer = await exchange(old, 'Provision', ask(), offered(OPEN, ''));
    const refused = await old.post('Provision', acknowledge(offer.key!, answer));
    assert.equal(refused.status, code === 141 ? 449 : 403);
  }
});

test('165 in 14.1: a device that never told its model, here or by Settings; nothing is kept', async (t) => {
  const server = await startEas();
  t.after(() => server.close());
  for (const more of ['', information('<OS>X</OS>'), information(`<Model>${'m'.repeat(1025)}</Model>`)]) {
    await exchange(server.phone(), 'Provision', ask(more), status(165));
  }
  const device = (await deviceOf(server))!;
  assert.deepEqual([device.information, device.policy.offeredKey], [{}, null]);
  await exchange(server.phone(), 'Provision', ask(information('<Model>One</Model><OS>X</OS>')), offered());
  assert.deepEqual((await deviceOf(server))!.information, { Model: 'One', OS: 'X' });
  await exchange(server.phone(), 'Provision', ask(''), offered(OPEN, ''));
});

test('14.0 and before do not have to tell anything, and what they tell is kept', async (t) => {
  const server = await startEas();
  t.after(() => server.close());
  const phone = server.phone({ version: '14.0' });
  await exchange(phone, 'Provision', ask(''), offered(OPEN, ''));
  await exchange(phone, 'Provision', ask(), offered(OPEN, ''));
  assert.deepEqual((await deviceOf(server))!.information, { Model: 'One' });
});

test('status 2: no body, no policy, no type, a status that is none; in every version, and nothing changes', async (t) => {
  const server = await startEas();
  t.after(() => server.close());
  const phone = server.phone();
  const { key } = await exchange(phone, 'Provision', ask(), offered());
  const before = await deviceOf(server);
  for (const wrong of [
    '<Provision xmlns="Provision:"><Policies/></Provision>',
    '<Provision xmlns="Provision:"><Policies><Policy/></Policies></Provision>',
    acknowledge(key!, '0'),
    acknowledge(key!, '5'),
    acknowledge(key!, 'x'),
  ]) {
    await exchange(phone, 'Provision', wrong, status(2));
    await exchange(server.phone({ version: '12.1', deviceId: 'OLD' }), 'Provision', wrong, status(2));
  }
  assert.match((await phone.post('Provision', null)).xml, /<Status>2</);
  assert.deepEqual(await deviceOf(server), before);
});

test('status 3: the store cannot answer, in every version', async (t) => {
  let isDown = false;
  const server = await startEas({
    change: (environment) => {
      const { store } = environment.sync;
      const write: typeof store.write = async (...args) => {
        if (isDown) throw new GatewayError('store-unavailable', { reason: 'closed' });
        return store.write(...args);
      };
      return { ...environment, sync: { ...environment.sync, store: { read: (id) => store.read(id), write } } };
    },
  });
  t.after(() => server.close());
  const [phone, old] = [server.phone(), server.phone({ version: '12.1', deviceId: 'OLD' })];
  await provision(phone);
  await provision(old);
  isDown = true;
  await exchange(phone, 'Provision', ask(), status(3));
  await exchange(old, 'Provision', ask(), status(3));
});

test('a wipe that nobody asked for is thanked for and changes nothing; iOS puts the status first', async (t) => {
  const server = await startEas();
  t.after(() => server.close());
  const phone = server.phone();
  phone.policyKey = await provision(phone);
  const before = await deviceOf(server);
  for (const wipe of [
    '<RemoteWipe><Status>1</Status></RemoteWipe>',
    '<RemoteWipe><Status>2</Status></RemoteWipe>',
    '<Status>1</Status><RemoteWipe/>',
  ]) {
    await exchange(phone, 'Provision', `<Provision xmlns="Provision:">${wipe}</Provision>`, status(1));
  }
  for (const wipe of ['<RemoteWipe/>', '<RemoteWipe><Status>3</Status></RemoteWipe>']) {
    await exchange(phone, 'Provision', `<Provision xmlns="Provision:">${wipe}</Provision>`, status(2));
  }
  assert.deepEqual(await deviceOf(server), before);
  assert.equal(await statusOfOther(phone), 1);
});

test('an empty Provision asks whether to wipe: no', async (t) => {
  const server = await startEas();
  t.after(() => server.close());
  await exchange(server.phone(), 'Provision', '<Provision xmlns="Provision:"/>', status(1));
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
