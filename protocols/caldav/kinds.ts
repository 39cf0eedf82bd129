import type { CalendarKind, ItemClass } from '../../src/domain/item-class.ts';
import type { CollectionResource, HomeResource, Resource } from '../webdav/resource.ts';

/** Components a calendar can be made for, in the order in which they are listed. */
export const CALENDAR_KINDS: readonly CalendarKind[] = ['VEVENT', 'VTODO', 'VJOURNAL', 'VFREEBUSY'];

/** What a calendar takes whose maker did not say (RFC 4791 §5.2.3 leaves it to the server). */
export const DEFAULT_COMPONENTS: readonly CalendarKind[] = ['VEVENT', 'VTODO', 'VJOURNAL'];

export function isCalendarKind(name: string): name is CalendarKind {
  return (CALENDAR_KINDS as readonly string[]).includes(name);
}

/** The class of a calendar collection: phones show task lists and notes apart from calendars. */
export function classOf(components: readonly CalendarKind[]): ItemClass {
  if (components.length === 1 && components[0] === 'VTODO') return 'tasks';
  if (components.length === 1 && components[0] === 'VJOURNAL') return 'notes';
  return 'calendar';
}

export function isCalendar(resource: Resource): resource is CollectionResource {
  return resource.kind === 'collection' && resource.home === 'calendars';
}

export function isCalendarHome(resource: Resource): resource is HomeResource {
  return resource.kind === 'home' && resource.home === 'calendars';
}

/** Whether calendar reports can be made on it: they go over calendars below it, or over the one object it is. */
export function isInCalendars(resource: Resource): boolean {
  return (
    isCalendarHome(resource) || isCalendar(resource) || (resource.kind === 'item' && resource.home === 'calendars')
  );
}
