import assert from 'node:assert/strict';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { decodeJwt, SignJWT, UnsecuredJWT } from 'jose';
import { createAuthenticator } from '../../../src/auth/authenticator.ts';
import { hashPassword } from '../../../src/auth/password-hash.ts';
import { ACCESS_SECONDS } from '../../../src/auth/tokens/access-token.ts';
import { createSignIns, IDLE_MS, LONGEST_MS, REPEAT_MS, type Tokens } from '../../../src/auth/tokens/sign-ins.ts';
import { KEY_FILE, openSigningKey } from '../../../src/auth/tokens/signing-key.ts';
import { WHOLE_SERVER } from '../../../src/domain/admin-role.ts';
import { inFolder } from '../../admin/bench.ts';
import { seededRandom } from '../../support/random.ts';
import { CHEAP, signInBench } from '../sign-in.ts';

const ANN = 'ann@example.org';
const HELPDESK = { scopes: ['read', 'helpdesk'], domain: 'example.org' } as const;

async function tokensBench() {
  const bench = signInBench();
  const { authenticator, directory, clock, random, log } = bench;
  const key = seededRandom(9).bytes(32);
  const signIns = createSignIns({ authenticator, directory, store: bench.signIns, clock, random, log, key });
  const user = await bench.addUser(ANN, 'secret');
  await directory.setRole(user.id, HELPDESK);
  const from = { remoteAddress: '192.0.2.1', userAgent: 'curl', tls: true } as const;
  const signIn = (password = 'secret', name = ANN) => signIns.signIn({ name, password, ...from });
  const signedIn = async (): Promise<Tokens> => {
    const answer = await signIn();
    assert.equal(answer.kind, 'ok');
    return answer as Tokens;
  };
  return { ...bench, store: bench.signIns, signIns, key, user, signIn, signedIn };
}

test('the right password gives tokens whose authority is the user’s role', async () => {
  const { signIns, signedIn, clock } = await tokensBench();
  const { access, authority, expiresAt } = await signedIn();
  const expected = { address: ANN, scopes: new Set(['read', 'helpdesk']), domain: 'example.org' };
  assert.deepEqual(authority, expected);
  assert.deepEqual(await signIns.verify(access), expected);
  assert.equal(expiresAt, Math.floor(clock.now() / 1000 + ACCESS_SECONDS) * 1000);
  const { sub, scope, domain, jti, exp, iat } = decodeJwt(access);
  assert.deepEqual([sub, scope, domain, typeof jti], [ANN, 'read helpdesk', 'example.org', 'string']);
  assert.equal(exp! - iat!, ACCESS_SECONDS);
});

test('a user without a role signs in with no scopes', async () => {
  const { signIns, directory, user, signedIn } = await tokensBench();
  await directory.setRole(user.id, null);
  const { access } = await signedIn();
  assert.deepEqual(await signIns.verify(access), { address: ANN, scopes: new Set(), domain: null });
});

test('an app password never signs in here, and counts as a wrong one', async () => {
  const { signIn, addAppPassword, user, send } = await tokensBench();
  const appPassword = await addAppPassword(user);
  assert.equal((await send(Buffer.from(`${ANN}:${appPassword}`))).kind, 'ok');
  assert.deepEqual(await signIn(appPassword), { kind: 'refused', reason: 'wrong-credentials' });
});

test('a password that is good for the wipe of a device alone is a wrong one here', async () => {
  const { clock, random, log, directory, user } = await tokensBench();
  const former = { device: 'phone', credential: 'password:1', passwordHash: user.passwordHash };
  await directory.setPassword(user.id, await hashPassword('newer', random, CHEAP));
  const wipeCredentials = async () => [former];
  const authenticator = createAuthenticator({
    directory,
    clock,
    random,
    log,
    settings: { cost: CHEAP },
    wipeCredentials,
  });
  const from = { remoteAddress: '192.0.2.1', userAgent: 'curl', tls: true } as const;
  const authorization = `Basic ${Buffer.from(`${ANN}:secret`).toString('base64')}`;
  assert.equal((await authenticator.authenticate({ authorization, ...from })).kind, 'wipe-only');
  const checked = await authenticator.checkPassword({ name: ANN, password: 'secret', ...from });
  assert.deepEqual(checked, { kind: 'unauthenticated', reason: 'wrong-credentials' });
  assert.equal((await authenticator.checkPassword({ name: ANN, password: 'newer', ...from })).kind, 'ok');
});

test('wrong passwords are refused, count for the lockout of every protocol, and lock', async () => {
  const { signIn } = await tokensBench();
  assert.deepEqual(await signIn('wrong'), { kind: 'refused', reason: 'wrong-credentials' });
  for (const guess of ['w1', 'w2', 'w3', 'w4']) await signIn(guess);
  assert.equal((await signIn()).kind, 'locked');
});

test('an access token ends after its time, to the second', async () => {
  const { signIns, signedIn, clock } = await tokensBench();
  const { access } = await signedIn();
  clock.advance((ACCESS_SECONDS - 1) * 1000);
  assert.notEqual(await signIns.verify(access), null);
  clock.advance(1000);
  assert.equal(await signIns.verify(access), null);
});

test('a token that is forged, unsigned, of another type or altered is not taken', async () => {
  const { signIns, signedIn, key } = await tokensBench();
  const { access } = await signedIn();
  const claims = decodeJwt(access);
  const [head, body, mark] = access.split('.');
  const altered = Buffer.from(JSON.stringify({ ...claims, sub: 'eve@example.org' })).toString('base64url');
  const forged = await new SignJWT(claims).setProtectedHeader({ alg: 'HS256', typ: 'at+jwt' }).sign(new Uint8Array(32));
  const untyped = await new SignJWT(claims).setProtectedHeader({ alg: 'HS256' }).sign(key);
  const other = await new SignJWT({ ...claims, aud: 'else' })
    .setProtectedHeader({ alg: 'HS256', typ: 'at+jwt' })
    .sign(key);
  const unsigned = new UnsecuredJWT(claims).encode();
  const bad = [forged, untyped, other, unsigned, `${head}.${altered}.${mark}`, `${head}.${body}.`, '', 'x', 'a.b.c'];
  for (const token of bad) assert.equal(await signIns.verify(token), null, token);
  const same = await new SignJWT(claims).setProtectedHeader({ alg: 'HS256', typ: 'at+jwt' }).sign(key);
  assert.notEqual(await signIns.verify(same), null);
});

test('a renewal gives new tokens, and the old access token lives its time', async () => {
  const { signIns, signedIn, clock } = await tokensBench();
  const first = await signedIn();
  clock.advance(60_000);
  const second = await signIns.renew(first.refresh);
  assert.ok(second);
  assert.notEqual(second.refresh, first.refresh);
  assert.notEqual(second.access, first.access);
  for (const { access } of [first, second]) assert.notEqual(await signIns.verify(access), null);
});

test('renewals of a browser at once, and one whose answer was lost, get the same token', async () => {
  const { signIns, signedIn, clock } = await tokensBench();
  const { refresh } = await signedIn();
  const again = () => signIns.renew(refresh, { mayRepeat: true });
  const answers = await Promise.all([again(), again()]);
  clock.advance(REPEAT_MS);
  answers.push(await again());
  assert.equal(new Set(answers.map((answer) => answer?.refresh)).size, 1);
  assert.ok(await signIns.renew(answers[0]!.refresh));
});

test('RFC 9700 §4.14.2 a program that uses a refresh token a second time, however soon, ends the sign-in', async () => {
  const { signIns, signedIn } = await tokensBench();
  const { refresh } = await signedIn();
  const renewed = (await signIns.renew(refresh))!;
  assert.equal(await signIns.renew(refresh), null);
  assert.deepEqual([await signIns.verify(renewed.access), await signIns.renew(renewed.refresh)], [null, null]);
});

for (const late of [1, 2]) {
  test(`RFC 9700 §4.14.2 a browser’s refresh token used again ${late === 1 ? 'too late' : 'after another renewal'} ends the sign-in`, async () => {
    const { signIns, signedIn, clock, lines } = await tokensBench();
    const first = await signedIn();
    const second = (await signIns.renew(first.refresh))!;
    const newest = late === 1 ? second : (await signIns.renew(second.refresh))!;
    if (late === 1) clock.advance(REPEAT_MS + 1);
    assert.equal(await signIns.renew(first.refresh, { mayRepeat: true }), null);
    assert.equal(await signIns.renew(newest.refresh), null);
    assert.equal(await signIns.verify(newest.access), null);
    const told = lines.find(({ message }) => message.includes('a second time'))!;
    assert.deepEqual([told.level, told.fields.user, told.fields.address], ['warn', ANN, '192.0.2.1']);
  });
}

test('a sign-in ends when it is idle, and in any case after its longest time', async () => {
  const { signIns, signedIn, clock } = await tokensBench();
  const idle = await signedIn();
  clock.advance(IDLE_MS + 1);
  assert.equal(await signIns.renew(idle.refresh), null);
  const start = clock.now();
  let tokens = await signedIn();
  for (;;) {
    clock.advance(IDLE_MS);
    const next = await signIns.renew(tokens.refresh);
    if (next === null) break;
    assert.ok(next.expiresAt <= start + LONGEST_MS);
    tokens = next;
  }
  assert.ok(clock.now() - start > LONGEST_MS && clock.now() - start <= LONGEST_MS + IDLE_MS);
});

const ENDINGS = ['another password', 'another role', 'removal', 'sign-out'] as const;
for (const what of ENDINGS) {
  test(`${what} ends access and refresh tokens at once`, async () => {
    const { signIns, signedIn, directory, user } = await tokensBench();
    const { access, refresh } = await signedIn();
    if (what === 'another password') await directory.setPassword(user.id, user.passwordHash);
    else if (what === 'another role') await directory.setRole(user.id, WHOLE_SERVER);
    else if (what === 'removal') await directory.removeUser(user.id);
    else await signIns.end(refresh);
    assert.equal(await signIns.verify(access), null);
    assert.equal(await signIns.renew(refresh), null);
  });
}

test('junk neither renews nor ends anything', async () => {
  const { signIns, signedIn } = await tokensBench();
  const { refresh } = await signedIn();
  const altered = `${refresh.slice(0, 40)}${refresh[40] === 'A' ? 'B' : 'A'}${refresh.slice(41)}`;
  for (const junk of ['', 'x', altered, `${refresh}A`]) {
    assert.equal(await signIns.renew(junk), null);
    await signIns.end(junk);
  }
  assert.ok(await signIns.renew(refresh));
});

test('neither log lines nor the store hold a token or a password', async () => {
  const { signIns, signedIn, lines, store } = await tokensBench();
  const first = await signedIn();
  const second = (await signIns.renew(first.refresh))!;
  const kept = await store.get(String(decodeJwt(first.access).sid));
  assert.ok(kept);
  await signIns.end(second.refresh);
  assert.deepEqual(
    lines.map(({ message }) => message),
    ['signed in to administer', 'signed out'],
  );
  const told = JSON.stringify([lines, kept]);
  for (const { access, refresh } of [first, second]) {
    assert.equal(told.includes(access), false);
    assert.equal(told.includes(refresh), false);
    // Nor the secret part of it in another spelling.
    assert.equal(told.includes(Buffer.from(refresh, 'base64url').subarray(16, 48).toString('hex')), false);
  }
  assert.equal(told.includes('secret'), false);
});

test('the key is made once, for its owner alone, and kept', () =>
  inFolder(async (folder) => {
    const random = seededRandom(3).bytes;
    const key = await openSigningKey(folder, random);
    assert.equal(statSync(join(folder, KEY_FILE)).mode & 0o777, 0o600);
    assert.deepEqual(Buffer.from(await openSigningKey(folder, random)), Buffer.from(key));
    assert.deepEqual(readFileSync(join(folder, KEY_FILE)), Buffer.from(key));
    writeFileSync(join(folder, KEY_FILE), 'short');
    await assert.rejects(openSigningKey(folder, random), /is no key: it has 5 bytes.*Remove it/);
  }));
