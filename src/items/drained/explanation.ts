import { domainOf } from '../../domain/address.ts';
import type { Folder } from '../../domain/folder.ts';
import type { Item } from '../../domain/item.ts';
import type { CalendarKind } from '../../domain/item-class.ts';
import type { MailboxId, Stamp } from '../../domain/mailbox.ts';
import { describeContent } from '../describe-content.ts';

/** What a client whose folders are shown as emptied is told. */
export interface Drain {
  readonly mailboxId: MailboxId;
  /** Address of the mailbox's owner. */
  readonly owner: string;
  /** Whom the client is named to in the text. */
  readonly client: string;
  /** Milliseconds since 1970: when it was asked for. */
  readonly at: number;
}

/** The only things that stand in an emptied folder, with their content. */
export interface Explanation {
  readonly item: Item;
  readonly content: Uint8Array;
}

/** Above every stamp and id that a mailbox ever gives; of 15 digits, as ids that clients send may have. */
const ABOVE_STAMPS = 2 ** 49;

/**
 * The stamp of everything in an emptied folder: no cursor of before is valid under it, and it is no valid cursor once the folder is
 * shown as it is again. Later drains have later ones.
 */
export function drainStamp({ at }: Pick<Drain, 'at'>): Stamp {
  return ABOVE_STAMPS + Math.floor(at / 1000);
}

/** What stands in an emptied folder: one thing, since a folder without anything looks like a mistake to some clients. */
export function explanationsIn(folder: Folder, drain: Drain): readonly Explanation[] {
  const kind = kindIn(folder);
  if (kind === null) return [];
  const stamp = drainStamp(drain);
  const content = Buffer.from(WRITERS[kind](drain, `${stamp.toString(36)}-${folder.id}`));
  const { index, contentType } = describeContent(folder, content, '', Math.floor(drain.at / 1000));
  const item: Item = {
    ...index,
    ...{ id: ABOVE_STAMPS + folder.id, mailboxId: folder.mailboxId, folderId: folder.id },
    ...{ name: `${stamp.toString(36)}-${folder.id}.${SUFFIX[kind]}`, size: content.length, contentType },
    ...{ entered: stamp, rev: stamp, contentRev: stamp, by: null, flags: {}, flagRevs: {} },
    ...{ createdAt: drain.at, modifiedAt: drain.at },
  };
  return [{ item, content }];
}

type Kind = Exclude<CalendarKind, 'VFREEBUSY'> | 'VCARD' | 'MESSAGE';

const SUFFIX: Readonly<Record<Kind, string>> = {
  VEVENT: 'ics',
  VTODO: 'ics',
  VJOURNAL: 'ics',
  VCARD: 'vcf',
  MESSAGE: 'eml',
};

const FIRST_KIND = { calendar: 'VEVENT', tasks: 'VTODO', notes: 'VJOURNAL' } as const;

/** The kind that people look for in it, as far as the folder takes it; null where there is none for it. */
function kindIn({ itemClass, components }: Folder): Kind | null {
  if (itemClass === 'files') return null;
  if (itemClass === 'mail') return 'MESSAGE';
  if (itemClass === 'contacts') return 'VCARD';
  const first = FIRST_KIND[itemClass];
  if (components.includes(first)) return first;
  return components.find((kind) => kind !== 'VFREEBUSY') ?? null;
}

const TITLE = 'This device was emptied';

function textFor({ owner, client, at }: Drain): string {
  const day = new Date(at).toISOString().slice(0, 10);
  return `On ${day} somebody asked that what ${client} holds of ${owner} be removed. Nothing is lost on the server: it was only taken from this device, which cannot write to it any more. Ask your administrator if you did not expect this.`;
}

function calendarWith(lines: readonly string[]): string {
  const all = ['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//Causeway//Wipe//EN', ...lines, 'END:VCALENDAR'];
  return `${all.map(folded).join('\r\n')}\r\n`;
}

const WRITERS: Readonly<Record<Kind, (drain: Drain, uid: string) => string>> = {
  VEVENT: (drain, uid) => {
    const next = new Date(drain.at + 86_400_000).toISOString().slice(0, 10).replaceAll('-', '');
    const day = new Date(drain.at).toISOString().slice(0, 10).replaceAll('-', '');
    const times = [`DTSTART;VALUE=DATE:${day}`, `DTEND;VALUE=DATE:${next}`, 'TRANSP:TRANSPARENT'];
    return calendarWith(['BEGIN:VEVENT', ...common(drain, uid), ...times, 'END:VEVENT']);
  },
  VTODO: (drain, uid) => calendarWith(['BEGIN:VTODO', ...common(drain, uid), 'END:VTODO']),
  VJOURNAL: (drain, uid) => calendarWith(['BEGIN:VJOURNAL', ...common(drain, uid), 'END:VJOURNAL']),
  VCARD: (drain, uid) => {
    const name = [`UID:${uid}`, `FN:${TITLE}`, `N:${TITLE};;;;`, `NOTE:${escaped(textFor(drain))}`];
    return `${['BEGIN:VCARD', 'VERSION:3.0', ...name, 'END:VCARD'].map(folded).join('\r\n')}\r\n`;
  },
  MESSAGE: (drain, uid) => {
    const { owner, at } = drain;
    const domain = domainOf(owner);
    const header = [
      `From: <postmaster@${domain}>`,
      `To: <${owner}>`,
      `Subject: ${TITLE}`,
      `Date: ${new Date(at).toUTCString().replace('GMT', '+0000')}`,
      `Message-ID: <${uid}@${domain}>`,
      ...['MIME-Version: 1.0', 'Content-Type: text/plain; charset=utf-8', 'Content-Transfer-Encoding: 8bit'],
    ];
    return `${header.join('\r\n')}\r\n\r\n${textFor(drain)}\r\n`;
  },
};

function common(drain: Drain, uid: string): readonly string[] {
  const stamp = new Date(drain.at).toISOString().replaceAll(/[-:]|\.\d+/g, '');
  return [`UID:${uid}`, `DTSTAMP:${stamp}`, `SUMMARY:${TITLE}`, `DESCRIPTION:${escaped(textFor(drain))}`];
}

/** RFC 5545 §3.3.11, RFC 2426 §4 */
function escaped(text: string): string {
  return text.replaceAll(/[\\;,]/g, (char) => `\\${char}`);
}

/** RFC 5545 §3.1: at most 75 octets; a character is never cut. */
function folded(line: string): string {
  let text = '';
  let octets = 0;
  for (const char of line) {
    const size = Buffer.byteLength(char);
    if (octets + size > 75) {
      text += '\r\n ';
      octets = 1;
    }
    text += char;
    octets += size;
  }
  return text;
}
