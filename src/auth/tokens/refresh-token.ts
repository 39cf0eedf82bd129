import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

const ID_BYTES = 16;
const SECRET_BYTES = 32;
const TAG_BYTES = 16;
const ALL_BYTES = ID_BYTES + SECRET_BYTES + TAG_BYTES;
const FORM = /^[A-Za-z0-9_-]{86}$/;

/** A refresh token taken apart. */
export interface RefreshToken {
  /** The sign-in it belongs to, hexadecimal. */
  readonly signInId: string;
  readonly secret: Uint8Array;
}

/** The sign-in's id, a secret, and a tag by which junk is told from an old token without asking the store. */
export function formatRefreshToken(key: Uint8Array, { signInId, secret }: RefreshToken): string {
  const told = Buffer.concat([Buffer.from(signInId, 'hex'), secret]);
  return Buffer.concat([told, tagOf(key, told)]).toString('base64url');
}

/** Null for what this server never made. */
export function readRefreshToken(key: Uint8Array, text: string): RefreshToken | null {
  if (!FORM.test(text)) return null;
  const bytes = Buffer.from(text, 'base64url');
  if (bytes.length !== ALL_BYTES) return null;
  const told = bytes.subarray(0, ID_BYTES + SECRET_BYTES);
  if (!timingSafeEqual(bytes.subarray(told.length), tagOf(key, told))) return null;
  return { signInId: told.subarray(0, ID_BYTES).toString('hex'), secret: told.subarray(ID_BYTES) };
}

/**
 * The token that follows this one. Always the same, so that whoever lost the answer to a renewal, or asks twice at once,
 * gets the same answer again.
 */
export function nextRefreshToken(key: Uint8Array, { signInId, secret }: RefreshToken): RefreshToken {
  return { signInId, secret: createHmac('sha256', key).update('next\0').update(secret).digest() };
}

/** What the store keeps of it. */
export function hashOf({ secret }: RefreshToken): string {
  return createHash('sha256').update(secret).digest('hex');
}

/** A new sign-in's first token. @param bytes Random, `FRESH_BYTES` long. */
export function freshRefreshToken(bytes: Uint8Array): RefreshToken {
  const all = Buffer.from(bytes);
  return { signInId: all.subarray(0, ID_BYTES).toString('hex'), secret: all.subarray(ID_BYTES) };
}

export const FRESH_BYTES = ID_BYTES + SECRET_BYTES;

function tagOf(key: Uint8Array, told: Uint8Array): Buffer {
  return createHmac('sha256', key).update('tag\0').update(told).digest().subarray(0, TAG_BYTES);
}
