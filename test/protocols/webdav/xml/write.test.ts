import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DAV } from '../../../../protocols/webdav/xml/element.ts';
import { textOf } from '../../../../protocols/webdav/xml/query.ts';
import { parseXml } from '../../../../protocols/webdav/xml/read.ts';
import {
  escapeAttribute,
  escapeText,
  ROOT_NAMESPACES,
  serializeInner,
  tagStrings,
  writeElement,
} from '../../../../protocols/webdav/xml/write.ts';
import { DEFAULT_LIMITS } from '../../../../src/domain/limits.ts';

const read = (text: string) => parseXml(Buffer.from(text), DEFAULT_LIMITS)!;

test('CRLF and every legal character survive a writer and a reader', () => {
  const text = 'BEGIN:X\r\nA:<b>&amp;]]>"\'\tü🎂\u0085\u2028\r\n';
  assert.equal(textOf(read(`<a>${escapeText(text)}</a>`)), text);
  assert.equal(read(`<a b="${escapeAttribute(text)}"/>`).attributes.get('b'), text);
});

test('what XML 1.0 forbids is never written', () => {
  for (const bad of ['\0', '\x0b', '\x1f', '\ufffe', '\uffff', '\ud800', '\udc00x']) {
    const written = escapeText(`a${bad}b`);
    assert.equal(textOf(read(`<a>${written}</a>`)).replace('x', ''), 'a\ufffdb');
  }
});

test('known namespaces use the prefixes of the root, others declare themselves', () => {
  const xml = `<D:r${ROOT_NAMESPACES}>${writeElement(DAV, 'a', writeElement('urn:"<&', 'b'))}${tagStrings('', 'c').empty}</D:r>`;
  const [a, c] = read(xml).children as [ReturnType<typeof read>, ReturnType<typeof read>];
  assert.deepEqual([a.ns, (a.children[0] as typeof a).ns, c.ns], ['DAV:', 'urn:"<&', '']);
});

test('inner XML stands alone: the same tree comes back anywhere', () => {
  const original = read(
    '<p xmlns="DAV:" xmlns:x="urn:x"> t <x:a x:k="1&quot;" k="2" xml:lang="fr"><b>é&lt;</b><c xmlns=""/></x:a>\r\nend</p>',
  );
  const inner = serializeInner(original);
  const again = read(`<q xmlns="urn:other" xmlns:a1="urn:wrong">${inner.startsWith(' ') ? inner : ` ${inner}`}</q>`);
  assert.deepEqual(again.children, original.children);
});

test('writing again what was written changes nothing', () => {
  const once = serializeInner(read('<p xmlns="urn:p"><a xmlns:z="urn:z" z:b="1"/>&#13;x</p>'));
  assert.equal(serializeInner(read(`<p>${once}</p>`)), once);
});
