import type { Component } from '../../../src/formats/content-line/content-line.ts';
import { componentsOf, propertyOf } from '../../../src/formats/content-line/lookup.ts';
import { ContentSyntaxError } from '../../../src/formats/content-line/syntax-error.ts';
import { parseCalendar } from '../../../src/formats/icalendar/calendar.ts';
import { DavError } from '../../webdav/dav-error.ts';
import { requireText } from '../../webdav/properties/require-text.ts';
import { storedProperty } from '../../webdav/properties/stored-property.ts';
import type { PropertyDefinition } from '../../webdav/property.ts';
import { CALDAV, type XmlElement } from '../../webdav/xml/element.ts';
import { textOf } from '../../webdav/xml/query.ts';
import { isCalendar } from '../kinds.ts';

/** RFC 4791 §5.2.2: the zone by which floating times are read. */
export const CALENDAR_TIMEZONE: PropertyDefinition = storedProperty({
  ns: CALDAV,
  name: 'calendar-timezone',
  appliesTo: isCalendar,
  check: (value) => {
    readTimezone(value);
  },
});

/**
 * Reads an iCalendar object that holds exactly one VTIMEZONE: the value of calendar-timezone and of the element
 * CALDAV:timezone in a query (RFC 4791 §5.2.2, §9.8).
 * @throws DavError 403 valid-calendar-data
 */
export function readTimezone(value: XmlElement): { readonly calendar: Component; readonly tzid: string } {
  requireText(value);
  const calendar = parse(textOf(value));
  const [zone, ...others] = componentsOf(calendar);
  if (zone?.name !== 'VTIMEZONE' || others.length > 0) throw notAZone('it is not one VTIMEZONE and nothing else');
  const tzid = propertyOf(zone, 'TZID')?.value ?? '';
  if (tzid === '') throw notAZone('the VTIMEZONE has no TZID');
  const rules = componentsOf(zone).filter(({ name }) => name === 'STANDARD' || name === 'DAYLIGHT');
  if (rules.length === 0) throw notAZone('the VTIMEZONE has neither STANDARD nor DAYLIGHT');
  return { calendar, tzid };
}

function parse(text: string): Component {
  try {
    return parseCalendar(Buffer.from(text.trim()));
  } catch (error) {
    if (error instanceof ContentSyntaxError) throw notAZone(error.message);
    throw error;
  }
}

function notAZone(reason: string): DavError {
  return new DavError(403, `The time zone is not valid: ${reason}.`, {
    condition: { ns: CALDAV, name: 'valid-calendar-data' },
  });
}
