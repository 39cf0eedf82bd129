import type { Stamp } from '../../src/domain/mailbox.ts';
import type { MailboxReader, MailboxStore } from '../../src/store/mailbox-store.ts';
import type { Mutation } from './gateway.ts';

/** A store whose readers are changed; writes go through as they are. */
function withReader(store: MailboxStore, change: (reader: MailboxReader) => Partial<MailboxReader>): MailboxStore {
  const read: MailboxStore['read'] = (mailboxId) => {
    const reader = store.read(mailboxId);
    return overlay(reader, change(reader));
  };
  return overlay(store, { read });
}

/** The object with some members replaced; the others keep their own `this`. */
function overlay<T extends object>(object: T, members: Partial<T>): T {
  return new Proxy(object, {
    get(target, key) {
      if (Object.hasOwn(members, key)) return members[key as keyof T];
      const value: unknown = Reflect.get(target, key, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

/** A store that keeps no tombstones: what was removed is never told. */
export const withoutTombstones: Mutation = (store) =>
  withReader(store, (reader) => ({
    async changes(...request) {
      const page = await reader.changes(...request);
      return { ...page, entries: page.entries.filter((entry) => entry.kind === 'changed') };
    },
  }));

/**
 * A store that draws the stamp before its transaction begins: now and then a write becomes visible only after a later
 * one, with its earlier stamp, so a cursor has passed it.
 */
export const stampedOutsideTransaction: Mutation = (store) => {
  let hidden: Stamp = 0;
  let writes = 0;
  const write: MailboxStore['write'] = async (mailboxId, origin, work) => {
    const result = await store.write(mailboxId, origin, work);
    const { head } = await store.read(mailboxId).mailbox();
    hidden = ++writes % 5 === 0 ? head : 0;
    return result;
  };
  const slow = withReader(store, (reader) => ({
    async changes(...request) {
      const page = await reader.changes(...request);
      return { ...page, entries: page.entries.filter((entry) => entry.stamp !== hidden) };
    },
  }));
  return overlay(slow, { write });
};

/** A store that gives stale cursors an answer instead of refusing them after the log was pruned. */
export const silentAboutPruning: Mutation = (store) =>
  withReader(store, (reader) => ({
    async changes(folderId, since, ...rest) {
      const folder = await reader.folder(folderId);
      const from = since > 0 && folder ? Math.max(since, folder.pruned) : since;
      return reader.changes(folderId, from, ...rest);
    },
  }));
