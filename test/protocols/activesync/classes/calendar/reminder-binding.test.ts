// MS-ASCAL §2.2.2.38: up to 14.0 a Reminder cannot be empty, so that an exception cannot say that it has none.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mergeCalendar, renderCalendar } from '../../../../../protocols/activesync/classes/calendar/calendar-class.ts';
import { field } from '../../../../../protocols/activesync/classes/field.ts';
import type { ClassVersion } from '../../../../../protocols/activesync/classes/version.ts';
import { calendarOf, changed, options, plainFields, textOfCalendar } from '../samples.ts';

const START = '20260309T090000Z';
const AT = '20260309T100000Z';

/** A series with a reminder, of which one day has none. */
const SERIES = calendarOf(
  ...['BEGIN:VEVENT', 'UID:u1', 'DTSTART:20260302T090000Z', 'RRULE:FREQ=WEEKLY'],
  ...['BEGIN:VALARM', 'ACTION:DISPLAY', 'TRIGGER:-PT15M', 'END:VALARM', 'END:VEVENT'],
  ...['BEGIN:VEVENT', 'UID:u1', `RECURRENCE-ID:${START}`, `DTSTART:${AT}`, 'END:VEVENT'],
);

function shownReminder(version: ClassVersion): string | undefined {
  const { Exceptions } = plainFields(renderCalendar(SERIES, options({ version }))!);
  return (Exceptions as readonly Record<string, string>[])[0]!.Reminder;
}

/** Triggers after a client sent the exception with this Reminder, null: without one. */
function triggersAfter(version: ClassVersion, reminder: string | null): readonly string[] {
  const given = options({ version });
  const said = {
    ExceptionStartTime: START,
    StartTime: AT,
    EndTime: AT,
    ...(reminder === null ? {} : { Reminder: reminder }),
  };
  const fields = Object.entries(said).map(([name, value]) => field(`Calendar:${name}`, value));
  const exceptions = { 'Calendar:Exceptions': [field('Calendar:Exception', fields)] };
  const merged = mergeCalendar(SERIES, changed(renderCalendar(SERIES, given)!, exceptions), given);
  return textOfCalendar(merged).match(/(?<=TRIGGER:)\S+/gu)!;
}

for (const version of ['12.1', '14.0'] as const) {
  test(`${version}: an exception without the reminder of its series is shown with none, never with an empty one`, () => {
    assert.equal(shownReminder(version), undefined);
  });

  test(`${version}: the reminder of the series in an exception without one changes nothing, another one is its own`, () => {
    assert.deepEqual(triggersAfter(version, '15'), ['-PT15M']);
    assert.deepEqual(triggersAfter(version, null), ['-PT15M']);
    assert.deepEqual(triggersAfter(version, '5'), ['-PT15M', '-PT5M']);
  });
}

test('14.1: an exception without the reminder of its series has an empty one, and any other is its own', () => {
  assert.equal(shownReminder('14.1'), '');
  assert.deepEqual(triggersAfter('14.1', ''), ['-PT15M']);
  assert.deepEqual(triggersAfter('14.1', '15'), ['-PT15M', '-PT15M']);
});
