import type { Masker, WireFormat } from '../../../src/recorder/wire-format.ts';
import { decodeWbxml } from '../wbxml/decode.ts';
import { encodeWbxml } from '../wbxml/encode.ts';
import { wbxmlToXml } from '../wbxml/to-xml.ts';
import { compareMultipart, compareWbxml, joinParts, MULTIPART, partsOf, WBXML, withActualDocument } from './bodies.ts';
import { maskDocument } from './mask-document.ts';
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
