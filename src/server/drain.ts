import type { ServerResponse } from 'node:http';
import type { Clock } from '../domain/clock.ts';
import type { Log } from '../observe/log.ts';
import type { Listener } from './listener.ts';

/** Requests that are being answered, over all listeners. */
export interface Flight {
  /** Counts a request until its response is closed. */
  add(response: ServerResponse): void;
  readonly count: number;
  /** Resolves as soon as there is none. */
  empty(): Promise<void>;
}

export function createFlight(): Flight {
  let count = 0;
  let onEmpty: () => void = () => {};
  return {
    add(response) {
      count++;
      response.once('close', () => {
        count--;
        if (count === 0) onEmpty();
      });
    },
    get count() {
      return count;
    },
    empty: () =>
      new Promise<void>((resolve) => {
        if (count === 0) resolve();
        else onEmpty = resolve;
      }),
  };
}

export interface DrainParts {
  readonly listeners: readonly Listener[];
  readonly flight: Flight;
  readonly graceMs: number;
  readonly clock: Clock;
  readonly log: Log;
}

/** Stops accepting, waits for requests in flight, at most `graceMs`, and closes every connection. */
export async function drain({ listeners, flight, graceMs, clock, log }: DrainParts): Promise<void> {
  const closed = listeners.map(({ server }) => new Promise((resolve) => server.close(resolve)));
  log.info({ inFlight: flight.count }, 'draining: no new connections');
  const isInTime = await new Promise<boolean>((resolve) => {
    const cancel = clock.after(graceMs, () => resolve(false));
    void flight.empty().then(() => {
      cancel();
      resolve(true);
    });
  });
  if (!isInTime) log.warn({ inFlight: flight.count }, 'grace time is over: requests in flight are cut off');
  for (const { sockets } of listeners) for (const socket of sockets) socket.destroy();
  await Promise.all(closed);
}
