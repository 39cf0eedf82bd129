import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventText, eventWords } from '../../../src/domain/calendar/event-words.ts';
import { componentsOf } from '../../../src/formats/content-line/lookup.ts';
import { parseCalendar } from '../../../src/formats/icalendar/calendar.ts';

function wordsOf(...lines: readonly string[]) {
  const object = [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'BEGIN:VEVENT',
    'UID:u',
    ...lines,
    'END:VEVENT',
    'END:VCALENDAR',
    '',
  ];
  const calendar = parseCalendar(Buffer.from(object.join('\r\n')), { lenient: true });
  return eventWords(componentsOf(calendar, 'VEVENT')[0]!, calendar);
}

const CASES: readonly [what: string, lines: readonly string[], when: string][] = [
  [
    'a zone by the name it was given',
    ['DTSTART;TZID=Europe/Berlin:20260504T100000', 'DTEND;TZID=Europe/Berlin:20260504T113000'],
    '2026-05-04 10:00 - 11:30 Europe/Berlin',
  ],
  [
    'an end in another zone, told in that of the start',
    ['DTSTART;TZID=Europe/Berlin:20260504T100000', 'DTEND;TZID=Europe/London:20260504T100000'],
    '2026-05-04 10:00 - 11:00 Europe/Berlin',
  ],
  ['a zone that nobody knows', ['DTSTART;TZID=Moon:20260504T100000', 'DURATION:PT1H'], '2026-05-04 10:00 - 11:00 Moon'],
  ['UTC', ['DTSTART:20260504T230000Z', 'DURATION:PT2H'], '2026-05-04 23:00 - 2026-05-05 01:00 UTC'],
  ['a floating time', ['DTSTART:20260504T100000', 'DTEND:20260504T110000'], '2026-05-04 10:00 - 11:00'],
  ['no end', ['DTSTART:20260504T100000Z'], '2026-05-04 10:00 UTC'],
  ['RFC 5545 §3.6.1 a day', ['DTSTART;VALUE=DATE:20260504', 'DTEND;VALUE=DATE:20260505'], '2026-05-04'],
  [
    'RFC 5545 §3.6.1 days, of which the last is the one before DTEND',
    ['DTSTART;VALUE=DATE:20260504', 'DTEND;VALUE=DATE:20260507'],
    '2026-05-04 - 2026-05-06',
  ],
  ['no start', ['SUMMARY:x'], ''],
  ['a start that nobody can read', ['DTSTART:tomorrow'], ''],
];

for (const [what, lines, when] of CASES) {
  test(`when an event is: ${what}`, () => assert.equal(wordsOf(...lines).when, when));
}

test('what an event says is unescaped; lines of one thing become one line, those of the description stay', () => {
  const words = wordsOf(
    'DTSTART:20260504T100000Z',
    'SUMMARY:Lunch\\, at last\\nand cake',
    'LOCATION:Room\\; left',
    'ORGANIZER;CN="Bob B.":MAILTO:bob@example.com',
    'DESCRIPTION:One\\nTwo',
  );
  assert.equal(
    eventText(words),
    'Lunch, at last and cake\nWhen: 2026-05-04 10:00 UTC\nWhere: Room; left\nOrganizer: Bob B. <bob@example.com>\n\nOne\nTwo',
  );
});

test('what an event does not say is left out', () => {
  assert.equal(eventText(wordsOf('DESCRIPTION:Only this')), 'Only this');
  assert.equal(
    eventText(wordsOf('SUMMARY:Only that', 'ORGANIZER:mailto:bob@example.com')),
    'Only that\nOrganizer: bob@example.com',
  );
  assert.equal(eventText(wordsOf()), '');
});
