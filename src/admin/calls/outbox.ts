import type { KeptMessage } from '../../mail/kept-messages.ts';

/** A message in an Outbox, with the recipients who still wait for it. */
export type OutboxEntry = KeptMessage & {
  /** Whose Outbox it is in: local@domain. */
  readonly owner: string;
};

/** Mail that has not left yet. */
export interface OutboxCalls {
  /** Mail that has not left yet, of one user or, with null, of all. */
  outboxList(input: { readonly address: string | null }): Promise<readonly OutboxEntry[]>;
  /** Makes it due now; `isNow` is false where no server runs that would send it. */
  outboxRetry(input: {
    readonly address: string | null;
  }): Promise<{ readonly messages: number; readonly isNow: boolean }>;
}

export const OUTBOX_CALLS = ['outboxList', 'outboxRetry'] as const satisfies readonly (keyof OutboxCalls)[];
