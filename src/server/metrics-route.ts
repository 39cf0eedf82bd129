import { BlockList, isIP } from 'node:net';
import type Koa from 'koa';
import type { Authenticator } from '../auth/authenticator.ts';
import { addRange } from '../config/settings-schema.ts';
import { EXPOSITION_TYPE } from '../observe/metrics/exposition.ts';
import { signIn } from './authenticate.ts';
import type { GatewayMeasures } from './gateway-measures.ts';
import { requestFacts } from './request-facts.ts';

export interface MetricsRouteParts {
  readonly measures: Pick<GatewayMeasures, 'exposition'>;
  /** Addresses and ranges that need no sign-in. */
  readonly allow: readonly string[];
  readonly trustedProxies: readonly string[];
}

export type MetricsRoute = (ctx: Koa.Context, authenticator: Pick<Authenticator, 'authenticate'>) => Promise<void>;

function listOf(ranges: readonly string[]): (address: string) => boolean {
  const list = new BlockList();
  for (const range of ranges) addRange(list, range);
  return (address) => isIP(address) !== 0 && list.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
}

/** `/metrics`: for the addresses allowed, and for administrators. */
export function createMetricsRoute({ measures, allow, trustedProxies }: MetricsRouteParts): MetricsRoute {
  const isAllowed = listOf(allow);
  const isProxy = listOf(trustedProxies);
  return async (ctx, authenticator) => {
    if (ctx.method !== 'GET' && ctx.method !== 'HEAD') {
      ctx.status = 405;
      ctx.set('Allow', 'GET, HEAD');
      return;
    }
    if (!(isAllowed(requestFacts(ctx).remoteAddress) && !isHidden(ctx, isProxy))) {
      const principal = await signIn(ctx, authenticator);
      if (principal === null) return;
      if (!principal.isAdmin) {
        ctx.status = 403;
        ctx.type = 'text/plain; charset=utf-8';
        ctx.body = 'Only administrators may read this.\n';
        return;
      }
    }
    requestFacts(ctx).protocol = 'metrics';
    ctx.set('Cache-Control', 'no-store');
    ctx.body = measures.exposition();
    ctx.set('Content-Type', EXPOSITION_TYPE);
  };
}

/** A front end on this machine that nobody named speaks for anybody: its own address then says nothing. */
function isHidden(ctx: Koa.Context, isProxy: (address: string) => boolean): boolean {
  const forwards = ['X-Forwarded-For', 'Forwarded', 'Via'].some((name) => ctx.get(name) !== '');
  const peer = (ctx.req.socket.remoteAddress ?? '').replace(/^::ffff:(?=\d+\.)/i, '');
  return forwards && !isProxy(peer);
}
