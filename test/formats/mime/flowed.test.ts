import assert from 'node:assert/strict';
import { test } from 'node:test';
import { unflowed } from '../../../src/formats/mime/flowed.ts';

const part = (parameters: Readonly<Record<string, string>>, mediaType = 'text/plain') => ({
  mediaType,
  parameters: new Map(Object.entries(parameters)),
});
const FLOWED = part({ format: 'flowed' });

test('RFC 3676 §4 lines that end with a blank go on in the next one, with DelSp without the blank', () => {
  assert.equal(unflowed('one \r\ntwo \r\nthree\r\nfour', FLOWED), 'one two three\nfour');
  assert.equal(unflowed('on \r\ne', part({ format: 'Flowed', delsp: 'YES' })), 'one');
  assert.equal(unflowed('one \ntwo', part({})), 'one \ntwo');
  assert.equal(unflowed('one \ntwo', part({ format: 'flowed' }, 'text/html')), 'one \ntwo');
});

test('RFC 3676 §4.3 the signature’s mark and an empty line end a paragraph, quotes are left as they are', () => {
  assert.equal(unflowed('bye \r\n-- \r\nAnna \r\n', FLOWED), 'bye \n-- \nAnna ');
  assert.equal(unflowed('one \r\n\r\ntwo', FLOWED), 'one \ntwo');
  assert.equal(unflowed('> one \r\n> two \r\nthree', FLOWED), '> one \n> two \nthree');
});

test('RFC 3676 §4.4 stuffing is taken off', () => {
  assert.equal(unflowed('  two\r\n >mark\r\n From me\r\n one', FLOWED), ' two\n>mark\nFrom me\n one');
});

test('a paragraph of a million lines is read in one pass', () => {
  const text = 'x \r\n'.repeat(1_000_000);
  assert.equal(unflowed(text, FLOWED), 'x '.repeat(1_000_000));
});
