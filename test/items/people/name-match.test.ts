import assert from 'node:assert/strict';
import { test } from 'node:test';
import { matchesName, nameKeys, nameQuery } from '../../../src/items/people/name-match.ts';

const KEYS = nameKeys(['Jürgen von der Höhe', 'Jogi'], ['J.Hoehe@Example.org', 'info@höhe.example']);

function isFound(typed: string): boolean {
  return matchesName(KEYS, nameQuery(typed));
}

test('each word typed begins a word of the name, in any order, without regard to case and accents', () => {
  for (const typed of ['jür', 'JURGEN', 'hohe von', ' jogi ', 'der, Jürgen', 'ｊｏｇｉ', 'Ju\u0308rgen']) {
    assert.equal(isFound(typed), true, typed);
  }
  for (const typed of ['ürgen', 'jürgen x', 'öhe', 'jürgenv']) assert.equal(isFound(typed), false, typed);
});

test('an address is found by its beginning; something with an @ is not looked for among the words', () => {
  for (const typed of ['j.hoe', 'J.Hoehe@exa', 'info@hohe', 'j.hoehe@example.org']) {
    assert.equal(isFound(typed), true, typed);
  }
  for (const typed of ['hoehe@example.org', '@example.org', 'jogi@']) assert.equal(isFound(typed), false, typed);
});

test('letters with strokes and ligatures are typed plain, or as they are', () => {
  const keys = nameKeys(['Søren Møller', 'Weißstraße Łódź'], ['søren@møller.example']);
  for (const typed of ['moller', 'MØLLER', 'soren mo', 'weiss', 'Weiß', 'lodz', 'søren@moller', 'soren@møl']) {
    assert.equal(matchesName(keys, nameQuery(typed)), true, typed);
  }
  assert.equal(matchesName(keys, nameQuery('moeller')), false);
});

test('nothing typed, or only signs, finds nobody', () => {
  for (const typed of ['', ' ', '\n', '\t\n', '-', '*', '%', '\u0301'])
    assert.equal(isFound(typed), false, JSON.stringify(typed));
});

test('a line break typed cannot reach over the ends of words', () => {
  assert.equal(isFound('jürgen\nvon'), true, 'two words');
  assert.equal(matchesName(nameKeys(['a'], ['b@x']), nameQuery('a\nb@x')), false);
});
