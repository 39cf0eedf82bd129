import { validateCalendarObject } from '../domain/calendar/validate-calendar-object.ts';
import { indexContact } from '../domain/contact/index-contact.ts';
import { validateContact } from '../domain/contact/validate-contact.ts';
import { GatewayError, isGatewayError } from '../domain/errors.ts';
import type { Folder } from '../domain/folder.ts';
import type { ItemIndex } from '../domain/item.ts';
import { HOME_OF, type Home } from '../domain/item-class.ts';
import { MAX_OBJECT_LINES, MAX_OBJECT_VALUES } from '../domain/limits.ts';
import { indexMailItem } from '../domain/message/index-message.ts';
import type { Component } from '../formats/content-line/content-line.ts';
import { ContentSyntaxError } from '../formats/content-line/syntax-error.ts';
import { parseCalendar } from '../formats/icalendar/calendar.ts';

export interface Described {
  readonly index: ItemIndex;
  /** The media type under which it is kept. */
  readonly contentType: string;
}

/** Media types that programs declare for what a home holds; the first is the one kept. */
const MEDIA_TYPES: Readonly<Record<Home, readonly string[] | null>> = {
  calendars: ['text/calendar'],
  addressbooks: ['text/vcard', 'text/x-vcard', 'text/directory'],
  mail: ['message/rfc822'],
  files: null,
};
/** What programs declare that do not know what they send: the bytes are judged, as without a type. */
const VAGUE_TYPES: readonly string[] = ['application/octet-stream', 'text/plain'];

/**
 * Judges bytes that are about to be stored in a folder, and finds what is indexed of them.
 * @param declaredType Media type as the client declared it; '' when it declared none.
 * @param now Seconds since 1970: the time of a message that tells none, and what makes one too late.
 * @throws GatewayError 'content-unsupported', 'content-invalid', 'object-invalid', 'component-unsupported'
 */
export function describeContent(folder: Folder, content: Uint8Array, declaredType: string, now = 0): Described {
  const contentType = keptType(HOME_OF[folder.itemClass], declaredType);
  try {
    return describeAs(folder, content, contentType, now);
  } catch (error) {
    // Declared as a text and no calendar either: the type was meant (RFC 4791 §5.3.2.1 supported-calendar-data).
    if (!isGatewayError(error, 'content-invalid') || !isVague(declaredType)) throw error;
    throw new GatewayError(
      'content-unsupported',
      { contentType: declaredType },
      `${declaredType} is taken only where it is ${contentType}, and this is not: ${error.facts.reason}.`,
    );
  }
}

function describeAs(folder: Folder, content: Uint8Array, contentType: string, now: number): Described {
  const home = HOME_OF[folder.itemClass];
  switch (home) {
    case 'calendars': {
      const { index } = validateCalendarObject(readCalendar(content), { allowed: folder.components });
      return { index, contentType };
    }
    case 'addressbooks':
      return { index: indexContact(validateContact(content)), contentType };
    case 'mail':
      return { index: indexMailItem(content, now), contentType };
    case 'files':
      return { index: { kind: 'FILE', uid: null, rangeStart: 0, rangeEnd: 0, filterKey: 0 }, contentType };
  }
}

function keptType(home: Home, declared: string): string {
  const type = declared.toLowerCase();
  const taken = MEDIA_TYPES[home];
  if (taken === null) return type || 'application/octet-stream';
  if (type === '' || taken.includes(type) || isVague(type)) return taken[0]!;
  throw new GatewayError(
    'content-unsupported',
    { contentType: declared },
    `${declared} is not taken here, ${taken[0]} is.`,
  );
}

function isVague(declared: string): boolean {
  return VAGUE_TYPES.includes(declared.toLowerCase());
}

function readCalendar(content: Uint8Array): Component {
  try {
    return parseCalendar(content, { maxLines: MAX_OBJECT_LINES, maxValues: MAX_OBJECT_VALUES });
  } catch (error) {
    if (!(error instanceof ContentSyntaxError)) throw error;
    const line = error.line > 0 ? { line: error.line } : {};
    throw new GatewayError('content-invalid', { reason: error.reason, ...line }, error.message);
  }
}
