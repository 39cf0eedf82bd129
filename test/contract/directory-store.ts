import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { WHOLE_SERVER } from '../../src/domain/admin-role.ts';
import type { User } from '../../src/store/directory-store.ts';
import type { OpenStore } from './store-under-test.ts';

type NewUser = Omit<User, 'id' | 'passwordVersion' | 'createdAt'>;

/** Everything a DirectoryStore must do, run whole over every adapter. */
export function directoryStoreContract(name: string, open: OpenStore): void {
  const fresh = (localPart: string, domain = 'example.org', more: Partial<NewUser> = {}): NewUser => {
    const defaults = { displayName: null, role: null, mailboxId: 1, passwordHash: '$argon2id$x' } as const;
    return { localPart, domain, ...defaults, ...more };
  };

  describe(`${name}: DirectoryStore`, () => {
    test('a user is read back whole, by name', async () => {
      const { directory, clock } = await open();
      const more = { displayName: 'Ada L.', role: WHOLE_SERVER, mailboxId: 12 } as const;
      const user = await directory.addUser(fresh('ada', 'example.org', more));
      const stored = { ...fresh('ada', 'example.org', more), id: user.id, passwordVersion: 1, createdAt: clock.now() };
      assert.deepEqual(user, stored);
      assert.deepEqual(await directory.user('ada', 'example.org'), stored);
      assert.deepEqual(await directory.users(), [stored]);
      assert.equal(await directory.user('ada', 'example.net'), null);
    });

    test('a name is taken once per domain', async () => {
      const { directory } = await open();
      await directory.addUser(fresh('ada'));
      await assert.rejects(directory.addUser(fresh('ada')), { code: 'name-taken' });
      await directory.addUser(fresh('ada', 'example.net'));
      await directory.addUser(fresh('bob'));
      const found = await directory.usersByLocalPart('ada');
      assert.deepEqual(found.map(({ domain }) => domain).sort(), ['example.net', 'example.org']);
      assert.deepEqual(await directory.usersByLocalPart('nobody'), []);
    });

    test('a new password raises the version and leaves the rest', async () => {
      const { directory } = await open();
      const user = await directory.addUser(fresh('ada'));
      await directory.setPassword(user.id, '$argon2id$new');
      const changed = { ...user, passwordHash: '$argon2id$new', passwordVersion: 2 };
      assert.deepEqual(await directory.user('ada', 'example.org'), changed);
      await assert.rejects(directory.setPassword(99, 'x'), { code: 'item-not-found' });
    });

    test('a role is given, changed and taken, and leaves the rest', async () => {
      const { directory } = await open();
      const user = await directory.addUser(fresh('ada'));
      const role = { scopes: ['read', 'wipe'], domain: 'example.org' } as const;
      await directory.setRole(user.id, role);
      assert.deepEqual(await directory.user('ada', 'example.org'), { ...user, role });
      await directory.setRole(user.id, null);
      assert.deepEqual(await directory.users(), [user]);
      await assert.rejects(directory.setRole(99, role), { code: 'item-not-found' });
    });

    test('the last administrator of the whole server keeps the role and stays', async () => {
      const { directory } = await open();
      const user = await directory.addUser(fresh('ada', 'example.org', { role: WHOLE_SERVER }));
      const partial = { scopes: ['admin'], domain: 'example.org' } as const;
      await directory.addUser(fresh('bob', 'example.org', { role: partial }));
      for (const role of [null, partial, { scopes: ['read'], domain: null } as const]) {
        await assert.rejects(directory.setRole(user.id, role), { code: 'protected' });
      }
      await assert.rejects(directory.removeUser(user.id), { code: 'protected' });
      assert.deepEqual((await directory.user('ada', 'example.org'))?.role, WHOLE_SERVER);
      const { id } = await directory.addUser(
        fresh('eve', 'example.org', { role: { scopes: ['admin'], domain: null } }),
      );
      const both = await Promise.allSettled([directory.removeUser(user.id), directory.setRole(id, null)]);
      assert.deepEqual(both.map(({ status }) => status).toSorted(), ['fulfilled', 'rejected']);
    });

    test('another hash of the same password leaves its version; of a password that was changed it is not taken', async () => {
      const { directory } = await open();
      const user = await directory.addUser(fresh('ada'));
      assert.equal(await directory.renewHash(user.id, '$argon2id$dearer', 1), true);
      assert.deepEqual(await directory.user('ada', 'example.org'), { ...user, passwordHash: '$argon2id$dearer' });
      const both = [directory.setPassword(user.id, '$argon2id$new'), directory.renewHash(user.id, '$argon2id$old', 1)];
      assert.equal((await Promise.all(both))[1], false);
      assert.equal((await directory.user('ada', 'example.org'))?.passwordHash, '$argon2id$new');
      assert.equal(await directory.renewHash(99, 'x', 1), false);
    });

    test('a removed user is gone at once, the name free, the id never given again', async () => {
      const { directory } = await open();
      const user = await directory.addUser(fresh('ada'));
      await directory.removeUser(user.id);
      assert.equal(await directory.user('ada', 'example.org'), null);
      assert.deepEqual(await directory.users(), []);
      await assert.rejects(directory.removeUser(user.id), { code: 'item-not-found' });
      assert.ok((await directory.addUser(fresh('ada'))).id > user.id);
    });

    test('a setting is null until it is set, and keeps any JSON', async () => {
      const { directory } = await open();
      assert.equal(await directory.setting('a'), null);
      for (const value of [0, false, '', 'text', [1, { x: null }], { deep: { er: 'ü' } }, null]) {
        await directory.setSetting('a', value, 'admin');
        assert.deepEqual(await directory.setting('a'), value);
      }
      assert.equal(await directory.setting('b'), null);
    });

    test('a setting keeps who changed what and when, oldest first', async () => {
      const { directory, clock } = await open();
      const at = clock.now();
      await directory.setSetting('a', 1, 'ada');
      clock.advance(60_000);
      await directory.setSetting('a', { n: 2 }, 'bob');
      await directory.setSetting('other', 3, 'bob');
      assert.deepEqual(await directory.settingHistory('a'), [
        { at, who: 'ada', value: 1 },
        { at: at + 60_000, who: 'bob', value: { n: 2 } },
      ]);
      assert.deepEqual(await directory.settingHistory('none'), []);
    });

    test('a setting is the same object until it is set anew, and nobody can change it', async () => {
      const { directory } = await open();
      await directory.setSetting('a', { list: [{ x: 1 }] }, 'ada');
      const read = (await directory.setting('a')) as { list: { x: number }[] };
      assert.equal(await directory.setting('a'), read);
      assert.throws(() => read.list.push({ x: 2 }), TypeError);
      assert.throws(() => Object.assign(read.list[0]!, { x: 2 }), TypeError);
      await directory.setSetting('b', 1, 'ada');
      assert.equal(await directory.setting('a'), read);
      await directory.setSetting('a', { list: [{ x: 1 }] }, 'ada');
      const later = await directory.setting('a');
      assert.deepEqual([later === read, later], [false, read]);
      await directory.setSetting('a', null, 'ada');
      assert.equal(await directory.setting('a'), null);
    });

    test('a change of the value given afterwards does not reach the store', async () => {
      const { directory } = await open();
      const value = { list: [1] };
      await directory.setSetting('a', value, 'ada');
      value.list.push(2);
      assert.deepEqual(await directory.setting('a'), { list: [1] });
    });
  });
}
