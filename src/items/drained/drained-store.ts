import { GatewayError } from '../../domain/errors.ts';
import type { MailboxStore } from '../../store/mailbox-store.ts';
import { DrainedReader, type OnEmptied } from './drained-reader.ts';
import type { Drain } from './explanation.ts';

/** The store as a client is shown it whose folders are emptied: it reads, and writes nothing. */
export function drainedStore(store: MailboxStore, drain: Drain, onEmptied: OnEmptied): MailboxStore {
  const refuse = async () => {
    throw drainedRefusal();
  };
  return {
    read: (mailboxId) => new DrainedReader(store.read(mailboxId), drain, onEmptied),
    write: refuse,
    createMailbox: refuse,
    setQuota: refuse,
    removeMailbox: refuse,
    prune: refuse,
    stampAt: (mailboxId, before) => store.stampAt(mailboxId, before),
    verify: (progress) => store.verify(progress),
    close: () => store.close(),
  };
}

/** What such a client is answered when it writes. */
export function drainedRefusal(): GatewayError<'access-denied'> {
  const message = 'This device was emptied and may not write here any more; ask your administrator.';
  return new GatewayError('access-denied', { right: 'write' }, message);
}
