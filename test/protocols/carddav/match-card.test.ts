import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cardMatches } from '../../../protocols/carddav/filter/match-card.ts';
import { readAddressFilter } from '../../../protocols/carddav/filter/read-address-filter.ts';
import { isGatewayError } from '../../../src/domain/errors.ts';
import { parseCard } from '../../../src/formats/vcard/card.ts';
import { xml } from '../../support/xml.ts';

const CARD = parseCard(
  Buffer.from(
    [
      'BEGIN:VCARD',
      'VERSION:3.0',
      'UID:34222-23222@example.com',
      'N:Daboo;Cyrus;;;',
      'FN:Cyrus Daboo',
      'NICKNAME:me',
      'EMAIL;TYPE=INTERNET,PREF:daboo@example.com',
      'item1.EMAIL;TYPE=HOME:cyrus@example.org',
      'item1.X-ABLABEL:Straße\\, privat',
      'END:VCARD',
      '',
    ].join('\r\n'),
  ),
);

const prop = (name: string, inner = '', attributes = '') =>
  `<R:prop-filter name="${name}"${attributes}>${inner}</R:prop-filter>`;
const text = (value: string, attributes = '') => `<R:text-match${attributes}>${value}</R:text-match>`;

const CASES: readonly [title: string, filter: string, matches: boolean][] = [
  ['an empty filter matches every card', '<R:filter/>', true],
  ['RFC 6352 §8.6.3 a property that is there', `<R:filter>${prop('NICKNAME')}</R:filter>`, true],
  ['a property that is not there', `<R:filter>${prop('TEL')}</R:filter>`, false],
  ['is-not-defined for one that is not there', `<R:filter>${prop('TEL', '<R:is-not-defined/>')}</R:filter>`, true],
  ['is-not-defined for one that is there', `<R:filter>${prop('FN', '<R:is-not-defined/>')}</R:filter>`, false],
  [
    'RFC 6352 §8.6.3 equals compares the whole value without case',
    `<R:filter>${prop('NICKNAME', text('ME', ' collation="i;unicode-casemap" match-type="equals"'))}</R:filter>`,
    true,
  ],
  ['equals is not contains', `<R:filter>${prop('FN', text('Cyrus', ' match-type="equals"'))}</R:filter>`, false],
  ['contains is the default', `<R:filter>${prop('FN', text('rus d'))}</R:filter>`, true],
  ['starts-with', `<R:filter>${prop('FN', text('cyr', ' match-type="starts-with"'))}</R:filter>`, true],
  ['starts-with elsewhere', `<R:filter>${prop('FN', text('daboo', ' match-type="starts-with"'))}</R:filter>`, false],
  ['ends-with', `<R:filter>${prop('FN', text('BOO', ' match-type="ends-with"'))}</R:filter>`, true],
  ['i;octet keeps case', `<R:filter>${prop('FN', text('cyrus', ' collation="i;octet"'))}</R:filter>`, false],
  [
    'RFC 6352 §10.5.4 negate-condition: some EMAIL has not that text',
    `<R:filter>${prop('EMAIL', text('daboo', ' negate-condition="yes"'))}</R:filter>`,
    true,
  ],
  [
    'negate-condition on the only value',
    `<R:filter>${prop('FN', text('daboo', ' negate-condition="yes"'))}</R:filter>`,
    false,
  ],
  ['escapes are decoded before comparing', `<R:filter>${prop('X-ABLabel', text('straße, PRIV'))}</R:filter>`, true],
  [
    'RFC 6352 §10.5.1 a name without group matches in any group',
    `<R:filter>${prop('email', text('.org'))}</R:filter>`,
    true,
  ],
  ['a name with group matches in that group', `<R:filter>${prop('ITEM1.email', text('.org'))}</R:filter>`, true],
  [
    'a name with group does not match outside of it',
    `<R:filter>${prop('item1.email', text('.com'))}</R:filter>`,
    false,
  ],
  ['anyof is the default between properties', `<R:filter>${prop('TEL') + prop('FN')}</R:filter>`, true],
  ['allof needs every property', `<R:filter test="allof">${prop('TEL') + prop('FN')}</R:filter>`, false],
  [
    'RFC 6352 §8.6.4 anyof between properties with texts',
    `<R:filter test="anyof">${prop('FN', text('nobody')) + prop('EMAIL', text('daboo'))}</R:filter>`,
    true,
  ],
  ['anyof within a property', `<R:filter>${prop('FN', text('nobody') + text('cyrus'))}</R:filter>`, true],
  [
    'allof within a property',
    `<R:filter>${prop('FN', text('nobody') + text('cyrus'), ' test="allof"')}</R:filter>`,
    false,
  ],
  [
    'allof has to hold on one and the same EMAIL',
    `<R:filter>${prop('EMAIL', text('daboo') + text('.org'), ' test="allof"')}</R:filter>`,
    false,
  ],
  [
    'param-filter with text-match, one of several values',
    `<R:filter>${prop('EMAIL', `<R:param-filter name="type">${text('pref', ' match-type="equals"')}</R:param-filter>`)}</R:filter>`,
    true,
  ],
  [
    'param-filter is-not-defined',
    `<R:filter>${prop('FN', '<R:param-filter name="LANGUAGE"><R:is-not-defined/></R:param-filter>')}</R:filter>`,
    true,
  ],
  ['param-filter defined', `<R:filter>${prop('FN', '<R:param-filter name="LANGUAGE"/>')}</R:filter>`, false],
];

for (const [title, filter, matches] of CASES) {
  test(title, async () => {
    assert.equal(cardMatches(readAddressFilter(await xml(filter)), CARD), matches);
  });
}

test('vCard 2.1 quoted-printable is decoded before comparing', async () => {
  const old = parseCard(
    Buffer.from(
      'BEGIN:VCARD\r\nVERSION:2.1\r\nN:B\r\nFN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:J=C3=BCrgen\r\nEND:VCARD\r\n',
    ),
  );
  assert.equal(
    cardMatches(readAddressFilter(await xml(`<R:filter>${prop('FN', text('jürgen'))}</R:filter>`)), old),
    true,
  );
});

const REFUSED: readonly [title: string, kind: string, filter: string][] = [
  ['a test that is neither anyof nor allof', 'valid-filter', '<R:filter test="some"/>'],
  ['a prop-filter without name', 'valid-filter', '<R:filter><R:prop-filter/></R:filter>'],
  ['a misplaced element', 'valid-filter', `<R:filter>${text('x')}</R:filter>`],
  [
    'is-not-defined beside a text-match',
    'valid-filter',
    `<R:filter>${prop('FN', `<R:is-not-defined/>${text('x')}`)}</R:filter>`,
  ],
  ['an unknown match-type', 'filter', `<R:filter>${prop('FN', text('x', ' match-type="regex"'))}</R:filter>`],
  [
    'RFC 6352 §8.3 an unknown collation',
    'collation',
    `<R:filter>${prop('FN', text('x', ' collation="i;basic"'))}</R:filter>`,
  ],
];

for (const [title, kind, filter] of REFUSED) {
  test(`refused: ${title}`, async () => {
    const element = await xml(filter);
    assert.throws(
      () => readAddressFilter(element),
      (error) => isGatewayError(error, 'filter-unsupported') && error.facts.kind === kind,
    );
  });
}
