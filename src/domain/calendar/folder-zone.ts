import type { Component } from '../../formats/content-line/content-line.ts';
import { componentsOf, propertyOf } from '../../formats/content-line/lookup.ts';
import { ContentSyntaxError } from '../../formats/content-line/syntax-error.ts';
import { parseCalendar } from '../../formats/icalendar/calendar.ts';
import type { Folder } from '../folder.ts';
import { folderWithRole } from '../folder-tree.ts';
import { resolveZone } from './resolve-zone.ts';
import type { Zone } from './zone.ts';

/** CALDAV:calendar-timezone (RFC 4791 §5.2.2) as folders keep it: escaped text of an iCalendar object with one VTIMEZONE. */
const PROPERTY = '{urn:ietf:params:xml:ns:caldav}calendar-timezone';

/** A folder object is one state of the folder, so what its property says never changes. */
const known = new WeakMap<Folder, { readonly zone: Zone | null }>();

/** The zone that a client set on a calendar; null where none did, or one that nobody knows. */
export function zoneOfFolder(folder: Folder): Zone | null {
  let found = known.get(folder);
  if (found === undefined) {
    found = { zone: zoneOfProperty(folder.properties[PROPERTY]) };
    known.set(folder, found);
  }
  return found.zone;
}

/**
 * The zone in which a person's all-day events and floating times are told to programs that know instants only: the
 * folder's own, else the main calendar's, else the one given.
 */
export function personZone(folders: readonly Folder[], folder: Folder | null, fallback: Zone): Zone {
  const own = folder === null ? null : zoneOfFolder(folder);
  if (own !== null) return own;
  const main = folderWithRole(folders, 'calendar');
  return (main === null ? null : zoneOfFolder(main)) ?? fallback;
}

function zoneOfProperty(inner: string | undefined): Zone | null {
  const calendar = inner === undefined ? null : readCalendar(plainText(inner));
  const definition = calendar === null ? undefined : componentsOf(calendar, 'VTIMEZONE')[0];
  const tzid = definition === undefined ? '' : (propertyOf(definition, 'TZID')?.value ?? '');
  return calendar === null || tzid === '' ? null : resolveZone(tzid, calendar);
}

/** The property was checked when it was set; what an import or another tool put there is as good as none. */
function readCalendar(text: string): Component | null {
  try {
    return parseCalendar(Buffer.from(text.trim()));
  } catch (error) {
    if (error instanceof ContentSyntaxError) return null;
    throw error;
  }
}

const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', '#13': '\r', amp: '&' };

/** Text out of the canonical XML in which properties are kept. */
function plainText(xml: string): string {
  return xml.replace(/&(lt|gt|#13|amp);/g, (_, name: string) => ENTITIES[name] ?? '');
}
