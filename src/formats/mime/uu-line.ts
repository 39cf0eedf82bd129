/** Longest data line: a length and 84 characters; what is longer is none. */
export const MAX_UU_LINE = 128;

/** Whether the line (without its end) begins a uuencoded file: `begin`, a mode in octal, a name (POSIX uuencode). */
export function isUuBegin(line: string): boolean {
  return /^begin [0-7]{3,4} /.test(line);
}

export function isUuEnd(line: string): boolean {
  return /^end\s*$/.test(line);
}

/** Bytes of one data line. Never fails: whatever stands there is read as digits of base 64. */
export function decodeUuLine(line: Uint8Array): Uint8Array {
  const length = uuLineLength(line);
  const bytes = new Uint8Array(length);
  // Trailing blanks are lost on the way sometimes: a missing character counts as zero bits.
  const bits = (at: number): number => ((line[at] ?? 32) - 32) & 63;
  for (let at = 0; at < length; at += 3) {
    const from = 1 + (at / 3) * 4;
    const group = (bits(from) << 18) | (bits(from + 1) << 12) | (bits(from + 2) << 6) | bits(from + 3);
    // Writes beyond the end of a typed array are ignored, which cuts the last group.
    bytes[at] = group >> 16;
    bytes[at + 1] = (group >> 8) & 255;
    bytes[at + 2] = group & 255;
  }
  return bytes;
}

/** How many bytes a data line holds, by its first character; an empty line holds none. */
export function uuLineLength(line: Uint8Array): number {
  return line.length === 0 ? 0 : (line[0]! - 32) & 63;
}

/**
 * Whether the line can be one of data: only characters of the alphabet, and as many as its length says; blanks at its
 * end may be lost, a checksum of one or two characters may follow. Prose has lower case, which the alphabet has not.
 */
export function isUuLine(line: Uint8Array): boolean {
  if (line.length > MAX_UU_LINE) return false;
  for (const byte of line) if (byte < 32 || byte > 96) return false;
  const groups = Math.ceil(uuLineLength(line) / 3);
  return line.length <= 1 + groups * 4 + 2;
}
