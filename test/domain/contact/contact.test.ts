import assert from 'node:assert/strict';
import { test } from 'node:test';
import { indexContact } from '../../../src/domain/contact/index-contact.ts';
import { validateContact } from '../../../src/domain/contact/validate-contact.ts';
import { type ErrorCode, isGatewayError } from '../../../src/domain/errors.ts';
import { BEGINNINGLESS, ENDLESS } from '../../../src/domain/item.ts';

const bytes = (...lines: string[]): Uint8Array => Buffer.from(lines.join('\r\n'));
const CARD = ['BEGIN:VCARD', 'VERSION:3.0', 'UID:a\\,b', 'FN:x', 'END:VCARD', ''];

test('a contact is indexed by its UID and lies in every time range', () => {
  const index = indexContact(validateContact(bytes(...CARD)));
  assert.deepEqual(index, { kind: 'VCARD', uid: 'a,b', rangeStart: BEGINNINGLESS, rangeEnd: ENDLESS, filterKey: 0 });
});

test('a group of contacts has the lowest filter key, whichever way its kind is written', () => {
  const keyOf = (line: string) => indexContact(validateContact(bytes(...CARD.toSpliced(2, 0, line)))).filterKey;
  assert.deepEqual(['X-ADDRESSBOOKSERVER-KIND:group', 'KIND:Group', 'KIND:org'].map(keyOf), [
    BEGINNINGLESS,
    BEGINNINGLESS,
    0,
  ]);
});

test('RFC 6352 §5.1 an address object is one vCard of 3.0 or 4.0 with a UID', () => {
  const refused = (code: ErrorCode, ...lines: string[]): void => {
    assert.throws(
      () => validateContact(bytes(...lines)),
      (error) => isGatewayError(error, code),
    );
  };
  refused('content-invalid', '');
  refused('content-invalid', 'hello');
  refused('content-invalid', 'BEGIN:VCALENDAR', 'END:VCALENDAR');
  refused('object-invalid', ...CARD.slice(0, -1), ...CARD);
  refused('object-invalid', 'BEGIN:VCARD', 'VERSION:2.1', 'UID:1', 'END:VCARD');
  refused('object-invalid', 'BEGIN:VCARD', 'VERSION:3.0', 'FN:x', 'END:VCARD');
});

test('a contact of more lines or parameter values than any program writes is refused', () => {
  const [begin, ...rest] = CARD;
  const refused = (line: string, count: number, reason: RegExp): void => {
    const text = [begin, Array(count).fill(line).join('\r\n'), ...rest].join('\r\n');
    assert.throws(
      () => validateContact(Buffer.from(text)),
      (error) => isGatewayError(error, 'content-invalid') && reason.test(error.facts.reason),
    );
  };
  refused('X:1', 200_001, /more than 200000 lines/);
  refused(`X${';A=b'.repeat(900)}:1`, 250, /more than 200000 parameter values/);
});

test('a group of thousands of members is a contact, one of tens of thousands is refused', () => {
  const group = (members: number): Uint8Array =>
    bytes(
      ...CARD.slice(0, -2),
      ...Array<string>(members).fill('X-ADDRESSBOOKSERVER-MEMBER:urn:uuid:1'),
      'END:VCARD',
      '',
    );
  assert.equal(indexContact(validateContact(group(15_000))).uid, 'a,b');
  assert.throws(
    () => validateContact(group(20_000)),
    (error) => isGatewayError(error, 'object-invalid') && /more than 20000 properties/.test(error.facts.reason),
  );
});

test('the line of a syntax error is told', () => {
  try {
    validateContact(bytes('BEGIN:VCARD', 'nonsense', 'END:VCARD'));
    assert.fail('accepted');
  } catch (error) {
    assert.ok(isGatewayError(error, 'content-invalid'));
    assert.equal(error.facts.line, 2);
  }
});
