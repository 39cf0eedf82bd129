import { addressOf } from '../../../src/domain/address.ts';
import { fixedProperty } from '../../webdav/properties/fixed-property.ts';
import type { PropertyDefinition } from '../../webdav/property.ts';
import { isPrincipal } from '../../webdav/resource.ts';
import { CALDAV } from '../../webdav/xml/element.ts';
import { writeHref } from '../../webdav/xml/write.ts';

export const PRINCIPAL_PROPERTIES: readonly PropertyDefinition[] = [
  // RFC 4791 §6.2.1
  fixedProperty({ ns: CALDAV, name: 'calendar-home-set', appliesTo: isPrincipal }, (context) =>
    writeHref(context.homeHref('calendars')),
  ),
  // RFC 6638 §2.4.1: the addresses by which events name this person. Clients use it to find the user's own ATTENDEE line,
  // scheduling or not.
  fixedProperty(
    { ns: CALDAV, name: 'calendar-user-address-set', appliesTo: isPrincipal },
    ({ principal, principalHref }) => writeHref(`mailto:${addressOf(principal)}`) + writeHref(principalHref),
  ),
];
