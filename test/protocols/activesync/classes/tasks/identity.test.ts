import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mergeNote, renderNote } from '../../../../../protocols/activesync/classes/notes/notes-class.ts';
import { mergeTask, renderTask } from '../../../../../protocols/activesync/classes/tasks/tasks-class.ts';
import type { Component } from '../../../../../src/formats/content-line/content-line.ts';
import { skipWithout } from '../../../../support/shared-data.ts';
import { Dice } from '../dice.ts';
import { objectOf, options, sharedObjects, textOfCalendar, VERSIONS } from '../samples.ts';

const DATES = [
  [],
  ['DTSTART;VALUE=DATE:20260302', 'DUE;VALUE=DATE:20260304'],
  ['DTSTART:20260302T090000Z', 'DURATION:P1DT2H'],
  ['DUE;TZID=Asia/Tokyo:20260302T090000'],
  ['DTSTART:20260302T000000', 'DUE:20260302T000000Z'],
];
const LINES = [
  'SUMMARY:Do it\\, now ',
  'RRULE:FREQ=WEEKLY;BYDAY=MO',
  'PRIORITY:3',
  'PRIORITY:7',
  'STATUS:IN-PROCESS',
  'STATUS:COMPLETED',
  'COMPLETED:20260303T111111Z',
  'PERCENT-COMPLETE:40',
  'CATEGORIES:A,B',
  'CLASS:CONFIDENTIAL',
  'DESCRIPTION:Text\\nmore',
  'X-MS-TASK-REGENERATE:TRUE',
  'RELATED-TO:parent',
];
const ALARM = ['BEGIN:VALARM', 'ACTION:DISPLAY', 'TRIGGER;RELATED=END:-PT15M', 'END:VALARM'];

function assertTaskIdentity(calendar: Component, name: string): void {
  const bytes = textOfCalendar(calendar);
  for (const version of VERSIONS) {
    const fields = renderTask(calendar, options({ version }))!;
    assert.equal(textOfCalendar(mergeTask(calendar, fields, options({ version }))), bytes, `${name} in ${version}`);
  }
}

test('a shared task written back unchanged keeps its bytes', { skip: skipWithout('ics') }, () => {
  const objects = sharedObjects('VTODO');
  assert.ok(objects.length > 3, `only ${objects.length} tasks`);
  for (const { name, calendar } of objects) assertTaskIdentity(calendar, name);
});

test('a generated task written back unchanged keeps its bytes', () => {
  const random = new Dice(7);
  for (let number = 0; number < 400; number += 1) {
    const lines = [...random.pick(DATES), ...random.some(LINES, 40), ...(random.chance(40) ? ALARM : [])];
    assertTaskIdentity(objectOf('VTODO', ...lines), lines.join('\n'));
  }
});

test('a shared note written back unchanged keeps its bytes', { skip: skipWithout('ics') }, () => {
  const objects = sharedObjects('VJOURNAL');
  assert.ok(objects.length > 0, 'no notes');
  for (const { name, calendar } of objects) {
    for (const version of ['14.0', '14.1'] as const) {
      const fields = renderNote(calendar, options({ version }))!;
      assert.equal(textOfCalendar(mergeNote(calendar, fields, options({ version }))), textOfCalendar(calendar), name);
    }
  }
});
