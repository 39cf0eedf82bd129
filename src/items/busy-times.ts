import { type BusyPeriod, busyPeriods, mergePeriods } from '../domain/calendar/busy-periods.ts';
import { personZone } from '../domain/calendar/folder-zone.ts';
import { UTC } from '../domain/calendar/iana-zone.ts';
import type { TimeRange } from '../domain/calendar/occurrences.ts';
import type { Zone } from '../domain/calendar/zone.ts';
import { GatewayError } from '../domain/errors.ts';
import type { Folder } from '../domain/folder.ts';
import type { MailboxId } from '../domain/mailbox.ts';
import { type Principal, rightsOn } from '../domain/principal.ts';
import { ContentSyntaxError } from '../formats/content-line/syntax-error.ts';
import { parseCalendar } from '../formats/icalendar/calendar.ts';
import type { MailboxReader } from '../store/mailbox-store.ts';
import type { ItemServices } from './services.ts';

const PAGE = 200;
const KINDS = ['VEVENT', 'VFREEBUSY'] as const;

/**
 * When a mailbox's owner is busy within a range, over all calendars in which the principal may know it; null where that is
 * none.
 * @throws GatewayError 'too-many-results'
 */
export async function busyTimes(
  { store, limits }: Pick<ItemServices, 'store' | 'limits'>,
  principal: Principal,
  mailboxId: MailboxId,
  range: TimeRange,
): Promise<readonly BusyPeriod[] | null> {
  const reader = store.read(mailboxId);
  const folders = await reader.folders();
  const calendars = folders.filter(
    (folder) => folder.itemClass === 'calendar' && rightsOn(principal, mailboxId, folder).has('free-busy'),
  );
  if (calendars.length === 0) return null;
  const periods: BusyPeriod[] = [];
  for (const calendar of calendars) {
    const zone = personZone(folders, calendar, UTC);
    for await (const content of contentsIn(reader, calendar, range)) {
      for (const period of periodsOf(content, range, zone, limits.maxOccurrences)) periods.push(period);
      if (periods.length > limits.maxResults) throw new GatewayError('too-many-results', { limit: limits.maxResults });
    }
  }
  return mergePeriods(periods);
}

async function* contentsIn(reader: MailboxReader, folder: Folder, range: TimeRange): AsyncGenerator<Uint8Array> {
  for (const kind of KINDS) {
    if (!folder.components.includes(kind)) continue;
    for (let after: number | null = 0; after !== null; ) {
      const page = await reader.list(folder.id, { after, limit: PAGE, withContent: true, kind, range });
      for (const { content } of page.items) if (content !== undefined) yield content;
      after = page.next;
    }
  }
}

function periodsOf(content: Uint8Array, range: TimeRange, zone: Zone, most: number): BusyPeriod[] {
  try {
    return busyPeriods(parseCalendar(content), range, zone, most);
  } catch (error) {
    // An object that cannot be read keeps nobody busy.
    if (error instanceof ContentSyntaxError) return [];
    throw error;
  }
}
