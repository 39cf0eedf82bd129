import { fieldText, findField, type HeaderField } from '../../formats/mime/header-fields.ts';
import { parseMailDate } from '../../formats/mime/mail-date.ts';

/** How far ahead of the receipt a header may be: no zone is a day wrong, and clocks are seldom. */
const MOST_AHEAD = 86_400;

/**
 * When a message came, as everything orders and filters it: the date of the topmost Received field, which the last
 * server wrote (RFC 5321 §4.4); else the Date field; else `receivedAt`. A date more than a day after `receivedAt` is
 * passed over, or a wrong clock would keep its message on top of the list for ever; so is one before 1970.
 * @param receivedAt Seconds since 1970 when the mailbox took it; 0 where nobody knows, and then no date is too late.
 * @returns Seconds since 1970.
 */
export function messageTime(fields: readonly HeaderField[], receivedAt: number): number {
  for (const written of [receivedDate(fields), mailDate(fields)]) {
    if (written !== null && written >= 0 && (receivedAt <= 0 || written <= receivedAt + MOST_AHEAD)) return written;
  }
  return Math.max(0, receivedAt);
}

/** RFC 5322 §3.6.7: the date stands behind the last semicolon. */
function receivedDate(fields: readonly HeaderField[]): number | null {
  const received = findField(fields, 'received');
  if (received === null) return null;
  const text = fieldText(received);
  return parseMailDate(text.slice(text.lastIndexOf(';') + 1));
}

function mailDate(fields: readonly HeaderField[]): number | null {
  const date = findField(fields, 'date');
  return date === null ? null : parseMailDate(fieldText(date));
}
