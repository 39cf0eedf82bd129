import { zoneOfFolder } from '../../src/domain/calendar/folder-zone.ts';
import { UTC } from '../../src/domain/calendar/iana-zone.ts';
import { resolveZone } from '../../src/domain/calendar/resolve-zone.ts';
import type { Zone } from '../../src/domain/calendar/zone.ts';
import type { Folder } from '../../src/domain/folder.ts';
import type { DavContext } from '../webdav/context.ts';
import { CALDAV, type XmlElement } from '../webdav/xml/element.ts';
import { childNamed } from '../webdav/xml/query.ts';
import { readTimezone } from './properties/calendar-timezone.ts';

/** Zones that requests named themselves, kept while their request lasts: calendar-data is compiled apart from the query. */
const REQUESTED = new WeakMap<DavContext, Zone>();
/**
 * Takes CALDAV:timezone of a query (RFC 4791 §9.8): it goes before the calendars' own property in this request.
 * @throws DavError 403 valid-calendar-data
 */
export function takeRequestedZone(context: DavContext, body: XmlElement): void {
  const element = childNamed(body, 'timezone', CALDAV);
  if (element === null) return;
  const { calendar, tzid } = readTimezone(element);
  REQUESTED.set(context, resolveZone(tzid, calendar) ?? UTC);
}

/** The zone in which a calendar's floating times are read (RFC 4791 §7.3): the request's, the calendar's, else UTC. */
export function floatingZoneOf(context: DavContext, folder: Folder): Zone {
  return REQUESTED.get(context) ?? zoneOfFolder(folder) ?? UTC;
}
