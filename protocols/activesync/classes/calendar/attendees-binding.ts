import type { Component, ContentLine, Parameter } from '../../../../src/formats/content-line/content-line.ts';
import { setProperties } from '../../../../src/formats/content-line/edit.ts';
import { makeLine, withParameter } from '../../../../src/formats/content-line/line.ts';
import { parameterOf, propertiesOf } from '../../../../src/formats/content-line/lookup.ts';
import { type Binding, sameFields } from '../binding.ts';
import { ClassDataError } from '../class-error.ts';
import { shownText } from '../component/text-binding.ts';
import { childrenOf, type Field, field, isChildren, textOf } from '../field.ts';
import { readInteger } from '../read-values.ts';

const ELEMENT = 'Calendar:Attendees';
const MOST_ATTENDEES = 5_000;
/** AttendeeStatus (MS-ASCAL §2.2.2.5): 0 unknown, 2 tentative, 3 accepted, 4 declined, 5 not responded. */
const STATUS: Readonly<Record<string, string>> = {
  'NEEDS-ACTION': '5',
  TENTATIVE: '2',
  ACCEPTED: '3',
  DECLINED: '4',
};

/** Attendees as ATTENDEE lines with a mail address. Delegates, members and other parameters stay with their person. */
export const ATTENDEES_BINDING: Binding<Component> = {
  names: [ELEMENT],
  read: (event) => {
    const people = attendeesOf(event).map((line) => field('Calendar:Attendee', attendeeFields(line)));
    return people.length === 0 ? [] : [field(ELEMENT, people)];
  },
  write: (event, fields) => {
    const given = readAttendees(childrenOf(fields, ELEMENT) ?? []);
    const left = new Map(given.map((person) => [addressKey(textOf(person, 'Calendar:Email')!), person]));
    const lines: ContentLine[] = [];
    for (const line of propertiesOf(event, 'ATTENDEE')) {
      const address = addressOf(line);
      const person = address === null ? undefined : left.get(addressKey(address));
      if (address === null) lines.push(line);
      if (address === null || person === undefined) continue;
      left.delete(addressKey(address));
      lines.push(mergeAttendee(line, person));
    }
    return setProperties(event, 'ATTENDEE', [...lines, ...[...left.values()].map(newAttendee)]);
  },
};

/** ATTENDEE lines that can be shown, one for each address. */
export function attendeesOf(event: Component): ContentLine[] {
  const seen = new Set<string>();
  return propertiesOf(event, 'ATTENDEE').filter((line) => {
    const address = addressOf(line);
    if (address === null || seen.has(addressKey(address))) return false;
    seen.add(addressKey(address));
    return true;
  });
}

/** The mail address of an ATTENDEE or ORGANIZER line; null for other kinds of addresses. */
export function addressOf(line: ContentLine): string | null {
  const value = line.value.trim();
  const isMail = /^mailto:/i.test(value);
  const address = isMail ? value.slice(7).trim() : value;
  const written = address.includes('@') ? address : (parameterOf(line, 'EMAIL') ?? (isMail ? address : ''));
  // What a phone wrote instead of an address is shown to it again (MS-ASCAL §3.2.5).
  const isAddress = /^[^\s@:]+@[^\s@]+$/.test(written) || (isMail && /^[^\s@:]+$/.test(written));
  return isAddress ? shownText(written) : null;
}

export function addressKey(address: string): string {
  return address.trim().toLowerCase();
}

function attendeeFields(line: ContentLine): Field[] {
  const address = addressOf(line)!;
  return [
    field('Calendar:Email', address),
    field('Calendar:Name', shownText(parameterOf(line, 'CN')) ?? address),
    field('Calendar:AttendeeStatus', STATUS[parameterOf(line, 'PARTSTAT')?.toUpperCase() ?? ''] ?? '0'),
    field('Calendar:AttendeeType', typeOf(line)),
  ];
}

/** 1 required, 2 optional, 3 resource (MS-ASCAL §2.2.2.6). */
function typeOf(line: ContentLine): string {
  if (/^(?:RESOURCE|ROOM)$/i.test(parameterOf(line, 'CUTYPE') ?? '')) return '3';
  return /^(?:OPT|NON)-PARTICIPANT$/i.test(parameterOf(line, 'ROLE') ?? '') ? '2' : '1';
}

function readAttendees(children: readonly Field[]): (readonly Field[])[] {
  const people = children.flatMap(({ name, value }) =>
    name === 'Calendar:Attendee' && isChildren(value) ? [value] : [],
  );
  if (people.length > MOST_ATTENDEES) throw new ClassDataError(ELEMENT, `more than ${MOST_ATTENDEES} attendees`);
  for (const person of people) {
    const email = textOf(person, 'Calendar:Email')?.trim() ?? '';
    if (email === '' || /[\s\x00-\x1f]/.test(email)) throw new ClassDataError('Calendar:Email', 'not an address');
    readInteger(person, 'Calendar:AttendeeStatus', 0, 5);
    readInteger(person, 'Calendar:AttendeeType', 0, 3);
  }
  return people;
}

function mergeAttendee(line: ContentLine, person: readonly Field[]): ContentLine {
  const shown = attendeeFields(line);
  // What is absent is not said: phones leave the answer out where they never saw one.
  const wanted = shown.map((old) => person.find(({ name }) => name === old.name) ?? old);
  if (sameFields(wanted, shown)) return line;
  return parametersOf(wanted, shown).reduce(
    (result, { name, values }) => withParameter(result, name, values.length === 0 ? null : values),
    line,
  );
}

function newAttendee(person: readonly Field[]): ContentLine {
  const value = `mailto:${textOf(person, 'Calendar:Email')!.trim()}`;
  const parameters = parametersOf(person, []).filter(({ values }) => values.length > 0);
  return makeLine({ name: 'ATTENDEE', value, parameters });
}

/** The parameters that differ from what was shown. */
function parametersOf(person: readonly Field[], shown: readonly Field[]): Parameter[] {
  const changed = (name: string): string | null => {
    const text = textOf(person, name)?.trim() ?? null;
    return text === null || text === (textOf(shown, name)?.trim() ?? null) ? null : text;
  };
  const parameters: Parameter[] = [];
  const name = changed('Calendar:Name');
  if (name !== null) parameters.push({ name: 'CN', values: name === '' ? [] : [name] });
  const status = changed('Calendar:AttendeeStatus');
  const word = Object.keys(STATUS).find((key) => STATUS[key] === status);
  if (status !== null) parameters.push({ name: 'PARTSTAT', values: word === undefined ? [] : [word] });
  const type = changed('Calendar:AttendeeType');
  if (type === '1') parameters.push({ name: 'ROLE', values: ['REQ-PARTICIPANT'] }, { name: 'CUTYPE', values: [] });
  if (type === '2') parameters.push({ name: 'ROLE', values: ['OPT-PARTICIPANT'] }, { name: 'CUTYPE', values: [] });
  if (type === '3') parameters.push({ name: 'CUTYPE', values: ['RESOURCE'] });
  return parameters;
}
