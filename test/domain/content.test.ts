import assert from 'node:assert/strict';
import { test } from 'node:test';
import { contentLength, contentPieces, holdsAt } from '../../src/domain/content.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const split = (text: string): Uint8Array[] => text.split('|').map(bytes);

function pieces(content: Uint8Array | Uint8Array[], size: number): string[] {
  const found: string[] = [];
  // Each is used before the next is asked for.
  for (const piece of contentPieces(content, size)) found.push(Buffer.from(piece).toString());
  return found;
}

test('the length of content is that of all its chunks', () => {
  assert.equal(contentLength(bytes('abc')), 3);
  assert.equal(contentLength(split('ab||c')), 3);
  assert.equal(contentLength([]), 0);
});

test('pieces have the size asked for, the last one what is left, however the content is cut', () => {
  for (const content of [
    bytes('abcdefg'),
    split('abcdefg'),
    split('a|b|c|d|e|f|g'),
    split('abc|defg'),
    split('|abcd|efg|'),
  ]) {
    assert.deepEqual(pieces(content, 3), ['abc', 'def', 'g']);
    assert.deepEqual(pieces(content, 7), ['abcdefg']);
    assert.deepEqual(pieces(content, 100), ['abcdefg']);
  }
  assert.deepEqual(pieces(split('ab|c|def'), 3), ['abc', 'def']);
  assert.deepEqual(pieces([], 3), []);
  assert.deepEqual(pieces(split('|'), 3), []);
});

test('a piece within one chunk is not copied', () => {
  const chunk = bytes('abcdef');
  for (const piece of contentPieces([chunk], 3)) assert.equal(piece.buffer, chunk.buffer);
});

test('bytes are found at their place only, also across chunks', () => {
  for (const content of [bytes('abcabd'), split('abc|abd'), split('a||bcab|d')]) {
    assert.equal(holdsAt(content, 0, bytes('abcabd')), true);
    assert.equal(holdsAt(content, 2, bytes('cab')), true);
    assert.equal(holdsAt(content, 3, bytes('abc')), false);
    assert.equal(holdsAt(content, 0, bytes('xbc')), false);
    assert.equal(holdsAt(content, 4, bytes('bde')), false);
    assert.equal(holdsAt(content, 6, bytes('a')), false);
    assert.equal(holdsAt(content, 6, bytes('')), true);
  }
});
