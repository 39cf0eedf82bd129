import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hashPassword, needsRehash } from '../../src/auth/password-hash.ts';
import { seededRandom } from '../support/random.ts';
import { CHEAP, outcome, signInBench } from './sign-in.ts';

const MINUTE = 60_000;
const ANN = 'ann@example.org';

test('the principal says who it is', async () => {
  const { signIn, addUser } = signInBench();
  const user = await addUser(ANN, 'right');
  const result = await signIn(ANN, 'right');
  const expected = { userId: user.id, localPart: 'ann', domain: 'example.org', displayName: null, mailboxId: 1 };
  assert.deepEqual(result, {
    kind: 'ok',
    principal: { ...expected, isAdmin: false, credential: 'password:1' },
  });
});

test('a right password is hashed once in five minutes', async () => {
  const { signIn, addUser, bench, clock } = signInBench();
  await addUser(ANN, 'right');
  for (let n = 0; n < 5; n += 1) assert.equal(outcome(await signIn(ANN, 'right')), ANN);
  assert.equal(bench.checks, 1);
  clock.advance(5 * MINUTE);
  assert.equal(outcome(await signIn(ANN, 'right')), ANN);
  assert.equal(bench.checks, 2);
});

test('connections that open at once with the same password share one hash', async () => {
  const { signIn, addUser, bench } = signInBench();
  await addUser(ANN, 'right');
  const results = await Promise.all(Array.from({ length: 6 }, () => signIn(ANN, 'right')));
  assert.deepEqual(results.map(outcome), Array(6).fill(ANN));
  assert.equal(bench.checks, 1);
});

test('the same wrong password is hashed once a minute', async () => {
  const { signIn, addUser, bench, clock } = signInBench();
  await addUser(ANN, 'right');
  for (let n = 0; n < 5; n += 1) assert.equal(outcome(await signIn(ANN, 'wrong')), 'wrong-credentials');
  assert.equal(bench.checks, 1);
  clock.advance(MINUTE);
  await signIn(ANN, 'wrong');
  assert.equal(bench.checks, 2);
});

test('an unknown name costs as many hashes as a known one', async () => {
  const { signIn, addUser, bench } = signInBench();
  await addUser(ANN, 'right');
  await signIn(ANN, 'wrong');
  const known = bench.checks;
  await signIn('nobody@example.org', 'wrong');
  assert.equal(bench.checks - known, known);
  await signIn(ANN, 'wrong');
  await signIn('nobody@example.org', 'wrong');
  assert.equal(bench.checks, 2 * known);
});

test('a changed password ends the old one at once and lets the new one in at once', async () => {
  const { signIn, addUser, directory } = signInBench();
  const user = await addUser(ANN, 'old');
  assert.equal(outcome(await signIn(ANN, 'old')), ANN);
  assert.equal(outcome(await signIn(ANN, 'new')), 'wrong-credentials');
  await directory.setPassword(user.id, await hashPassword('new', seededRandom(9).bytes, CHEAP));
  assert.equal(outcome(await signIn(ANN, 'old')), 'wrong-credentials');
  assert.equal(outcome(await signIn(ANN, 'new')), ANN);
});

test('a removed user is out at once, and one added under the same name is not let in with the old password', async () => {
  const { signIn, addUser, directory } = signInBench();
  const user = await addUser(ANN, 'old');
  assert.equal(outcome(await signIn(ANN, 'old')), ANN);
  await directory.removeUser(user.id);
  assert.equal(outcome(await signIn(ANN, 'old')), 'wrong-credentials');
  await addUser(ANN, 'new');
  assert.equal(outcome(await signIn(ANN, 'old')), 'wrong-credentials');
});

test('a user removed while the password is being checked is not let in', async () => {
  const { signIn, addUser, directory, bench } = signInBench();
  const user = await addUser(ANN, 'right');
  let release = () => {};
  bench.hold = new Promise((resolve) => {
    release = resolve;
  });
  const signingIn = signIn(ANN, 'right');
  while (bench.checks === 0) await new Promise((resolve) => setImmediate(resolve));
  await directory.removeUser(user.id);
  release();
  assert.equal(outcome(await signingIn), 'wrong-credentials');
});

test('a hash of an older cost is raised at the next sign-in, which goes on working', async () => {
  const dearer = { memoryKiB: 16, passes: 1, lanes: 1 };
  const { signIn, addUser, directory, bench } = signInBench({ cost: dearer });
  await addUser(ANN, 'right', CHEAP);
  assert.equal(outcome(await signIn(ANN, 'right')), ANN);
  const user = await directory.user('ann', 'example.org');
  assert.deepEqual([needsRehash(user!.passwordHash, dearer), user!.passwordVersion], [false, 1]);
  assert.equal(outcome(await signIn(ANN, 'right')), ANN);
  assert.equal(bench.checks, 1);
});

test('a password that is changed while its hash is raised stays changed', async () => {
  const { signIn, addUser, directory } = signInBench({ cost: { memoryKiB: 16, passes: 1, lanes: 1 } });
  const user = await addUser(ANN, 'right', CHEAP);
  const fresh = await hashPassword('new', seededRandom(9).bytes, CHEAP);
  const { renewHash } = directory;
  directory.renewHash = async (...given) => {
    await directory.setPassword(user.id, fresh);
    return renewHash(...given);
  };
  await signIn(ANN, 'right');
  assert.equal((await directory.user('ann', 'example.org'))!.passwordHash, fresh);
  assert.equal(outcome(await signIn(ANN, 'right')), 'wrong-credentials');
});

test('connections that open at once raise a hash of an older cost once', async () => {
  const { signIn, addUser, directory } = signInBench({ cost: { memoryKiB: 16, passes: 1, lanes: 1 } });
  await addUser(ANN, 'right', CHEAP);
  const { renewHash } = directory;
  let renewals = 0;
  directory.renewHash = (...given) => {
    renewals += 1;
    return renewHash(...given);
  };
  await Promise.all(Array.from({ length: 6 }, () => signIn(ANN, 'right')));
  assert.equal(renewals, 1);
});

test('a wrong password leaves a hash of an older cost alone', async () => {
  const { signIn, addUser, directory } = signInBench({ cost: { memoryKiB: 16, passes: 1, lanes: 1 } });
  const before = await addUser(ANN, 'right', CHEAP);
  await signIn(ANN, 'wrong');
  assert.equal((await directory.user('ann', 'example.org'))!.passwordHash, before.passwordHash);
});

test('more sign-ins at a time than can be checked are put off, not queued without end', async () => {
  const { signIn, addUser, bench } = signInBench({ maxParallelHashes: 1, maxWaitingHashes: 1 });
  await addUser(ANN, 'right');
  let release = () => {};
  bench.hold = new Promise((resolve) => {
    release = resolve;
  });
  const held = [signIn(ANN, 'a'), signIn(ANN, 'b')];
  while (bench.checks === 0) await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(await signIn(ANN, 'right'), { kind: 'locked', retryAfterSeconds: 5 });
  release();
  assert.deepEqual((await Promise.all(held)).map(outcome), ['wrong-credentials', 'wrong-credentials']);
  assert.equal(outcome(await signIn(ANN, 'right')), ANN);
});

test('where encryption is required no password is looked at over a plain connection, but for the machine itself', async () => {
  const { signIn, addUser, bench } = signInBench({ requireTls: true });
  await addUser(ANN, 'right');
  assert.equal(outcome(await signIn(ANN, 'right', { tls: false })), 'encryption-required');
  assert.equal(bench.checks, 0);
  assert.equal(outcome(await signIn(ANN, 'right', { tls: false, address: '::1' })), ANN);
  assert.equal(outcome(await signIn(ANN, 'right', { tls: false, address: '::ffff:127.0.0.1' })), ANN);
  assert.equal(outcome(await signIn(ANN, 'right')), ANN);
});

test('a failure is logged once, with account and address and no secret', async () => {
  const { signIn, addUser, lines } = signInBench();
  await addUser(ANN, 'right');
  await signIn(ANN, 'hunter2');
  await signIn(ANN, 'hunter2');
  await signIn('my-password-in-the-wrong-field', 'hunter2');
  const warnings = lines.filter(({ level }) => level === 'warn');
  assert.deepEqual(
    warnings.map(({ fields, message }) => [fields.user, fields.address, message]),
    [
      [ANN, '192.0.2.1', 'sign-in failed: wrong password'],
      [null, '192.0.2.1', 'sign-in failed: unknown name'],
    ],
  );
  assert.doesNotMatch(JSON.stringify(lines), /hunter2|wrong-field|Basic|argon2/);
});
