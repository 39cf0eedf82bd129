import type { Component } from '../../formats/content-line/content-line.ts';
import { componentsOf, propertyOf } from '../../formats/content-line/lookup.ts';
import { ContentSyntaxError } from '../../formats/content-line/syntax-error.ts';
import { parseCalendar } from '../../formats/icalendar/calendar.ts';
import { uidOf } from '../../formats/icalendar/split-by-uid.ts';
import { decodePart } from '../../formats/mime/decode-part.ts';
import type { MessageView } from '../../formats/mime/message-view.ts';
import { eventText, eventWords } from '../calendar/event-words.ts';

const LONGEST_PART = 1024 * 1024;

/**
 * Words for a message that is an event and no text, as some programs send invitations (RFC 6047 §4.1 shows one): without
 * them it would be empty for whoever reads mail. Null for a message with a text of its own, and where there is no event, or
 * there are several, or only an attached file.
 * @param open Reads the message's bytes from the beginning.
 */
export async function invitationText(
  open: () => AsyncIterable<Uint8Array>,
  { segments, calendar: part }: MessageView,
): Promise<string | null> {
  if (segments.length > 0 || part === null || part.disposition === 'attachment') return null;
  if (part.body.end - part.body.start > LONGEST_PART) return null;
  const chunks: Uint8Array[] = [];
  for await (const chunk of decodePart(open(), part)) chunks.push(chunk);
  try {
    return textOf(parseCalendar(Buffer.concat(chunks), { lenient: true }));
  } catch (error) {
    if (error instanceof ContentSyntaxError) return null;
    throw error;
  }
}

/** An event and its exceptions are one. */
function textOf(calendar: Component): string | null {
  const events = componentsOf(calendar, 'VEVENT');
  const event = events.find((candidate) => propertyOf(candidate, 'RECURRENCE-ID') === null) ?? events[0];
  if (event === undefined || new Set(events.map(uidOf)).size > 1) return null;
  return eventText(eventWords(event, calendar)) || null;
}
