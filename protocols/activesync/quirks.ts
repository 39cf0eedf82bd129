import type { Device } from '../../src/store/device-store.ts';
import type { DayHours } from './classes/options.ts';
import type { EasClass } from './translate/view.ts';

/** What a device tells of itself; '' for what it does not. */
export interface ClientFacts {
  readonly deviceType: string;
  readonly userAgent: string;
  /** Protocol version it speaks, e.g. `14.1`. */
  readonly version: string;
  /** Of DeviceInformation. */
  readonly os: string;
  readonly model: string;
}

/** Where a client differs from what the documents say. What is absent is as documented. */
export interface Quirks {
  readonly dayHours?: DayHours;
  /** A Sync leaves out collections that are gone, where others get a status. */
  readonly omitsMissing?: boolean;
  /** After MoveItems it keeps the item under the new id: an Add in the destination would double it, a Change puts it right. */
  readonly keepsMovedItems?: boolean;
  /** Classes of which it shows one folder only, the default one: the others are merged into that. */
  readonly oneFolderOf?: readonly EasClass[];
  /** An empty Picture of a contact says nothing, as an absent one. */
  readonly emptyPictureStays?: boolean;
  /**
   * It follows no RemoteWipe. But FolderSync status 9 makes it drop all that it fetched, and it asks for the folders with key 0 only
   * when it holds nothing.
   */
  readonly holdsNothingAtKeyZero?: boolean;
  /** A new event may come without an end, also one to come: it lasts half an hour. */
  readonly leavesOutEnd?: boolean;
}

/** Mail has folders everywhere. */
const ALL_BUT_MAIL: readonly EasClass[] = ['Calendar', 'Contacts', 'Tasks', 'Notes'];

interface Rule {
  /** Source and reason, for whoever has to judge it years later. */
  readonly why: string;
  matches(client: ClientFacts): boolean;
  readonly quirks: Quirks;
}

/**
 * The first rule that matches decides. Rules by what a client can do come before rules by its name; for birthdays there
 * are only names: no element tells at which hour a client means a day. Clients without a rule get 08:00 UTC, because the
 * Android mail of AOSP takes noon and later for the next day (Horde); iPhones send the time of entry (Horde), Windows
 * Phone midnight of its zone, off by an hour in summer (Horde), and both are read by `dateBinding` as it is.
 */
const RULES: readonly Rule[] = [
  {
    why: 'EAS-4-TbSync takes 140 for an error and stops; at FolderSync status 9 it removes its address books and calendars before it begins anew (its source; run by test/clients/eas4tbsync). Its User-Agent can be set by its user, so it comes first.',
    matches: ({ deviceType }) => /^TbSync$/i.test(deviceType),
    quirks: { holdsNothingAtKeyZero: true },
  },
  {
    why: 'Outlook 2013 and later give up at a collection with status 8, show an item twice that is added where they moved it (SOGo, Horde), and one folder of contacts only (Horde).',
    matches: ({ deviceType }) => /^WindowsOutlook/i.test(deviceType),
    quirks: { omitsMissing: true, keepsMovedItems: true, oneFolderOf: ['Contacts'] },
  },
  {
    why: 'The Gmail app sends noon UTC and shows midnight UTC rightly (Horde). Its User-Agent is all that tells it.',
    matches: ({ userAgent }) => /^Android-Mail\//i.test(userAgent),
    quirks: { dayHours: { shown: 0, sent: 12 } },
  },
  {
    why: 'Samsung Email counts from midnight UTC, and shows one folder of each class (Horde).',
    matches: ({ deviceType, userAgent }) => /^samsung/i.test(deviceType) || /^samsung/i.test(userAgent),
    quirks: { dayHours: { shown: 0, sent: 0 }, oneFolderOf: ALL_BUT_MAIL },
  },
  {
    why: 'BlackBerry 10 sends and expects 11:00 UTC (Horde), which is the next day east of UTC+12.',
    matches: ({ deviceType, os }) => /^blackberry/i.test(deviceType) || /^blackberry/i.test(os),
    quirks: { dayHours: { shown: 11, sent: 11 } },
  },
  {
    why: 'Windows Mail shows an item twice that is added where it moved it (SOGo, Horde).',
    matches: ({ deviceType }) => /^WindowsMail/i.test(deviceType),
    quirks: { keepsMovedItems: true },
  },
  {
    why: 'iOS shows one folder of notes (Horde). With every edit of a contact it sends an empty Picture, unless it gave the picture itself (Horde).',
    matches: ({ deviceType }) => /^(iPhone|iPad|iPod)/i.test(deviceType),
    quirks: { oneFolderOf: ['Notes'], emptyPictureStays: true },
  },
  {
    why: 'The HTC One mini 2 shows one folder of each class (Horde), and sends events as others of HTC do.',
    matches: ({ deviceType, model }) => /^HTCOnemini2/i.test(deviceType) || /^HTCOnemini2/i.test(model),
    quirks: { oneFolderOf: ALL_BUT_MAIL, leavesOutEnd: true },
  },
  {
    why: 'The calendars of HTC, LG and Sony send events without an end (Z-Push).',
    matches: ({ deviceType }) => /^(HTC|LG|Sony)/i.test(deviceType),
    quirks: { leavesOutEnd: true },
  },
  {
    why: 'The mail of Android itself shows one folder of each class; from 4.4 on, several calendars (Horde).',
    matches: (client) => isAtLeast(androidVersion(client), [4, 4]),
    quirks: { oneFolderOf: ['Contacts', 'Tasks', 'Notes'] },
  },
  {
    why: 'As before: Android before 4.4.',
    matches: (client) => androidVersion(client) !== null,
    quirks: { oneFolderOf: ALL_BUT_MAIL },
  },
  {
    why: 'Windows Phone 8.1 shows one folder of contacts (Horde).',
    matches: ({ userAgent }) => /^MSFT-WP\/8\.1/i.test(userAgent),
    quirks: { oneFolderOf: ['Contacts'] },
  },
  {
    why: 'Windows Phone 8.0 shows several lists of tasks, and one folder of each other class (Horde).',
    matches: ({ deviceType, userAgent }) => /^MSFT-WP\/8\.0/i.test(userAgent) || /^WP8$/i.test(deviceType),
    quirks: { oneFolderOf: ['Calendar', 'Contacts', 'Notes'] },
  },
  {
    why: 'Windows Mobile shows one folder of each class (Horde). PPC and SP are its types in base64 queries.',
    matches: ({ deviceType, userAgent }) =>
      /^(PocketPC|SmartPhone|PPC|SP)$/i.test(deviceType) || /^MSFT-(PPC|SPhone)\//i.test(userAgent),
    quirks: { oneFolderOf: ALL_BUT_MAIL },
  },
];

/** Release of Android of its own mail program, which tells it in its User-Agent and, later, in DeviceInformation; null for other programs. */
function androidVersion({ userAgent, os }: ClientFacts): readonly [number, number] | null {
  if (!/^Android\//i.test(userAgent)) return null;
  const [, major = '0', minor = '0'] = /(\d+)(?:\.(\d+))?/.exec(/^Android/i.test(os) ? os : userAgent) ?? [];
  return [Number(major), Number(minor)];
}

function isAtLeast(version: readonly [number, number] | null, [major, minor]: readonly [number, number]): boolean {
  return version !== null && (version[0] > major || (version[0] === major && version[1] >= minor));
}

/** What is known of a client; nothing for most. */
export function quirksOf(client: ClientFacts): Quirks {
  return RULES.find((rule) => rule.matches(client))?.quirks ?? {};
}

/** What the register of devices tells of a client. */
export function factsOf({ type, agent, information }: Device, version: string): ClientFacts {
  const { OS: os = '', Model: model = '' } = information;
  return { deviceType: type, userAgent: agent, version, os, model };
}
