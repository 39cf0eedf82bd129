import type { RandomBytes } from '../../../src/domain/clock.ts';

/** A fresh policy key: 32 bits, never 0, which stands for none, and none of `others`. */
export function freshPolicyKey(random: RandomBytes, ...others: readonly (number | null)[]): number {
  for (;;) {
    const key = Buffer.from(random(4)).readUInt32LE();
    if (key !== 0 && !others.includes(key)) return key;
  }
}
