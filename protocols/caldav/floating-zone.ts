import { UTC } from '../../src/domain/calendar/iana-zone.ts';
import { resolveZone } from '../../src/domain/calendar/resolve-zone.ts';
import type { Zone } from '../../src/domain/calendar/zone.ts';
import type { Folder } from '../../src/domain/folder.ts';
import type { DavContext } from '../webdav/context.ts';
import { CALDAV, clark, type XmlElement } from '../webdav/xml/element.ts';
import { childNamed } from '../webdav/xml/query.ts';
import { readTimezone } from './properties/calendar-timezone.ts';

const TIMEZONE_PROPERTY = clark({ ns: CALDAV, name: 'calendar-timezone' });

/** Zones that requests named themselves, kept while their request lasts: calendar-data is compiled apart from the query. */
const REQUESTED = new WeakMap<DavContext, Zone>();
/** A folder object is one state of the folder, so what its property says never changes. */
const OF_FOLDER = new WeakMap<Folder, Zone>();

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
  const requested = REQUESTED.get(context);
  if (requested !== undefined) return requested;
  let zone = OF_FOLDER.get(folder);
  if (zone === undefined) {
    zone = zoneOfProperty(folder.properties[TIMEZONE_PROPERTY]);
    OF_FOLDER.set(folder, zone);
  }
  return zone;
}

/** The property was checked when it was set; it is kept as escaped text. */
function zoneOfProperty(inner: string | undefined): Zone {
  if (inner === undefined) return UTC;
  const value: XmlElement = {
    ns: CALDAV,
    name: 'calendar-timezone',
    attributes: new Map(),
    children: [plainText(inner)],
  };
  const { calendar, tzid } = readTimezone(value);
  return resolveZone(tzid, calendar) ?? UTC;
}

const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', '#13': '\r', amp: '&' };

/** The opposite of `escapeText`, which wrote the value. */
function plainText(xml: string): string {
  return xml.replace(/&(lt|gt|#13|amp);/g, (_, name: string) => ENTITIES[name] ?? '');
}
