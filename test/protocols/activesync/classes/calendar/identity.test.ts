import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mergeCalendar, renderCalendar } from '../../../../../protocols/activesync/classes/calendar/calendar-class.ts';
import type { BodyPreference } from '../../../../../protocols/activesync/classes/options.ts';
import { indexCalendarObject } from '../../../../../src/domain/calendar/calendar-index.ts';
import type { Component } from '../../../../../src/formats/content-line/content-line.ts';
import { ContentSyntaxError } from '../../../../../src/formats/content-line/syntax-error.ts';
import { skipWithout } from '../../../../support/shared-data.ts';
import { calendarOf, options, sharedObjects, textOfCalendar, VERSIONS } from '../samples.ts';
import { randomEvents } from './random-events.ts';

const BODIES: readonly (readonly BodyPreference[])[] = [
  [],
  [{ type: 1, truncationSize: 12, allOrNone: false, preview: 0 }],
  [{ type: 2, truncationSize: null, allOrNone: false, preview: 80 }],
];

/** What the store would take: the others never reach a phone. */
function isStorable(calendar: Component): boolean {
  try {
    indexCalendarObject(calendar);
    return true;
  } catch (error) {
    if (error instanceof ContentSyntaxError) return false;
    throw error;
  }
}

function assertIdentity(calendar: Component, name: string): void {
  const bytes = textOfCalendar(calendar);
  for (const version of VERSIONS) {
    for (const bodyPreferences of BODIES) {
      const given = options({ version, bodyPreferences });
      const fields = renderCalendar(calendar, given);
      if (fields === null) continue;
      const merged = mergeCalendar(calendar, fields, given);
      assert.equal(textOfCalendar(merged), bytes, `${name} in ${version}`);
    }
  }
}

test('a shared event written back unchanged keeps its bytes', { skip: skipWithout('ics') }, () => {
  const objects = sharedObjects('VEVENT').filter(({ calendar }) => isStorable(calendar));
  assert.ok(objects.length > 50, `only ${objects.length} events`);
  for (const { name, calendar } of objects) assertIdentity(calendar, name);
});

test('a generated event written back unchanged keeps its bytes', () => {
  for (const [number, lines] of randomEvents(20260131, 400).entries()) {
    assertIdentity(calendarOf(...lines), `event ${number}:\n${lines.join('\n')}`);
  }
});
