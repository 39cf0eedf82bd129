import { keptAfter, NO_ACTIVITY } from '../activity-rules.ts';
import type { DeviceActivityStore } from '../device-activity-store.ts';
import type { MailboxStates } from './mailbox-states.ts';

/** How the requests of devices went, beside the devices of each mailbox as they are committed. */
export function createMemoryDeviceActivity(states: MailboxStates): DeviceActivityStore {
  return {
    of: async (mailboxId, deviceId) => structuredClone(states.peek(mailboxId)?.activity.get(deviceId) ?? NO_ACTIVITY),
    async add(news) {
      for (const { mailboxId, alias, activity } of news) {
        const state = states.peek(mailboxId);
        const device = [...(state?.devices.values() ?? [])].find(({ aliases }) => aliases.includes(alias));
        if (state === null || device === undefined) continue;
        const known = state.activity.get(device.id) ?? NO_ACTIVITY;
        state.activity.set(device.id, structuredClone(keptAfter(known, activity)));
      }
    },
  };
}
