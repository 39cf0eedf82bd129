import assert from 'node:assert/strict';
import { test } from 'node:test';
import { componentsOf, propertiesOf, propertyOf } from '../../../src/formats/content-line/lookup.ts';
import { ContentSyntaxError } from '../../../src/formats/content-line/syntax-error.ts';
import { parseCalendar, parseCalendars, serializeCalendar } from '../../../src/formats/icalendar/calendar.ts';
import { splitByUid, uidOf, withUid } from '../../../src/formats/icalendar/split-by-uid.ts';
import { seededRandom } from '../../support/random.ts';
import { sharedFiles, skipWithout } from '../../support/shared-data.ts';
import { generateObject } from './generate.ts';

const bytes = (text: string): Buffer => Buffer.from(text.replaceAll('\n', '\r\n'));
const text = (calendar: Parameters<typeof serializeCalendar>[0]): string =>
  Buffer.from(serializeCalendar(calendar)).toString();

const FILE = `\ufeffBEGIN:VCALENDAR
PRODID:-//Example//EN
VERSION:2.0
METHOD:PUBLISH
X-WR-CALNAME:Everything
BEGIN:VTIMEZONE
TZID:Europe/Berlin
END:VTIMEZONE
BEGIN:VTIMEZONE
TZID:Asia/Tokyo
END:VTIMEZONE
BEGIN:VEVENT
UID:one
DTSTART;TZID="Europe/Berlin":20260101T090000
summary : Folded
  text
END:VEVENT
BEGIN:VTODO
UID:one
END:VTODO
BEGIN:VEVENT
SUMMARY:without
END:VEVENT
BEGIN:VEVENT
UID:one
RECURRENCE-ID;TZID=Asia/Tokyo:20260102T090000
END:VEVENT
END:VCALENDAR
`;

test('RFC 4791 §4.1 a calendar is split into one object per UID and kind, with overrides and the zones they name', () => {
  const objects = splitByUid(parseCalendar(bytes(FILE)));
  assert.deepEqual(
    objects.map(({ uid, kind, line }) => [uid, kind, line]),
    [
      ['one', 'VEVENT', 12],
      ['one', 'VTODO', 18],
      [null, 'VEVENT', 21],
    ],
  );
  assert.deepEqual(
    objects.map(({ calendar }) => componentsOf(calendar, 'VTIMEZONE').length),
    [2, 0, 0],
  );
  assert.equal(componentsOf(objects[0]!.calendar, 'VEVENT').length, 2);
});

test('METHOD and what describes the whole calendar are not stored, lines of the object keep their bytes', () => {
  const [first] = splitByUid(parseCalendar(bytes(FILE)));
  const written = text(first!.calendar);
  assert.ok(written.startsWith('BEGIN:VCALENDAR\r\nPRODID:-//Example//EN\r\nVERSION:2.0\r\nBEGIN:VTIMEZONE'));
  assert.ok(written.includes('DTSTART;TZID="Europe/Berlin":20260101T090000\r\nsummary : Folded\r\n  text\r\n'));
});

test('a stored object splits into itself, byte for byte (generated objects, seed 2)', () => {
  const random = seededRandom(2);
  for (let index = 0; index < 100; index += 1) {
    const object = generateObject(random, { conforming: true });
    const [split, ...rest] = splitByUid(parseCalendar(object.bytes));
    assert.equal(rest.length, 0);
    assert.equal(split!.uid, object.uid);
    assert.equal(text(split!.calendar), Buffer.from(object.bytes).toString());
  }
});

test('unknown components stay with the only object there is', () => {
  const file =
    'BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:x\nBEGIN:X-THING\nEND:X-THING\nBEGIN:VEVENT\nUID:1\nEND:VEVENT\nEND:VCALENDAR\n';
  assert.equal(text(splitByUid(parseCalendar(bytes(file)))[0]!.calendar), file.replaceAll('\n', '\r\n'));
});

test('objects without UID are given one by withUid, an empty UID line is filled', () => {
  const file =
    'BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:a\nBEGIN:VALARM\nEND:VALARM\nEND:VEVENT\nBEGIN:VEVENT\nUID: \nEND:VEVENT\nEND:VCALENDAR\n';
  const objects = splitByUid(parseCalendar(bytes(file))).map((object, index) => withUid(object, `new,${index}`));
  assert.deepEqual(
    objects.map(({ uid }) => uid),
    ['new,0', 'new,1'],
  );
  for (const object of objects) {
    const [event] = componentsOf(object.calendar, 'VEVENT');
    assert.equal(uidOf(event!), object.uid);
    assert.equal(propertiesOf(event!, 'UID').length, 1);
  }
  assert.ok(text(objects[0]!.calendar).startsWith('BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:'));
});

test('a stored object is exactly one VCALENDAR', () => {
  for (const file of [
    '',
    'BEGIN:VEVENT\nEND:VEVENT\n',
    'BEGIN:VCALENDAR\nEND:VCALENDAR\nBEGIN:VCALENDAR\nEND:VCALENDAR\n',
  ]) {
    assert.throws(() => parseCalendar(bytes(file)), ContentSyntaxError);
  }
});

test('an import takes several calendars and bare components', () => {
  const file = 'BEGIN:VCALENDAR\nEND:VCALENDAR\nBEGIN:VEVENT\nUID:1\nEND:VEVENT\nBEGIN:VCALENDAR\nEND:VCALENDAR\n';
  const calendars = parseCalendars(bytes(file));
  assert.equal(calendars.length, 3);
  assert.equal(propertyOf(calendars[2]!, 'VERSION')?.value, '2.0');
  assert.equal(splitByUid(calendars[2]!)[0]?.uid, '1');
  assert.throws(() => parseCalendars(bytes('BEGIN:VCARD\nEND:VCARD\n')), ContentSyntaxError);
});

test('a bare component as deep as can be is readable again in its calendar', () => {
  const deep = 'BEGIN:VEVENT\n'.repeat(31) + 'END:VEVENT\n'.repeat(31);
  const [calendar] = parseCalendars(bytes(deep));
  assert.equal(parseCalendar(serializeCalendar(calendar!)).name, 'VCALENDAR');
  assert.throws(() => parseCalendars(bytes(`BEGIN:VEVENT\n${deep}END:VEVENT\n`)), ContentSyntaxError);
});

test('lenient import takes what can be read of every sample file', { skip: skipWithout('ics') }, () => {
  for (const { name, bytes } of sharedFiles('ics')) {
    const problems: ContentSyntaxError[] = [];
    const calendars = parseCalendars(bytes, { lenient: true, onProblem: (problem) => problems.push(problem) });
    for (const calendar of calendars) {
      for (const object of splitByUid(calendar)) {
        const uid = object.uid ?? 'made';
        const again = splitByUid(parseCalendar(serializeCalendar(withUid(object, uid).calendar)));
        assert.deepEqual(
          again.map(({ uid, kind }) => [uid, kind]),
          [[uid, object.kind]],
          name,
        );
      }
    }
    assert.ok(calendars.length > 0 || problems.length > 0, name);
  }
});

test('splitting looks at each child of a big file a fixed number of times, however many objects there are', () => {
  const childrenRead = (events: number): number => {
    const inner = Array.from({ length: events }, (_, n) => `BEGIN:VEVENT\nUID:${n}\nEND:VEVENT\n`).join('');
    const calendar = parseCalendar(bytes(`BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:x\n${inner}END:VCALENDAR\n`));
    let reads = 0;
    const children = new Proxy(calendar.children, {
      get(target, key) {
        if (typeof key === 'string' && /^\d+$/.test(key)) reads += 1;
        return Reflect.get(target, key) as unknown;
      },
    });
    assert.equal(splitByUid({ ...calendar, children }).length, events);
    return reads;
  };
  assert.ok(childrenRead(400) <= 2 * childrenRead(200));
});
