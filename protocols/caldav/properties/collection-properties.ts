import type { DavContext } from '../../webdav/context.ts';
import { COLLATION_NAMES } from '../../webdav/filter/collation.ts';
import { fixedProperty } from '../../webdav/properties/fixed-property.ts';
import { requireText } from '../../webdav/properties/require-text.ts';
import { storedProperty } from '../../webdav/properties/stored-property.ts';
import type { PropertyDefinition } from '../../webdav/property.ts';
import { APPLE_ICAL, CALDAV } from '../../webdav/xml/element.ts';
import { writeElement } from '../../webdav/xml/write.ts';
import { isCalendar } from '../kinds.ts';

function fixed(name: string, value: (context: DavContext) => string): PropertyDefinition {
  return fixedProperty({ ns: CALDAV, name, appliesTo: isCalendar }, value);
}

/** Properties of every calendar collection (RFC 4791 §5.2, §7.5.1). */
export const COLLECTION_PROPERTIES: readonly PropertyDefinition[] = [
  fixed('supported-calendar-data', () => '<C:calendar-data content-type="text/calendar" version="2.0"/>'),
  fixed('max-resource-size', ({ services }) => String(services.limits.maxItemBytes)),
  fixed('max-instances', ({ services }) => String(services.limits.maxOccurrences)),
  fixed('supported-collation-set', () =>
    COLLATION_NAMES.map((name) => writeElement(CALDAV, 'supported-collation', name)).join(''),
  ),
  storedProperty({ ns: CALDAV, name: 'calendar-description', appliesTo: isCalendar, check: requireText }),
  // Apple's colour (#RRGGBB or #RRGGBBAA, at times a name) and place in the list; every client reads them.
  storedProperty({ ns: APPLE_ICAL, name: 'calendar-color', appliesTo: isCalendar, check: requireText }),
  storedProperty({ ns: APPLE_ICAL, name: 'calendar-order', appliesTo: isCalendar, check: requireText }),
];
