import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mergeRequest } from '../../../src/domain/calendar/merge-request.ts';
import { isOrganizedBy, type MeetingAnswer, withParticipation } from '../../../src/domain/calendar/participation.ts';
import type { Component } from '../../../src/formats/content-line/content-line.ts';
import { componentsOf } from '../../../src/formats/content-line/lookup.ts';
import { serializeComponent } from '../../../src/formats/content-line/serialize.ts';
import { parseCalendar } from '../../../src/formats/icalendar/calendar.ts';

const ADDRESSES = ['anna@example.org'];
const AT = Date.UTC(2026, 4, 4, 10) / 1000;

function calendar(...lines: readonly string[]): Component {
  const head = ['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:x', 'BEGIN:VEVENT', 'UID:u', 'DTSTART:20260504T100000Z'];
  return parseCalendar(Buffer.from([...head, ...lines, 'END:VEVENT', 'END:VCALENDAR', ''].join('\r\n')));
}

function eventOf(...lines: readonly string[]): Component {
  return componentsOf(calendar(...lines), 'VEVENT')[0]!;
}

function textOf(component: Component): string {
  return Buffer.from(serializeComponent(component)).toString('utf8');
}

function answered(answer: MeetingAnswer, ...lines: readonly string[]): string {
  return textOf(
    withParticipation(eventOf('ATTENDEE;RSVP=TRUE:mailto:ANNA@example.org', ...lines), {
      addresses: ADDRESSES,
      answer,
      at: AT,
    }),
  );
}

/** What programs read of how busy an event makes. */
function busyWords(text: string): string[] {
  return [...text.matchAll(/^(?:TRANSP|X-MICROSOFT-CDO-BUSYSTATUS):(.*)\r$/gm)].map(([, word]) => word!).sort();
}

test('RFC 5545 §3.2.12 the own ATTENDEE says the answer, and when; others stay as they are', () => {
  const text = answered('ACCEPTED', 'ATTENDEE;PARTSTAT=DECLINED:mailto:bert@example.org');
  assert.match(text, /ATTENDEE;PARTSTAT=ACCEPTED:mailto:ANNA@example\.org\r\nATTENDEE;PARTSTAT=DECLINED:mailto:bert/);
  assert.match(text, /X-MICROSOFT-CDO-REPLYTIME:20260504T100000Z/);
});

test('an answer that is there already changes nothing', () => {
  const event = eventOf('ATTENDEE;PARTSTAT=tentative:mailto:anna@example.org');
  assert.equal(withParticipation(event, { addresses: ADDRESSES, answer: 'TENTATIVE', at: AT }), event);
});

test('an address may stand in EMAIL, beside a value that names somebody in another way', () => {
  const event = eventOf('ATTENDEE;EMAIL=anna@example.org:urn:uuid:1', 'ORGANIZER;EMAIL=Anna@example.org:/principals/1');
  assert.match(
    textOf(withParticipation(event, { addresses: ADDRESSES, answer: 'DECLINED', at: AT })),
    /PARTSTAT=DECLINED:urn:uuid:1/,
  );
  assert.equal(isOrganizedBy(event, ADDRESSES), true);
  assert.equal(isOrganizedBy(eventOf('ORGANIZER:mailto:bert@example.org'), ADDRESSES), false);
  assert.equal(isOrganizedBy(eventOf(), ADDRESSES), false);
});

test('an accepted event makes as busy as was meant, a tentative one tentatively, one that is free not at all', () => {
  const intended = (word: string) => `X-MICROSOFT-CDO-INTENDEDSTATUS:${word}`;
  for (const [answer, lines, wanted] of [
    ['ACCEPTED', [], []],
    ['TENTATIVE', [], ['TENTATIVE']],
    ['ACCEPTED', ['X-MICROSOFT-CDO-BUSYSTATUS:TENTATIVE'], ['BUSY']],
    ['ACCEPTED', ['X-MICROSOFT-CDO-BUSYSTATUS:TENTATIVE', intended('OOF')], ['OOF']],
    ['TENTATIVE', [intended('OOF')], ['TENTATIVE']],
    ['ACCEPTED', ['STATUS:TENTATIVE'], ['BUSY']],
    ['ACCEPTED', ['TRANSP:OPAQUE'], ['OPAQUE']],
    ['ACCEPTED', ['TRANSP:TRANSPARENT'], ['TRANSPARENT']],
    ['TENTATIVE', ['TRANSP:TRANSPARENT'], ['TRANSPARENT']],
    ['ACCEPTED', ['TRANSP:TRANSPARENT', intended('BUSY')], ['OPAQUE']],
    ['ACCEPTED', [intended('FREE')], ['TRANSPARENT']],
    ['DECLINED', ['TRANSP:OPAQUE'], ['OPAQUE']],
  ] as const) {
    assert.deepEqual(busyWords(answered(answer, ...lines)), wanted, `${answer} ${lines.join(' ')}`);
  }
});

test('RFC 5546 §2.1.5 SEQUENCE decides which of two is newer, then DTSTAMP; what is as new stays as its owner has it', () => {
  const stored = calendar('SEQUENCE:2', 'DTSTAMP:20260101T000000Z', 'SUMMARY:stored');
  const merged = (...lines: readonly string[]) => mergeRequest(stored, calendar(...lines));
  assert.equal(merged('SEQUENCE:1', 'DTSTAMP:20260201T000000Z'), null, 'outdated');
  assert.equal(merged('SEQUENCE:2', 'DTSTAMP:20260101T000000Z')!.calendar, stored);
  assert.equal(merged('SEQUENCE:2', 'DTSTAMP:20251201T000000Z')!.calendar, stored);
  assert.match(textOf(merged('SEQUENCE:2', 'DTSTAMP:20260102T000000Z', 'SUMMARY:new')!.calendar), /SUMMARY:new/);
  assert.match(textOf(merged('SEQUENCE:3', 'SUMMARY:new')!.calendar), /SUMMARY:new/);
});

test('occurrences join the series with the time zones they need; their own order of age counts', () => {
  const zone = [
    'BEGIN:VTIMEZONE',
    'TZID:Here',
    'BEGIN:STANDARD',
    'DTSTART:19700101T000000',
    'TZOFFSETFROM:+0100',
    'TZOFFSETTO:+0100',
    'END:STANDARD',
    'END:VTIMEZONE',
  ];
  const one = (sequence: number) =>
    parseCalendar(
      Buffer.from(
        [
          ...['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:x', ...zone, 'BEGIN:VEVENT', 'UID:u', `SEQUENCE:${sequence}`],
          ...['RECURRENCE-ID:20260505T100000Z', 'DTSTART;TZID=Here:20260505T120000', 'END:VEVENT', 'END:VCALENDAR', ''],
        ].join('\r\n'),
      ),
    );
  const series = calendar('RRULE:FREQ=DAILY;COUNT=5', 'SEQUENCE:9');
  const joined = mergeRequest(series, one(1))!;
  assert.match(textOf(joined.calendar), /BEGIN:VTIMEZONE[\s\S]*RRULE[\s\S]*RECURRENCE-ID/);
  assert.equal(joined.events.length, 1);
  const twice = mergeRequest(joined.calendar, one(1))!;
  assert.equal(textOf(twice.calendar), textOf(joined.calendar));
  assert.equal(mergeRequest(joined.calendar, one(0)), null);
});
