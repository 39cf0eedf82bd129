import type { User } from '../store/directory-store.ts';

/** A message that was just put into an Inbox. */
export interface Delivered {
  readonly user: User;
  /** The address it was sent to, as the sender wrote it. */
  readonly address: string;
  /** Envelope sender, '' for the null sender. */
  readonly sender: string;
  readonly content: readonly Uint8Array[];
}

/** Tells one listener of every delivery, after its commit. Nothing hangs on it: a crash in between leaves it unsaid. */
export class DeliveryBell {
  #listener: (delivered: Delivered) => void = () => undefined;

  /** There is one listener; it must not throw. */
  answerWith(listener: (delivered: Delivered) => void): void {
    this.#listener = listener;
  }

  ring(delivered: Delivered): void {
    this.#listener(delivered);
  }
}
