import type Koa from 'koa';
import type { Principal } from '../../src/domain/principal.ts';
import type { ItemServices } from '../../src/items/services.ts';
import type { Log } from '../../src/observe/log.ts';
import type { DirectoryStore } from '../../src/store/directory-store.ts';
import { allowedMethods } from './allow.ts';
import { DavContext, type DavEnvironment } from './context.ts';
import { DavError } from './dav-error.ts';
import { locate } from './locate.ts';
import { deleteResource } from './methods/delete.ts';
import { get } from './methods/get.ts';
import { mkcol } from './methods/mkcol.ts';
import { options } from './methods/options.ts';
import { propfind } from './methods/propfind.ts';
import { proppatch } from './methods/proppatch.ts';
import { put } from './methods/put.ts';
import { report } from './methods/report.ts';
import { copy, move } from './methods/transfer.ts';
import { ownAliasOf } from './own-alias.ts';
import { WEBDAV_PLUGIN } from './plugin.ts';
import { type DavPlugin, DavRegistry } from './registry.ts';
import { isResource, type Target } from './resource.ts';
import { errorBody, refusalOf } from './status.ts';
import { SyncTokens } from './sync-token.ts';
import { ClientGone } from './xml/multistatus.ts';

export interface WebdavOptions {
  readonly services: ItemServices;
  readonly directory: DirectoryStore;
  readonly freeBytes: () => Promise<number>;
  readonly onCollection?: NonNullable<DavEnvironment['onCollection']>;
  readonly log: Log;
  /** Tells this store from every other, for sync tokens. */
  readonly storeId: string;
  /** CalDAV, CardDAV; the core adds its own. */
  readonly plugins: readonly DavPlugin[];
}

export interface WebdavHandler {
  /** Whether `handle` answers this path (undecoded, without query). */
  handles(path: string): boolean;
  /** Where a well-known or guessed path leads, else null (RFC 6764 §5). Own places are known after sign-in only. */
  redirectFor(path: string, principal: Principal | null): string | null;
  /** Answers one request of a signed-in principal. Never throws. */
  handle(koa: Koa.Context, principal: Principal): Promise<void>;
}

const METHODS: ReadonlyMap<string, (context: DavContext, target: Target) => Promise<void>> = new Map([
  ['OPTIONS', options],
  ['PROPFIND', propfind],
  ['PROPPATCH', proppatch],
  ['GET', get],
  ['HEAD', get],
  ['PUT', put],
  ['DELETE', deleteResource],
  ['MKCOL', mkcol],
  ['COPY', copy],
  ['MOVE', move],
  ['REPORT', report],
]);

/** `*` is the server as such, for OPTIONS (RFC 9110 §9.3.7). Slashes double where people join addresses by hand. */
const SERVED = /^(?:\*$|\/+$|\/+(?:principals|calendars|addressbooks)(?:\/|$))/;
/** RFC 6764 §5, the names people type, and the path of Apple's own server, which macOS tries. */
const LEADS_TO_ROOT = /^\/(?:\.well-known\/(?:caldav|carddav)|caldav|carddav|calendar\/dav(?:\/.*)?)\/?$/;

/** Builds the DAV face of the store. @throws TypeError when plugins contradict each other. */
export function createWebdavHandler(webdavOptions: WebdavOptions): WebdavHandler {
  const registry = new DavRegistry([WEBDAV_PLUGIN, ...webdavOptions.plugins]);
  const environment: DavEnvironment = { ...webdavOptions, registry, syncTokens: new SyncTokens(webdavOptions.storeId) };
  return {
    handles: (path) => SERVED.test(path),
    redirectFor: (path, principal) => {
      if (LEADS_TO_ROOT.test(path)) return '/';
      return principal === null ? null : ownAliasOf(principal, path);
    },
    handle: async (koa, principal) => {
      const context = new DavContext(koa, principal, environment);
      try {
        await dispatch(context);
      } catch (error) {
        answerError(context, error);
      }
    },
  };
}

async function dispatch(context: DavContext): Promise<void> {
  const { koa, registry } = context;
  context.logFields.method = koa.method;
  const run = METHODS.get(koa.method) ?? registry.methods.get(koa.method)?.run;
  const path = koa.method === 'OPTIONS' && koa.path === '*' ? '/' : koa.path;
  const target = await locate(context, path);
  context.errorPlace = errorPlaceOf(target);
  const allowed = allowedMethods(registry, target);
  // What does not exist is answered by the method itself: 404, 409 or by creating it.
  if (run === undefined || (isResource(target) && !allowed.includes(koa.method) && !saysWhyNot(koa.method))) {
    throw new DavError(405, `${koa.method} is not possible here.`, { headers: { Allow: allowed.join(', ') } });
  }
  await run(context, target);
}

/** Methods that say themselves why they refuse: what exists is in the way of a creation, or may not be deleted. */
function saysWhyNot(method: string): boolean {
  return method === 'MKCOL' || method === 'MKCALENDAR' || method === 'DELETE';
}

function errorPlaceOf(target: Target): DavContext['errorPlace'] {
  if (!('home' in target)) return null;
  return { home: target.home, collectionHref: target.href.slice(0, target.href.lastIndexOf('/') + 1) };
}

function answerError(context: DavContext, error: unknown): void {
  const { koa } = context;
  const { log } = context.environment;
  const isUploadBroken = koa.req.destroyed && !koa.req.complete;
  if (error instanceof ClientGone || isUploadBroken) {
    koa.respond = false;
    context.logFields.aborted = true;
    return;
  }
  const requestId = (koa.state as { requestId?: unknown }).requestId;
  const refusal = refusalOf(error, context.errorScope());
  if (refusal === null) {
    log.error({ requestId, method: koa.method, path: koa.path, error }, 'A DAV request failed because of a bug');
  }
  // The operator learns from the request's line that the disk is full or the store busy.
  if (refusal !== null && refusal.status >= 500) context.logFields.refused = refusal.message;
  if (koa.respond === false || koa.headerSent) {
    // The answer has begun: cutting it off is the only way to tell the client that it is not whole.
    context.logFields.cut = true;
    koa.res.destroy();
    return;
  }
  koa.status = refusal?.status ?? 500;
  for (const [name, value] of Object.entries(refusal?.headers ?? {})) {
    koa.set(name, value);
  }
  if (koa.status === 405 && koa.response.get('Allow') === '') {
    koa.set('Allow', 'OPTIONS');
  }
  if (!koa.req.complete) {
    koa.set('Connection', 'close'); // the rest of a refused body is not read
  }
  koa.remove('ETag');
  koa.remove('Preference-Applied');
  koa.set('Content-Type', 'application/xml; charset=utf-8');
  koa.body = errorBody(
    refusal?.condition ?? null,
    refusal?.message ?? `Something failed inside; request ${requestId}.`,
  );
}
