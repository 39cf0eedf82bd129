import { readWipeRules, WIPE_SETTING, WipeSettingError } from '../config/wipe-settings.ts';
import { beginWipe, cancelWipe, clearWipe, consentToWipe, type WipeWord, wipeRefused } from '../devices/wipe.ts';
import { drainAbility, type WipeAbility } from '../devices/wipe-ability.ts';
import { wipeLog } from '../devices/wipe-log.ts';
import { CLIENT_ORIGIN, type MailboxId } from '../domain/mailbox.ts';
import { acting } from '../observe/acting.ts';
import { inLog } from '../observe/log-names.ts';
import type { Device, DeviceReader, DeviceWipe } from '../store/device-store.ts';
import type { SyncWriter } from '../store/sync-state-store.ts';
import type { WipeCalls, WipeEntry, WipePage, WipeSettings } from './calls/wipe.ts';
import { configLog } from './config-log.ts';
import type { AdministrationParts } from './create-administration.ts';
import { requireDevice } from './devices.ts';
import { refusingProblems } from './refusing-problems.ts';
import { requireUser } from './users.ts';

/** The calls about wipes of devices. */
export function wipeCalls(parts: AdministrationParts): WipeCalls {
  const { directory, syncState } = parts.stores;

  return {
    async wipeForecast({ address, device: name }) {
      const { mailboxId } = await requireUser(parts, address);
      const reader = syncState.read(mailboxId);
      const ability = await abilityOf(parts, await requireDevice(reader, name), reader);
      return { ...ability, needsSecondPerson: (await settingsOf(parts)).secondPerson };
    },

    wipeStart: (input) => startWipe(parts, input),

    async wipeConsent({ address, device: name }) {
      const { mailboxId } = await requireUser(parts, address);
      const { device, wipe } = await changeWipe(parts, mailboxId, name, async (current) => {
        return consentToWipe(current, word(parts, ''));
      });
      begin(parts, mailboxId, device);
      return wipe;
    },

    async wipeCancel({ address, device: name, why }) {
      const { mailboxId } = await requireUser(parts, address);
      const { device, wipe } = await changeWipe(parts, mailboxId, name, async (current) => {
        return cancelWipe(current, word(parts, why));
      });
      linesOf(parts).cancelled(device);
      parts.endRequests?.(mailboxId, device.id);
      return wipe;
    },

    wipeClear: (input) => clear(parts, input),

    wipeList: (input) => listWipes(parts, input),

    wipeSettingsShow: () => settingsOf(parts),

    async wipeSettingsSet({ settings: value }) {
      const read = checkedRules(value);
      await directory.setSetting(WIPE_SETTING, read, acting().user);
      configLog(parts.log)({ ...read }, 'settings of wipes set');
      return read;
    },
  };
}

async function startWipe(
  parts: AdministrationParts,
  { address, device: name, kind, why }: Parameters<WipeCalls['wipeStart']>[0],
): Promise<DeviceWipe> {
  const { mailboxId } = await requireUser(parts, address);
  const needsConsent = (await settingsOf(parts)).secondPerson;
  const { device, wipe } = await changeWipe(parts, mailboxId, name, async (current, tx) => {
    const { kinds, notOffered, method } = await abilityOf(parts, current, tx);
    if (!kinds.includes(kind)) {
      throw wipeRefused(current, notOffered.find((one) => one.kind === kind)?.why ?? `${kind} is no kind of wipe`);
    }
    return beginWipe(current, word(parts, why), {
      kind,
      method: kind === 'account' ? 'account' : method,
      needsConsent,
    });
  });
  if (needsConsent) linesOf(parts).waiting(device);
  else begin(parts, mailboxId, device);
  return wipe;
}

async function clear(
  parts: AdministrationParts,
  { address, device: name, why }: Parameters<WipeCalls['wipeClear']>[0],
): Promise<void> {
  const { mailboxId } = await requireUser(parts, address);
  const said = word(parts, why);
  const before = await parts.stores.syncState.write(mailboxId, CLIENT_ORIGIN, async (tx) => {
    const current = await requireDevice(tx, name);
    const cleared = clearWipe(current, said);
    // A device that begins again after a wipe, or half of one, holds nothing that is known here.
    await tx.removeDevice(current.id);
    await tx.putDevice(cleared);
    return current;
  });
  linesOf(parts).cleared(before, said.who, why);
}

async function listWipes(
  parts: AdministrationParts,
  { domain, address, state, after, limit }: Parameters<WipeCalls['wipeList']>[0],
): Promise<WipePage> {
  const user = address === null ? null : await requireUser(parts, address);
  const page = await parts.stores.devices.list({
    ...{ order: 'contact', wipe: state, after, limit },
    ...(user === null ? {} : { mailboxId: user.mailboxId }),
    ...(domain === null ? {} : { domain: domain.toLowerCase() }),
  });
  return { wipes: page.devices.flatMap(({ device }) => entryOf(device)), next: page.next };
}

async function settingsOf({ stores }: AdministrationParts): Promise<WipeSettings> {
  return readWipeRules(await stores.directory.setting(WIPE_SETTING));
}

function abilityOf(parts: AdministrationParts, device: Device, reader: DeviceReader): Promise<WipeAbility> {
  return (parts.wipeAbilities?.get(device.protocol) ?? drainAbility)(device, reader);
}

function word({ clock }: AdministrationParts, why: string): WipeWord {
  return { who: acting().user, why, at: clock.now() };
}

function linesOf({ log }: AdministrationParts) {
  return wipeLog(inLog(log, 'security'));
}

/** From here on the device is told; what waits is answered, so that it comes at once. */
function begin(parts: AdministrationParts, mailboxId: MailboxId, device: Device): void {
  linesOf(parts).initiated(device);
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
