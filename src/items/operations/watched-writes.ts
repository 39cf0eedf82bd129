import { isGatewayError } from '../../domain/errors.ts';
import type { MailboxId, Origin } from '../../domain/mailbox.ts';
import { acting } from '../../observe/acting.ts';
import type { DebugLine } from '../../observe/debug-switches.ts';
import type { MailboxReader, MailboxWriter } from '../../store/mailbox-store.ts';
import { type NoteOptions, notingWriter } from './note-operations.ts';
import type { Operation } from './operation.ts';
import type { OperationsLog } from './operations-log.ts';
import { withoutGrowth } from './space-guard.ts';

export interface WatchParts extends NoteOptions {
  readonly operations: OperationsLog;
  readonly debug: DebugLine;
  /** Whether nothing more may be taken, since the disk's hard limit is reached. */
  readonly refusesGrowth: () => boolean;
  /** Milliseconds since some moment, for how long writes last. */
  readonly elapsed: () => number;
  /** Told how long a write took from its call to its commit, in milliseconds, and whether it was committed. */
  readonly onWrite: (ms: number, isCommitted: boolean) => void;
}

/** The writing of a store, whatever its writers can do. */
export interface WritingStore<W extends MailboxWriter> {
  read(mailboxId: MailboxId): MailboxReader;
  write<T>(mailboxId: MailboxId, origin: Origin, work: (tx: W) => Promise<T>): Promise<T>;
}

/**
 * `write` of a store under watch: the one place where every protocol, the sync engine and mail come by, so that each removal and
 * each move is told once, after its commit, whoever asked for it.
 */
export function watchedWrite<W extends MailboxWriter>(
  store: WritingStore<W>,
  parts: WatchParts,
): WritingStore<W>['write'] {
  const { operations, debug, elapsed, onWrite } = parts;
  return async (mailboxId, origin, work) => {
    const began = elapsed();
    // Started anew when the work is: a run that was not committed has told nothing.
    let notes: Operation[] = [];
    try {
      const result = await store.write(mailboxId, origin, (tx) => {
        notes = [];
        return work(notingWriter(parts.refusesGrowth() ? withoutGrowth(tx) : tx, notes, parts));
      });
      const ms = elapsed() - began;
      onWrite(ms, true);
      operations.tell(mailboxId, notes);
      debug('store', () => ({ mailbox: mailboxId, ...acting(), origin: origin.kind, ms: Math.round(ms) }), 'committed');
      return result;
    } catch (error) {
      onWrite(elapsed() - began, false);
      const message = error instanceof Error ? error.message : String(error);
      debug(
        'store',
        () => ({ mailbox: mailboxId, ...acting(), origin: origin.kind, reason: message }),
        'not committed',
      );
      if (isGatewayError(error, 'quota-exceeded')) {
        debug('quota', () => ({ mailbox: mailboxId, ...acting(), reason: message }), 'refused: the quota is reached');
      }
      if (isGatewayError(error, 'storage-full')) {
        debug('quota', () => ({ mailbox: mailboxId, ...acting(), reason: message }), 'refused: the disk is full');
      }
      throw error;
    }
  };
}
