import assert from 'node:assert/strict';
import { test } from 'node:test';
import { holdsIf, parseIfHeader } from '../../../protocols/webdav/if-header.ts';

test('RFC 4918 §10.4 untagged and tagged lists are read', () => {
  assert.deepEqual(parseIfHeader('(<urn:uuid:1> ["a b"]) (Not <DAV:no-lock>)'), [
    {
      resource: null,
      conditions: [
        { isNegated: false, kind: 'token', value: 'urn:uuid:1' },
        { isNegated: false, kind: 'etag', value: '"a b"' },
      ],
    },
    { resource: null, conditions: [{ isNegated: true, kind: 'token', value: 'DAV:no-lock' }] },
  ]);
  assert.deepEqual(
    parseIfHeader('</a> (["x"]) (NOT ["y"]) <http://h/b> ([W/"z"])').map(({ resource, conditions }) => [
      resource,
      conditions[0]!.value,
      conditions[0]!.isNegated,
    ]),
    [
      ['/a', '"x"', false],
      ['/a', '"y"', true],
      ['http://h/b', 'W/"z"', false],
    ],
  );
  assert.deepEqual(parseIfHeader(''), []);
});

test('what does not follow the grammar is 400', () => {
  for (const header of [
    'x',
    '(',
    '()',
    '(["a"]',
    '["a"]',
    '(Not)',
    '(Not Not ["a"])',
    '<a>',
    '(<a>) ["b"]',
    '((<a>))',
    '(<a>',
  ]) {
    assert.throws(() => parseIfHeader(header), { status: 400 }, header);
  }
  assert.throws(() => parseIfHeader('(<a>)'.repeat(1001)), { status: 400 });
});

test('all of one list, any of the lists; a token holds when it is the sync token of now', () => {
  const holds = (header: string, etag: string | null) =>
    holdsIf(parseIfHeader(header), () => ({ etag, syncToken: 'urn:sync:1' }));
  assert.equal(holds('(<urn:sync:1>)', null), true);
  assert.equal(holds('(<urn:sync:0>)', null), false);
  assert.equal(holds('(Not <urn:sync:1>)', null), false);
  assert.equal(holds('', null), true);
  assert.equal(holds('(["a"])', '"a"'), true);
  assert.equal(holds('(["a"])', '"b"'), false);
  assert.equal(holds('(["a"])', null), false);
  assert.equal(holds('(Not ["a"])', null), true);
  assert.equal(holds('(<urn:x>)', '"a"'), false);
  assert.equal(holds('(["a"] <urn:x>)', '"a"'), false);
  assert.equal(holds('(["a"] Not <urn:x>)', '"a"'), true);
  assert.equal(holds('(["b"]) (["a"])', '"a"'), true);
});
