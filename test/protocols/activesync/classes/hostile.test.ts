import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mergeCalendar, renderCalendar } from '../../../../protocols/activesync/classes/calendar/calendar-class.ts';
import { ClassDataError } from '../../../../protocols/activesync/classes/class-error.ts';
import { mergeContact, renderContact } from '../../../../protocols/activesync/classes/contacts/contacts-class.ts';
import { type Field, isChildren } from '../../../../protocols/activesync/classes/field.ts';
import { mergeNote } from '../../../../protocols/activesync/classes/notes/notes-class.ts';
import type { MergeOptions } from '../../../../protocols/activesync/classes/options.ts';
import { mergeTask, renderTask } from '../../../../protocols/activesync/classes/tasks/tasks-class.ts';
import { validateCalendarObject } from '../../../../src/domain/calendar/validate-calendar-object.ts';
import { validateContact } from '../../../../src/domain/contact/validate-contact.ts';
import type { Component } from '../../../../src/formats/content-line/content-line.ts';
import { parseCalendar, serializeCalendar } from '../../../../src/formats/icalendar/calendar.ts';
import { parseCard, serializeCard } from '../../../../src/formats/vcard/card.ts';
import { randomEvents } from './calendar/random-events.ts';
import { Dice } from './dice.ts';
import { calendarOf, eventOf, objectOf, options, VERSIONS } from './samples.ts';

const VALUES = [
  '',
  '0',
  '1',
  '-1',
  '99999999999999999999',
  'NaN',
  '\0',
  'a\r\nX-EVIL:1',
  '\ud800',
  '20260302T090000Z',
  '2026-03-02T09:00:00.000Z',
  '00010101T000000Z',
  '99991231T235959Z',
  '20260229T000000Z',
  'x'.repeat(5_000),
  'QUJD',
  ';,:"\\n',
];

/** The fields with some values replaced, elements dropped, doubled or emptied. */
function damaged(fields: readonly Field[], dice: Dice): Field[] {
  return fields.flatMap((field) => {
    if (dice.chance(6)) return [];
    if (dice.chance(8))
      return [{ ...field, value: dice.pick<Field['value']>([...VALUES, [], new Uint8Array([255, 0])]) }];
    const next = isChildren(field.value) ? { ...field, value: damaged(field.value, dice) } : field;
    return dice.chance(3) ? [next, next] : [next];
  });
}

function mergeOptions(dice: Dice): MergeOptions {
  return options({ version: dice.pick(VERSIONS), supported: dice.pick([null, [], ['Calendar:Subject']]) });
}

/** The merged object, read again from its bytes; null where the data was refused. */
function attempt<T>(merge: () => T): T | null {
  try {
    return merge();
  } catch (error) {
    if (error instanceof ClassDataError) return null;
    throw error;
  }
}

function assertStorable(calendar: Component | null, kind: 'VEVENT' | 'VTODO' | 'VJOURNAL'): number {
  if (calendar === null) return 0;
  const again = parseCalendar(serializeCalendar(calendar));
  validateCalendarObject(again, { allowed: [kind] });
  assert.doesNotMatch(Buffer.from(serializeCalendar(calendar)).toString(), /^X-EVIL/m);
  return 1;
}

test('damaged events are refused or become events that can be stored', () => {
  const dice = new Dice(1);
  let taken = 0;
  for (const lines of randomEvents(5, 500)) {
    const calendar = calendarOf(...lines);
    const given = mergeOptions(dice);
    const fields = damaged(renderCalendar(calendar, given) ?? [], dice);
    taken += assertStorable(
      attempt(() => mergeCalendar(calendar, fields, given)),
      'VEVENT',
    );
    taken += assertStorable(
      attempt(() => mergeCalendar(null, fields, given)),
      'VEVENT',
    );
  }
  assert.ok(taken > 100, `only ${taken} taken`);
});

test('damaged tasks and notes are refused or become objects that can be stored', () => {
  const dice = new Dice(2);
  const lines = [
    'SUMMARY:x',
    'DTSTART;VALUE=DATE:20260302',
    'DUE;VALUE=DATE:20260303',
    'RRULE:FREQ=WEEKLY',
    'STATUS:COMPLETED',
  ];
  const calendar = objectOf('VTODO', ...lines);
  let taken = 0;
  for (let round = 0; round < 500; round += 1) {
    const given = mergeOptions(dice);
    const fields = damaged(renderTask(calendar, given)!, dice);
    taken += assertStorable(
      attempt(() => mergeTask(dice.chance(50) ? calendar : null, fields, given)),
      'VTODO',
    );
    taken += assertStorable(
      attempt(() => mergeNote(null, fields, given)),
      'VJOURNAL',
    );
  }
  assert.ok(taken > 300, `only ${taken} taken`);
});

test('damaged contacts are refused or become cards that can be stored', () => {
  const dice = new Dice(3);
  const text =
    'BEGIN:VCARD\r\nVERSION:3.0\r\nUID:1\r\nFN:A\r\nN:B;A;;;\r\nEMAIL:a@b.c\r\nTEL:1\r\nADR;TYPE=HOME:;;a;b;c;d;e\r\nBDAY:19800101\r\nEND:VCARD\r\n';
  const card = parseCard(Buffer.from(text));
  let taken = 0;
  for (let round = 0; round < 500; round += 1) {
    const given = mergeOptions(dice);
    const fields = damaged(renderContact(card, given)!, dice);
    const merged = attempt(() => mergeContact(dice.chance(50) ? card : null, fields, given));
    if (merged === null) continue;
    taken += 1;
    validateContact(serializeCard(merged));
    assert.doesNotMatch(Buffer.from(serializeCard(merged)).toString(), /^X-EVIL/m);
  }
  assert.ok(taken > 200, `only ${taken} taken`);
});

test('a body of ten megabytes is taken and shown again cut to size', () => {
  const calendar = eventOf('DTSTART:20260302T090000Z');
  const data = 'ä'.repeat(5_000_000);
  const body = {
    name: 'AirSyncBase:Body',
    value: [
      { name: 'AirSyncBase:Type', value: '1' },
      { name: 'AirSyncBase:Data', value: data },
    ],
  };
  const merged = mergeCalendar(
    calendar,
    [...renderCalendar(calendar, options())!.filter(({ name }) => name !== body.name), body],
    options(),
  );
  const bodyPreferences = [{ type: 1, truncationSize: 101, allOrNone: false, preview: 0 }] as const;
  const shown = renderCalendar(merged, options({ bodyPreferences }))!.find(({ name }) => name === body.name)!;
  assert.ok(isChildren(shown.value));
  assert.equal(shown.value.find(({ name }) => name === 'AirSyncBase:Data')?.value, 'ä'.repeat(50));
  assert.equal(shown.value.find(({ name }) => name === 'AirSyncBase:EstimatedDataSize')?.value, '10000000');
});
