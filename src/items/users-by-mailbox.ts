import type { MailboxId } from '../domain/mailbox.ts';
import type { User } from '../store/directory-store.ts';

const known = new WeakMap<readonly User[], ReadonlyMap<MailboxId, User>>();

/** Whose each mailbox is. A directory gives the same list until it changes, so that this is made once for it. */
export function usersByMailbox(users: readonly User[]): ReadonlyMap<MailboxId, User> {
  const made = known.get(users) ?? new Map(users.map((user) => [user.mailboxId, user]));
  known.set(users, made);
  return made;
}
