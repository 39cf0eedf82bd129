import { createTransferDecoder } from '../../../../src/formats/mime/transfer-decoder.ts';
import { isByteRun, type WbxElement } from '../../wbxml/element.ts';
import { chunksOf } from '../../wbxml/read-element.ts';

/** Enough to tell base64 from a message, whose header has a colon early on. */
const LOOKED_AT = 4_096;

/**
 * The message in a Mime element. It is OPAQUE; some programs send text in its place, plain or in base64, which for a long one
 * is only decoded here.
 * @throws WbxValueError 'structure'
 */
export function messageIn(mime: WbxElement): readonly Uint8Array[] {
  const chunks = chunksOf(mime);
  const isLongText = mime.children.some((content) => isByteRun(content) && content.form === 'string');
  if (!isLongText || !isBase64(chunks[0])) return chunks;
  const decoder = createTransferDecoder('base64');
  return [...chunks.map((chunk) => decoder.write(chunk)), decoder.end()];
}

function isBase64(chunk: Uint8Array | undefined): boolean {
  const text = Buffer.from(chunk?.subarray(0, LOOKED_AT) ?? []).toString('latin1');
  return /^[A-Za-z0-9+/\s]+={0,2}\s*$/.test(text);
}
