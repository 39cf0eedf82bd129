import type { Zone } from '../../../../src/domain/calendar/zone.ts';
import type { Component } from '../../../../src/formats/content-line/content-line.ts';
import { replaceChild } from '../../../../src/formats/content-line/edit.ts';
import { makeLine } from '../../../../src/formats/content-line/line.ts';
import { propertyOf } from '../../../../src/formats/content-line/lookup.ts';
import { formatUtc } from '../../../../src/formats/icalendar/date-time.ts';
import { editProperties } from '../../../../src/formats/icalendar/edit-properties.ts';
import type { Binding } from '../binding.ts';
import { type ShownAlarm, shownAlarms, withTrigger } from '../component/alarm.ts';
import { mainComponent, updateMain } from '../component/main-component.ts';
import { utcProperty } from '../component/stamp.ts';
import { dashedDate, isWritableDate, readDate } from '../dates.ts';
import { type Field, field, textOf } from '../field.ts';
import { readBoolean, readInteger } from '../read-values.ts';
import { dueOfTask, startOfTask } from './task-dates.ts';

const IMPORTANCE = 'Tasks:Importance';
/** PRIORITY for low, normal and high (RFC 5545 §3.8.1.9: 1 to 4 is high, 5 medium, 6 to 9 low). */
const PRIORITIES = ['9', '5', '1'] as const;

/** Importance as PRIORITY; a finer priority stays while it is of the same grade. */
export const IMPORTANCE_BINDING: Binding<Component> = {
  names: [IMPORTANCE],
  // MS-ASTASK §3.2.4.2
  staysWhenAbsent: true,
  defaults: { [IMPORTANCE]: '1' },
  read: (task) => [field(IMPORTANCE, String(gradeOf(task)))],
  write: (task, fields) => {
    // A grade beyond the highest is no error (MS-ASTASK §2.2.2.12).
    const grade = Math.min(2, readInteger(fields, IMPORTANCE, 0, 255) ?? 1);
    if (grade === 1) return editProperties(task, { remove: ['PRIORITY'] });
    return editProperties(task, { set: [makeLine({ name: 'PRIORITY', value: PRIORITIES[grade]! })] });
  },
};

function gradeOf(task: Component): number {
  const priority = Number(propertyOf(task, 'PRIORITY')?.value.trim() ?? 0);
  if (priority >= 1 && priority <= 4) return 2;
  return priority >= 6 && priority <= 9 ? 0 : 1;
}

const COMPLETE = 'Tasks:Complete';
const DATE_COMPLETED = 'Tasks:DateCompleted';

/** Complete and DateCompleted as STATUS, COMPLETED and PERCENT-COMPLETE. */
export const COMPLETION_BINDING: Binding<Component> = {
  names: [COMPLETE, DATE_COMPLETED],
  defaults: { [COMPLETE]: '0' },
  read: completionFields,
  write: (task, fields, { now }) => {
    if (readBoolean(fields, COMPLETE) !== true) return reopened(task);
    const text = textOf(fields, DATE_COMPLETED)?.trim() ?? '';
    const isNewlyDone = completionFields(task)[0]?.value !== '1';
    const done = text !== '' ? readDate(text, DATE_COMPLETED) : isNewlyDone ? now : null;
    return editProperties(task, {
      set: [
        makeLine({ name: 'STATUS', value: 'COMPLETED' }),
        makeLine({ name: 'PERCENT-COMPLETE', value: '100' }),
        ...(done === null ? [] : [makeLine({ name: 'COMPLETED', value: formatUtc(done) })]),
      ],
    });
  },
};

function completionFields(task: Component): Field[] {
  const status = propertyOf(task, 'STATUS')?.value.trim().toUpperCase();
  const done = utcProperty(task, 'COMPLETED');
  const isDone = status === undefined ? done !== null : status === 'COMPLETED';
  if (!isDone) return [field(COMPLETE, '0')];
  // A done task is told when (MS-ASTASK §2.2.2.9); programs that only set STATUS touched it last then.
  const when = done ?? utcProperty(task, 'LAST-MODIFIED') ?? utcProperty(task, 'DTSTAMP');
  return [field(COMPLETE, '1'), ...(when === null ? [] : [field(DATE_COMPLETED, dashedDate(when))])];
}

function reopened(task: Component): Component {
  const isFull = propertyOf(task, 'PERCENT-COMPLETE')?.value.trim() === '100';
  const status = propertyOf(task, 'STATUS');
  return editProperties(task, {
    set: status === null ? [] : [makeLine({ name: 'STATUS', value: 'NEEDS-ACTION' })],
    remove: isFull ? ['COMPLETED', 'PERCENT-COMPLETE'] : ['COMPLETED'],
  });
}

const REMINDER_SET = 'Tasks:ReminderSet';
const REMINDER_TIME = 'Tasks:ReminderTime';

/** ReminderSet and ReminderTime: the first alarm whose time is known; others stay. */
export const TASK_REMINDER_BINDING: Binding<Component> = {
  names: [REMINDER_TIME, REMINDER_SET],
  // MS-ASTASK §3.2.4.3
  staysWhenAbsent: true,
  defaults: { [REMINDER_SET]: '0' },
  read: (calendar, { zone }) => {
    const shown = reminderOf(calendar, zone);
    if (shown === null) return [field(REMINDER_SET, '0')];
    return [field(REMINDER_TIME, dashedDate(shown.at)), field(REMINDER_SET, '1')];
  },
  write: (calendar, fields, { zone }) => {
    const shown = reminderOf(calendar, zone);
    const time = textOf(fields, REMINDER_TIME)?.trim() ?? '';
    const isSet = readBoolean(fields, REMINDER_SET) ?? false;
    return updateMain(calendar, 'VTODO', (task) => {
      if (!isSet || time === '') return shown === null ? task : replaceChild(task, shown.alarm, null);
      const value = formatUtc(readDate(time, REMINDER_TIME));
      const trigger = makeLine({
        name: 'TRIGGER',
        value,
        parameters: [
          { name: 'VALUE', values: ['DATE-TIME'] },
          { name: 'RELATED', values: [] },
        ],
      });
      return withTrigger(task, shown?.alarm ?? null, trigger);
    });
  },
};

function reminderOf(calendar: Component, zone: Zone): (ShownAlarm & { readonly at: number }) | null {
  const task = mainComponent(calendar, 'VTODO');
  for (const shown of task === null ? [] : shownAlarms(task)) {
    const at = alarmTime(shown, calendar, zone);
    if (at !== null && isWritableDate(at)) return { ...shown, at };
  }
  return null;
}

function alarmTime({ trigger }: ShownAlarm, calendar: Component, zone: Zone): number | null {
  if (trigger.kind === 'absolute') return trigger.utcSeconds;
  const [start, due] = [startOfTask(calendar, zone), dueOfTask(calendar, zone)];
  const base = trigger.toEnd ? due : (start ?? due);
  return base === null ? null : base.utc + trigger.seconds;
}
