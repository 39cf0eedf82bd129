import type { Item } from '../../../../src/domain/item.ts';
import type { Component } from '../../../../src/formats/content-line/content-line.ts';
import { propertyOf } from '../../../../src/formats/content-line/lookup.ts';
import { ContentSyntaxError } from '../../../../src/formats/content-line/syntax-error.ts';
import { parseCalendar } from '../../../../src/formats/icalendar/calendar.ts';
import { splitByUid } from '../../../../src/formats/icalendar/split-by-uid.ts';
import { decodePart } from '../../../../src/formats/mime/decode-part.ts';
import { indexStream } from '../../../../src/formats/mime/message-indexer.ts';
import { viewMessage } from '../../../../src/formats/mime/message-view.ts';
import { MimeError } from '../../../../src/formats/mime/mime-error.ts';
import type { MailboxReader } from '../../../../src/store/mailbox-store.ts';
import { readAll } from '../../classes/email/held-message.ts';

/** What a mail invites to. */
export interface Invitation {
  readonly uid: string;
  /** The event as a calendar object, without METHOD. */
  readonly calendar: Component;
}

const LONGEST_PART = 1024 * 1024;

/** The invitation in a mail (RFC 6047, METHOD:REQUEST); null for a mail that invites to nothing. */
export async function invitationIn(reader: MailboxReader, item: Item): Promise<Invitation | null> {
  try {
    const part = viewMessage(await indexStream(reader.content(item.id))).calendar;
    if (part === null || part.body.end - part.body.start > LONGEST_PART) return null;
    const calendar = parseCalendar(await readAll(decodePart(reader.content(item.id), part)), { lenient: true });
    const method = propertyOf(calendar, 'METHOD')?.value ?? part.parameters.get('method') ?? '';
    const [object, ...more] = splitByUid(calendar).filter(({ kind }) => kind === 'VEVENT');
    const isOne = object !== undefined && object.uid !== null && more.length === 0;
    if (!isOne || method.trim().toUpperCase() !== 'REQUEST') return null;
    return { uid: object.uid!, calendar: object.calendar };
  } catch (error) {
    // A mail that nobody can read invites to nothing.
    if (error instanceof MimeError || error instanceof ContentSyntaxError) return null;
    throw error;
  }
}
