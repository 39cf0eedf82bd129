import assert from 'node:assert/strict';
import type { XmlElement } from '../../protocols/webdav/xml/element.ts';
import { XmlError } from '../../protocols/webdav/xml/error.ts';
import { parseXml } from '../../protocols/webdav/xml/read.ts';
import { serializeInner } from '../../protocols/webdav/xml/write.ts';

const LIMITS = { maxXmlBytes: 32 * 1024, maxXmlDepth: 16, maxXmlAttributes: 8 };
/** The same without the caps, for what we wrote: declarations of our own add bytes and attributes. */
const ROOMY = { maxXmlBytes: 16 * 1024 * 1024, maxXmlDepth: 32, maxXmlAttributes: 64 };

/** XML bodies: only XmlError, caps kept, and what was read is written so that it reads the same. */
export const xmlTarget = {
  name: 'xml',
  dictionary: [
    '<a>',
    '</a>',
    '<!DOCTYPE',
    '<![CDATA[',
    ']]>',
    '<!--',
    '-->',
    '<?xml',
    '?>',
    '&#x',
    '&amp;',
    ' xmlns=""',
    ' xmlns:a="',
    ' encoding="latin1"',
    '\xff\xfe',
    '\xfe\xff',
    '&#13;',
    'DAV:',
  ],
  seeds(): Uint8Array[] {
    return [
      '<?xml version="1.0" encoding="utf-8"?><propfind xmlns="DAV:"><prop><getetag/><C:calendar-data xmlns:C="urn:ietf:params:xml:ns:caldav"/></prop></propfind>',
      '<D:propertyupdate xmlns:D="DAV:" xml:lang="en"><D:set><D:prop><x:a xmlns:x="urn:x" x:b="&lt;1&gt;">t&#13;&#10;<!-- c --><![CDATA[<>]]></x:a></D:prop></D:set></D:propertyupdate>',
      '<a><b><c><d><e/></d></c></b></a>',
      '\ufeff<a>\u00fc\ud83c\udf82</a>',
      '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
    ]
      .map((text): Uint8Array => Buffer.from(text))
      .concat(Buffer.from('\ufeff<a b="c">d</a>', 'utf16le'), new Uint8Array());
  },
  run(input: Uint8Array): void {
    let root: XmlElement | null;
    try {
      root = parseXml(input, LIMITS);
    } catch (error) {
      assert.ok(error instanceof XmlError, `threw ${error}`);
      return;
    }
    if (root === null) {
      assert.equal(input.length, 0);
      return;
    }
    assert.ok(input.length <= LIMITS.maxXmlBytes);
    assert.ok(depthOf(root) <= LIMITS.maxXmlDepth);
    const again = parseXml(Buffer.from(`<r>${serializeInner(root)}</r>`), ROOMY);
    assert.deepEqual(again?.children, root.children);
  },
};

function depthOf(element: XmlElement): number {
  return 1 + Math.max(0, ...element.children.map((child) => (typeof child === 'string' ? 0 : depthOf(child))));
}
