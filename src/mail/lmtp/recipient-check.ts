import type { User } from '../../store/directory-store.ts';
import { DISK_FULL } from '../deliver.ts';
import { findRecipient } from '../find-recipient.ts';
import type { MailServices } from '../services.ts';
import { LmtpReply, replyFor } from './reply.ts';

/**
 * Whose mailbox a RCPT names. A full mailbox or disk is said here, before the message is sent for nothing; whether it fits is
 * judged again when it is there.
 * @param size As the client declared it (RFC 1870), 0 when it did not.
 * @throws LmtpReply 550 5.1.1, 452 4.2.2, 552 5.2.2
 */
export async function checkRecipient(services: MailServices, address: string, size: number): Promise<User> {
  const user = await findRecipient(services.directory, address);
  if (user === null) throw new LmtpReply(550, `<${address}> no such user here`);
  if (services.refusesGrowth?.() === true) throw replyFor(DISK_FULL, address);
  const { quotaBytes, quotaItems, usedBytes, itemCount } = await services.syncState.read(user.mailboxId).mailbox();
  if (quotaBytes !== null && size > quotaBytes) {
    throw replyFor(
      { kind: 'refused', status: '5.2.2', reason: 'the message is larger than the whole mailbox' },
      address,
    );
  }
  const isFull = quotaBytes !== null && (usedBytes >= quotaBytes || usedBytes + size > quotaBytes);
  if (isFull || (quotaItems !== null && itemCount >= quotaItems)) {
    throw replyFor({ kind: 'later', status: '4.2.2', reason: 'the mailbox is full' }, address);
  }
  return user;
}
