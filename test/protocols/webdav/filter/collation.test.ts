import assert from 'node:assert/strict';
import { test } from 'node:test';
import { collationNamed } from '../../../../protocols/webdav/filter/collation.ts';

const ASCII = 'i;ascii-casemap';
const UNICODE = 'i;unicode-casemap';

const EQUAL: readonly [title: string, collation: string, left: string, right: string, equal: boolean][] = [
  ['RFC 4790 §9.2 ASCII letters compare without case', ASCII, 'Hello', 'hELLO', true],
  ['RFC 4790 §9.2 other letters keep their case', ASCII, 'ä', 'Ä', false],
  ['RFC 4790 §9.3 octets compare as they are', 'i;octet', 'Hello', 'hello', false],
  ['RFC 4790 §9.3 equal octets are equal', 'i;octet', 'Zoë', 'Zoë', true],
  ['RFC 5051 §2 non-ASCII letters compare without case', UNICODE, 'ärger', 'ÄRGER', true],
  ['RFC 5051 §2 composed and decomposed letters are equal', UNICODE, 'e\u0301', '\u00c9', true],
  ['RFC 5051 §2 full-width forms equal ASCII', UNICODE, '\uff21', 'A', true],
  ['RFC 5051 §2 sharp s has no simple titlecase and stays itself', UNICODE, 'stra\u00dfe', 'STRASSE', false],
  ['RFC 5051 §2 digraphs have one titlecase', UNICODE, '\u01c6', '\u01c4', true],
  ['RFC 5051 §2 Greek iota subscript has a simple titlecase', UNICODE, '\u1f80', '\u1f88', true],
  ['RFC 5051 §2 Greek eta with iota subscript', UNICODE, '\u1fc3', '\u1fcc', true],
  ['RFC 5051 §2 both sigmas are one', UNICODE, '\u03c2', '\u03c3', true],
];

for (const [title, name, left, right, equal] of EQUAL) {
  test(title, () => {
    const collation = collationNamed(name, ASCII);
    assert.ok(collation);
    assert.equal(collation.fold(left) === collation.fold(right), equal);
  });
}

test('RFC 4790 §3.1 "default" is the collation of the context', () => {
  assert.equal(collationNamed('default', UNICODE)?.name, UNICODE);
  assert.equal(collationNamed('default', ASCII)?.name, ASCII);
});

test('an unknown collation is none', () => {
  assert.equal(collationNamed('i;ascii-numeric', ASCII), null);
});
