import { createCipheriv, createDecipheriv, createSecretKey } from 'node:crypto';
import type { RandomBytes } from '../domain/clock.ts';

/** Hides small texts where they are stored: whoever has the store without the key reads nothing. */
export interface TextSeal {
  /** @param about What the text belongs to; it is opened for that alone. */
  seal(text: string, about: readonly (string | number)[]): string;
  /** Null where it was sealed with another key or for something else, or was changed. */
  open(sealed: string, about: readonly (string | number)[]): string | null;
}

const CIPHER = 'aes-256-gcm';
/** NIST SP 800-38D §8.2.2: 96 random bits, good for 2^32 texts of one key. */
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** @param key 32 bytes. */
export function createTextSeal(key: Uint8Array, random: RandomBytes): TextSeal {
  const secret = createSecretKey(key);
  const associated = (about: readonly (string | number)[]) => Buffer.from(JSON.stringify(about));
  return {
    seal(text, about) {
      const nonce = random(NONCE_BYTES);
      const cipher = createCipheriv(CIPHER, secret, nonce, { authTagLength: TAG_BYTES }).setAAD(associated(about));
      const hidden = [cipher.update(text, 'utf8'), cipher.final()];
      return Buffer.concat([nonce, cipher.getAuthTag(), ...hidden]).toString('base64');
    },
    open(sealed, about) {
      const bytes = Buffer.from(sealed, 'base64');
      const hiddenAt = NONCE_BYTES + TAG_BYTES;
      if (bytes.length < hiddenAt) return null;
      const nonce = bytes.subarray(0, NONCE_BYTES);
      const cipher = createDecipheriv(CIPHER, secret, nonce, { authTagLength: TAG_BYTES })
        .setAAD(associated(about))
        .setAuthTag(bytes.subarray(NONCE_BYTES, hiddenAt));
      const text = cipher.update(bytes.subarray(hiddenAt));
      try {
        return Buffer.concat([text, cipher.final()]).toString('utf8');
      } catch {
        // The tag is not that of these bytes: node says so with an error that has no code of its own.
        return null;
      }
    },
  };
}
