import type Koa from 'koa';
import type { Authenticator } from '../auth/authenticator.ts';
import type { Principal } from '../domain/principal.ts';
import { signIn } from './authenticate.ts';
import { welcomePage } from './pages.ts';
import type { ProtocolHandler } from './protocol-handler.ts';
import { requestFacts } from './request-facts.ts';

/** Addresses people and programs try first, sent to where discovery begins (RFC 6764 §5; `/caldav` is the old product's). */
const REDIRECTS: ReadonlyMap<string, string> = new Map(
  ['/.well-known/caldav', '/.well-known/carddav', '/caldav', '/carddav'].map((path) => [path, '/']),
);

export interface RouterParts {
  readonly authenticator: Pick<Authenticator, 'authenticate'>;
  readonly handlers: readonly ProtocolHandler[];
  readonly health: () => 'ready' | 'starting' | 'draining';
  /** The address people use, where it is set. */
  readonly publicUrl: string | null;
}

function answerHealth(ctx: Koa.Context, health: string): void {
  ctx.status = health === 'ready' ? 200 : 503;
  ctx.type = 'text/plain; charset=utf-8';
  ctx.set('Cache-Control', 'no-store');
  ctx.body = `${health}\n`;
}

function isBrowser(ctx: Koa.Context): boolean {
  return (ctx.method === 'GET' || ctx.method === 'HEAD') && ctx.get('Accept').includes('text/html');
}

function answerBrowser(ctx: Koa.Context, principal: Principal, publicUrl: string | null): void {
  const origin = publicUrl ?? `${requestFacts(ctx).isSecure ? 'https' : 'http'}://${ctx.get('Host')}`;
  ctx.status = 200;
  ctx.type = 'text/html; charset=utf-8';
  ctx.set('Cache-Control', 'no-store');
  ctx.body = welcomePage(`${principal.localPart}@${principal.domain}`, origin);
}

/** Last middleware: finds who answers a path. Everything but `/healthz` needs a sign-in. */
export function router(parts: RouterParts): Koa.Middleware {
  return async (ctx) => {
    const { path } = ctx;
    if (path === '/healthz' && (ctx.method === 'GET' || ctx.method === 'HEAD'))
      return answerHealth(ctx, parts.health());
    const principal = await signIn(ctx, parts.authenticator);
    if (!principal) return;
    if (ctx.get('Expect').toLowerCase() === '100-continue') ctx.res.writeContinue();
    const target = REDIRECTS.get(path.length > 1 ? path.replace(/\/$/, '') : path);
    if (target) {
      // 301: for a permanent move of any method but POST (RFC 9110 §15.4.2); old programs do not know 308.
      ctx.body = '';
      ctx.status = 301;
      ctx.set('Location', target);
      return;
    }
    if (path === '/' && isBrowser(ctx)) return answerBrowser(ctx, principal, parts.publicUrl);
    const handler = parts.handlers.find((candidate) => candidate.handles(path));
    if (!handler) {
      ctx.status = 404;
      ctx.type = 'text/plain; charset=utf-8';
      ctx.body = 'There is nothing at this address.\n';
      return;
    }
    requestFacts(ctx).protocol = handler.name;
    await handler.handle(ctx, principal);
  };
}
