import type { Masker, WireFormat } from '../../../src/recorder/wire-format.ts';
import { decodeWbxml } from '../wbxml/decode.ts';
import { encodeWbxml } from '../wbxml/encode.ts';
import { wbxmlToXml } from '../wbxml/to-xml.ts';
import { compareMultipart, compareWbxml, joinParts, MULTIPART, partsOf, WBXML, withActualDocument } from './bodies.ts';
import { maskDocument, withoutSecrets } from './mask-document.ts';
import { bindQuery, maskQuery, userOfQuery } from './query.ts';

const PATH = /^\/+microsoft-server-activesync\/?$/iu;
/** Types that clients put on documents (read-body.ts). */
const LOOSE_TYPES = new Set(['application/vnd.ms-sync', 'application/octet-stream', '']);

/** How ActiveSync is recorded and replayed. */
export const ACTIVESYNC_WIRE: WireFormat = {
  bodies: {
    takes: (type, path) => type === WBXML || type === MULTIPART || (LOOSE_TYPES.has(type) && PATH.test(path)),
    toXml(body, type) {
      if (body.length === 0) return null;
      return wbxmlToXml(decodeWbxml(type === MULTIPART ? partsOf(body)[0]! : body));
    },
    mask(body, type, masker) {
      if (type !== MULTIPART) return maskWbxml(body, masker);
      const [document, ...parts] = partsOf(body);
      return joinParts([maskWbxml(document!, masker), ...parts.map((part) => masker.bytes(part))]);
    },
    withoutSecrets(body, type) {
      if (type !== MULTIPART) return wbxmlWithoutSecrets(body);
      const [document, ...parts] = partsOf(body);
      const kept = wbxmlWithoutSecrets(document!);
      return kept === document ? body : joinParts([kept, ...parts]);
    },
    compare: (recorded, actual, type, opaque) =>
      (type === MULTIPART ? compareMultipart : compareWbxml)(recorded, actual, opaque),
    bind: (body, type, opaque) => (type === MULTIPART ? body : withActualDocument(body, opaque)),
  },
  maskQuery: (path, query, masker) => (PATH.test(path) ? maskQuery(query, masker) : null),
  bindQuery: (path, query, opaque) => (PATH.test(path) ? bindQuery(query, opaque) : null),
  userOf: (path, query) => (PATH.test(path) ? userOfQuery(query) : null),
  keyHeaders: { 'x-ms-policykey': 'policy-key' },
  plainSteps: ['microsoft-server-activesync'],
};

function maskWbxml(body: Buffer, masker: Masker): Buffer {
  if (body.length === 0) return body;
  return Buffer.from(encodeWbxml(maskDocument(decodeWbxml(body), masker), { version: 'any' }));
}

/** What switches to the pages that have passwords, Settings and Search (MS-ASWBXML §2.1.2.1): 18 and 15. */
const SWITCHES = [Buffer.of(0, 18), Buffer.of(0, 15)];

/** The very bytes where there is no password. @throws what the decoder throws, of broken bytes that may hold one */
function wbxmlWithoutSecrets(body: Buffer): Buffer {
  if (!SWITCHES.some((bytes) => body.includes(bytes))) return body;
  const document = decodeWbxml(body);
  const without = withoutSecrets(document);
  return without === document ? body : Buffer.from(encodeWbxml(without, { version: 'any' }));
}
