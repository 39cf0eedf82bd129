import assert from 'node:assert/strict';
import { test } from 'node:test';
import { APP_PASSWORD_BITS, appPasswordDigest, makeAppPassword } from '../../src/auth/app-password-secret.ts';
import { GENERATED_BITS, generatePassword } from '../../src/auth/generate-password.ts';
import { revokeAppPasswords } from '../../src/devices/app-passwords.ts';
import { WHOLE_SERVER } from '../../src/domain/admin-role.ts';
import { CLIENT_ORIGIN } from '../../src/domain/mailbox.ts';
import { appPasswordOf, passwordCredential } from '../../src/domain/principal.ts';
import { seededRandom } from '../support/random.ts';
import { outcome, signInBench } from './sign-in.ts';

const ANN = 'ann@example.org';
const GUESS = 'aaaa-bbbb-cccc-dddd-eeee';

async function benchOfAnn(settings: Parameters<typeof signInBench>[0] = {}) {
  const made = signInBench(settings);
  const ann = await made.addUser(ANN, 'right');
  return { ...made, ann, appPassword: await made.addAppPassword(ann) };
}

test('an app password has 90 random bits in groups of four letters that nobody mixes up', () => {
  const password = makeAppPassword(seededRandom(1).bytes);
  assert.match(password, /^[a-hjkmnp-z]{4}(-[a-hjkmnp-z]{4}){4}$/);
  assert.ok(APP_PASSWORD_BITS > 90 && GENERATED_BITS > 72);
  assert.notEqual(makeAppPassword(seededRandom(2).bytes), password);
});

test('spaces, dashes of any kind and capitals do not count; what has another shape is none', () => {
  const digest = appPasswordDigest(GUESS);
  for (const typed of [
    'AAAA bbbb cccc\u00a0dddd eeee',
    'aaaabbbbccccddddeeee',
    'aaaa–bbbb—cccc−dddd eeee'.replace('−', '‑'),
  ])
    assert.equal(appPasswordDigest(typed), digest, typed);
  const others = [GUESS.slice(0, -1), `${GUESS}f`, GUESS.replace('a', 'i'), GUESS.replace('a', '1'), '', 'right'];
  for (const other of others) assert.equal(appPasswordDigest(other), null, other);
  assert.equal(appPasswordDigest(generatePassword(seededRandom(1).bytes)), null);
});

test('a right app password signs in without a hash, and the principal names it', async () => {
  const { signIn, appPassword, bench } = await benchOfAnn();
  const result = await signIn(ANN, appPassword.replaceAll('-', ' ').toUpperCase());
  assert.equal(outcome(result), ANN);
  assert.deepEqual(result.kind === 'ok' && result.principal.credential, 'app:p1');
  assert.equal(bench.checks, 0);
});

test('the account’s own password goes on, and names itself', async () => {
  const { signIn } = await benchOfAnn();
  const result = await signIn(ANN, 'right');
  assert.deepEqual(result.kind === 'ok' && result.principal.credential, passwordCredential(1));
});

test('an administrator who comes with an app password is none', async () => {
  const { signIn, directory, addAppPassword } = signInBench();
  const more = { displayName: null, role: WHOLE_SERVER, mailboxId: 1, passwordHash: '$argon2id$x' };
  const user = await directory.addUser({ localPart: 'ann', domain: 'example.org', ...more });
  const result = await signIn(ANN, await addAppPassword(user));
  assert.ok(result.kind === 'ok');
  assert.equal(result.principal.isAdmin, false);
  assert.ok(appPasswordOf(result.principal.credential));
});

test('a revoked app password is refused at the next request, whatever was remembered', async () => {
  const { signIn, appPassword, syncState, ann } = await benchOfAnn();
  for (let n = 0; n < 2; n += 1) assert.equal(outcome(await signIn(ANN, appPassword)), ANN);
  await syncState.write(ann.mailboxId, CLIENT_ORIGIN, (tx) => revokeAppPasswords(tx, 5, () => true));
  assert.equal(outcome(await signIn(ANN, appPassword)), 'wrong-credentials');
});

test('a new account password leaves app passwords as they are', async () => {
  const { signIn, appPassword, directory, ann } = await benchOfAnn();
  await directory.setPassword(ann.id, ann.passwordHash);
  assert.equal(outcome(await signIn(ANN, appPassword)), ANN);
});

test('an app password signs in its own user alone, and nobody once that one is removed', async () => {
  const { signIn, addUser, appPassword, directory, ann } = await benchOfAnn();
  const bob = await addUser('bob@example.org', 'right');
  await directory.removeUser(bob.id);
  await directory.addUser({ ...bob, mailboxId: 2 });
  assert.equal(outcome(await signIn('bob@example.org', appPassword)), 'wrong-credentials');
  assert.equal(outcome(await signIn('nobody@example.org', appPassword)), 'wrong-credentials');
  await directory.removeUser(ann.id);
  assert.equal(outcome(await signIn(ANN, appPassword)), 'wrong-credentials');
});

test('an account’s own password that looks like an app password is believed as ever', async () => {
  const { signIn, addUser } = await benchOfAnn();
  await addUser('eve@example.org', GUESS);
  assert.equal(outcome(await signIn('eve@example.org', GUESS)), 'eve@example.org');
  assert.equal(outcome(await signIn('eve@example.org', GUESS.toUpperCase())), 'wrong-credentials');
});

test('a wrong app password is a wrong password: one hash, counted, locked out after five', async () => {
  const { signIn, bench, lines } = await benchOfAnn();
  for (let n = 0; n < 3; n += 1) await signIn(ANN, GUESS);
  assert.equal(bench.checks, 1);
  for (const letter of 'fghj') await signIn(ANN, GUESS.replaceAll('e', letter));
  assert.equal(outcome(await signIn(ANN, 'right')), 'locked');
  assert.equal(bench.checks, 5);
  assert.equal(lines.filter(({ message }) => message === 'sign-in failed: wrong password').length, 5);
  assert.doesNotMatch(JSON.stringify(lines), /aaaa/);
});

test('a flood of wrong app passwords waits for few hashes, and what is too many is put off', async () => {
  const { signIn, bench, appPassword } = await benchOfAnn({ maxParallelHashes: 1, maxWaitingHashes: 2 });
  const letters = [...'abcdefghjk'];
  const flood = letters.map((letter, n) => signIn(ANN, letter.repeat(20), { address: `198.51.100.${n}` }));
  assert.equal(outcome(await signIn(ANN, appPassword)), ANN);
  const results = (await Promise.all(flood)).map(outcome);
  assert.equal(results.filter((word) => word === 'locked').length, letters.length - 3);
  assert.equal(bench.checks, 3);
});

test('a lock that others brought about does not keep a device with a right app password out', async () => {
  const { signIn, appPassword } = await benchOfAnn();
  for (const wrong of ['a', 'b', 'c', 'd', 'e']) await signIn(ANN, wrong);
  assert.equal(outcome(await signIn(ANN, 'right')), 'locked');
  assert.equal(outcome(await signIn(ANN, appPassword)), ANN);
});

test('an app password makes no device known: who has one gets no further guesses at the account’s own', async () => {
  const { signIn, appPassword } = await benchOfAnn();
  const outcomes: string[] = [];
  for (const wrong of ['a', 'b', 'c', 'd', 'e', 'f']) {
    await signIn(ANN, appPassword);
    outcomes.push(outcome(await signIn(ANN, wrong)));
  }
  assert.deepEqual(outcomes, [...Array(5).fill('wrong-credentials'), 'locked']);
});
