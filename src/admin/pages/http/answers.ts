import { Readable } from 'node:stream';
import type Koa from 'koa';
import type { ErrorCode, GatewayError } from '../../../domain/errors.ts';
import type { Html } from '../html.ts';
import type { FileView } from '../page.ts';

/**
 * Of every answer. Nothing but our own files runs or shows; `no-referrer`, which the server says elsewhere, would make browsers
 * send forms with `Origin: null` (Fetch §3.2), so here it is `same-origin`.
 */
export const PAGE_HEADERS: Readonly<Record<string, string>> = {
  'Content-Security-Policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; " +
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
  'Referrer-Policy': 'same-origin',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Cache-Control': 'no-store',
};

export function answerHtml(ctx: Koa.Context, status: number, content: Html): void {
  ctx.status = status;
  ctx.type = 'text/html; charset=utf-8';
  ctx.body = content.text;
}

/** 303: the next request is a GET, whatever this one was (RFC 9110 §15.4.4). `path` is one of our own. */
export function answerRedirect(ctx: Koa.Context, path: string): void {
  ctx.body = '';
  ctx.status = 303;
  ctx.set('Location', path);
}

export function answerFile(ctx: Koa.Context, { name, type, content }: FileView): void {
  ctx.status = 200;
  ctx.type = type;
  // Only plain characters stand in a quoted file name everywhere (RFC 6266 §4.3).
  ctx.set('Content-Disposition', `attachment; filename="${name.replace(/[^\w.@+-]/g, '_')}"`);
  // A file may hold what clients sent: opened from here it is nothing but shown.
  ctx.set('Content-Security-Policy', "default-src 'none'; style-src 'unsafe-inline'; sandbox");
  if (typeof content === 'string') ctx.body = content;
  else ctx.body = content instanceof Uint8Array ? Buffer.from(content) : Readable.from(content);
}

const STATUS: Partial<Record<ErrorCode, number>> = {
  'access-denied': 403,
  'folder-not-found': 404,
  'item-not-found': 404,
  'name-taken': 409,
  protected: 409,
  'revision-mismatch': 409,
  'wipe-refused': 409,
  'store-unavailable': 503,
  'storage-full': 507,
};

/** What else people ask for and cannot have is wrong input. */
export function statusOf(error: GatewayError): number {
  return STATUS[error.code] ?? 400;
}
