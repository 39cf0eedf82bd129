import type { CalendarKind } from '../../../src/domain/item-class.ts';
import { DavError, davCondition } from '../../webdav/dav-error.ts';
import type { PropertyDefinition, PropertySetter } from '../../webdav/property.ts';
import { CALDAV } from '../../webdav/xml/element.ts';
import { childrenNamed } from '../../webdav/xml/query.ts';
import { writeElement } from '../../webdav/xml/write.ts';
import { CALENDAR_KINDS, isCalendar, isCalendarHome, isCalendarKind } from '../kinds.ts';

/** RFC 4791 §5.2.3: can be chosen when the calendar is made, and is protected afterwards. */
export const SUPPORTED_COMPONENT_SET: PropertyDefinition = {
  ns: CALDAV,
  name: 'supported-calendar-component-set',
  appliesTo: isCalendar,
  inAllprop: false,
  compile: () => (resource) => (isCalendar(resource) ? writeComponents(resource.folder.components) : null),
  set: setComponents(),
};

/** Which sets can be chosen (draft-daboo-caldav-extensions §4.1): every combination of events, tasks and journals. */
export const SUPPORTED_COMPONENT_SETS: PropertyDefinition = {
  ns: CALDAV,
  name: 'supported-calendar-component-sets',
  appliesTo: isCalendarHome,
  inAllprop: false,
  compile: () => {
    const sets = combinations(['VEVENT', 'VTODO', 'VJOURNAL'])
      .map((components) => writeElement(CALDAV, 'supported-calendar-component-set', writeComponents(components)))
      .join('');
    return () => sets;
  },
};

function writeComponents(components: readonly CalendarKind[]): string {
  return components.map((name) => `<C:comp name="${name}"/>`).join('');
}

function combinations(kinds: readonly CalendarKind[]): CalendarKind[][] {
  const sets = Array.from({ length: 2 ** kinds.length }, (_, bits) => kinds.filter((_kind, bit) => bits & (1 << bit)));
  return sets.filter((set) => set.length > 0);
}

function setComponents(): PropertySetter {
  return (value, { folder, draft }) => {
    if (folder !== null) {
      throw new DavError(403, 'What a calendar takes is chosen when it is made.', {
        condition: davCondition('cannot-modify-protected-property'),
      });
    }
    if (value === null) return;
    const wanted = childrenNamed(value, 'comp', CALDAV).map((comp) =>
      (comp.attributes.get('name') ?? '').toUpperCase(),
    );
    // Components that are not kept on their own (VTIMEZONE, VALARM) come with the others and need no place in the set.
    const components = CALENDAR_KINDS.filter((kind) => wanted.includes(kind));
    if (components.length === 0) {
      const unknown = wanted.filter((name) => !isCalendarKind(name)).join(', ') || 'nothing';
      throw new DavError(403, `A calendar cannot be made for ${unknown}.`, {
        condition: { ns: CALDAV, name: 'supported-calendar-component' },
      });
    }
    draft.components = components;
  };
}
