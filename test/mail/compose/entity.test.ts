import assert from 'node:assert/strict';
import { test } from 'node:test';
import { attachmentField } from '../../../src/mail/compose/entity.ts';

const nameIn = (field: string) => decodeURIComponent(/filename\*=utf-8''(.*)\r\n$/.exec(field)![1]!);

test('RFC 2183 §2 a short name in ASCII stands in quotes', () => {
  assert.equal(attachmentField('EvFwd.ics'), 'Content-Disposition: attachment;\r\n filename="EvFwd.ics"\r\n');
  assert.equal(
    attachmentField('a "b" \\.txt'),
    'Content-Disposition: attachment;\r\n filename="a \\"b\\" \\\\.txt"\r\n',
  );
  assert.equal(attachmentField(null), 'Content-Disposition: attachment\r\n');
});

test('RFC 2231 §4 every other name is encoded, with nothing that ends its line', () => {
  assert.equal(nameIn(attachmentField('Ärger (1).pdf')), 'Ärger (1).pdf');
  assert.equal(nameIn(attachmentField('a\r\nBcc: x')), 'a\r\nBcc: x');
  assert.equal(nameIn(attachmentField('x'.repeat(79))), 'x'.repeat(79));
});

test('RFC 5322 §2.1.1 a long name is cut between characters', () => {
  for (const name of [`a${'界'.repeat(200)}`, `ab${'🎉'.repeat(100)}`, `a${'é'.repeat(400)}`, '\ud800'.repeat(200)]) {
    const field = attachmentField(name);
    assert.ok(field.split('\r\n').every((line) => line.length <= 998));
    const shown = nameIn(field);
    assert.ok(shown.length > 50 && name.toWellFormed().startsWith(shown));
  }
});
