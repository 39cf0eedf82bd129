import type { LiveServices } from '../../../src/admin/live-services.ts';
import type { ServiceName } from '../../../src/config/service-settings.ts';

/** Services that run or not as they are told; each of these people has a connection and their calendar open. */
export function liveServices(
  people: readonly { readonly user: string; readonly mailboxId: number; readonly folderId: number }[],
): LiveServices {
  const stopped = new Set<ServiceName>();
  const common = { protocol: 'webdav', device: null, from: '192.0.2.7' } as const;
  const times = { since: 5, doing: 'REPORT', isWaiting: false, doingSince: 6 } as const;
  const mine = <T extends { readonly user: string }>(entries: readonly T[], user: string | null) =>
    entries.filter((entry) => user === null || entry.user === user);
  return {
    since: 1,
    reload: async () => undefined,
    isRunning: (name) => !stopped.has(name),
    addressesOf: () => ['https://192.0.2.1/'],
    connectionsOf: () => people.length,
    start: async (name) => void stopped.delete(name),
    stop: async (name) => void stopped.add(name),
    connections: ({ user }) =>
      mine(people, user).map(({ user: owner }, at) => {
        return { ...common, ...times, id: `c${at}`, service: 'webdav', user: owner, agent: 'DAVx5', isSecure: true };
      }),
    connectionCount: people.length,
    foldersInUse: ({ user }) => mine(people, user).map((one) => ({ ...common, ...one, isWatched: false, at: 7 })),
    rates: () => ({ syncsPerMinute: Array(60).fill(1), errorsPerMinute: Array(60).fill(0), minuteAt: 0 }),
    parked: 2,
  };
}
