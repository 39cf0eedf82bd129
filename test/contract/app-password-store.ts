import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { CLIENT_ORIGIN } from '../../src/domain/mailbox.ts';
import type { AppPassword } from '../../src/store/app-password-store.ts';
import type { SyncWriter } from '../../src/store/sync-state-store.ts';
import type { OpenStore } from './store-under-test.ts';

const BOUND = { protocol: 'webdav', id: 'webdav:davx5', kin: 'ios' } as const;

function passwordOf(id: string, more: Partial<AppPassword> = {}): AppPassword {
  return {
    ...{ id, digest: `digest of ${id}`, label: 'Ada’s phone', protocols: null, createdAt: 10, createdBy: 'ada' },
    ...{ device: null, lastUsedAt: null, lastUsedFrom: null, revokedAt: null },
    ...more,
  };
}

async function fixture(open: OpenStore) {
  const store = await open();
  const mailboxId = await store.mailboxes.createMailbox();
  const write = <T>(work: (tx: SyncWriter) => Promise<T>) => store.syncState.write(mailboxId, CLIENT_ORIGIN, work);
  const put = (...passwords: AppPassword[]) =>
    write(async (tx) => {
      for (const password of passwords) await tx.putAppPassword(password);
    });
  return { store, mailboxId, write, put, read: store.syncState.read(mailboxId) };
}

/** Everything an AppPasswordReader and an AppPasswordWriter must do, run whole over every adapter. */
export function appPasswordStoreContract(name: string, open: OpenStore): void {
  describe(`${name}: AppPasswordReader, AppPasswordWriter`, () => {
    test('an app password is read as it was written, by its id and by its digest', async () => {
      const { put, read } = await fixture(open);
      const used = { device: BOUND, lastUsedAt: 20, lastUsedFrom: '192.0.2.1', revokedAt: 30 };
      const password = passwordOf('a', { protocols: ['webdav'], ...used });
      await put(password);
      assert.deepEqual(await read.appPassword('a'), password);
      assert.deepEqual(await read.appPasswordByDigest('digest of a'), password);
      assert.equal(await read.appPassword('digest of a'), null);
      assert.equal(await read.appPasswordByDigest('digest of'), null);
    });

    test('all are listed, ended ones too, oldest first', async () => {
      const { put, read } = await fixture(open);
      await put(passwordOf('b', { createdAt: 2 }), passwordOf('c', { createdAt: 1, revokedAt: 5 }), passwordOf('a'));
      assert.deepEqual(
        (await read.appPasswords()).map(({ id }) => id),
        ['c', 'b', 'a'],
      );
    });

    test('putting an id again replaces it; its old digest finds nothing any more', async () => {
      const { put, read } = await fixture(open);
      await put(passwordOf('a'));
      await put(passwordOf('a', { digest: 'other', label: 'tablet' }));
      assert.equal(await read.appPasswordByDigest('digest of a'), null);
      assert.equal((await read.appPasswordByDigest('other'))?.label, 'tablet');
      assert.equal((await read.appPasswords()).length, 1);
    });

    test('a digest is taken once in a mailbox, and is free in another', async () => {
      const { store, put, read } = await fixture(open);
      await put(passwordOf('a'));
      await assert.rejects(put(passwordOf('b', { digest: 'digest of a' })), { code: 'name-taken' });
      assert.equal(await read.appPassword('b'), null);
      const other = await store.mailboxes.createMailbox();
      assert.equal(await store.syncState.read(other).appPasswordByDigest('digest of a'), null);
      await store.syncState.write(other, CLIENT_ORIGIN, (tx) => tx.putAppPassword(passwordOf('a')));
      assert.equal((await store.syncState.read(other).appPasswords()).length, 1);
    });

    test('one is removed; what is not there is removed without complaint', async () => {
      const { write, put, read } = await fixture(open);
      await put(passwordOf('a'), passwordOf('b'));
      await write(async (tx) => {
        await tx.removeAppPassword('a');
        await tx.removeAppPassword('z');
      });
      assert.deepEqual(
        (await read.appPasswords()).map(({ id }) => id),
        ['b'],
      );
    });

    test('a transaction reads its own writes, and one that fails leaves nothing', async () => {
      const { write, read } = await fixture(open);
      const failing = write(async (tx) => {
        await tx.putAppPassword(passwordOf('a'));
        assert.equal((await tx.appPasswordByDigest('digest of a'))?.id, 'a');
        throw new Error('no');
      });
      await assert.rejects(failing, /no/);
      assert.deepEqual(await read.appPasswords(), []);
    });

    test('they go with their mailbox; one that never was has none', async () => {
      const { store, mailboxId, put, read } = await fixture(open);
      await put(passwordOf('a'));
      await store.mailboxes.removeMailbox(mailboxId);
      assert.equal(await read.appPasswordByDigest('digest of a'), null);
      assert.deepEqual(await read.appPasswords(), []);
      assert.equal(await store.syncState.read(0).appPasswordByDigest('digest of a'), null);
    });

    test('they outlive a close, where anything does', async () => {
      const { store, mailboxId, put } = await fixture(open);
      const password = passwordOf('a', { device: BOUND });
      await put(password);
      const again = (await store.reopen?.()) ?? store;
      assert.deepEqual(await again.syncState.read(mailboxId).appPassword('a'), password);
    });
  });
}
