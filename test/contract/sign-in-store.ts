import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { SignIn } from '../../src/store/sign-in-store.ts';
import type { OpenStore, StoreUnderTest } from './store-under-test.ts';

async function withUser(open: OpenStore) {
  const store = await open();
  const person = { localPart: 'ada', domain: 'example.org', displayName: null, role: null, mailboxId: 1 } as const;
  const user = await store.directory.addUser({ ...person, passwordHash: '$argon2id$x' });
  const add = (id: string, more: Partial<SignIn> = {}) => store.signIns.add(signIn(id, user.id, more), 1);
  return { ...store, user, add };
}

function signIn(id: string, userId: number, more: Partial<SignIn> = {}): SignIn {
  const from = { remoteAddress: '192.0.2.1', userAgent: 'curl' } as const;
  return { id, userId, tokenHash: `${id}-1`, previousHash: null, createdAt: 10, usedAt: 20, ...from, ...more };
}

const ENDINGS: readonly (readonly [what: string, end: (store: StoreUnderTest, id: number) => Promise<void>])[] = [
  ['another password', ({ directory }, id) => directory.setPassword(id, '$argon2id$new')],
  ['another role', ({ directory }, id) => directory.setRole(id, { scopes: ['read'], domain: null })],
  ['the removal of the user', ({ directory }, id) => directory.removeUser(id)],
];

/** Everything a SignInStore must do, run whole over every adapter. */
export function signInStoreContract(name: string, open: OpenStore): void {
  describe(`${name}: SignInStore`, () => {
    test('a sign-in is read back whole, and is gone once removed', async () => {
      const { signIns, user, add } = await withUser(open);
      assert.equal(await add('a'), true);
      assert.deepEqual(await signIns.get('a'), signIn('a', user.id));
      assert.equal(await signIns.get('b'), null);
      assert.equal(await signIns.remove('a'), true);
      assert.equal(await signIns.remove('a'), false);
      assert.equal(await signIns.get('a'), null);
    });

    test('a sign-in made with a password that is not the present one is not kept', async () => {
      const { signIns, directory, user } = await withUser(open);
      await directory.setPassword(user.id, '$argon2id$new');
      assert.equal(await signIns.add(signIn('a', user.id), 1), false);
      assert.equal(await signIns.add(signIn('b', user.id + 1), 1), false);
      assert.equal(await signIns.get('a'), null);
      assert.equal(await signIns.add(signIn('c', user.id), 2), true);
    });

    test('of two renewals of one token, one is made', async () => {
      const { signIns, user, add } = await withUser(open);
      await add('a');
      const renew = (to: string) => signIns.renew('a', 'a-1', to, 30);
      const results = await Promise.all([renew('a-2'), renew('a-3')]);
      assert.deepEqual(results, [true, false]);
      assert.deepEqual(
        await signIns.get('a'),
        signIn('a', user.id, { tokenHash: 'a-2', previousHash: 'a-1', usedAt: 30 }),
      );
      assert.equal(await signIns.renew('b', 'b-1', 'b-2', 30), false);
    });

    for (const [what, end] of ENDINGS) {
      test(`${what} ends the sign-ins of that user and of nobody else`, async () => {
        const store = await withUser(open);
        const person = {
          localPart: 'bob',
          domain: 'example.org',
          displayName: null,
          role: null,
          mailboxId: 2,
        } as const;
        const other = await store.directory.addUser({ ...person, passwordHash: '$argon2id$x' });
        await store.add('a');
        await store.add('b');
        await store.signIns.add(signIn('c', other.id), 1);
        await end(store, store.user.id);
        const left = await Promise.all(['a', 'b', 'c'].map((id) => store.signIns.get(id)));
        assert.deepEqual(
          left.map((one) => one?.id),
          [undefined, undefined, 'c'],
        );
      });
    }

    test('what was not used for long, or is old, is ended', async () => {
      const { signIns, add } = await withUser(open);
      await add('idle', { createdAt: 50, usedAt: 99 });
      await add('old', { createdAt: 49, usedAt: 200 });
      await add('good', { createdAt: 50, usedAt: 100 });
      assert.equal(await signIns.expire({ usedBefore: 100, createdBefore: 50 }), 2);
      assert.equal((await signIns.get('good'))?.id, 'good');
      assert.equal(await signIns.get('idle'), null);
    });
  });
}
