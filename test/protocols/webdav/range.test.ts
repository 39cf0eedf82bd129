import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rangeFor } from '../../../protocols/webdav/range.ts';

test('RFC 9110 §14.2 one byte range', () => {
  const range = (header: string, ifRange = '') => rangeFor(header, ifRange, '"e"', 10);
  assert.deepEqual(range('bytes=0-3'), { start: 0, end: 4 });
  assert.deepEqual(range('bytes=4-'), { start: 4, end: 10 });
  assert.deepEqual(range('bytes=8-99'), { start: 8, end: 10 });
  assert.deepEqual(range('bytes=-3'), { start: 7, end: 10 });
  assert.deepEqual(range('bytes=-99'), { start: 0, end: 10 });
  assert.equal(range('bytes=10-'), 'unsatisfiable');
  assert.equal(range('bytes=-0'), 'unsatisfiable');
  for (const ignored of ['', 'bytes=-', 'bytes=3-1', 'bytes=0-1,3-4', 'lines=1-2', 'bytes=a-b']) {
    assert.equal(range(ignored), null, ignored);
  }
  assert.deepEqual(range('bytes=0-0', '"e"'), { start: 0, end: 1 });
  assert.equal(range('bytes=0-0', '"other"'), null);
});
