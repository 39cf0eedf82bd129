import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { GENERATED_BITS, generatePassword } from '../../src/auth/generate-password.ts';
import { createHashQueue, HashQueueFull } from '../../src/auth/hash-queue.ts';
import {
  DEFAULT_COST,
  hashPassword,
  needsRehash,
  unmatchableHash,
  verifyPassword,
} from '../../src/auth/password-hash.ts';
import { seededRandom } from '../support/random.ts';
import { CHEAP } from './sign-in.ts';

/** Vectors of the reference implementation of argon2 (version 1.3, argon2id). */
const VECTORS = [
  ['password', '$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4'],
  ['password', '$argon2id$v=19$m=256,t=2,p=2$c29tZXNhbHQ$bQk8UB/VmZZF4Oo79iDXuL5/0ttZwg2f/5U52iv1cDc'],
  ['differentpassword', '$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$C4TWUs9rDEvq7w3+J4umqA32aWKB1+DSiRuBfYxFj94'],
  ['password', '$argon2id$v=19$m=65536,t=2,p=1$ZGlmZnNhbHQ$vfMrBczELrFdWP0ZsfhWsRPaHppYdP3MVEMIVlqoFBw'],
] as const;

for (const [password, phc] of VECTORS) {
  test(`the reference vector ${phc.slice(0, 40)}… verifies, and no other password does`, async () => {
    assert.equal(await verifyPassword(password, phc), true);
    assert.equal(await verifyPassword(`${password} `, phc), false);
  });
}

test('a new hash is argon2id with 19 MiB, two passes and one lane in PHC format, salted each time', async () => {
  const random = seededRandom(1).bytes;
  const [first, second] = [await hashPassword('geheim', random), await hashPassword('geheim', random)];
  assert.match(first, /^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
  assert.notEqual(first, second);
  assert.equal(await verifyPassword('geheim', first), true);
});

test('a password is the same in both Unicode forms of its letters', async () => {
  const phc = await hashPassword('Stra\u00dfe \u00fc', seededRandom(2).bytes, CHEAP);
  assert.equal(await verifyPassword('Stra\u00dfe u\u0308', phc), true);
});

test('a hash needs renewing when it is cheaper in any respect, not when it is dearer', () => {
  const random = seededRandom(3).bytes;
  assert.equal(needsRehash(unmatchableHash(random)), false);
  assert.equal(needsRehash(unmatchableHash(random, { ...DEFAULT_COST, memoryKiB: 8 })), true);
  assert.equal(needsRehash(unmatchableHash(random, { ...DEFAULT_COST, passes: 1 })), true);
  assert.equal(needsRehash(unmatchableHash(random, { ...DEFAULT_COST, passes: 3 })), false);
});

for (const phc of ['', 'x', '$argon2i$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4']) {
  test(`a stored string that is no argon2id hash is refused: ${JSON.stringify(phc.slice(0, 10))}`, async () => {
    await assert.rejects(verifyPassword('x', phc), TypeError);
  });
}

test('a stored hash that asks for too much memory is refused without hashing', async () => {
  const phc = '$argon2id$v=19$m=99999999,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4';
  await assert.rejects(verifyPassword('x', phc), /more memory or time than is allowed/);
});

test('a generated password has at least 70 bits in letters that a phone types without shift', () => {
  assert.ok(GENERATED_BITS >= 70, `${GENERATED_BITS} bits`);
  const made = Array.from({ length: 200 }, () => generatePassword((length) => randomBytes(length)));
  for (const password of made) assert.match(password, /^[a-hjkmnp-z]{4}(-[a-hjkmnp-z]{4}){3}$/);
  assert.equal(new Set(made).size, made.length);
  const letters = new Set(made.join('').replaceAll('-', ''));
  assert.equal(letters.size, 23, 'every letter of the alphabet occurs');
});

test('the queue runs at most as many hashes at a time as allowed, in the order of asking', async () => {
  const queue = createHashQueue(2, 10);
  const order: number[] = [];
  let running = 0;
  let most = 0;
  const work = (n: number) => async () => {
    running += 1;
    most = Math.max(most, running);
    await new Promise((resolve) => setImmediate(resolve));
    order.push(n);
    running -= 1;
  };
  await Promise.all([0, 1, 2, 3, 4, 5].map((n) => queue.run(work(n))));
  assert.equal(most, 2);
  assert.deepEqual(order, [0, 1, 2, 3, 4, 5]);
});

test('a full queue refuses, and takes more when there is room again', async () => {
  const queue = createHashQueue(1, 1);
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  const [first, second] = [queue.run(() => held), queue.run(async () => 2)];
  await assert.rejects(
    queue.run(async () => 3),
    HashQueueFull,
  );
  release();
  await first;
  assert.equal(await second, 2);
  assert.equal(await queue.run(async () => 4), 4);
});

test('work that fails gives its place free', async () => {
  const queue = createHashQueue(1, 1);
  await assert.rejects(
    queue.run(() => Promise.reject(new Error('no'))),
    /no/,
  );
  assert.equal(await queue.run(async () => 1), 1);
});
