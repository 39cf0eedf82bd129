import type { DavContext } from './context.ts';
import { DavError } from './dav-error.ts';
import { locate } from './locate.ts';
import { pathOfHref } from './path.ts';
import type { Target } from './resource.ts';

/**
 * What the Destination header names (RFC 4918 §10.3).
 * @throws DavError 400 without one; 502 for another server (§9.9.4); 403 for other people's places; 409 for places without a parent.
 */
export async function locateDestination(context: DavContext): Promise<Target> {
  const header = context.koa.get('Destination').trim();
  if (header === '') throw new DavError(400, `${context.koa.method} needs a Destination header.`);
  if (!header.startsWith('/') && !/^https?:\/\//i.test(header)) {
    throw new DavError(400, `Destination: ${header} is neither a URL nor a path.`);
  }
  const path = pathOfHref(header, context.koa.host);
  if (path === null) throw new DavError(502, 'The destination is on another server, to which nothing is sent.');
  const destination = await locate(context, path);
  if (destination.kind === 'nowhere') throw new DavError(409, 'The collection of the destination does not exist.');
  return destination;
}

/** Where the destination is now, for Location: on the server as the client calls it, if it gave more than a path. */
export function locationOf(context: DavContext, destination: Pick<Target, 'href'>): string {
  const origin = /^\s*(https?:\/\/[^/?#]*)/i.exec(context.koa.get('Destination'))?.[1] ?? '';
  return origin + destination.href;
}
