import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ClassDataError } from '../../../../../protocols/activesync/classes/class-error.ts';
import { field } from '../../../../../protocols/activesync/classes/field.ts';
import { mergeNote, renderNote } from '../../../../../protocols/activesync/classes/notes/notes-class.ts';
import { objectOf, options, plainFields, textOfCalendar } from '../samples.ts';

const NOTE = objectOf(
  'VJOURNAL',
  'SUMMARY:List',
  'DESCRIPTION:milk\\neggs',
  'CATEGORIES:Home',
  'LAST-MODIFIED:20260102T000000Z',
);

test('MS-ASNOTE a note has subject, class, date, categories and body', () => {
  assert.deepEqual(plainFields(renderNote(NOTE, options())!), {
    Subject: 'List',
    MessageClass: 'IPM.StickyNote',
    LastModifiedDate: '20260102T000000Z',
    Categories: ['Home'],
    Body: { Type: '1', EstimatedDataSize: '10', Data: 'milk\r\neggs' },
    NativeBodyType: '1',
  });
});

test('12.1 knows no notes', () => {
  assert.equal(renderNote(NOTE, options({ version: '12.1' })), null);
});

test('a new body replaces the old one', () => {
  const body = field('AirSyncBase:Body', [field('AirSyncBase:Type', '2'), field('AirSyncBase:Data', '<p>milk</p>')]);
  const text = textOfCalendar(mergeNote(NOTE, [field('Notes:Subject', 'List'), body], options()));
  assert.match(text, /DESCRIPTION:milk\r\n/);
  assert.match(text, /X-ALT-DESC;FMTTYPE=text\/html:<p>milk<\/p>\r\n/);
});

test('a class that is none of notes is refused', () => {
  assert.throws(() => mergeNote(null, [field('Notes:MessageClass', 'IPM.Note')], options()), ClassDataError);
});
