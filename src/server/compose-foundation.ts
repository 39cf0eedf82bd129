import { setImmediate as nextTurn } from 'node:timers/promises';
import { EAS_COMMANDS } from '../../protocols/activesync/commands/registry.ts';
import { createParking, type Parking } from '../../protocols/activesync/http/parking.ts';
import { createDeviceActivity, type DeviceActivity } from '../devices/device-activity.ts';
import { type DebugLine, debugLines, NO_DEBUG } from '../observe/debug-switches.ts';
import type { BackendParts } from './backend.ts';
import type { OpenMail } from './compose-mail.ts';
import { type OpenStores, openStores } from './compose-stores.ts';
import type { OpenWatch } from './compose-watch.ts';
import { createGatewayMeasures, type GatewayMeasures } from './gateway-measures.ts';

/** The stores, what is counted and who waits: everything else stands on it. Mail and the watch join when they are open. */
export interface Foundation {
  readonly opened: OpenStores;
  readonly measures: GatewayMeasures;
  readonly debug: DebugLine;
  readonly parking: Parking;
  readonly activity: DeviceActivity;
  /** Whether the disk is too full to take more; false before somebody looked. */
  readonly refusesGrowth: () => boolean;
  watch: OpenWatch | null;
  mail: OpenMail | null;
}

/** What requests are counted by: ActiveSync's commands, and the methods of HTTP and DAV. */
const COUNTED_COMMANDS: ReadonlySet<string> = new Set([
  ...EAS_COMMANDS.keys(),
  ...['GET', 'HEAD', 'OPTIONS', 'PUT', 'POST', 'DELETE', 'COPY', 'MOVE', 'PROPFIND', 'PROPPATCH', 'REPORT'],
  ...['MKCOL', 'MKCALENDAR'],
]);

/** Opens the data folder for this process alone. @throws GatewayError 'store-unavailable' when another process has it */
export function openFoundation({ settings, clock, random, log, logs }: BackendParts): Foundation {
  const debug = logs === undefined ? NO_DEBUG : debugLines(log, logs.switches);
  const refusesGrowth = () => foundation.watch?.disk.refusesGrowth === true;
  const opened = openStores({
    ...{ data: settings.data, itemBytes: settings.limits.itemBytes, clock, random, log, debug },
    withSubjects: settings.log.subjects,
    onWrite: (ms, isCommitted) => measures.onWrite(ms, isCommitted),
    refusesGrowth,
  });
  const parking = createParking(() => clock.now());
  const { writes, deviceCount, deviceActivity } = opened.stores;
  const activity = createDeviceActivity({ store: deviceActivity, clock, log, nextTurn });
  const measures = createGatewayMeasures({
    commands: COUNTED_COMMANDS,
    parked: () => parking.size,
    listeners: () => opened.bus.listenerCount,
    ...{ writes, deviceCount, elapsed: () => clock.elapsed() },
  });
  const foundation: Foundation = {
    ...{ opened, measures, debug, parking, activity, refusesGrowth },
    ...{ watch: null, mail: null },
  };
  return foundation;
}

/** The stores last: mail under way still writes down what became of it, and what devices did lately. */
export async function closeFoundation({ watch, mail, activity, opened }: Foundation): Promise<void> {
  try {
    await watch?.close();
    await mail?.close();
  } finally {
    await activity.close();
    await opened.close();
  }
}
