/**
 * The part of DER (X.690 §8, §10) that writing one certificate needs. Each function gives the whole tag-length-value.
 */
export type Der = Buffer;

function wrap(tag: number, ...parts: readonly Uint8Array[]): Der {
  const body = Buffer.concat(parts);
  const size = body.length;
  // X.690 §10.1: lengths take the fewest octets.
  const octets = size < 128 ? [size] : size < 256 ? [0x81, size] : [0x82, size >> 8, size & 255];
  if (size > 0xffff) throw new TypeError(`DER value of ${size} bytes`);
  return Buffer.concat([Buffer.from([tag, ...octets]), body]);
}

export const sequence = (...parts: readonly Uint8Array[]): Der => wrap(0x30, ...parts);
export const set = (...parts: readonly Uint8Array[]): Der => wrap(0x31, ...parts);
export const octetString = (bytes: Uint8Array): Der => wrap(0x04, bytes);
export const utf8String = (text: string): Der => wrap(0x0c, Buffer.from(text, 'utf8'));
export const boolean = (value: boolean): Der => wrap(0x01, Buffer.from([value ? 0xff : 0]));
export const nothing = (): Der => wrap(0x05);

/** Context-specific tag: constructed (explicit, or a constructed implicit one) or primitive. */
export function tagged(number: number, kind: 'constructed' | 'primitive', bytes: Uint8Array): Der {
  return wrap((kind === 'constructed' ? 0xa0 : 0x80) | number, bytes);
}

/** A positive integer from big-endian bytes. */
export function integer(bytes: Uint8Array): Der {
  let start = 0;
  while (start < bytes.length - 1 && bytes[start] === 0) start++;
  const rest = bytes.subarray(start);
  // The top bit is the sign (X.690 §8.3).
  return wrap(0x02, (rest[0] ?? 0) > 127 ? Buffer.concat([Buffer.from([0]), rest]) : rest);
}

/** Bits, of which the last `unused` of the last octet do not count. */
export function bitString(bytes: Uint8Array, unused = 0): Der {
  return wrap(0x03, Buffer.from([unused]), bytes);
}

/** Object identifier from its dotted form (X.690 §8.19). */
export function objectId(dotted: string): Der {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  const octets: number[] = [];
  for (const arc of [first * 40 + second, ...rest]) {
    const seven = [arc & 127];
    for (let left = arc >>> 7; left > 0; left >>>= 7) seven.unshift((left & 127) | 128);
    octets.push(...seven);
  }
  return wrap(0x06, Buffer.from(octets));
}

/** RFC 5280 §4.1.2.5: UTCTime to 2049, GeneralizedTime after. @param at milliseconds since 1970 */
export function time(at: number): Der {
  const digits = new Date(at).toISOString().replace(/[-:T]|\.\d+/g, '');
  return Number(digits.slice(0, 4)) < 2050 ? wrap(0x17, Buffer.from(digits.slice(2))) : wrap(0x18, Buffer.from(digits));
}
