import { COLLATION_NAMES } from '../../webdav/filter/collation.ts';
import type { PropertyDefinition } from '../../webdav/property.ts';
import { textProperty } from '../../webdav/text-property.ts';
import { APPLE_ICAL, CALDAV } from '../../webdav/xml/element.ts';
import { writeElement } from '../../webdav/xml/write.ts';
import { isCalendar } from '../kinds.ts';

/** A protected property with the same value on every calendar, from the limits of the server. */
function fixed(
  name: string,
  value: (limits: { maxItemBytes: number; maxOccurrences: number }) => string,
): PropertyDefinition {
  return {
    ns: CALDAV,
    name,
    appliesTo: isCalendar,
    inAllprop: false,
    compile: (context) => {
      const text = value(context.services.limits);
      return () => text;
    },
  };
}

/** Properties of every calendar collection (RFC 4791 §5.2, §7.5.1). */
export const COLLECTION_PROPERTIES: readonly PropertyDefinition[] = [
  fixed('supported-calendar-data', () => '<C:calendar-data content-type="text/calendar" version="2.0"/>'),
  fixed('max-resource-size', (limits) => String(limits.maxItemBytes)),
  fixed('max-instances', (limits) => String(limits.maxOccurrences)),
  fixed('supported-collation-set', () =>
    COLLATION_NAMES.map((name) => writeElement(CALDAV, 'supported-collation', name)).join(''),
  ),
  textProperty({ ns: CALDAV, name: 'calendar-description', appliesTo: isCalendar }),
  // Apple's colour (#RRGGBB or #RRGGBBAA, at times a name) and place in the list; every client reads them.
  textProperty({ ns: APPLE_ICAL, name: 'calendar-color', appliesTo: isCalendar }),
  textProperty({ ns: APPLE_ICAL, name: 'calendar-order', appliesTo: isCalendar }),
];
