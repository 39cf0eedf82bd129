import { errors, jwtVerify, SignJWT } from 'jose';
import type { AdminRole } from '../../domain/admin-role.ts';

/** How long an access token is good: long enough to work with, short enough to be lost. */
export const ACCESS_SECONDS = 15 * 60;

const ALGORITHM = 'HS256';
const ISSUER = 'causeway';
const AUDIENCE = 'causeway-admin';
/** RFC 9068 §2.1: the type keeps other tokens of the same key apart. */
const TYPE = 'at+jwt';

/** What an access token says. */
export interface AccessClaims {
  /** local@domain. */
  readonly address: string;
  readonly role: AdminRole | null;
  /** The sign-in that it belongs to. */
  readonly signInId: string;
  /** Names this token. */
  readonly tokenId: string;
  /** Seconds since 1970. */
  readonly issuedAt: number;
  readonly expiresAt: number;
}

/** Makes an access token: a JWT (RFC 7519) with `sub`, `scope`, `domain`, `sid`, `jti`. */
export function makeAccessToken(key: Uint8Array, claims: AccessClaims): Promise<string> {
  const { address, role, signInId, tokenId, issuedAt, expiresAt } = claims;
  const said = { scope: (role?.scopes ?? []).join(' '), domain: role?.domain ?? null, sid: signInId };
  return new SignJWT(said)
    .setProtectedHeader({ alg: ALGORITHM, typ: TYPE })
    .setIssuer(ISSUER)
    .setAudience(AUDIENCE)
    .setSubject(address)
    .setJti(tokenId)
    .setIssuedAt(issuedAt)
    .setExpirationTime(expiresAt)
    .sign(key);
}

/**
 * Whose token it is, and of which sign-in; null for one that is not ours or not good any more. What it says of scopes is
 * for who holds it: the directory is asked for what holds now.
 * @param now Milliseconds since 1970.
 */
export async function readAccessToken(
  key: Uint8Array,
  token: string,
  now: number,
): Promise<{ readonly address: string; readonly signInId: string } | null> {
  try {
    const { payload } = await jwtVerify(token, key, {
      algorithms: [ALGORITHM],
      issuer: ISSUER,
      audience: AUDIENCE,
      typ: TYPE,
      currentDate: new Date(now),
      requiredClaims: ['sub', 'sid', 'jti', 'exp', 'iat'],
    });
    const { sub, sid } = payload;
    return typeof sub === 'string' && typeof sid === 'string' ? { address: sub, signInId: sid } : null;
  } catch (error) {
    // Whatever anybody sends is no fault of ours, and no reason to say more than no.
    if (error instanceof errors.JOSEError) return null;
    throw error;
  }
}
