import type { MailboxId } from '../../domain/mailbox.ts';
import { mailboxNotFound, unavailable } from '../refusals.ts';
import { MailboxState } from './mailbox-state.ts';

/** The committed states of all mailboxes, and whose turn it is to change them. */
export class MailboxStates {
  readonly #states = new Map<MailboxId, MailboxState>();
  readonly #tails = new Map<MailboxId, Promise<unknown>>();
  #next = 1;
  #isOpen = true;

  get ids(): readonly MailboxId[] {
    return [...this.#states.keys()];
  }

  /** @throws GatewayError 'store-unavailable' */
  create(): MailboxId {
    this.#checkOpen();
    const id = this.#next++;
    this.#states.set(id, new MailboxState(id));
    return id;
  }

  /** @throws GatewayError 'store-unavailable' */
  peek(id: MailboxId): MailboxState | null {
    this.#checkOpen();
    return this.#states.get(id) ?? null;
  }

  /** @throws GatewayError 'folder-not-found' (`mailboxNotFound`), 'store-unavailable' */
  of(id: MailboxId): MailboxState {
    const state = this.peek(id);
    if (state === null) throw mailboxNotFound(id);
    return state;
  }

  /** Does a job once those before it on the same mailbox are done, whatever became of them. */
  inTurn<T>(id: MailboxId, job: () => Promise<T>): Promise<T> {
    const turn = (this.#tails.get(id) ?? Promise.resolve()).then(job);
    // The tail only orders; whoever called gets the rejection from `turn`.
    const tail = turn.then(
      () => undefined,
      () => undefined,
    );
    this.#tails.set(id, tail);
    return turn;
  }

  remove(id: MailboxId): void {
    this.#states.delete(this.of(id).row.id);
  }

  close(): void {
    this.#isOpen = false;
  }

  #checkOpen(): void {
    if (!this.#isOpen) throw unavailable('The store is closed.');
  }
}
