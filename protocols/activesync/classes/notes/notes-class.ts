import type { Component } from '../../../../src/formats/content-line/content-line.ts';
import { makeLine } from '../../../../src/formats/content-line/line.ts';
import { editProperties } from '../../../../src/formats/icalendar/edit-properties.ts';
import { type Binding, mergeBindings, renderBindings } from '../binding.ts';
import { ClassDataError } from '../class-error.ts';
import { categoriesBinding } from '../component/categories-binding.ts';
import { mainComponent, onMain } from '../component/main-component.ts';
import { NOTE_BINDING } from '../component/note-binding.ts';
import { newObject, stampedObject } from '../component/object.ts';
import { utcProperty } from '../component/stamp.ts';
import { propertyText, textBinding } from '../component/text-binding.ts';
import { compactDate } from '../dates.ts';
import { type ApplicationData, type Field, field, textOf } from '../field.ts';
import type { MergeOptions, RenderOptions } from '../options.ts';
import { isAtLeast } from '../version.ts';

const MESSAGE_CLASS = 'Notes:MessageClass';
const STICKY_NOTE = 'IPM.StickyNote';
const STORED_CLASS = 'X-MS-MESSAGE-CLASS';

/** MessageClass: `IPM.StickyNote` or one below it (MS-ASNOTE §2.2.2.5). */
const MESSAGE_CLASS_BINDING: Binding<Component> = {
  names: [MESSAGE_CLASS],
  staysWhenAbsent: true,
  read: (journal) => [field(MESSAGE_CLASS, propertyText(journal, STORED_CLASS) ?? STICKY_NOTE)],
  write: (journal, fields) => {
    const value = textOf(fields, MESSAGE_CLASS)?.trim() ?? '';
    if (!/^IPM\.StickyNote(?:\.[\w.-]{1,200})?$/i.test(value)) {
      throw new ClassDataError(MESSAGE_CLASS, 'not a class of notes');
    }
    return editProperties(journal, { set: [makeLine({ name: STORED_CLASS, value })] });
  },
};

/** When the note changed last; the server's to say. */
const LAST_MODIFIED_BINDING: Binding<Component> = {
  names: ['Notes:LastModifiedDate'],
  read: (journal) => {
    const time = utcProperty(journal, 'LAST-MODIFIED') ?? utcProperty(journal, 'DTSTAMP');
    return time === null ? [] : [field('Notes:LastModifiedDate', compactDate(time))];
  },
};

const BINDINGS: readonly Binding<Component>[] = [
  // MS-ASNOTE §3.2.5.4: silence deletes categories, and nothing else.
  { ...textBinding('Notes:Subject', 'SUMMARY'), staysWhenAbsent: true },
  MESSAGE_CLASS_BINDING,
  LAST_MODIFIED_BINDING,
  categoriesBinding('Notes'),
  NOTE_BINDING,
].map((binding) => onMain('VJOURNAL', binding));

/** ApplicationData of a note (MS-ASNOTE, 14.0 and later); null for older versions and for an object without VJOURNAL. */
export function renderNote(calendar: Component, options: RenderOptions): Field[] | null {
  const isShown = isAtLeast(options.version, '14.0') && mainComponent(calendar, 'VJOURNAL') !== null;
  return isShown ? renderBindings(BINDINGS, calendar, options) : null;
}

/**
 * The note after a client's Add (`calendar` null) or Change; the same object when nothing changed.
 * @throws ClassDataError for data that cannot be taken
 */
export function mergeNote(calendar: Component | null, fields: ApplicationData, options: MergeOptions): Component {
  const before = calendar ?? newObject('VJOURNAL', options);
  const merged = mergeBindings(BINDINGS, before, fields, options);
  return calendar === null || merged === calendar ? merged : stampedObject(merged, 'VJOURNAL', options);
}
