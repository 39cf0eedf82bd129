import assert from 'node:assert/strict';
import { test } from 'node:test';
import { XmlError, type XmlErrorReason } from '../../../../protocols/webdav/xml/error.ts';
import { parseXml, readXml } from '../../../../protocols/webdav/xml/read.ts';
import { DEFAULT_LIMITS } from '../../../../src/domain/limits.ts';

const read = (text: string | Uint8Array) => parseXml(Buffer.from(text as string), DEFAULT_LIMITS)!;

function refuses(bytes: string | Uint8Array, reason: XmlErrorReason, limits = DEFAULT_LIMITS): XmlError {
  try {
    parseXml(Buffer.from(bytes as string), limits);
  } catch (error) {
    assert.ok(error instanceof XmlError, `not an XmlError: ${error}`);
    assert.equal(error.reason, reason);
    return error;
  }
  throw assert.fail(`was read: ${bytes}`);
}

test('namespaces are resolved, whatever the prefixes, and rebinding is followed', () => {
  const root = read('<a xmlns="DAV:" xmlns:x="urn:x"><x:b/><a:c xmlns:a="urn:a"><x xmlns=""/></a:c></a>');
  assert.deepEqual([root.ns, root.name], ['DAV:', 'a']);
  const [b, c] = root.children as unknown as [{ ns: string }, { ns: string; children: { ns: string }[] }];
  assert.equal(b.ns, 'urn:x');
  assert.equal(c.ns, 'urn:a');
  assert.equal(c.children[0]!.ns, '');
});

test('attributes come by Clark name, namespace declarations do not', () => {
  const root = read('<a xmlns:x="urn:x" x:k="1" k="&lt;2" xml:lang="de"/>');
  assert.deepEqual(
    [...root.attributes],
    [
      ['{urn:x}k', '1'],
      ['k', '<2'],
      ['{http://www.w3.org/XML/1998/namespace}lang', 'de'],
    ],
  );
});

test('adjacent text, CDATA and references are one string; comments and instructions are gone', () => {
  assert.deepEqual(read('<a>x<!-- no --><![CDATA[<y>]]><?pi no?>&#65;&amp;</a>').children, ['x<y>A&']);
});

test('a body of no bytes is null, one of white space is refused', () => {
  assert.equal(parseXml(new Uint8Array(), DEFAULT_LIMITS), null);
  refuses('  \n', 'syntax');
});

for (const [title, bytes] of [
  ['UTF-8 with a byte order mark', Buffer.from('\ufeff<a>ü</a>')],
  ['UTF-16 little endian with a byte order mark', Buffer.from('\ufeff<a>ü</a>', 'utf16le')],
  ['UTF-16 big endian with a byte order mark', Buffer.from('\ufeff<a>ü</a>', 'utf16le').swap16()],
  [
    'UTF-16 big endian told by its first bytes',
    Buffer.from('<?xml version="1.0" encoding="UTF-16"?><a>ü</a>', 'utf16le').swap16(),
  ],
  ['declared ISO-8859-1', Buffer.from('<?xml version="1.0" encoding="ISO-8859-1"?><a>ü</a>', 'latin1')],
] as const) {
  test(`${title} is read`, () => {
    assert.deepEqual(read(bytes).children, ['ü']);
  });
}

test('declared ISO-8859-1 is not windows-1252', () => {
  const bytes = Buffer.from('<?xml version="1.0" encoding="latin1"?><a>\x85</a>', 'latin1');
  assert.deepEqual(read(bytes).children, ['\u0085']);
});

test('an unknown encoding and bytes that are not UTF-8 are refused', () => {
  refuses('<?xml version="1.0" encoding="EBCDIC-37"?><a/>', 'encoding');
  refuses(Buffer.from([0x3c, 0x61, 0x3e, 0xff, 0x3c, 0x2f, 0x61, 0x3e]), 'encoding');
  refuses(Buffer.from([0x3c, 0x61, 0x2f, 0x3e, 0xc3]), 'encoding');
});

test('RFC 4918 §20.6 a document type is refused, so nothing expands and nothing is fetched', () => {
  refuses('<!DOCTYPE a [<!ENTITY b "bb">]><a>&b;</a>', 'doctype');
  refuses('<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>', 'doctype');
  refuses('<a>&undeclared;</a>', 'syntax');
});

test('what is not well-formed is refused with its place', () => {
  for (const text of [
    '<a>',
    '<a></b>',
    '<a b="1" b="2"/>',
    '<x:a/>',
    '<a/><b/>',
    'text',
    '<a>\u0001</a>',
    '<a b=1/>',
    '<x:8a xmlns:x="x:"/>',
    '<x:-a xmlns:x="x:"/>',
    '<a x:8b="1" xmlns:x="x:"/>',
  ]) {
    refuses(text, 'syntax');
  }
  const error = refuses('<a>\n  <b></c>\n</a>', 'syntax');
  assert.equal(error.line, 2);
  assert.ok(error.column > 1);
});

test('depth, attributes and size have a limit, and what is at the limit is read', () => {
  const limits = { ...DEFAULT_LIMITS, maxXmlDepth: 5, maxXmlAttributes: 3, maxXmlBytes: 100 };
  assert.ok(parseXml(Buffer.from('<a><a><a><a><a/></a></a></a></a>'), limits));
  refuses('<a><a><a><a><a><a/></a></a></a></a></a>', 'depth', limits);
  assert.ok(parseXml(Buffer.from('<a b="" c="" d=""/>'), limits));
  refuses('<a b="" c="" d="" e=""/>', 'attributes', limits);
  assert.ok(parseXml(Buffer.from(`<a>${' '.repeat(93)}</a>`), limits));
  refuses(`<a>${' '.repeat(94)}</a>`, 'size', limits);
});

test('30,000 nested tags end at the depth limit', () => {
  refuses('<a>'.repeat(30_000), 'depth');
});

test('more than half a million elements are refused', () => {
  refuses(`<a>${'<b/>'.repeat(500_001)}</a>`, 'elements');
});

test('a stream is read whatever its chunks, and left at the size limit', async () => {
  const bytes = Buffer.from('<?xml version="1.0" encoding="utf-8"?><a xmlns="DAV:">€<b/></a>');
  async function* byBytes() {
    for (const byte of bytes) yield Uint8Array.of(byte);
  }
  assert.deepEqual(await readXml(byBytes(), DEFAULT_LIMITS), read(bytes));
  let given = 0;
  async function* endless() {
    for (;;) {
      given += 1;
      yield Buffer.from('<a>'.padEnd(1000));
    }
  }
  await assert.rejects(readXml(endless(), { ...DEFAULT_LIMITS, maxXmlBytes: 5000, maxXmlDepth: 64 }), {
    reason: 'size',
  });
  assert.equal(given, 6);
});
