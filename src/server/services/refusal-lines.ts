import { BoundedMap } from '../../auth/bounded-map.ts';
import type { ServiceName } from '../../config/service-settings.ts';
import type { Clock } from '../../domain/clock.ts';
import type { Log } from '../../observe/log.ts';
import { inLog } from '../../observe/log-names.ts';

const AGAIN_MS = 60_000;
const MOST_KNOWN = 10_000;

/** Tells of connections that are not served, each client once a minute at most: whoever knocks in vain must not fill a log. */
export interface RefusalLines {
  notServed(service: ServiceName, address: string): void;
  tooMany(service: ServiceName, address: string): void;
}

export function createRefusalLines(log: Log, clock: Clock): RefusalLines {
  const told = new BoundedMap<number>(MOST_KNOWN);
  const security = inLog(log, 'security');
  const isDue = (key: string): boolean => {
    const now = clock.elapsed();
    if (now - (told.get(key) ?? Number.NEGATIVE_INFINITY) < AGAIN_MS) return false;
    told.set(key, now);
    return true;
  };
  return {
    notServed(service, address) {
      if (isDue(`${service} ${address}`)) {
        security.warn({ service, address }, 'refused: this address is not in the address group of the service');
      }
    },
    tooMany(service, address) {
      if (isDue(service)) log.warn({ service, address }, 'refused: the service has as many connections as it may have');
    },
  };
}
