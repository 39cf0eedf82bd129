import { addressOf } from '../../domain/address.ts';
import type { MailboxId } from '../../domain/mailbox.ts';
import { type Acting, acting } from '../../observe/acting.ts';
import type { Log } from '../../observe/log.ts';
import { inLog } from '../../observe/log-names.ts';
import type { DirectoryStore } from '../../store/directory-store.ts';
import type { FolderOperation, ItemOperation, Operation } from './operation.ts';

export interface OperationsLog {
  /** Writes a line for each, on behalf of whoever acts now. Called after the commit. */
  tell(mailboxId: MailboxId, operations: readonly Operation[]): void;
}

export interface OperationsLogParts {
  readonly directory: Pick<DirectoryStore, 'users'>;
  readonly log: Log;
}

/** The operations log: what was removed or moved, by whom, over which protocol, and from where. */
export function createOperationsLog({ directory, log }: OperationsLogParts): OperationsLog {
  const lines = inLog(log, 'operations');
  const owners = new Map<MailboxId, string>();

  async function ownerOf(mailboxId: MailboxId): Promise<string> {
    const known = owners.get(mailboxId);
    if (known !== undefined) return known;
    for (const user of await directory.users()) owners.set(user.mailboxId, addressOf(user));
    // Its user was removed a moment ago.
    return owners.get(mailboxId) ?? `mailbox ${mailboxId}`;
  }

  return {
    tell(mailboxId, operations) {
      if (operations.length === 0) return;
      const by = acting();
      ownerOf(mailboxId).then(
        (owner) => {
          for (const operation of operations) lines.info(fieldsOf(operation, owner, by), `{${operation.kind}}`);
        },
        (error: unknown) => log.error({ mailbox: mailboxId, error }, 'the operations log could not be written'),
      );
    },
  };
}

function fieldsOf(operation: Operation, owner: string, { protocol, user, address }: Acting): Record<string, unknown> {
  const about = 'itemId' in operation ? itemFields(operation, owner) : folderFields(operation, owner);
  return { protocol, user, address, ...about };
}

function folderFields({ folder, to, items }: FolderOperation, owner: string): Record<string, unknown> {
  const old = `~${owner}/${folder}`;
  const where = to === null ? { folder: old } : { oldLocation: old, newLocation: `~${owner}/${to}` };
  return { ...where, items: items ?? 'more than 5000' };
}

function itemFields({ folder, to, message, name, size, itemId }: ItemOperation, owner: string) {
  const where = { folder: `~${owner}/${folder}`, ...(to === null ? {} : { to: `~${owner}/${to}` }) };
  if (message === null) return { ...where, item: name, size, id: itemId };
  const { from, subject, delivered } = message;
  const at = delivered > 0 ? new Date(delivered * 1000).toISOString() : null;
  return { ...where, from, subject, delivered: at, size, id: itemId };
}
