import { readWipeRules, WIPE_SETTING, WipeSettingError } from '../config/wipe-settings.ts';
import { beginWipe, cancelWipe, clearWipe, consentToWipe, type WipeWord, wipeRefused } from '../devices/wipe.ts';
import { drainAbility, type WipeAbility } from '../devices/wipe-ability.ts';
import { wipeLog } from '../devices/wipe-log.ts';
import { CLIENT_ORIGIN, type MailboxId } from '../domain/mailbox.ts';
import { acting } from '../observe/acting.ts';
import { inLog } from '../observe/log-names.ts';
import type { Device, DeviceReader, DeviceWipe } from '../store/device-store.ts';
import type { SyncWriter } from '../store/sync-state-store.ts';
import type { WipeCalls, WipeEntry, WipeSettings } from './calls/wipe.ts';
import { configLog } from './config-log.ts';
import type { AdministrationParts } from './create-administration.ts';
import { requireDevice } from './devices.ts';
import { refusingProblems } from './refusing-problems.ts';
import { requireUser } from './users.ts';

/** The calls about wipes of devices. */
export function wipeCalls(parts: AdministrationParts): WipeCalls {
  const { directory, devices: register, syncState } = parts.stores;
  const lines = wipeLog(inLog(parts.log, 'security'));
  const settings = async (): Promise<WipeSettings> => readWipeRules(await directory.setting(WIPE_SETTING));
  const abilityOf = (device: Device, reader: DeviceReader): Promise<WipeAbility> =>
    (parts.wipeAbilities?.get(device.protocol) ?? drainAbility)(device, reader);
  const word = (why: string): WipeWord => ({ who: acting().user, why, at: parts.clock.now() });

  return {
    async wipeForecast({ address, device: name }) {
      const { mailboxId } = await requireUser(parts, address);
      const reader = syncState.read(mailboxId);
      const ability = await abilityOf(await requireDevice(reader, name), reader);
      return { ...ability, needsSecondPerson: (await settings()).secondPerson };
    },

    async wipeStart({ address, device: name, kind, why }) {
      const { mailboxId } = await requireUser(parts, address);
      const needsConsent = (await settings()).secondPerson;
      const { device, wipe } = await changeWipe(parts, mailboxId, name, async (current, tx) => {
        const { kinds, notOffered, method } = await abilityOf(current, tx);
        if (!kinds.includes(kind)) {
          throw wipeRefused(current, notOffered.find((one) => one.kind === kind)?.why ?? `${kind} is no kind of wipe`);
        }
        return beginWipe(current, word(why), { kind, method: kind === 'account' ? 'account' : method, needsConsent });
      });
      if (needsConsent) lines.waiting(device);
      else begin(parts, mailboxId, device);
      return wipe;
    },

    async wipeConsent({ address, device: name }) {
      const { mailboxId } = await requireUser(parts, address);
      const { device, wipe } = await changeWipe(parts, mailboxId, name, async (current) => {
        return consentToWipe(current, word(''));
      });
      begin(parts, mailboxId, device);
      return wipe;
    },

    async wipeCancel({ address, device: name, why }) {
      const { mailboxId } = await requireUser(parts, address);
      const { device, wipe } = await changeWipe(parts, mailboxId, name, async (current) => {
        return cancelWipe(current, word(why));
      });
      lines.cancelled(device);
      parts.endRequests?.(mailboxId, device.id);
      return wipe;
    },

    async wipeClear({ address, device: name, why }) {
      const { mailboxId } = await requireUser(parts, address);
      const said = word(why);
      const before = await syncState.write(mailboxId, CLIENT_ORIGIN, async (tx) => {
        const current = await requireDevice(tx, name);
        const cleared = clearWipe(current, said);
        // A device that begins again after a wipe, or half of one, holds nothing that is known here.
        await tx.removeDevice(current.id);
        await tx.putDevice(cleared);
        return current;
      });
      lines.cleared(before, said.who, why);
    },

    async wipeList({ domain, address, state, after, limit }) {
      const user = address === null ? null : await requireUser(parts, address);
      const page = await register.list({
        ...{ order: 'contact', wipe: state, after, limit },
        ...(user === null ? {} : { mailboxId: user.mailboxId }),
        ...(domain === null ? {} : { domain: domain.toLowerCase() }),
      });
      return { wipes: page.devices.flatMap(({ device }) => entryOf(device)), next: page.next };
    },

    wipeSettingsShow: settings,

    async wipeSettingsSet({ settings: value }) {
      const read = checkedRules(value);
      await directory.setSetting(WIPE_SETTING, read, acting().user);
      configLog(parts.log)({ ...read }, 'settings of wipes set');
      return read;
    },
  };
}

/** From here on the device is told; what waits is answered, so that it comes at once. */
function begin(parts: AdministrationParts, mailboxId: MailboxId, device: Device): void {
  wipeLog(inLog(parts.log, 'security')).initiated(device);
  parts.endRequests?.(mailboxId, device.id);
}

async function changeWipe(
  { stores: { syncState } }: AdministrationParts,
  mailboxId: MailboxId,
  name: string,
  change: (device: Device, tx: SyncWriter) => Promise<Device>,
): Promise<{ readonly device: Device; readonly wipe: DeviceWipe }> {
  const device = await syncState.write(mailboxId, CLIENT_ORIGIN, async (tx) => {
    const changed = await change(await requireDevice(tx, name), tx);
    await tx.putDevice(changed);
    return changed;
  });
  if (device.wipe === undefined) throw new TypeError(`The wipe of ${device.id} is lost.`);
  return { device, wipe: device.wipe };
}

function entryOf({ owner = '', shownId, protocol, type, lastSeenAt, wipe }: Device): WipeEntry[] {
  return wipe === undefined ? [] : [{ owner, device: shownId, protocol, type, lastSeenAt, wipe }];
}

const checkedRules = refusingProblems(readWipeRules, WipeSettingError);
