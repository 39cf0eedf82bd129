import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PolicyScope } from '../../../../src/config/device-policies.ts';
import { withAdministration } from '../administered-server.ts';
import { exchange } from '../commands/exchange.ts';
import {
  ACCEPTED,
  acknowledge,
  ask,
  INFORMED,
  OPEN,
  offered,
  provision,
  status,
  statusOfOther,
} from '../commands/provision-exchange.ts';
import { folderSync, parked, syncPhone } from '../commands/sync/support.ts';

const ANNA = 'anna@example.org';

const lengthOf = (length: number) =>
  OPEN.replace('<MinDevicePasswordLength/>', `<MinDevicePasswordLength>${length}</MinDevicePasswordLength>`);
const withLength = (length: number) => ({ settings: { MinDevicePasswordLength: length } });

for (const version of ['12.1', '14.0', '14.1'] as const) {
  const outdated = version === '12.1' ? 449 : 143;
  test(`${version}: the policy of the device beats that of the user, group, domain, everybody, as a whole`, () =>
    withAdministration(async ({ server, administration }) => {
      const phone = server.phone({ version });
      const group = { kind: 'group', name: 'staff' } as const;
      await administration.groupSet({ name: group.name, users: [ANNA] });
      const scopes: PolicyScope[] = [
        { kind: 'everybody' },
        { kind: 'domain', name: 'Example.org' },
        group,
        { kind: 'user', address: ANNA },
        { kind: 'device', address: ANNA, device: 'Phone1' },
      ];
      for (const [at, scope] of scopes.entries()) {
        const policy = at === 0 ? { settings: { MinDevicePasswordLength: 4, AllowCamera: false } } : withLength(4 + at);
        await administration.policySet({ scope, policy });
        if (at > 0) assert.equal(await statusOfOther(phone), outdated, scope.kind);
        phone.policyKey = await provision(
          phone,
          at === 0 ? lengthOf(4).replace('AllowCamera>1', 'AllowCamera>0') : lengthOf(4 + at),
        );
        assert.equal(await statusOfOther(phone), 1, scope.kind);
        const { from } = await administration.policyOf({ address: ANNA, device: 'PHONE1' });
        assert.equal(from.kind, scope.kind);
      }
      for (const [at, scope] of [...scopes.entries()].toReversed()) {
        const { changed } = await administration.policySet({ scope, policy: null });
        assert.equal(changed, 1);
        assert.equal(await statusOfOther(phone), outdated, `without ${scope.kind}`);
        const before = at === 1 ? lengthOf(4).replace('AllowCamera>1', 'AllowCamera>0') : lengthOf(3 + at);
        phone.policyKey = await provision(phone, at === 0 ? OPEN : before);
      }
    }));

  test(`${version}: partly applied and refused turn a device away, or not, by the flags of its own policy`, () =>
    withAdministration(async ({ server, administration }) => {
      const strict = { required: true, allowPartial: false, ...withLength(8) };
      await administration.policySet({ scope: { kind: 'user', address: ANNA }, policy: strict });
      await administration.policySet({ policy: withLength(8) });
      const before = version === '14.1' ? INFORMED : '';
      for (const [answer, code] of [
        ['2', 139],
        ['3', 141],
      ] as const) {
        const strictly = server.phone({ version, deviceId: `A${answer}` });
        const { key } = await exchange(strictly, 'Provision', ask(), offered(lengthOf(8), before));
        if (version === '12.1') {
          const refused = await strictly.post('Provision', acknowledge(key!, answer));
          assert.equal(refused.status, answer === '2' ? 403 : 449);
        } else await exchange(strictly, 'Provision', acknowledge(key!, answer), status(code));
        strictly.policyKey = '0';
        assert.equal(await statusOfOther(strictly), version === '12.1' ? 449 : 142);
        const loosely = server.phone({ version, deviceId: `B${answer}`, user: 'bert' });
        const offer = await exchange(loosely, 'Provision', ask(), offered(lengthOf(8), before));
        loosely.policyKey = (await exchange(loosely, 'Provision', acknowledge(offer.key!, answer), ACCEPTED)).key!;
        assert.equal(await statusOfOther(loosely), 1);
      }
    }));

  test(`${version}: a kind of devices that is exempt goes on without a policy, whatever it answers; others do not`, () =>
    withAdministration(async ({ server, administration }) => {
      const exempt = [{ agent: 'Outlook/1*' }, { type: 'WindowsOutlook*' }];
      const policy = { required: true, allowPartial: false, exempt, ...withLength(8) };
      await administration.policySet({ scope: { kind: 'domain', name: 'example.org' }, policy });
      const program = { version, userAgent: 'Outlook/15.0 (15.0.4420.1017)', deviceType: 'WindowsOutlook15' } as const;
      const outlook = server.phone({ ...program, deviceId: 'OUTLOOK' });
      assert.equal(await statusOfOther(outlook), 1);
      const before = version === '14.1' ? INFORMED : '';
      const { key } = await exchange(outlook, 'Provision', ask(), offered(lengthOf(8), before));
      outlook.policyKey = (await exchange(outlook, 'Provision', acknowledge(key!, '3'), ACCEPTED)).key!;
      assert.equal(await statusOfOther(outlook), 1);
      assert.equal(await statusOfOther(server.phone({ version, deviceId: 'OTHER' })), version === '12.1' ? 449 : 142);
    }));
}

test('who comes into a group, or leaves it, fetches another policy: what the device waits for ends at once', () =>
  withAdministration(async ({ server, administration }) => {
    await administration.groupSet({ name: 'staff', users: ['bert@example.org'] });
    await administration.policySet({ scope: { kind: 'group', name: 'staff' }, policy: withLength(8) });
    const phone = syncPhone(server);
    phone.phone.policyKey = await provision(phone.phone);
    await folderSync(phone);
    const id = `${(await server.folder('contacts')).id}`;
    await phone.begin(id);
    const waiting = phone.sync([{ id }], '<Wait>10</Wait>');
    await parked(server);
    await administration.groupSet({ name: 'staff', users: ['bert@example.org', ANNA] });
    assert.equal((await waiting).isEmpty, true);
    assert.equal((await phone.sync([{ id }])).status, 143);
    phone.phone.policyKey = await provision(phone.phone, lengthOf(8));
    assert.equal(await statusOfOther(phone.phone), 1);
    const {
      push,
      policyStanding,
      status: words,
    } = await administration.deviceShow({ address: ANNA, device: 'phone1' });
    assert.match(push.wakeUps[0]!.why, /its policy is another one/);
    assert.deepEqual(policyStanding, { from: { kind: 'group', name: 'staff' }, state: 'current' });
    assert.equal(words, 'in use');
    await administration.groupSet({ name: 'staff', users: ['bert@example.org'] });
    assert.equal(await statusOfOther(phone.phone), 143);
  }));

test('a device that only waits by Ping hears of another policy: 143 with a key, without one it is sent to FolderSync', () =>
  withAdministration(async ({ server, administration }) => {
    const { id } = await server.folder('contacts');
    const ping = `<Ping xmlns="Ping:"><HeartbeatInterval>120</HeartbeatInterval>
      <Folders><Folder><Id>${id}</Id><Class>Contacts</Class></Folder></Folders></Ping>`;
    const phone = syncPhone(server);
    phone.phone.policyKey = await provision(phone.phone);
    await folderSync(phone);
    await phone.begin(`${id}`);
    const waiting = phone.phone.post('Ping', ping);
    await parked(server);
    await administration.policySet({ policy: withLength(8) });
    assert.match((await waiting).xml, /<Status>1</);
    assert.match((await phone.phone.post('Ping', ping)).xml, /<Status>143</);
    const keyless = server.phone();
    assert.match((await keyless.post('Ping', ping)).xml, /<Status>7</);
    const old = server.phone({ version: '12.1' });
    old.policyKey = phone.phone.policyKey;
    assert.equal((await old.post('Ping', ping)).status, 449);
    await provision(keyless, lengthOf(8));
    const again = keyless.post('Ping', ping);
    await parked(server);
    server.environment.parking.endAll();
    assert.match((await again).xml, /<Status>1</);
  }));

test('a device that never shows its key is sent to FolderSync for a new policy once, where none is demanded; each time where one is', () =>
  withAdministration(async ({ server, administration }) => {
    const { id } = await server.folder('contacts');
    const ping = `<Ping xmlns="Ping:"><HeartbeatInterval>120</HeartbeatInterval>
      <Folders><Folder><Id>${id}</Id><Class>Contacts</Class></Folder></Folders></Ping>`;
    const phone = syncPhone(server);
    await provision(phone.phone);
    phone.phone.policyKey = null;
    await folderSync(phone);
    await phone.begin(`${id}`);
    for (const length of [8, 9]) {
      await administration.policySet({ policy: withLength(length) });
      assert.match((await phone.phone.post('Ping', ping)).xml, /<Status>7</);
      assert.equal(await statusOfOther(phone.phone), 1);
      const waiting = phone.phone.post('Ping', ping);
      await parked(server);
      server.environment.parking.endOf(server.anna.mailboxId, 'phone1', () => true);
      assert.match((await waiting).xml, /<Status>1</);
    }
    await administration.policySet({ policy: { required: true, ...withLength(10) } });
    for (let time = 0; time < 2; time += 1) assert.match((await phone.phone.post('Ping', ping)).xml, /<Status>7</);
    assert.equal(await statusOfOther(phone.phone), 142);
  }));

test('an answer that was enough is not when the policy becomes required; to ask again is no way past it', () =>
  withAdministration(async ({ server, administration }) => {
    const phone = server.phone();
    const { key } = await exchange(phone, 'Provision', ask(), offered());
    phone.policyKey = (await exchange(phone, 'Provision', acknowledge(key!, '3'), ACCEPTED)).key!;
    assert.equal(await statusOfOther(phone), 1);
    await administration.policySet({ policy: { required: true } });
    assert.equal(await statusOfOther(phone), 143);
    await exchange(phone, 'Provision', ask(), offered());
    assert.equal(await statusOfOther(phone), 144);
    phone.policyKey = await provision(phone);
    assert.equal(await statusOfOther(phone), 1);
  }));

test('a device that waits is shown with its heartbeat, and what ended its waiting', () =>
  withAdministration(async ({ server, administration }) => {
    const push = async () => (await administration.deviceShow({ address: ANNA, device: 'phone1' })).push;
    const phone = syncPhone(server);
    await folderSync(phone);
    assert.deepEqual((await push()).state, 'never');
    const { id: folderId } = await server.folder('contacts');
    const id = `${folderId}`;
    await phone.begin(id);
    const waiting = phone.sync([{ id }], '<Wait>10</Wait>');
    await parked(server);
    const { state, heartbeatSeconds } = await push();
    assert.deepEqual([state, heartbeatSeconds], ['waiting', 600]);
    const newer = phone.phone.post(
      'Ping',
      `<Ping xmlns="Ping:"><HeartbeatInterval>120</HeartbeatInterval>
        <Folders><Folder><Id>${id}</Id><Class>Contacts</Class></Folder></Folders></Ping>`,
    );
    await parked(server, 2);
    await server.put('contacts', 'a', 'BEGIN:VCARD\r\nVERSION:3.0\r\nUID:u\r\nFN:A\r\nN:A;;;;\r\nEND:VCARD\r\n');
    await Promise.all([waiting, newer]);
    const after = await push();
    assert.equal(after.state, 'away');
    assert.deepEqual(
      after.wakeUps.map(({ why }) => why.replace(/ in .*/, '')),
      ['something changed', 'something changed'],
    );
  }));
