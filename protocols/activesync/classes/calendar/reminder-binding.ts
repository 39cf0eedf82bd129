import type { Component } from '../../../../src/formats/content-line/content-line.ts';
import { replaceChild } from '../../../../src/formats/content-line/edit.ts';
import type { Binding } from '../binding.ts';
import { relativeTrigger, type ShownAlarm, shownAlarms, withTrigger } from '../component/alarm.ts';
import { field } from '../field.ts';
import { readInteger } from '../read-values.ts';

const ELEMENT = 'Calendar:Reminder';
/** Most minutes an element can say; a year and more is no reminder phones can set. */
const MOST_MINUTES = 10_000_000;

/**
 * Reminder: minutes before the start. It is the first alarm that goes off at or before the start; all other alarms of the
 * event are not the phone's and stay.
 */
export const REMINDER_BINDING: Binding<Component> = {
  names: [ELEMENT],
  // MS-ASCAL §2.2.2.38: up to 14.0 a Reminder cannot be empty; there are programs that then stop at the whole folder.
  emptySince: '14.1',
  read: (event) => {
    const shown = reminderOf(event);
    return shown === null ? [] : [field(ELEMENT, String(minutesOf(shown)))];
  },
  write: (event, fields) => {
    const minutes = readInteger(fields, ELEMENT, 0, MOST_MINUTES);
    const shown = reminderOf(event);
    if (minutes === null) return shown === null ? event : replaceChild(event, shown.alarm, null);
    return withTrigger(event, shown?.alarm ?? null, relativeTrigger(minutes * 60));
  },
};

function reminderOf(event: Component): ShownAlarm | null {
  return (
    shownAlarms(event).find(({ trigger }) => trigger.kind === 'relative' && !trigger.toEnd && trigger.seconds <= 0) ??
    null
  );
}

function minutesOf({ trigger }: ShownAlarm): number {
  return trigger.kind === 'relative' ? Math.min(MOST_MINUTES, Math.round(-trigger.seconds / 60)) : 0;
}
