import type { PropertyDefinition } from '../../webdav/property.ts';
import type { Resource } from '../../webdav/resource.ts';
import { CALDAV } from '../../webdav/xml/element.ts';
import { writeHref } from '../../webdav/xml/write.ts';

function isPrincipal(resource: Resource): boolean {
  return resource.kind === 'principal';
}

/** RFC 4791 §6.2.1. */
const CALENDAR_HOME_SET: PropertyDefinition = {
  ns: CALDAV,
  name: 'calendar-home-set',
  appliesTo: isPrincipal,
  inAllprop: false,
  compile: (context) => {
    const value = writeHref(context.homeHref('calendars'));
    return (resource) => (isPrincipal(resource) ? value : null);
  },
};

/**
 * RFC 6638 §2.4.1: the addresses by which events name this person. Clients use it to find the user's own ATTENDEE line,
 * scheduling or not.
 */
const CALENDAR_USER_ADDRESS_SET: PropertyDefinition = {
  ns: CALDAV,
  name: 'calendar-user-address-set',
  appliesTo: isPrincipal,
  inAllprop: false,
  compile: ({ principal, principalHref }) => {
    const value = writeHref(`mailto:${principal.localPart}@${principal.domain}`) + writeHref(principalHref);
    return (resource) => (isPrincipal(resource) ? value : null);
  },
};

export const PRINCIPAL_PROPERTIES: readonly PropertyDefinition[] = [CALENDAR_HOME_SET, CALENDAR_USER_ADDRESS_SET];
