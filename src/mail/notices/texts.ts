import { bytesText } from '../../config/byte-sizes.ts';
import type { Quota } from '../../domain/quota.ts';
import type { NoticeText } from './notice-message.ts';

export interface QuotaFacts {
  readonly usedBytes: number;
  readonly items: number;
  readonly quota: Quota;
  /** Thousandths of the quota that are used. */
  readonly share: number;
}

/** What the owner of a mailbox is told that runs full. */
export function quotaText({ usedBytes, items, quota, share }: QuotaFacts): NoticeText {
  const percent = Math.floor(share / 10);
  const subject = share >= 1000 ? 'Your mailbox is full' : `Your mailbox is ${percent} % full`;
  const used = [
    ...(quota.bytes === null ? [] : [`  ${bytesText(usedBytes)} of ${bytesText(quota.bytes)}`]),
    ...(quota.items === null ? [] : [`  ${items} of ${quota.items} items (messages, events, contacts, tasks, notes)`]),
  ];
  return {
    subject,
    lines: [
      'Your mailbox holds',
      '',
      ...used,
      '',
      share >= 1000
        ? 'Nothing more can be stored in it, and mail to you is turned away, until there is room again.'
        : 'When it is full, nothing more can be stored in it, and mail to you is turned away.',
      '',
      'What makes room: delete what you no longer need, first messages with large attachments, and empty',
      'Deleted Items and Junk. If you need more room, ask your administrator.',
      '',
      'This message is sent at most once a day.',
    ],
  };
}

export interface DiskFacts {
  readonly state: 'low' | 'full';
  readonly hostName: string;
  readonly folder: string;
  readonly freeBytes: number;
  readonly totalBytes: number;
  /** The limit that is reached. */
  readonly limitBytes: number;
}

/** What administrators are told when the disk runs full. */
export function diskText({ state, hostName, folder, freeBytes, totalBytes, limitBytes }: DiskFacts): NoticeText {
  const isFull = state === 'full';
  return {
    subject: isFull ? `${hostName}: the disk is full, nothing more is taken` : `${hostName}: little disk space is left`,
    lines: [
      `The disk with the data folder ${folder} has ${bytesText(freeBytes)} of ${bytesText(totalBytes)} free, which is`,
      `less than the ${isFull ? 'hard' : 'soft'} limit of ${bytesText(limitBytes)}.`,
      '',
      isFull
        ? 'Mail, uploads and changes that need space are refused until space returns; reading and deleting go on.'
        : 'When less than the hard limit is free, mail, uploads and changes that need space are refused.',
      '',
      'Free some space on that disk, or make it larger. "causeway usage" shows the fullest mailboxes, and',
      '"causeway watch set" sets the limits.',
      '',
      'This message is sent at most once a day.',
    ],
  };
}
