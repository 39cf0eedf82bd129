import type { XmlElement } from '../../protocols/webdav/xml/element.ts';
import { readXml } from '../../protocols/webdav/xml/read.ts';
import { DEFAULT_LIMITS } from '../../src/domain/limits.ts';

/** Reads a fragment whose prefixes are D (DAV:), C (CalDAV) and R (CardDAV). */
export async function xml(fragment: string): Promise<XmlElement> {
  const declarations =
    ' xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav" xmlns:R="urn:ietf:params:xml:ns:carddav"';
  const document = fragment.replace(/^\s*<[\w:-]+/, (start) => start + declarations);
  const root = await readXml(Buffer.from(document.trim()), DEFAULT_LIMITS);
  if (root === null) throw new TypeError('an empty fragment');
  return root;
}
