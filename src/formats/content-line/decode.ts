import { isUtf8 } from 'node:buffer';

/** windows-1252 for 0x80–0x9F; the five unassigned bytes stay C1 controls, so that decoding is never lossy. */
const WINDOWS_1252 =
  '\u20ac\x81\u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u0160\u2039\u0152\x8d\u017d\x8f' +
  '\x90\u2018\u2019\u201c\u201d\u2022\u2013\u2014\u02dc\u2122\u0161\u203a\u0153\x9d\u017e\u0178';

const NOT_ASCII = /[\x80-\xff]/;

/** Bytes as a string with one character per byte. */
export function bytesToLatin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}

/**
 * Text of an unfolded line (one character per byte): UTF-8 (RFC 5545 §3.1.4), else windows-1252, which is what programs
 * that ignore the rule write. Must run after unfolding: old programs fold inside a UTF-8 sequence.
 */
export function decodeLatin1(content: string): string {
  if (!NOT_ASCII.test(content)) return content;
  const bytes = Buffer.from(content, 'latin1');
  if (isUtf8(bytes)) return bytes.toString('utf8');
  return content.replace(/[\x80-\x9f]/g, (char) => WINDOWS_1252.charAt(char.charCodeAt(0) - 0x80));
}
