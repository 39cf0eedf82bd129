import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseCalendar, serializeCalendar } from '../../../src/formats/icalendar/calendar.ts';
import { type ComponentSelection, projectCalendar } from '../../../src/formats/icalendar/project-calendar.ts';

const CALENDAR = parseCalendar(
  Buffer.from(
    `BEGIN:VCALENDAR
VERSION:2.0
PRODID:x
BEGIN:VTIMEZONE
TZID:Europe/Berlin
BEGIN:STANDARD
TZNAME:CET
END:STANDARD
END:VTIMEZONE
BEGIN:VEVENT
UID:1
SUMMARY;LANGUAGE=de:Secret
x-long:
 folded
BEGIN:VALARM
ACTION:DISPLAY
END:VALARM
END:VEVENT
END:VCALENDAR
`.replaceAll('\n', '\r\n'),
  ),
);

function projected(selection: ComponentSelection): string | null {
  const result = projectCalendar(CALENDAR, selection);
  return result && Buffer.from(serializeCalendar(result)).toString().replaceAll('\r\n', '\n');
}

test('RFC 4791 §7.8.1 named properties only, and a component without names whole', () => {
  const result = projected({
    name: 'VCALENDAR',
    properties: [{ name: 'VERSION', noValue: false }],
    components: [
      {
        name: 'VEVENT',
        properties: [
          { name: 'UID', noValue: false },
          { name: 'X-LONG', noValue: false },
        ],
        components: [],
      },
      { name: 'VTIMEZONE', properties: [], components: [] },
    ],
  });
  assert.equal(
    result,
    'BEGIN:VCALENDAR\nVERSION:2.0\nBEGIN:VTIMEZONE\nTZID:Europe/Berlin\nBEGIN:STANDARD\nTZNAME:CET\nEND:STANDARD\nEND:VTIMEZONE\n' +
      'BEGIN:VEVENT\nUID:1\nx-long:\n folded\nEND:VEVENT\nEND:VCALENDAR\n',
  );
});

test('RFC 4791 §9.6.4 novalue gives name, parameters and colon', () => {
  const summary = [{ name: 'SUMMARY', noValue: true }];
  const result = projected({
    name: 'VCALENDAR',
    properties: [],
    components: [{ name: 'VEVENT', properties: summary, components: [] }],
  });
  assert.equal(result, 'BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY;LANGUAGE=de:\nEND:VEVENT\nEND:VCALENDAR\n');
});

test('RFC 4791 §9.6.2 and §9.6.3 allcomp and allprop keep all sub-components and all properties', () => {
  const all = projectCalendar(CALENDAR, { name: 'VCALENDAR', properties: 'all', components: 'all' });
  assert.equal(all, CALENDAR);
  const event: ComponentSelection = { name: 'VEVENT', properties: 'all', components: [] };
  const result = projected({ name: 'VCALENDAR', properties: [], components: [event] });
  assert.equal(
    result,
    'BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\nSUMMARY;LANGUAGE=de:Secret\nx-long:\n folded\nEND:VEVENT\nEND:VCALENDAR\n',
  );
});

test('a selection of another component gives nothing', () => {
  assert.equal(projected({ name: 'VCARD', properties: 'all', components: 'all' }), null);
});
