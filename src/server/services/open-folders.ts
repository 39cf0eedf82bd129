import type { FolderInUse } from '../../admin/live-services.ts';
import type { Clock } from '../../domain/clock.ts';
import type { FolderId } from '../../domain/folder.ts';
import type { MailboxId } from '../../domain/mailbox.ts';
import { acting } from '../../observe/acting.ts';

const OPEN_MS = 5 * 60_000;
const MOST_KEPT = 20_000;

type Use = Omit<FolderInUse, 'isWatched'>;

/** Folders that clients looked at within the last minutes: one entry in a map for each look, the oldest forgotten. */
export class OpenFolders {
  readonly #clock: Clock;
  /** In the order in which they were looked at last. */
  readonly #uses = new Map<string, Use>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Whoever acts now looks at a folder. @param device Id of the device; null where the protocol names none. */
  note(mailboxId: MailboxId, folderId: FolderId, device: string | null): void {
    const { user, protocol, address } = acting();
    const key = `${mailboxId} ${folderId} ${protocol} ${device ?? `from ${address}`}`;
    this.#uses.delete(key);
    const at = this.#clock.now();
    this.#uses.set(key, { mailboxId, folderId, user, protocol, device, from: address ?? '', at });
    if (this.#uses.size > MOST_KEPT) this.#forgetOldest();
  }

  list(): readonly FolderInUse[] {
    const from = this.#clock.now() - OPEN_MS;
    for (const [key, { at }] of this.#uses) {
      if (at >= from) break;
      this.#uses.delete(key);
    }
    return [...this.#uses.values()].map((use) => ({ ...use, isWatched: false }));
  }

  #forgetOldest(): void {
    for (const key of this.#uses.keys()) {
      this.#uses.delete(key);
      return;
    }
  }
}
