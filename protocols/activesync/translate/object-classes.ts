import type { Component } from '../../../src/formats/content-line/content-line.ts';
import { withChildren } from '../../../src/formats/content-line/edit.ts';
import { makeLine } from '../../../src/formats/content-line/line.ts';
import { isComponent } from '../../../src/formats/content-line/lookup.ts';
import { escapeText } from '../../../src/formats/content-line/text.ts';
import { OBJECT_KINDS, parseCalendar, serializeCalendar } from '../../../src/formats/icalendar/calendar.ts';
import { editProperties } from '../../../src/formats/icalendar/edit-properties.ts';
import { type Card, parseCard, serializeCard } from '../../../src/formats/vcard/card.ts';
import { withUid } from '../../../src/formats/vcard/validate-card.ts';
import { mergeCalendar, renderCalendar } from '../classes/calendar/calendar-class.ts';
import { mergeContact, renderContact } from '../classes/contacts/contacts-class.ts';
import { mergeNote, renderNote } from '../classes/notes/notes-class.ts';
import { mergeTask, renderTask } from '../classes/tasks/tasks-class.ts';
import type { ObjectClass } from './object-class.ts';

const CALENDAR_OBJECT = {
  contentType: 'text/calendar',
  parse: (content: Uint8Array) => parseCalendar(content),
  serialize: serializeCalendar,
  copy: copyOfCalendar,
};

export const CALENDAR_CLASS: ObjectClass<Component> = {
  ...CALENDAR_OBJECT,
  kind: 'VEVENT',
  render: renderCalendar,
  merge: mergeCalendar,
  titles: ['Calendar:Subject'],
};

export const TASKS_CLASS: ObjectClass<Component> = {
  ...CALENDAR_OBJECT,
  kind: 'VTODO',
  render: renderTask,
  merge: mergeTask,
  titles: ['Tasks:Subject'],
};

export const NOTES_CLASS: ObjectClass<Component> = {
  ...CALENDAR_OBJECT,
  kind: 'VJOURNAL',
  render: renderNote,
  merge: mergeNote,
  titles: ['Notes:Subject'],
};

export const CONTACTS_CLASS: ObjectClass<Card> = {
  kind: 'VCARD',
  contentType: 'text/vcard',
  parse: (content) => parseCard(content),
  serialize: serializeCard,
  render: renderContact,
  merge: mergeContact,
  copy: withUid,
  titles: ['Contacts:LastName', 'Contacts:FirstName', 'Contacts:CompanyName', 'Contacts:FileAs'],
};

/**
 * The object under another UID in all its components. It is for the person to compare, so it has no organizer and no
 * attendees any more: as a meeting it would be a second one, to which a server would invite everybody.
 */
function copyOfCalendar(calendar: Component, uid: string): Component {
  const line = makeLine({ name: 'UID', value: escapeText(uid) });
  const children = calendar.children.map((child) =>
    isComponent(child) && OBJECT_KINDS.has(child.name)
      ? editProperties(child, { set: [line], remove: ['ORGANIZER', 'ATTENDEE'] })
      : child,
  );
  return withChildren(calendar, children);
}
