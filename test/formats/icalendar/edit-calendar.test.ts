import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Component, ContentLine } from '../../../src/formats/content-line/content-line.ts';
import { replaceChild } from '../../../src/formats/content-line/edit.ts';
import { makeLine } from '../../../src/formats/content-line/line.ts';
import { componentsOf, propertiesOf, propertyOf } from '../../../src/formats/content-line/lookup.ts';
import { parseLine } from '../../../src/formats/content-line/parse-line.ts';
import { escapeText, unescapeText } from '../../../src/formats/content-line/text.ts';
import { parseCalendar, serializeCalendar } from '../../../src/formats/icalendar/calendar.ts';
import { parseDateTime } from '../../../src/formats/icalendar/date-time.ts';
import { addOverride, findComponent, makeOverride } from '../../../src/formats/icalendar/edit-calendar.ts';
import { editProperties, type PropertyChanges } from '../../../src/formats/icalendar/edit-properties.ts';
import { seededRandom } from '../../support/random.ts';
import { generateObject } from './generate.ts';

const EVENT = `BEGIN:VCALENDAR
VERSION:2.0
X-WR-ODD:1
BEGIN:VEVENT
UID:1
DTSTART;TZID=Europe/Berlin;X-KEEP=1:20260101T090000
RRULE:FREQ=DAILY
x-Odd;Case=Kept:  yes
SUMMARY;LANGUAGE=de;ALTREP="cid:1":Old\\, name
CATEGORIES:A,B
CATEGORIES:C
ATTENDEE;CN=Bob;X-GUESTS=2;PARTSTAT=NEEDS-ACTION:MAILTO:Bob@x.org
ATTENDEE;CN=Eve:mailto:eve@x.org
BEGIN:VALARM
TRIGGER:-PT5M
END:VALARM
END:VEVENT
BEGIN:VEVENT
UID:1
RECURRENCE-ID;TZID=Europe/Berlin:20260102T090000
SUMMARY:Other
END:VEVENT
END:VCALENDAR
`.replaceAll('\n', '\r\n');

const calendar = parseCalendar(Buffer.from(EVENT));
const SECOND_AT = parseDateTime('20260102T090000', { tzid: 'Europe/Berlin' });
const SECOND = { kind: 'VEVENT', recurrenceId: SECOND_AT };
const master = findComponent(calendar, { kind: 'VEVENT', recurrenceId: null })!;

function lines(value: Component): string[] {
  return Buffer.from(serializeCalendar(value)).toString().split('\r\n');
}

/** The calendar with properties of one of its components changed. */
function editIn(whole: Component, component: Component, changes: PropertyChanges): Component {
  return replaceChild(whole, component, editProperties(component, changes));
}

function edited(set: readonly string[], remove: readonly string[] = []): string[] {
  const wanted = set.map((line) => parseLine(line, 0, null));
  return lines(editIn(calendar, master, { set: wanted, remove }));
}

/** Lines of `after` that are not in `before`, and the other way round. */
function difference(before: readonly string[], after: readonly string[]): [string[], string[]] {
  return [before.filter((line) => !after.includes(line)), after.filter((line) => !before.includes(line))];
}

test('a changed value keeps the parameters it does not own, but those bound to the old value', () => {
  const [gone, made] = difference(lines(calendar), edited(['SUMMARY:New', 'DTSTART:20260101T080000Z']));
  assert.deepEqual(gone, [
    'DTSTART;TZID=Europe/Berlin;X-KEEP=1:20260101T090000',
    'SUMMARY;LANGUAGE=de;ALTREP="cid:1":Old\\, name',
  ]);
  assert.deepEqual(made, ['DTSTART;X-KEEP=1:20260101T080000Z', 'SUMMARY;LANGUAGE=de:New']);
});

test('what says the same in other words keeps its bytes', () => {
  const same = [
    'SUMMARY:Old, name',
    'DTSTART;TZID=Europe/Berlin:2026-01-01T09:00:00',
    'RRULE:INTERVAL=1;FREQ=DAILY',
    'CATEGORIES:A,B,C',
    'ATTENDEE:mailto:bob@x.org',
    'ATTENDEE:mailto:eve@x.org',
  ];
  assert.deepEqual(edited(same), lines(calendar));
});

test('attendees are found by address; a new one takes nothing from the one it replaces', () => {
  const [gone, made] = difference(
    lines(calendar),
    edited(['ATTENDEE;CN=Zoe:mailto:zoe@x.org', 'ATTENDEE;PARTSTAT=ACCEPTED:mailto:bob@x.org']),
  );
  assert.equal(gone.length, 2);
  assert.deepEqual(made, [
    'ATTENDEE;CN=Bob;X-GUESTS=2;PARTSTAT=ACCEPTED:MAILTO:Bob@x.org',
    'ATTENDEE;CN=Zoe:mailto:zoe@x.org',
  ]);
});

test('a parameter without values is removed', () => {
  const line = makeLine({ name: 'SUMMARY', value: 'Old\\, name', parameters: [{ name: 'LANGUAGE', values: [] }] });
  const [, made] = difference(lines(calendar), lines(editIn(calendar, master, { set: [line] })));
  assert.deepEqual(made, ['SUMMARY;ALTREP="cid:1":Old\\, name']);
});

test('properties are removed and added without touching any other line', () => {
  const [gone, made] = difference(lines(calendar), edited(['LOCATION:Here'], ['CATEGORIES', 'NOT-THERE']));
  assert.deepEqual([gone, made], [['CATEGORIES:A,B', 'CATEGORIES:C'], ['LOCATION:Here']]);
});

test('an override is found by RECURRENCE-ID and changed alone', () => {
  const second = findComponent(calendar, SECOND)!;
  const changed = editIn(calendar, second, { set: [makeLine({ name: 'SUMMARY', value: 'Third' })] });
  assert.deepEqual(difference(lines(calendar), lines(changed)), [['SUMMARY:Other'], ['SUMMARY:Third']]);
  assert.equal(findComponent(replaceChild(calendar, second, null), SECOND), null);
});

test('a new override has all of its master but the series, and stands behind the last one', () => {
  const at = parseLine('RECURRENCE-ID;TZID=Europe/Berlin:20260103T090000', 0, null);
  const added = addOverride(calendar, makeOverride(master, at));
  const override = componentsOf(added, 'VEVENT')[2]!;
  assert.equal(propertyOf(override, 'RRULE'), null);
  assert.equal(componentsOf(override, 'VALARM').length, 1);
  assert.deepEqual(lines(added).slice(0, lines(calendar).length - 2), lines(calendar).slice(0, -2));
  assert.throws(() => addOverride(added, override), TypeError);
  assert.throws(() => addOverride(added, master), TypeError);
});

/** The line as a program would make it that read only what it means. */
function retold(line: ContentLine): ContentLine {
  const value = line.name === 'SUMMARY' ? escapeText(unescapeText(line.value)) : line.value;
  return makeLine({ name: line.name, value, parameters: line.parameters, group: line.group });
}

test('setting every property to its present value is the identity on bytes (generated objects, seed 3)', () => {
  const random = seededRandom(3);
  for (let index = 0; index < 200; index += 1) {
    const { bytes, kind } = generateObject(random);
    let edit = parseCalendar(bytes);
    for (const component of componentsOf(edit, kind)) {
      edit = editIn(edit, component, { set: propertiesOf(component).map(retold) });
    }
    assert.ok(Buffer.from(serializeCalendar(edit)).equals(bytes));
  }
});

test('a merge edit leaves all other lines byte for byte (generated objects, seed 4)', () => {
  const random = seededRandom(4);
  for (let index = 0; index < 200; index += 1) {
    const before = parseCalendar(generateObject(random).bytes);
    const target = random.pick(componentsOf(before).filter(({ name }) => name !== 'VTIMEZONE'));
    const summary = makeLine({ name: 'SUMMARY', value: `changed ${index}` });
    const edit = editIn(before, target, { set: [summary], remove: ['DESCRIPTION'] });
    const after = parseCalendar(serializeCalendar(edit));
    const others = (calendar: Component): string[] => rawLines(calendar, new Set(['SUMMARY', 'DESCRIPTION']));
    assert.deepEqual(others(after), others(before));
    assert.equal(componentsOf(after).filter((item) => propertyOf(item, 'SUMMARY')?.value === summary.value).length, 1);
  }
});

function rawLines(component: Component, except: ReadonlySet<string>): string[] {
  return component.children.flatMap((child) => {
    if ('children' in child) return rawLines(child, child.name === 'VALARM' ? new Set() : except);
    return except.has(child.name) ? [] : [child.raw!];
  });
}

test('nothing to change gives the same object', () => {
  assert.equal(editProperties(master, {}), master);
  assert.equal(editProperties(master, { remove: ['NOT-THERE'] }), master);
});
