import { easWipeAbility } from '../../../protocols/activesync/wipe/wipe-ability.ts';
import { type AdministrationParts, createAdministration } from '../../../src/admin/create-administration.ts';
import { createDeviceActivity, type DeviceActivity } from '../../../src/devices/device-activity.ts';
import { SILENT_LOG } from '../../../src/observe/log.ts';
import type { CommittedChange } from '../../../src/store/mailbox-store.ts';
import { createMemoryStores } from '../../../src/store/memory/open.ts';
import { fakeClock } from '../../support/fake-clock.ts';
import { seededRandom } from '../../support/random.ts';
import { withServer } from './commands/sync/support.ts';
import type { EasServer } from './support.ts';

export type EasAdministration = ReturnType<typeof createAdministration>;

export interface AdministeredServer {
  readonly server: EasServer;
  readonly administration: EasAdministration;
  readonly stores: AdministrationParts['stores'];
}

/** A running endpoint, and somebody who administers it. */
export async function withAdministration(work: (scene: AdministeredServer) => Promise<void>): Promise<void> {
  let opened: AdministrationParts['stores'] | null = null;
  let activity: DeviceActivity | undefined;
  const openStores = (publish: (change: CommittedChange) => void) => {
    const made = createMemoryStores({ clock: fakeClock(), random: seededRandom(3).bytes, publish });
    opened = made;
    const nextTurn = () => Promise.resolve();
    activity = createDeviceActivity({ store: made.deviceActivity, clock: fakeClock(), log: SILENT_LOG, nextTurn });
    return made;
  };
  await withServer(
    async (server) => {
      const { items: services, log, parking, recovery, sync } = server.environment;
      const stores = opened!;
      const administration = createAdministration({
        ...{ stores, services, recovery, clock: server.clock, random: sync.random, log, activity: activity! },
        wipeAbilities: new Map([['activesync', easWipeAbility]]),
        endRequests: (mailboxId, device) => parking.endOf(mailboxId, device, () => true),
      });
      await work({ server, administration, stores });
    },
    { openStores, change: (environment) => ({ ...environment, activity: activity! }) },
  );
}
