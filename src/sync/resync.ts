import type { RandomBytes } from '../domain/clock.ts';
import type { FolderId } from '../domain/folder.ts';
import type { MailboxId } from '../domain/mailbox.ts';
import type { SyncStateStore } from '../store/sync-state-store.ts';
import { freshKey } from './start.ts';

/** Nothing goes on from here, so that a device that only waits for changes is told to ask. */
const BELOW_ALL = -1;

/**
 * Makes a device read folders anew: no key it has is known any more, so that it begins at key 0. The partnerships themselves stay,
 * since they hold what it did without hearing the answer: it will send that again, and it must not be done twice.
 * @param isMeant Which of the mailbox's partnerships; several folders where they are read as one.
 * @returns how many there are.
 */
export function resync(
  store: SyncStateStore,
  random: RandomBytes,
  mailboxId: MailboxId,
  isMeant: (partnership: { readonly folders: readonly FolderId[]; readonly device: string }) => boolean,
): Promise<number> {
  return store.write(mailboxId, { kind: 'server', by: null }, async (tx) => {
    const meant = (await tx.partnerships()).filter(({ folderId, device, current }) =>
      isMeant({ folders: current.folders ?? [folderId], device }),
    );
    for (const partnership of meant) {
      const { current, previous } = partnership;
      const answers = partnership.answers + 2;
      await tx.putPartnership({
        ...partnership,
        answers,
        current: { ...current, key: freshKey(answers, random), processed: BELOW_ALL },
        previous: previous === null ? null : { ...previous, key: freshKey(answers - 1, random) },
      });
    }
    return meant.length;
  });
}
