import type { RandomBytes } from '../domain/clock.ts';

/** A UID for an object that came without one: a random UUID (RFC 9562 §5.4), as RFC 7986 §5.3 wants it. */
export function newUid(random: RandomBytes): string {
  const bytes = Uint8Array.from(random(16));
  bytes[6] = (bytes[6]! & 0x0f) | 0x40;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = Buffer.from(bytes).toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
