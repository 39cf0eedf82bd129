import { WbxmlDecoder } from './decoder.ts';
import type { WbxElement } from './element.ts';
import { DEFAULT_WBXML_LIMITS, type WbxmlLimits } from './limits.ts';

/**
 * Reads a document (MS-ASWBXML on WBXML 1.3). Values longer than 64 KiB share memory with the input.
 * @throws WbxmlError for anything that is not one, 'truncated' for no bytes at all
 */
export function decodeWbxml(
  input: Uint8Array | Iterable<Uint8Array>,
  limits: WbxmlLimits = DEFAULT_WBXML_LIMITS,
): WbxElement {
  const decoder = new WbxmlDecoder(limits);
  for (const chunk of input instanceof Uint8Array ? [input] : input) decoder.write(chunk);
  return decoder.end();
}

/**
 * Reads a document as it arrives; null when the body is empty, which several commands allow (MS-ASCMD: Sync, Ping).
 * Chunks of 16 KiB and more are kept, not copied: the source must not use their memory again.
 * @throws WbxmlError; what the source throws
 */
export async function readWbxml(
  body: AsyncIterable<Uint8Array>,
  limits: WbxmlLimits = DEFAULT_WBXML_LIMITS,
): Promise<WbxElement | null> {
  const decoder = new WbxmlDecoder(limits);
  for await (const chunk of body) decoder.write(chunk);
  return decoder.byteLength === 0 ? null : decoder.end();
}
