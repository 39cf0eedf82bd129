import { AsyncLocalStorage } from 'node:async_hooks';

/** For whom something is done, as the logs tell it. */
export interface Acting {
  /** Name of the protocol; `cli` for the command line. */
  readonly protocol: string;
  /** local@domain; for administrators who are no user, e.g. `cli`. */
  readonly user: string;
  /** The client's address; null where it has none. */
  readonly address: string | null;
}

/** What the server does by itself: daily tasks, mail on its way. */
export const SYSTEM: Acting = { protocol: 'SYSTEM', user: 'SYSTEM', address: null };

/** Whoever may open the data folder. */
export const COMMAND_LINE: Acting = { protocol: 'cli', user: 'cli', address: null };

const storage = new AsyncLocalStorage<Acting>();

/**
 * Runs `work` on behalf of a client, and all that it awaits. Known by the asynchronous context and not by an argument, since it
 * is for the logs and for what is written down of who did a thing; only the second person's consent to a wipe decides by it
 * (docs/decisions/0014-logs-and-metrics.md, 0017-wipe.md).
 */
export function actingFor<T>(acting: Acting, work: () => T): T {
  return storage.run(acting, work);
}

export function acting(): Acting {
  return storage.getStore() ?? SYSTEM;
}
