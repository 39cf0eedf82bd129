import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clientAddress, createLockout, DEFAULT_LOCKOUT } from '../../src/auth/lockout.ts';
import { outcome, signInBench } from './sign-in.ts';

const MINUTE = 60_000;
const ANN = 'ann@example.org';

async function benchWithPeople() {
  const bench = signInBench();
  await bench.addUser(ANN, 'right');
  await bench.addUser('bob@example.org', 'right');
  return bench;
}

type Bench = Awaited<ReturnType<typeof benchWithPeople>>;

async function fail({ signIn }: Bench, times: number, from: { name?: string; address?: string; agent?: string } = {}) {
  for (let n = 1; n <= times; n += 1) await signIn(from.name ?? ANN, `wrong ${n}`, from);
}

test('five different failures lock an address for twenty minutes, right passwords included', async () => {
  const bench = await benchWithPeople();
  await fail(bench, 4);
  assert.equal(outcome(await bench.signIn(ANN, 'wrong 5')), 'wrong-credentials');
  assert.deepEqual(await bench.signIn(ANN, 'right'), { kind: 'locked', retryAfterSeconds: 20 * 60 });
  bench.clock.advance(20 * MINUTE - 1);
  assert.deepEqual(await bench.signIn(ANN, 'right'), { kind: 'locked', retryAfterSeconds: 1 });
  bench.clock.advance(1);
  assert.equal(outcome(await bench.signIn(ANN, 'right')), ANN);
});

test('a lock lasts its twenty minutes although the clock is set back', async () => {
  const bench = await benchWithPeople();
  await fail(bench, 5);
  bench.clock.turnBack(60 * MINUTE);
  assert.deepEqual(await bench.signIn(ANN, 'right'), { kind: 'locked', retryAfterSeconds: 20 * 60 });
  bench.clock.advance(20 * MINUTE);
  assert.equal(outcome(await bench.signIn(ANN, 'right')), ANN);
});

test('a locked address costs no hash', async () => {
  const bench = await benchWithPeople();
  await fail(bench, 5);
  const before = bench.bench.checks;
  await bench.signIn(ANN, 'right');
  assert.equal(bench.bench.checks, before);
});

test('failures of different accounts count together for one address; other addresses are free', async () => {
  const bench = await benchWithPeople();
  await fail(bench, 2);
  await fail(bench, 2, { name: 'bob@example.org' });
  await fail(bench, 1, { name: 'nobody' });
  assert.equal(outcome(await bench.signIn(ANN, 'right')), 'locked');
  assert.equal(outcome(await bench.signIn(ANN, 'right', { address: '192.0.2.2' })), ANN);
});

test('a phone that repeats one old password locks nobody out, at one address or many', async () => {
  const bench = await benchWithPeople();
  for (let n = 0; n < 60; n += 1) {
    const address = `198.51.100.${n % 20}`;
    assert.equal(outcome(await bench.signIn(ANN, 'old', { address, agent: 'old phone' })), 'wrong-credentials');
    bench.clock.advance(MINUTE);
  }
  assert.equal(outcome(await bench.signIn(ANN, 'right', { address: '198.51.100.1' })), ANN);
});

test('ten different wrong passwords from many addresses lock the account for unknown devices', async () => {
  const bench = await benchWithPeople();
  for (let n = 0; n < 10; n += 1) await bench.signIn(ANN, `guess ${n}`, { address: `198.51.100.${n}` });
  assert.equal(outcome(await bench.signIn(ANN, 'right')), 'locked');
  assert.equal(outcome(await bench.signIn('bob@example.org', 'right')), 'bob@example.org');
  bench.clock.advance(20 * MINUTE);
  assert.equal(outcome(await bench.signIn(ANN, 'right')), ANN);
});

test('a known device is locked out neither by guesses at its account nor by others at its address', async () => {
  const bench = await benchWithPeople();
  assert.equal(outcome(await bench.signIn(ANN, 'right')), ANN);
  for (let n = 0; n < 20; n += 1) await bench.signIn(ANN, `guess ${n}`, { address: `198.51.100.${n}` });
  await fail(bench, 5, { name: 'bob@example.org', agent: 'other' });
  assert.equal(outcome(await bench.signIn(ANN, 'right')), ANN);
  assert.equal(outcome(await bench.signIn(ANN, 'right', { agent: 'other' })), 'locked');
  assert.equal(outcome(await bench.signIn('bob@example.org', 'right')), 'locked', 'known is a device for one account');
});

test('a known device answers for its own failures', async () => {
  const bench = await benchWithPeople();
  await bench.signIn(ANN, 'right');
  await fail(bench, 5);
  assert.equal(outcome(await bench.signIn(ANN, 'right')), 'locked');
  bench.clock.advance(20 * MINUTE);
  assert.equal(outcome(await bench.signIn(ANN, 'right')), ANN);
});

test('a device is known for fourteen days', async () => {
  const bench = await benchWithPeople();
  await bench.signIn(ANN, 'right');
  bench.clock.advance(14 * 24 * 60 * MINUTE);
  await fail(bench, 5, { name: 'bob@example.org', agent: 'other' });
  assert.equal(outcome(await bench.signIn(ANN, 'right')), 'locked');
});

test('a success forgets what the same device had mistyped, so that others at its address are not locked', async () => {
  const bench = await benchWithPeople();
  await fail(bench, 4);
  assert.equal(outcome(await bench.signIn(ANN, 'right')), ANN);
  await fail(bench, 4, { name: 'bob@example.org' });
  assert.equal(outcome(await bench.signIn('bob@example.org', 'right')), 'bob@example.org');
});

for (const agent of ['phone', 'guesser']) {
  test(`a phone that signs in all the time gives ${agent} beside it no more than five guesses`, async () => {
    const bench = await benchWithPeople();
    await bench.signIn(ANN, 'right');
    const outcomes: string[] = [];
    for (let n = 0; n < 7; n += 1) {
      outcomes.push(outcome(await bench.signIn(ANN, `guess ${n}`, { agent })));
      await bench.signIn(ANN, 'right');
    }
    assert.deepEqual(outcomes, [...Array<string>(5).fill('wrong-credentials'), 'locked', 'locked']);
  });
}

test('a success with an own account does not make free guesses at others', async () => {
  const bench = await benchWithPeople();
  for (let n = 0; n < 5; n += 1) {
    await bench.signIn(ANN, `guess ${n}`);
    await bench.signIn('bob@example.org', 'right');
  }
  assert.equal(outcome(await bench.signIn(ANN, 'right')), 'locked');
});

test('failures older than twenty minutes do not count', async () => {
  const bench = await benchWithPeople();
  await fail(bench, 4);
  bench.clock.advance(20 * MINUTE);
  await bench.signIn(ANN, 'wrong 5');
  assert.equal(outcome(await bench.signIn(ANN, 'right')), ANN);
});

test('guesses sent all at once get no further than guesses one after the other, a right one among them included', async () => {
  const bench = await benchWithPeople();
  const guesses = Array.from({ length: 20 }, (_, n) => bench.signIn(ANN, n === 19 ? 'right' : `guess ${n}`));
  // Hashes are reckoned several at a time, so which five are judged first is open; how many is not.
  const outcomes = (await Promise.all(guesses)).map(outcome).sort().reverse();
  assert.deepEqual(outcomes, [...Array<string>(5).fill('wrong-credentials'), ...Array<string>(15).fill('locked')]);
});

test('"unlock all" ends locks and failures', async () => {
  const bench = await benchWithPeople();
  await fail(bench, 5);
  bench.authenticator.unlockAll();
  await fail(bench, 4);
  assert.equal(outcome(await bench.signIn(ANN, 'right')), ANN);
});

test('a lock is logged with account, address and minutes', async () => {
  const bench = await benchWithPeople();
  await fail(bench, 5);
  const line = bench.lines.find(({ message }) => message.startsWith('sign-in locked'));
  assert.deepEqual(line?.fields, { log: 'security', user: ANN, address: '192.0.2.1', userAgent: 'phone', minutes: 20 });
});

test('the tables hold no more than their limit; what was touched last stays', () => {
  const lockout = createLockout(() => 1000, { ...DEFAULT_LOCKOUT, maxEntries: 3 });
  const at = (address: string) => ({ account: `account of ${address}`, address, userAgent: '' });
  for (let n = 0; n < 5; n += 1) lockout.failed(at('first'), `password ${n}`);
  assert.ok(lockout.lockedFor(at('first')) > 0);
  for (const address of ['a', 'b', 'c']) lockout.failed(at(address), 'x');
  assert.equal(lockout.lockedFor(at('first')), 0);
});

const ADDRESSES = [
  ['192.0.2.1', '192.0.2.1'],
  ['::ffff:192.0.2.1', '192.0.2.1'],
  ['2001:db8::1', '2001:db8:0:0::/64'],
  ['2001:DB8:0:0:ffff::2', '2001:db8:0:0::/64'],
  ['2001:0db8:0001:0002:3:4:5:6', '2001:db8:1:2::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
] as const;

for (const [remote, client] of ADDRESSES) {
  test(`the client of ${remote} is ${client}`, () => {
    assert.equal(clientAddress(remote), client);
  });
}
