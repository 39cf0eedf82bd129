import { GatewayError } from '../domain/errors.ts';
import type { MailboxId } from '../domain/mailbox.ts';
import type { UseQuery } from './usage-store.ts';

const MAX_PAGE = 500;

/** Share of a mailbox without a quota, in the order of a list. */
export const NO_SHARE = -1;

/** Where a page ended. */
export interface UseCursor {
  readonly share: number;
  readonly mailboxId: MailboxId;
}

/** @throws TypeError */
export function checkUseLimit({ limit }: Pick<UseQuery, 'limit'>): void {
  if (!Number.isInteger(limit) || limit < 1 || limit > MAX_PAGE) {
    throw new TypeError(`A page holds 1 to ${MAX_PAGE} mailboxes, not ${limit}.`);
  }
}

export function writeUseCursor({ share, mailboxId }: UseCursor): string {
  return `${share}.${mailboxId}`;
}

/** @throws GatewayError 'content-invalid' */
export function readUseCursor(after: string | null): UseCursor | null {
  if (after === null) return null;
  const [, share, mailboxId] = /^(-1|\d{1,15})\.(\d{1,15})$/.exec(after) ?? [];
  if (share === undefined) {
    const reason = 'this is no place in the list of mailboxes by their use';
    throw new GatewayError('content-invalid', { reason }, 'There is no such page; begin with the first one.');
  }
  return { share: Number(share), mailboxId: Number(mailboxId) };
}
