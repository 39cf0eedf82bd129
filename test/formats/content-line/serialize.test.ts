import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeComponent, setProperties, setProperty, withProperty } from '../../../src/formats/content-line/edit.ts';
import { makeLine, withParameter, withValue } from '../../../src/formats/content-line/line.ts';
import { parameterEntryOf, propertyOf } from '../../../src/formats/content-line/lookup.ts';
import { parseComponents } from '../../../src/formats/content-line/parse-components.ts';
import { serializeComponent, serializeComponents } from '../../../src/formats/content-line/serialize.ts';
import { ContentSyntaxError } from '../../../src/formats/content-line/syntax-error.ts';
import { seededRandom } from '../../support/random.ts';
import { sharedFiles, skipWithout } from '../../support/shared-data.ts';
import { generateObject } from '../icalendar/generate.ts';

function text(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('utf8');
}

function identity(bytes: Uint8Array): void {
  const parsed = parseComponents(bytes);
  assert.equal(text(serializeComponents(parsed)), text(bytes));
  assert.ok(Buffer.from(serializeComponents(parsed)).equals(bytes));
}

for (const folder of ['ics', 'vcf']) {
  test(`what is read strictly is written again byte for byte (files of ${folder})`, {
    skip: skipWithout(folder),
  }, () => {
    let read = 0;
    for (const { name, bytes } of sharedFiles(folder)) {
      try {
        identity(bytes);
        read += 1;
      } catch (error) {
        assert.ok(error instanceof ContentSyntaxError, `${name}: ${error}`);
      }
    }
    // At most the seven hostile or broken calendars are refused.
    assert.ok(read >= sharedFiles(folder).length - 7, `${read} files read`);
  });
}

test('what is read strictly is written again byte for byte (generated objects, seed 1)', () => {
  const random = seededRandom(1);
  for (let index = 0; index < 300; index += 1) identity(generateObject(random).bytes);
});

test('RFC 5545 §3.1 a made line is folded at 75 octets and never inside a UTF-8 sequence', () => {
  const value = '🎂ü'.repeat(100);
  const bytes = serializeComponent(makeComponent('A', [makeLine({ name: 'X', value })]));
  for (const physical of Buffer.from(bytes).toString('latin1').split('\r\n')) {
    assert.ok(physical.length <= 75);
    const octets = Buffer.from(physical, 'latin1');
    assert.deepEqual(Buffer.from(octets.toString('utf8')), octets);
  }
  assert.equal(propertyOf(parseComponents(bytes)[0]!, 'X')?.value, value);
});

test('parameters are quoted where they must be and use carets where quotes cannot', () => {
  const values = ['plain', 'a:b;c,d', 'say "hi"\nthen ^n', ' spaced ', ''];
  const bytes = serializeComponent(
    makeComponent('A', [makeLine({ name: 'X', value: '1', parameters: [{ name: 'P', values }] })]),
  );
  assert.match(text(bytes), /X;P=plain,"a:b;c,d",say \^'hi\^'\^nthen \^\^n," spaced ",:1/);
  assert.deepEqual(parameterEntryOf(propertyOf(parseComponents(bytes)[0]!, 'X')!, 'P')?.values, values);
});

test('a changed line uses the line end of its component, all others stay byte for byte', () => {
  const [component] = parseComponents(Buffer.from('BEGIN:A\nx-odd;p=q :  1\n  2\n\nY:old\nEND:A'));
  const changed = setProperty(component!, makeLine({ name: 'Y', value: 'new' }));
  assert.equal(text(serializeComponent(changed)), 'BEGIN:A\nx-odd;p=q :  1\n  2\n\nY:new\nEND:A');
});

test('a component whose last line end is missing gets one when something follows', () => {
  const parsed = parseComponents(Buffer.from('BEGIN:A\r\nEND:A'));
  assert.equal(text(serializeComponents([...parsed, ...parsed])), 'BEGIN:A\r\nEND:A\r\nBEGIN:A\r\nEND:A');
});

test('properties are added before sub-components', () => {
  const [component] = parseComponents(Buffer.from('BEGIN:A\r\nX:1\r\nBEGIN:B\r\nEND:B\r\nEND:A\r\n'));
  const changed = withProperty(component!, makeLine({ name: 'Y', value: '2' }));
  assert.equal(text(serializeComponent(changed)), 'BEGIN:A\r\nX:1\r\nY:2\r\nBEGIN:B\r\nEND:B\r\nEND:A\r\n');
});

test('setting what a line says already gives the same object', () => {
  const line = makeLine({ name: 'X', value: '1', parameters: [{ name: 'P', values: ['a'] }] });
  assert.equal(withValue(line, '1'), line);
  assert.equal(withParameter(line, 'p', ['a']), line);
  assert.equal(withParameter(line, 'Q', null), line);
  assert.deepEqual(withParameter(line, 'P', null).parameters, []);
});

test('a value or name that would make another line is a wrong use', () => {
  assert.throws(() => makeLine({ name: 'X', value: 'a\r\nATTACH:file' }), TypeError);
  assert.throws(() => makeLine({ name: 'X:Y', value: '' }), TypeError);
  assert.throws(() => makeLine({ name: 'X', value: '', parameters: [{ name: 'a=b', values: [] }] }), TypeError);
  assert.throws(() => withParameter(makeLine({ name: 'X', value: '' }), '', ['a:b']), TypeError);
});

test('a lone CR that was read cannot end a line when its line is written anew', () => {
  const [component] = parseComponents(Buffer.from('BEGIN:A\r\nX:a\rb\r\nEND:A\r\n'));
  const line = withParameter(propertyOf(component!, 'X')!, 'P', ['1']);
  assert.match(text(serializeComponent(setProperty(component!, line))), /\r\nX;P=1:a b\r\n/);
});

test('200,000 lines and values are written and set whole', () => {
  const many = Array.from({ length: 200_000 }, (_, index) => makeLine({ name: 'X', value: String(index) }));
  const set = setProperties(makeComponent('A', []), 'X', many);
  assert.equal(parseComponents(serializeComponent(set))[0]!.children.length, 200_000);
});
