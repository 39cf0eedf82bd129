import type { Component } from '../../../../src/formats/content-line/content-line.ts';
import { makeComponent } from '../../../../src/formats/content-line/edit.ts';
import { makeLine } from '../../../../src/formats/content-line/line.ts';
import { escapeText } from '../../../../src/formats/content-line/text.ts';
import { makeCalendar } from '../../../../src/formats/icalendar/calendar.ts';
import { formatUtc } from '../../../../src/formats/icalendar/date-time.ts';
import { editProperties } from '../../../../src/formats/icalendar/edit-properties.ts';
import type { MergeOptions } from '../options.ts';
import { updateMain } from './main-component.ts';

/** A calendar object of one component with what every one needs (RFC 5545 §3.6). */
export function newObject(kind: string, options: MergeOptions): Component {
  const now = formatUtc(options.now);
  return makeCalendar([
    makeComponent(kind, [
      makeLine({ name: 'UID', value: escapeText(options.newUid) }),
      makeLine({ name: 'DTSTAMP', value: now }),
      makeLine({ name: 'CREATED', value: now }),
    ]),
  ]);
}

/** The object with DTSTAMP and LAST-MODIFIED of now. */
export function stampedObject(calendar: Component, kind: string, options: MergeOptions): Component {
  const value = formatUtc(options.now);
  const set = ['DTSTAMP', 'LAST-MODIFIED'].map((name) => makeLine({ name, value }));
  return updateMain(calendar, kind, (main) => editProperties(main, { set }));
}
