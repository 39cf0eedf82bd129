import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/** Made of a cookie that no other site can read or, with its prefix `__Host-`, set: whoever knows it has seen our page. */
export function formToken(seed: string): string {
  return createHash('sha256').update(`form ${seed}`).digest('base64url');
}

export function isFormToken(seed: string, given: string): boolean {
  const [right, told] = [Buffer.from(formToken(seed)), Buffer.from(given)];
  return right.length === told.length && timingSafeEqual(right, told);
}

/**
 * Whether a request that changes something comes from a page of this server. Every browser says so of a POST: by Origin, or
 * by Sec-Fetch-Site (Fetch Metadata) where Origin is kept back; one that says neither is refused. The scheme is not compared:
 * behind a front end that is not trusted it is not known.
 */
export function isFromHere(headers: IncomingHttpHeaders, publicUrl: string | null): boolean {
  const { origin, host } = headers;
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin') return false;
  if (origin === undefined || origin === 'null') return site === 'same-origin';
  if (!URL.canParse(origin)) return false;
  const told = new URL(origin);
  return told.host === host?.toLowerCase() || (publicUrl !== null && told.origin === new URL(publicUrl).origin);
}
