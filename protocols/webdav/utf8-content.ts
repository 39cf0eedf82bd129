import { isUtf8 } from 'node:buffer';
import { GatewayError } from '../../src/domain/errors.ts';

/**
 * The bytes of a PUT in UTF-8, in which everything is kept and given out. What is UTF-8 already is given back as the same
 * object, whatever was declared; other bytes are read by the declared charset (RFC 5545 §3.1.4, RFC 9110 §8.3.2), and
 * without one they stay as they are.
 * @throws GatewayError 'content-unsupported' for a charset that is not read, 'content-invalid' for bytes that are not in it
 */
export function inUtf8(bytes: Uint8Array, contentType: string): Uint8Array {
  const charset = /;\s*charset\s*=\s*"?([^\s;"]+)/i.exec(contentType)?.[1];
  // UTF-16 of plain letters would pass for UTF-8, were it not for its zeros.
  if (charset === undefined || isCalledUtf8(charset) || (isUtf8(bytes) && !bytes.includes(0))) return bytes;
  return Buffer.from(decode(bytes, charset, contentType), 'utf8');
}

/** What is called UTF-8 and is not, such as lines folded inside a character, is for the lenient reader of the format. */
function isCalledUtf8(charset: string): boolean {
  return /^(?:utf-?8|us-ascii)$/i.test(charset);
}

function decode(bytes: Uint8Array, charset: string, contentType: string): string {
  try {
    return new TextDecoder(charset, { fatal: true }).decode(bytes);
  } catch (error) {
    if (error instanceof RangeError) {
      throw new GatewayError('content-unsupported', { contentType }, `The charset ${charset} is not read; send UTF-8.`);
    }
    if (error instanceof TypeError) {
      const reason = `the bytes are not ${charset}`;
      throw new GatewayError('content-invalid', { reason }, `The content cannot be read: ${reason}.`);
    }
    throw error;
  }
}
