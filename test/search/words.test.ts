import assert from 'node:assert/strict';
import { test } from 'node:test';
import { wordsOf } from '../../src/search/words.ts';

test('words are runs of letters and digits, without case and accents, each once', () => {
  assert.deepEqual(wordsOf('Über  ÜBER, uber: café-2026 carla@example.net'), [
    'uber',
    'cafe',
    '2026',
    'carla',
    'example',
    'net',
  ]);
  assert.deepEqual(wordsOf('ﬁn Ⅳ ｆｕｌｌ'), ['fin', 'iv', 'full']);
  assert.deepEqual(wordsOf(' …!? \0 '), []);
});

test('letters with strokes and ligatures are plain ones, in texts and in what is searched for', () => {
  assert.deepEqual(wordsOf('Møller, Straße; Łódź'), ['moller', 'strasse', 'lodz']);
});

test('scripts without blanks between words count each character', () => {
  assert.deepEqual(wordsOf('日本語 text日'), ['日', '本', '語', 'text']);
});

test('long runs are cut, and no more words are given than asked for', () => {
  assert.deepEqual(wordsOf('x'.repeat(100)), ['x'.repeat(40)]);
  assert.deepEqual(wordsOf('a b c d', 2), ['a', 'b']);
});

test('a cut never leaves half a character', () => {
  const [word] = wordsOf(`x${'𝟘𐐷'.repeat(60)}`);
  assert.ok(word?.isWellFormed());
});
