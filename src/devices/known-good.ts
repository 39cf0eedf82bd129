import type { MailboxId } from '../domain/mailbox.ts';
import { Recent } from './recent.ts';

/** Mailboxes, and spellings in each: some 20 MB at the worst. Of what is forgotten, one more success is looked at. */
const MOST = { mailboxes: 50_000, aliases: 64 };

/**
 * Devices of which it is known, and written down, that their last request went well: their next success is no news. By mailbox, since
 * a device may spell its id in one way when it fails and in another when it does not.
 */
export class KnownGood {
  readonly #mailboxes = new Recent<Set<string>>(MOST.mailboxes);

  has(mailboxId: MailboxId, alias: string): boolean {
    return this.#mailboxes.get(String(mailboxId))?.has(alias) === true;
  }

  add(mailboxId: MailboxId, alias: string): void {
    const known = this.#mailboxes.get(String(mailboxId));
    if (known !== undefined && known.size < MOST.aliases) known.add(alias);
    else this.#mailboxes.set(String(mailboxId), new Set([alias]));
  }

  forget(mailboxId: MailboxId): void {
    this.#mailboxes.delete(String(mailboxId));
  }
}
