import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PolicyScope } from '../../../../src/config/device-policies.ts';
import { actingFor } from '../../../../src/observe/acting.ts';
import type { Phone } from '../../../support/eas/phone.ts';
import { type AdministeredServer, withAdministration } from '../administered-server.ts';
import { exchange } from '../commands/exchange.ts';
import { OPEN, provision } from '../commands/provision-exchange.ts';
import { LOST, provision as provisionLoosely, said, wipeScene } from '../wipe/scene.ts';

const ANNA = 'anna@example.org';
const PHONE1 = { address: ANNA, device: 'PHONE1' };
const ON = { settings: { DevicePasswordEnabled: true, PasswordRecoveryEnabled: true } };
const ASKED = OPEN.replace('DevicePasswordEnabled>0', 'DevicePasswordEnabled>1').replace(
  'PasswordRecoveryEnabled>0',
  'PasswordRecoveryEnabled>1',
);

const set = (inner: string) =>
  `<Settings xmlns="Settings:"><DevicePassword><Set>${inner}</Set></DevicePassword></Settings>`;
const answered = (status: number) =>
  `<Settings xmlns="Settings:"><Status>1</Status><DevicePassword><Status>${status}</Status></DevicePassword></Settings>`;
const deposit = (phone: Phone, password: string, status = 1) =>
  exchange(phone, 'Settings', set(`<Password>${password}</Password>`), answered(status));

const shown = async ({ administration }: Pick<AdministeredServer, 'administration'>, device = PHONE1) =>
  (await administration.recoveryPasswordShow(device)).password;

for (const version of ['12.1', '14.0', '14.1'] as const) {
  test(`MS-ASPROV §2.2.2.39 ${version}: asked for by the policy, deposited, read, replaced, refused once the policy is off, forgotten with its device`, () =>
    withAdministration(async (scene) => {
      const { server, administration } = scene;
      const phone = server.phone({ version });
      await administration.policySet({ policy: ON });
      phone.policyKey = await provision(phone, ASKED);
      const details = async () => (await administration.deviceShow(PHONE1)).recoveryPassword;
      assert.equal(await details(), null);
      await assert.rejects(shown(scene), { code: 'item-not-found' });
      await deposit(phone, '71346 05529');
      assert.equal(await shown(scene), '71346 05529');
      assert.deepEqual(await details(), { depositedAt: server.clock.now() });
      server.clock.advance(3_600_000);
      await deposit(phone, 'Grüße &amp; Küsse');
      assert.equal(await shown(scene), 'Grüße & Küsse');
      assert.deepEqual(await details(), { depositedAt: server.clock.now() });
      await administration.policySet({ policy: { settings: { DevicePasswordEnabled: true } } });
      assert.equal(await details(), null);
      await assert.rejects(shown(scene), { code: 'item-not-found' });
      phone.policyKey = await provision(phone, OPEN.replace('DevicePasswordEnabled>0', 'DevicePasswordEnabled>1'));
      await deposit(phone, 'third', 7);
      await administration.policySet({ policy: ON });
      assert.equal(await shown(scene), 'Grüße & Küsse', 'what was refused changed nothing');
      await administration.deviceRemove(PHONE1);
      const again = server.phone({ version });
      again.policyKey = await provision(again, ASKED);
      assert.equal(await details(), null);
      await assert.rejects(shown(scene), { code: 'item-not-found' });
    }));

  test(`MS-ASCMD §2.2.3.132.3 ${version}: up to 255 characters are kept; 5 for more and for what nobody can type, 2 for what is no text, nothing changes; an empty one takes it away`, () =>
    withAdministration(async (scene) => {
      const { server, administration } = scene;
      const phone = server.phone({ version });
      await administration.policySet({ policy: ON });
      phone.policyKey = await provision(phone, ASKED);
      const longest = 'p'.repeat(255);
      await deposit(phone, longest);
      for (const bad of [`${longest}p`, 'two\nlines', 'a\u009b2J', '\u202egnp']) await deposit(phone, bad, 5);
      await exchange(phone, 'Settings', set('<Password><Get/></Password>'), answered(2));
      assert.equal(await shown(scene), longest);
      await exchange(phone, 'Settings', set('<Password/>'), answered(1));
      await assert.rejects(shown(scene), { code: 'item-not-found' });
      assert.equal((await administration.deviceShow(PHONE1)).recoveryPassword, null);
    }));
}

test('the setting of any scope lets its devices deposit, and no others', () =>
  withAdministration(async (scene) => {
    const { server, administration } = scene;
    await administration.groupSet({ name: 'staff', users: [ANNA] });
    const scopes: PolicyScope[] = [
      { kind: 'everybody' },
      { kind: 'domain', name: 'example.org' },
      { kind: 'group', name: 'staff' },
      { kind: 'user', address: ANNA },
      { kind: 'device', ...PHONE1 },
    ];
    const policy = { settings: { PasswordRecoveryEnabled: true } };
    for (const scope of scopes) {
      await administration.policySet({ scope, policy });
      const secret = `of ${scope.kind}`;
      await deposit(server.phone(), secret);
      assert.equal(await shown(scene), secret);
      await deposit(server.phone({ deviceId: 'OTHER' }), secret, scope.kind === 'device' ? 7 : 1);
      const isOfAll = scope.kind === 'everybody' || scope.kind === 'domain';
      await deposit(server.phone({ user: 'bert' }), secret, isOfAll ? 1 : 7);
      await administration.policySet({ scope, policy: null });
    }
  }));

test('a policy that is a must comes first: without its key nothing is deposited', () =>
  withAdministration(async ({ server, administration }) => {
    await administration.policySet({ policy: { required: true, ...ON } });
    const phone = server.phone();
    phone.policyKey = '0';
    const answer = await phone.post('Settings', set('<Password>secret</Password>'));
    assert.match(answer.xml, /<Status>142<\/Status>/);
    assert.equal((await administration.deviceShow(PHONE1)).recoveryPassword, null);
  }));

test('each person’s device has its own, though both name it alike', () =>
  withAdministration(async (scene) => {
    const { server, administration } = scene;
    await administration.policySet({ policy: { settings: { PasswordRecoveryEnabled: true } } });
    await deposit(server.phone(), 'of anna');
    await deposit(server.phone({ user: 'bert' }), 'of bert');
    assert.equal(await shown(scene), 'of anna');
    assert.equal(await shown(scene, { ...PHONE1, address: 'bert@example.org' }), 'of bert');
  }));

test('reading everything anew leaves it; the device’s spelling of its id does not matter', () =>
  withAdministration(async (scene) => {
    const { server, administration } = scene;
    await administration.policySet({ policy: { settings: { PasswordRecoveryEnabled: true } } });
    await deposit(server.phone(), 'secret');
    await administration.deviceResync({ ...PHONE1, folderId: null });
    assert.equal(await shown(scene, { ...PHONE1, device: 'phone1' }), 'secret');
  }));

test('a wipe that was acknowledged takes it along; one that is under way leaves it', () =>
  wipeScene(async (scene) => {
    const { administration, as, lines } = scene;
    await administration.policySet({ policy: { settings: { PasswordRecoveryEnabled: true } } });
    const phone = scene.phone();
    await provisionLoosely(phone);
    await deposit(phone, 'secret');
    await as('admin@example.org', (calls) => calls.wipeStart(LOST));
    await phone.post('Provision', '<Provision xmlns="Provision:"/>', { headers: { 'X-MS-PolicyKey': '0' } });
    assert.equal(await shown(scene), 'secret');
    await phone.post('Provision', said(1));
    const { wipe, recoveryPassword } = await administration.deviceShow(PHONE1);
    assert.deepEqual([wipe, recoveryPassword], ['acknowledged', null]);
    await assert.rejects(shown(scene), { code: 'item-not-found' });
    assert.ok(!JSON.stringify(lines()).includes('secret'));
  }));

test('lines of the log tell who deposited, took away and saw one, with address and device, and never what', () =>
  withAdministration(async ({ server, administration }) => {
    await administration.policySet({ policy: { settings: { PasswordRecoveryEnabled: true } } });
    await deposit(server.phone(), 'Zeppelinfahrt');
    const desk = { protocol: 'admin-api', user: 'desk@example.org', address: '192.0.2.9' };
    await actingFor(desk, () => administration.recoveryPasswordShow(PHONE1));
    await exchange(server.phone(), 'Settings', set('<Password/>'), answered(1));
    const told = server.lines.filter(({ message }) => message.includes('recovery password'));
    assert.deepEqual(
      told.map(({ message, fields: { log, who, user, device, address } }) => [
        log,
        message,
        who,
        user,
        device,
        address,
      ]),
      [
        ['security', 'device deposited a recovery password', undefined, ANNA, 'PHONE1', '192.0.2.1'],
        ['config', 'recovery password shown', 'desk@example.org', ANNA, 'PHONE1', '192.0.2.9'],
        ['security', 'recovery password shown', 'desk@example.org', ANNA, 'PHONE1', '192.0.2.9'],
        ['security', 'device took its recovery password away', undefined, ANNA, 'PHONE1', '192.0.2.1'],
      ],
    );
    assert.ok(!JSON.stringify(server.lines).includes('Zeppelin'));
    const all = { address: null, text: null, domain: null, protocol: null, access: null } as const;
    const page = await administration.deviceList({ ...all, order: 'contact', after: null, limit: 5 });
    assert.doesNotMatch(JSON.stringify(page), /recovery/i);
  }));
