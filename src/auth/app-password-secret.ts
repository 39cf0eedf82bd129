import { createHash } from 'node:crypto';
import type { RandomBytes } from '../domain/clock.ts';
import { GROUP_LETTERS, generatePassword, LETTERS } from './generate-password.ts';

/** One group more than an account's own generated password, so that neither is taken for the other. */
const GROUPS = 5;

/** Bits of an app password: 20 letters out of 23. */
export const APP_PASSWORD_BITS = GROUPS * GROUP_LETTERS * Math.log2(LETTERS.length);

const SHAPE = new RegExp(`^[${LETTERS}]{${GROUPS * GROUP_LETTERS}}$`);

/** A new app password such as `kmtr-wyzb-hqna-ddpx-gwhe`, 90 bits. */
export function makeAppPassword(random: RandomBytes): string {
  return generatePassword(random, GROUPS);
}

/**
 * What an app password is found by in its mailbox; null for what cannot be one. People type it from paper: spaces, dashes of any
 * kind (phones put in their own) and capitals do not count. SHA-256 without salt or cost: at 90 random bits nobody tries them out,
 * and nobody learns a letter from how long a look into the index takes (docs/decisions/0019-app-passwords.md).
 */
export function appPasswordDigest(password: string): string | null {
  const letters = password.toLowerCase().replace(/[\s\p{Pd}]/gu, '');
  if (!SHAPE.test(letters)) return null;
  return createHash('sha256').update(`causeway app password\n${letters}`).digest('base64url');
}
