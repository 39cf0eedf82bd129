import type { OpaqueValues } from '../../../src/recorder/replay/opaque-values.ts';
import { decodeWbxml } from '../wbxml/decode.ts';
import { encodeWbxml } from '../wbxml/encode.ts';
import { compareDocuments, withActualElements } from './values.ts';

/** Content types of documents, and of documents with parts behind them (MS-ASCMD §2.2.1.10.1). */
export const WBXML = 'application/vnd.ms-sync.wbxml';
export const MULTIPART = 'application/vnd.ms-sync.multipart';

/** Differences of two bodies that are documents; two empty ones are equal. */
export function compareWbxml(recorded: Buffer, actual: Buffer, opaque: OpaqueValues): string[] {
  if (recorded.length === 0 || actual.length === 0) {
    return recorded.length === actual.length ? [] : [`body of ${actual.length} bytes, recorded: ${recorded.length}`];
  }
  return compareDocuments('', decodeWbxml(recorded), decodeWbxml(actual), opaque);
}

/** The same of documents with parts behind them, whose bytes must be equal. */
export function compareMultipart(recorded: Buffer, actual: Buffer, opaque: OpaqueValues): string[] {
  const [document, ...parts] = partsOf(recorded);
  const [actualDocument, ...actualParts] = partsOf(actual);
  if (parts.length !== actualParts.length) return [`${actualParts.length} parts, recorded: ${parts.length}`];
  return [
    ...compareWbxml(document!, actualDocument!, opaque),
    ...parts.flatMap((part, index) => (part.equals(actualParts[index]!) ? [] : [`part ${index + 1} has other bytes`])),
  ];
}

/** A recorded document with the values of this run; its very bytes where no value is one of them. */
export function withActualDocument(body: Buffer, opaque: OpaqueValues): Buffer {
  if (body.length === 0) return body;
  const document = decodeWbxml(body);
  const mapped = withActualElements(document, opaque);
  return JSON.stringify(mapped) === JSON.stringify(document)
    ? body
    : Buffer.from(encodeWbxml(mapped, { version: 'any' }));
}

/** MS-ASCMD §2.2.1.10.1: a count, pairs of offset and length, then the bytes. */
export function partsOf(body: Buffer): Buffer[] {
  const count = body.readUInt32LE(0);
  return Array.from({ length: count }, (_, index) => {
    const [offset, length] = [body.readUInt32LE(4 + index * 8), body.readUInt32LE(8 + index * 8)];
    return body.subarray(offset, offset + length);
  });
}

/** The body that holds these parts. */
export function joinParts(parts: readonly Uint8Array[]): Buffer {
  const head = Buffer.alloc(4 + 8 * parts.length);
  head.writeUInt32LE(parts.length, 0);
  let offset = head.length;
  for (const [index, part] of parts.entries()) {
    head.writeUInt32LE(offset, 4 + 8 * index);
    head.writeUInt32LE(part.length, 8 + 8 * index);
    offset += part.length;
  }
  return Buffer.concat([head, ...parts]);
}
