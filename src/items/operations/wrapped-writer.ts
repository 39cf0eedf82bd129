import type { MailboxWriter } from '../../store/mailbox-store.ts';

/** Writers that can do more than `MailboxWriter`: those of the sync state can sign what they write. */
export type AnyWriter = MailboxWriter & { signed?(by: number | null): MailboxWriter };

/** The same writer with some calls answered by `own`, for as long as its transaction lasts. */
export function wrappedWriter<W extends MailboxWriter>(tx: W, own: Readonly<Record<string, unknown>>): W {
  const bound = new Map<PropertyKey, unknown>(Object.entries(own));
  return new Proxy(tx, {
    get(target, key) {
      const known = bound.get(key);
      if (known !== undefined) return known;
      const value: unknown = Reflect.get(target, key, target);
      // Writers keep private fields, which only they themselves may read.
      const usable: unknown = typeof value === 'function' ? value.bind(target) : value;
      if (typeof value === 'function') bound.set(key, usable);
      return usable;
    },
  });
}
