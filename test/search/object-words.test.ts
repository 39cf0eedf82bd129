import assert from 'node:assert/strict';
import { test } from 'node:test';
import { objectWords } from '../../src/search/object-words.ts';

const words = (...lines: readonly string[]) => objectWords(Buffer.from([...lines, ''].join('\r\n')));

test('an object has the words of its texts, of people and of numbers, without case and accents', () => {
  const found = words(
    'BEGIN:VCALENDAR',
    'PRODID:-//Maker//EN',
    'BEGIN:VEVENT',
    'UID:secret-id',
    'DTSTART;TZID=Europe/Berlin:20260316T090000',
    'SUMMARY:Übergabe\\, zwei',
    'DESCRIPTION:first\\nse',
    ' cond',
    'ATTENDEE;CN=Bea Lee:mailto:bea@example.net',
    'BEGIN:VALARM',
    'DESCRIPTION:alarm',
    'END:VALARM',
    'END:VEVENT',
    'END:VCALENDAR',
  );
  assert.deepEqual(found, ['ubergabe', 'zwei', 'first', 'second', 'bea', 'lee', 'example', 'net']);
});

test('a card has no words of its picture; a telephone number is one', () => {
  const found = words('BEGIN:VCARD', 'VERSION:3.0', 'TEL:12345', 'PHOTO;ENCODING=b:QUJD', 'BDAY:19800101', 'END:VCARD');
  assert.deepEqual(found, ['12345']);
});

test('what cannot be read has no words', () => {
  assert.deepEqual(words('BEGIN:VCARD', 'no colon'), []);
});
