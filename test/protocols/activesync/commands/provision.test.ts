import assert from 'node:assert/strict';
import { test } from 'node:test';
import { failingStore } from '../failing-store.ts';
import { startEas } from '../support.ts';
import { exchange } from './exchange.ts';
import {
  ACCEPTED,
  acknowledge,
  ask,
  deviceOf,
  INFORMED,
  information,
  OPEN,
  offered,
  policyStatus,
  provision,
  setPolicy,
  status,
  statusOfOther,
} from './provision-exchange.ts';

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
  const { change, fail } = failingStore();
  const server = await startEas({ change });
  t.after(() => server.close());
  const [phone, old] = [server.phone(), server.phone({ version: '12.1', deviceId: 'OLD' })];
  await provision(phone);
  await provision(old);
  fail();
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
