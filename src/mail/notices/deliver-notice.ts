import type { MailboxId } from '../../domain/mailbox.ts';
import type { SyncWriter } from '../../store/sync-state-store.ts';
import { folderOf, MAIL_ORIGIN, newMessage } from '../deliver.ts';
import { mailEvent } from '../mail-log.ts';
import type { MailServices } from '../services.ts';
import { type NoticeText, noticeMessage } from './notice-message.ts';

/** The same is said at most once in this time. */
export const NOTICE_EVERY_MS = 24 * 3_600_000;

export interface Notice extends NoticeText {
  /** What it is about, e.g. `quota`: each kind is told by itself. */
  readonly kind: string;
  readonly mailboxId: MailboxId;
  /** local@domain */
  readonly to: string;
}

/** What a mailbox keeps of the last notice of a kind. */
interface LastNotice {
  readonly at: number;
  readonly itemId: number;
}

type NoticeServices = Pick<MailServices, 'syncState' | 'clock' | 'random' | 'log' | 'hostName' | 'onMail'>;

/**
 * Puts a notice into the Inbox, unless one of its kind was put there within the last day: what was told and when is written in
 * the same transaction, so that a restart repeats nothing. Neither quota nor disk limit stops it, or it could not say that they
 * are reached; so one that was not even read is replaced, and a mailbox that nobody looks at does not fill up with them. No
 * program is told of its arrival, so that none answers it.
 */
export async function deliverNotice(services: NoticeServices, notice: Notice): Promise<'delivered' | 'too-soon'> {
  const { clock, random, hostName } = services;
  const { kind, mailboxId, to } = notice;
  const now = clock.now();
  const content = noticeMessage(notice, { to: { name: null, address: to }, hostName, now, random });
  const message = newMessage([content], now, random);
  const outcome = await services.syncState.write(mailboxId, MAIL_ORIGIN, async (tx) => {
    const name = `notice/${kind}`;
    const last = lastOf(await tx.document(name));
    // A clock that was set back must not silence it for ever.
    if (last !== null && now - last.at < NOTICE_EVERY_MS && now >= last.at) return 'too-soon';
    const inbox = await folderOf(tx, 'inbox');
    if (last !== null) await removeUnread(tx, last.itemId, inbox.id);
    const item = await tx.createItem({ ...message, folderId: inbox.id, exceeds: 'quota' });
    await tx.putDocument(name, { at: now, itemId: item.id });
    return 'delivered';
  });
  if (outcome === 'delivered') {
    const fields = { sender: '', recipient: to, mailbox: mailboxId, size: content.length, notice: kind };
    mailEvent(services, 'delivered', fields, 'notice delivered');
  }
  return outcome;
}

async function removeUnread(tx: SyncWriter, itemId: number, inboxId: number): Promise<void> {
  const item = await tx.item(itemId);
  if (item !== null && item.folderId === inboxId && item.flags.read !== true) await tx.deleteItem(itemId);
}

function lastOf(value: unknown): LastNotice | null {
  if (typeof value !== 'object' || value === null) return null;
  const { at, itemId } = value as Partial<LastNotice>;
  return typeof at === 'number' && typeof itemId === 'number' ? { at, itemId } : null;
}
