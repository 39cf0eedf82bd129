import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ClassDataError } from '../../../../../protocols/activesync/classes/class-error.ts';
import { type Field, field } from '../../../../../protocols/activesync/classes/field.ts';
import { mergeTask, renderTask } from '../../../../../protocols/activesync/classes/tasks/tasks-class.ts';
import { validateCalendarObject } from '../../../../../src/domain/calendar/validate-calendar-object.ts';
import type { Component } from '../../../../../src/formats/content-line/content-line.ts';
import { changed, objectOf, options, plainFields, textOfCalendar } from '../samples.ts';

function shown(...lines: readonly string[]): Record<string, unknown> {
  return plainFields(renderTask(objectOf('VTODO', ...lines), options())!);
}

function edited(calendar: Component, changes: Parameters<typeof changed>[1]): string {
  return textOfCalendar(mergeTask(calendar, changed(renderTask(calendar, options())!, changes), options()));
}

function added(fields: Readonly<Record<string, Field['value']>>): string {
  const calendar = mergeTask(null, changed([], fields), options());
  validateCalendarObject(calendar, { allowed: ['VTODO'] });
  return textOfCalendar(calendar);
}

for (const [lines, element, value] of [
  [['SUMMARY:Buy'], 'Subject', 'Buy'],
  [['PRIORITY:2'], 'Importance', '2'],
  [['PRIORITY:5'], 'Importance', '1'],
  [['PRIORITY:8'], 'Importance', '0'],
  [['DUE;VALUE=DATE:20260701'], 'DueDate', '2026-07-01T00:00:00.000Z'],
  [['DUE;VALUE=DATE:20260701'], 'UtcDueDate', '2026-06-30T22:00:00.000Z'],
  [['DTSTART:20260701T100000Z', 'DURATION:PT1H'], 'DueDate', '2026-07-01T13:00:00.000Z'],
  [['DTSTART:20260701T100000Z'], 'StartDate', '2026-07-01T12:00:00.000Z'],
  [['STATUS:COMPLETED', 'COMPLETED:20260701T100000Z'], 'DateCompleted', '2026-07-01T10:00:00.000Z'],
  [['COMPLETED:20260701T100000Z'], 'Complete', '1'],
  [['STATUS:COMPLETED', 'LAST-MODIFIED:20260702T100000Z'], 'DateCompleted', '2026-07-02T10:00:00.000Z'],
  [['STATUS:COMPLETED'], 'DateCompleted', '2026-01-01T00:00:00.000Z'],
  [['STATUS:IN-PROCESS', 'PERCENT-COMPLETE:100'], 'Complete', '0'],
  [['CLASS:CONFIDENTIAL'], 'Sensitivity', '3'],
  [
    ['DUE:20260701T100000Z', 'BEGIN:VALARM', 'ACTION:DISPLAY', 'TRIGGER;RELATED=END:-PT1H', 'END:VALARM'],
    'ReminderTime',
    '2026-07-01T09:00:00.000Z',
  ],
] as const) {
  test(`MS-ASTASK ${lines.join(' ')} is shown as ${element} ${value}`, () => {
    assert.equal(shown(...lines)[element], value);
  });
}

test('a due date at midnight is a date, its UTC twin does not move it', () => {
  const text = added({
    'Tasks:Subject': 'x',
    'Tasks:UtcDueDate': '2026-06-30T22:00:00.000Z',
    'Tasks:DueDate': '2026-07-01T00:00:00.000Z',
  });
  assert.match(text, /DUE;VALUE=DATE:20260701\r\n/);
});

test('start and due date are of one kind', () => {
  const text = added({
    'Tasks:StartDate': '2026-07-01T00:00:00.000Z',
    'Tasks:DueDate': '2026-07-02T15:00:00.000Z',
  });
  assert.match(text, /DTSTART;TZID=Europe\/Berlin:20260701T000000\r\n/);
  assert.match(text, /DUE;TZID=Europe\/Berlin:20260702T150000\r\n/);
});

test('completing and reopening change status, percentage and time', () => {
  const done = edited(objectOf('VTODO', 'STATUS:IN-PROCESS', 'PERCENT-COMPLETE:40'), {
    'Tasks:Complete': '1',
    'Tasks:DateCompleted': '2026-07-01T10:00:00.000Z',
  });
  assert.match(done, /STATUS:COMPLETED\r\nPERCENT-COMPLETE:100\r\n/);
  assert.match(done, /COMPLETED:20260701T100000Z\r\n/);
  const open = edited(objectOf('VTODO', 'STATUS:COMPLETED', 'PERCENT-COMPLETE:100', 'COMPLETED:20260701T100000Z'), {
    'Tasks:Complete': '0',
    'Tasks:DateCompleted': null,
  });
  assert.match(open, /STATUS:NEEDS-ACTION\r\n/);
  assert.doesNotMatch(open, /PERCENT-COMPLETE|COMPLETED:/);
});

test('a regenerating series keeps its flags and gets a start to count from', () => {
  const text = added({
    'Tasks:DueDate': '2026-07-06T00:00:00.000Z',
    'Tasks:Recurrence': [
      field('Tasks:Type', '1'),
      field('Tasks:Start', '2026-07-06T00:00:00.000Z'),
      field('Tasks:DayOfWeek', '2'),
      field('Tasks:Regenerate', '1'),
    ],
  });
  assert.match(text, /DTSTART;VALUE=DATE:20260706\r\n/);
  assert.match(text, /RRULE:FREQ=WEEKLY;BYDAY=MO\r\n/);
  assert.match(text, /X-MS-TASK-REGENERATE:TRUE\r\n/);
});

test('a rule no pattern can say stays when the task is changed', () => {
  const calendar = objectOf('VTODO', 'DTSTART;VALUE=DATE:20260302', 'RRULE:FREQ=MONTHLY;BYMONTHDAY=2,16');
  assert.match(edited(calendar, { 'Tasks:Subject': 'x' }), /RRULE:FREQ=MONTHLY;BYMONTHDAY=2,16/);
});

test('a reminder is an alarm at a time; taking it away leaves alarms of others', () => {
  const alarms = ['BEGIN:VALARM', 'ACTION:EMAIL', 'TRIGGER;VALUE=DATE-TIME:20260701T000000Z', 'END:VALARM'];
  const calendar = objectOf('VTODO', ...alarms);
  const set = edited(calendar, { 'Tasks:ReminderSet': '1', 'Tasks:ReminderTime': '2026-07-01T06:30:00.000Z' });
  assert.match(set, /TRIGGER;VALUE=DATE-TIME:20260701T063000Z\r\n/);
  assert.match(set, /ACTION:EMAIL/);
});

for (const [element, value] of [
  ['Tasks:Importance', '-1'],
  ['Tasks:DueDate', 'later'],
  ['Tasks:Complete', 'maybe'],
] as const) {
  test(`a bad ${element} is refused`, () => {
    assert.throws(() => mergeTask(null, [field(element, value)], options()), ClassDataError);
  });
}
