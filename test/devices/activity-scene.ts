import { createDeviceActivity, type DeviceActivityParts } from '../../src/devices/device-activity.ts';
import { CLIENT_ORIGIN, type MailboxId } from '../../src/domain/mailbox.ts';
import { SILENT_LOG } from '../../src/observe/log.ts';
import { type Device, NO_POLICY } from '../../src/store/device-store.ts';
import { createMemoryStores } from '../../src/store/memory/open.ts';
import type { Stores } from '../../src/store/stores.ts';
import { fakeClock } from '../support/fake-clock.ts';

/** A device as it is registered. */
export async function register(
  { syncState }: Pick<Stores, 'syncState'>,
  mailboxId: MailboxId,
  ...aliases: [string, ...string[]]
): Promise<Device> {
  const [id] = aliases;
  const device: Device = {
    ...{ id, protocol: 'activesync', aliases, shownId: id, type: 'SmartPhone', agent: 'Phone/1', version: '14.1' },
    ...{ information: {}, firstSeenAt: 0, lastSeenAt: 0, remoteAddress: '192.0.2.7', policy: NO_POLICY },
  };
  await syncState.write(mailboxId, CLIENT_ORIGIN, (tx) => tx.putDevice(device));
  return device;
}

/** What devices of a store do: at first it is the second after 1970 began. */
export function activityOver(stores: Pick<Stores, 'deviceActivity'>, more: Partial<DeviceActivityParts> = {}) {
  const clock = fakeClock(1_000);
  const nextTurn = () => Promise.resolve();
  const parts = { store: stores.deviceActivity, clock, log: SILENT_LOG, nextTurn, ...more };
  return { clock, activity: createDeviceActivity(parts) };
}

/** The same in memory, with a mailbox that has a phone of two spellings. */
export async function activityScene(more: Partial<DeviceActivityParts> = {}) {
  const random = (length: number) => new Uint8Array(length);
  const stores = createMemoryStores({ clock: fakeClock(), random, publish() {} });
  const mailboxId = await stores.mailboxes.createMailbox();
  const device = await register(stores, mailboxId, 'phone', '70686f6e65');
  const scene = activityOver(stores, more);
  return { ...scene, stores, mailboxId, device, history: () => scene.activity.historyOf(mailboxId, device) };
}
