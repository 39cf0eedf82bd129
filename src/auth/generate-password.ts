import type { RandomBytes } from '../domain/clock.ts';

/** Lower-case letters that no typeface confuses (no i, l, o): nothing needs shift or the digits page of a phone. */
export const LETTERS = 'abcdefghjkmnpqrstuvwxyz';
const GROUPS = 4;
export const GROUP_LETTERS = 4;

/** Bits of a generated password: 16 letters out of 23. */
export const GENERATED_BITS = GROUPS * GROUP_LETTERS * Math.log2(LETTERS.length);

/** A password such as `kmtr-wyzb-hqna-ddpx`, 72 bits; each group more or less is 18 bits. */
export function generatePassword(random: RandomBytes, count = GROUPS): string {
  const groups: string[] = [];
  for (let group = 0; group < count; group += 1) {
    let letters = '';
    while (letters.length < GROUP_LETTERS) letters += letter(random);
    groups.push(letters);
  }
  return groups.join('-');
}

/** One letter, or '' when the byte would make some letters likelier than others. */
function letter(random: RandomBytes): string {
  const byte = random(1)[0]!;
  const fair = Math.floor(256 / LETTERS.length) * LETTERS.length;
  return byte < fair ? LETTERS[byte % LETTERS.length]! : '';
}
