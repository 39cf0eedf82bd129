import assert from 'node:assert/strict';
import { test } from 'node:test';
import { xmlLines } from '../../../../src/admin/pages/parts/xml-lines.ts';

test('each element has its line, text stays beside its tags', () => {
  const xml = '<?xml version="1.0"?><!DOCTYPE a><a x="1"><b>text <i/> more</b><c/>\n <d></d><![CDATA[<e>]]></a>\n';
  assert.equal(
    xmlLines(xml),
    [
      '<?xml version="1.0"?>',
      '<!DOCTYPE a>',
      '<a x="1">',
      '  <b>text ',
      '    <i/>',
      '    more',
      '  </b>',
      '  <c/>',
      '  <d></d>',
      '  <![CDATA[<e>]]>',
      '</a>',
    ].join('\n'),
  );
});

test('what is not well-formed, or no XML, loses nothing', () => {
  for (const text of ['</a></b>x', '<a><b', 'plain text', '']) {
    assert.equal(xmlLines(text).replace(/\s/gu, ''), text.replace(/\s/gu, ''));
  }
});
