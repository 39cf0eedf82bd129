import assert from 'node:assert/strict';
import { test } from 'node:test';
import { noteRefusal } from '../../../protocols/activesync/note-refusal.ts';

test('a reason that quotes much of what a client sent is cut in the log', () => {
  const fields: Record<string, unknown> = {};
  noteRefusal(fields, new Error('there is no folder 12'));
  assert.equal(fields.refused, 'there is no folder 12');
  noteRefusal(fields, new Error(`there is no folder ${'x'.repeat(1_000_000)}`));
  assert.match(fields.refused as string, /^there is no folder x{1,240}…$/);
});
