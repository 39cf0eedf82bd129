import { keptMessages, makeDue } from '../mail/kept-messages.ts';
import type { User } from '../store/directory-store.ts';
import { formatAddress } from './address.ts';
import type { Administration } from './administration.ts';
import type { OutboxEntry } from './calls/outbox.ts';
import type { AdministrationParts } from './create-administration.ts';
import { requireUser } from './users.ts';

type OutboxCalls = Pick<Administration, 'outboxList' | 'outboxRetry'>;

/** The calls about mail that has not left yet. */
export function outboxCalls(parts: AdministrationParts): OutboxCalls {
  const { syncState } = parts.stores;
  return {
    async outboxList({ address }) {
      const entries: OutboxEntry[] = [];
      for (const user of await usersOf(parts, address)) {
        const owner = formatAddress(user);
        for (const message of await keptMessages(syncState, user.mailboxId)) entries.push({ owner, ...message });
      }
      return entries;
    },

    async outboxRetry({ address }) {
      let messages = 0;
      for (const { mailboxId } of await usersOf(parts, address)) {
        messages += await makeDue(syncState, mailboxId, parts.clock.now());
      }
      // Without a server in this process they go out when it starts.
      await parts.outbox?.scan();
      return { messages, isNow: parts.outbox !== undefined };
    },
  };
}

async function usersOf(parts: AdministrationParts, address: string | null): Promise<readonly User[]> {
  if (address !== null) return [await requireUser(parts, address)];
  const users = await parts.stores.directory.users();
  return users.toSorted((a, b) => (formatAddress(a) < formatAddress(b) ? -1 : 1));
}
