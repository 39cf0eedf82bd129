import { hasProvisioned } from '../../../src/devices/wipe.ts';
import { KEPT_BY_DRAIN, NEEDS_CONTACT, type WipeAbility } from '../../../src/devices/wipe-ability.ts';
import type { Device, DeviceReader } from '../../../src/store/device-store.ts';
import { unprovisionedDocument } from '../policy/gate.ts';
import { factsOf, quirksOf } from '../quirks.ts';

/** What the programs behind this protocol do when they are told RemoteWipe, as far as is known (docs/wipe.md). */
interface Behaviour {
  readonly matches: (device: Device) => boolean;
  readonly erases: readonly string[];
  readonly keeps: readonly string[];
}

const WHOLE_DEVICE =
  'The whole device is set back to factory settings: private pictures, messages and programs as well.';

const BEHAVIOURS: readonly Behaviour[] = [
  {
    matches: ({ type, agent }) => /^outlook$/i.test(type) || /Outlook-iOS-Android/i.test(agent),
    erases: ['Known of Outlook for iOS and Android: the data of this account in the app. The rest of the phone stays.'],
    keeps: ['Everything outside the app, and contacts that it saved to the phone’s own address book may stay.'],
  },
  {
    matches: ({ type }) => /^(?:iphone|ipad|ipod)/i.test(type),
    erases: [`Known of iPhones and iPads with the built-in programs: ${WHOLE_DEVICE.toLowerCase()}`],
    keeps: ['Backups in iCloud or on a computer.'],
  },
  {
    matches: ({ type }) => /^(?:pocketpc|smartphone)/i.test(type),
    erases: [`Known of Windows Mobile from 5.0 AKU2 on: ${WHOLE_DEVICE.toLowerCase()}`],
    keeps: ['Memory cards are not wiped.'],
  },
  {
    matches: ({ type, agent }) => /^(?:android|samsung|sec)/i.test(type) || /android|samsung/i.test(agent),
    erases: [
      `May be, where the mail program was made a device administrator: ${WHOLE_DEVICE.toLowerCase()}`,
      'May be, in newer programs and work profiles: only the account or the profile is removed.',
    ],
    keeps: ['Memory cards may keep what is on them.'],
  },
  {
    matches: ({ type, agent }) => /^windowsoutlook/i.test(type) || /^Outlook\/1\d/i.test(agent),
    erases: ['May be nothing: Outlook on a computer takes no policies and may not follow a wipe.'],
    keeps: ['The computer and everything else on it.'],
  },
  {
    matches: ({ type, agent }) => /^windows(?:mail|communicationsapps)?/i.test(type) || /WindowsMail/i.test(agent),
    erases: ['May be the mail, events and contacts of this account in the Mail program of Windows.'],
    keeps: ['The computer and everything else on it.'],
  },
];

const UNKNOWN: Omit<Behaviour, 'matches'> = {
  erases: [
    `May be: ${WHOLE_DEVICE.toLowerCase()}`,
    'May be only the account: how this client understands a wipe is not known.',
  ],
  keeps: ['Memory cards may keep what is on them.'],
};

/** What a wipe would do to an ActiveSync device. */
export async function easWipeAbility(device: Device, reader: DeviceReader): Promise<WipeAbility> {
  const knowsAccount = device.version === '16.1';
  const version = device.version ?? 'none yet';
  const why = `the account alone can be wiped from protocol version 16.1 on; ${device.shownId} speaks ${version}`;
  const common = {
    kinds: knowsAccount ? (['full', 'account'] as const) : (['full'] as const),
    notOffered: knowsAccount ? [] : [{ kind: 'account', why } as const],
    canBeRefusedAlone: true,
  };
  const since = await reader.document(unprovisionedDocument(device.id));
  const isDeaf = !hasProvisioned(device) && typeof since === 'number';
  if (quirksOf(factsOf(device, version)).holdsNothingAtKeyZero) return { ...common, ...begunAnew(device) };
  return isDeaf ? { ...common, ...emptied(device) } : { ...common, ...wiped(device) };
}

function wiped(device: Device): Pick<WipeAbility, 'method' | 'erases' | 'keeps' | 'advice'> {
  const { erases, keeps } = BEHAVIOURS.find(({ matches }) => matches(device)) ?? UNKNOWN;
  const isNew = !hasProvisioned(device);
  const doubt =
    'This client never fetched a policy. When it does not come for its wipe within ten minutes of being told, its folders are shown to it as emptied instead.';
  return {
    method: 'full',
    erases,
    keeps: [...keeps, 'All that is in the mailbox, and the account’s other devices.'],
    advice: [NEEDS_CONTACT, ...(isNew ? [doubt] : []), AFTERWARDS],
  };
}

const AFTERWARDS =
  'Afterwards this device is refused until an administrator clears the wipe; other devices with the same password go on. If somebody may know the password, change it: the device can fetch its wipe with the old one.';

function emptied({ shownId }: Device): Pick<WipeAbility, 'method' | 'erases' | 'keeps' | 'advice'> {
  return {
    method: 'drain',
    erases: [
      `${shownId} takes no policies and so knows no wipe. Each folder that it synchronises is shown to it as empty but for one entry that says what happened, so that it removes its copy.`,
    ],
    keeps: ['Everything else on the device.', ...KEPT_BY_DRAIN, 'All that is in the mailbox.'],
    advice: [NEEDS_CONTACT, AFTERWARDS],
  };
}

function begunAnew({ shownId }: Device): Pick<WipeAbility, 'method' | 'erases' | 'keeps' | 'advice'> {
  return {
    method: 'drain',
    erases: [
      `Known of EAS-4-TbSync: it follows no word to wipe itself, but when its folders are no longer known it removes the address books, calendars and lists of tasks that it synchronises, with what was changed there and not sent. So ${shownId} is told that.`,
    ],
    keeps: [
      'Mail and other accounts of this Thunderbird, and what was copied out of its address books and calendars.',
      'Folders that were deleted on the server before: it keeps them, marked as orphaned.',
      'All that is in the mailbox, and the account’s other devices.',
    ],
    advice: [NEEDS_CONTACT, AFTERWARDS],
  };
}
