import type { LiveServices } from '../../../src/admin/live-services.ts';
import type { Clock } from '../../../src/domain/clock.ts';

/** Services of a server that has been busy for an hour; nothing listens. */
export function busyServer(clock: Clock): LiveServices {
  const since = clock.now() - 3 * 86_400_000;
  const stopped = new Set<string>();
  const wave = (at: number) => Math.round(40 + 30 * Math.sin(at / 5) + (at % 7));
  return {
    since,
    reload: async () => undefined,
    isRunning: (name) => !stopped.has(name),
    addressesOf: () => ['https://0.0.0.0:443'],
    connectionsOf: () => 12,
    async start(name) {
      stopped.delete(name);
    },
    async stop(name) {
      stopped.add(name);
    },
    connections: () => [],
    connectionCount: 57,
    foldersInUse: () => [],
    rates: () => ({
      syncsPerMinute: Array.from({ length: 60 }, (_, at) => wave(at)),
      errorsPerMinute: Array.from({ length: 60 }, (_, at) => (at % 17 === 3 ? 2 : 0)),
      minuteAt: clock.now(),
    }),
    parked: 38,
  };
}
