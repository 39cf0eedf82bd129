import type { ResourceTypeDefinition } from '../webdav/registry.ts';
import { CALDAV } from '../webdav/xml/element.ts';
import { classOf, DEFAULT_COMPONENTS, isCalendar } from './kinds.ts';

/** RFC 4791 §4.2. Calendars lie directly in the calendar home and nowhere else. */
export const CALENDAR_TYPE: ResourceTypeDefinition = {
  ns: CALDAV,
  name: 'calendar',
  appliesTo: isCalendar,
  creates: {
    home: 'calendars',
    classFor: (draft) => {
      const components = draft.components ?? DEFAULT_COMPONENTS;
      draft.components = components;
      return classOf(components);
    },
  },
};
