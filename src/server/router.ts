import type Koa from 'koa';
import type { Authenticator } from '../auth/authenticator.ts';
import { addressOf } from '../domain/address.ts';
import type { Principal } from '../domain/principal.ts';
import { actingFor } from '../observe/acting.ts';
import { signIn, type WipeOnly } from './authenticate.ts';
import type { MetricsRoute } from './metrics-route.ts';
import { welcomePage } from './pages.ts';
import type { ProtocolHandler, Site } from './protocol-handler.ts';
import { requestFacts } from './request-facts.ts';
import type { ServiceGate } from './services/service-gate.ts';

export interface RouterParts {
  readonly authenticator: Pick<Authenticator, 'authenticate'>;
  readonly handlers: readonly ProtocolHandler[];
  /** What signs people in by itself. */
  readonly sites?: readonly Site[];
  /** Asked before anybody signs in; absent: every service serves everybody. */
  readonly gate?: ServiceGate;
  /** Answers `/metrics`, where something is measured. */
  readonly metricsRoute?: MetricsRoute;
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
  ctx.body = welcomePage(addressOf(principal), origin);
}

function redirectFor(handlers: readonly ProtocolHandler[], path: string, principal: Principal | null): string | null {
  for (const handler of handlers) {
    const target = handler.redirectFor?.(path, principal) ?? null;
    if (target !== null) return target;
  }
  return null;
}

/**
 * Any method but POST keeps its own on the way (RFC 9110 §15.4.2), but with 301 some programs (python-requests) leave the
 * body behind, and then ask for everything but what they wanted. With 307 none does; old programs do not know 308.
 */
function hasBody(ctx: Koa.Context): boolean {
  return Number(ctx.get('Content-Length')) > 0 || ctx.get('Transfer-Encoding') !== '';
}

function redirect(ctx: Koa.Context, target: string, status: 301 | 307): void {
  ctx.body = '';
  ctx.status = status;
  ctx.set('Location', target);
}

/** Whoever may come for a wipe alone is asked for a password at every other door. */
async function answerWipe(
  ctx: Koa.Context,
  handler: ProtocolHandler | undefined,
  { principal, devices }: WipeOnly,
): Promise<boolean> {
  if (handler?.handleWipe === undefined) return false;
  const facts = requestFacts(ctx);
  facts.protocol = handler.name;
  if (ctx.get('Expect').toLowerCase() === '100-continue') ctx.res.writeContinue();
  const user = addressOf(principal);
  const acting = { protocol: handler.name, user, address: facts.remoteAddress };
  return actingFor(acting, async () => (await handler.handleWipe?.(ctx, principal, devices)) ?? false);
}

/**
 * Last middleware: finds who answers a path. Everything but `/healthz`, `/metrics` and the sites (which ask themselves) and the well-known addresses needs a sign-in:
 * those say nothing but where to sign in, and programs that only look for a server follow them first (RFC 6764 §5).
 */
export function router(parts: RouterParts): Koa.Middleware {
  return async (ctx) => {
    const { path } = ctx;
    if (path === '/healthz' && (ctx.method === 'GET' || ctx.method === 'HEAD'))
      return answerHealth(ctx, parts.health());
    if (path === '/metrics' && parts.metricsRoute) return parts.metricsRoute(ctx, parts.authenticator);
    const site = parts.sites?.find((candidate) => candidate.handles(path));
    if (site !== undefined) {
      requestFacts(ctx).protocol = site.name;
      if (parts.gate?.admits(ctx, 'admin') === false) return;
      if (ctx.get('Expect').toLowerCase() === '100-continue') ctx.res.writeContinue();
      return site.handle(ctx);
    }
    const wayIn = path.startsWith('/.well-known/') ? redirectFor(parts.handlers, path, null) : null;
    // 301 is the answer that programs made for RFC 6764 §5 know best, whatever they send.
    if (wayIn !== null) return redirect(ctx, wayIn, 301);
    const handler = parts.handlers.find((candidate) => candidate.handles(path));
    // The page at the root belongs to no protocol.
    const service = path === '/' && isBrowser(ctx) ? null : (handler?.service ?? null);
    if (service !== null && parts.gate?.admits(ctx, service) === false) return;
    const principal = await signIn(ctx, parts.authenticator, (who) => answerWipe(ctx, handler, who));
    if (!principal) return;
    const target = redirectFor(parts.handlers, path, principal);
    if (target !== null) return redirect(ctx, target, hasBody(ctx) ? 307 : 301);
    if (ctx.get('Expect').toLowerCase() === '100-continue') ctx.res.writeContinue();
    if (path === '/' && isBrowser(ctx)) return answerBrowser(ctx, principal, parts.publicUrl);
    if (!handler) {
      ctx.status = 404;
      ctx.type = 'text/plain; charset=utf-8';
      ctx.body = 'There is nothing at this address.\n';
      return;
    }
    const facts = requestFacts(ctx);
    facts.protocol = handler.name;
    const acting = {
      protocol: handler.name,
      user: addressOf(principal),
      address: facts.remoteAddress,
    };
    await actingFor(acting, () => handler.handle(ctx, principal));
  };
}
