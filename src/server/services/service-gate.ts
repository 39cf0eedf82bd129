import type Koa from 'koa';
import type { ServiceName } from '../../config/service-settings.ts';
import { requestFacts } from '../request-facts.ts';
import type { ConnectionTable } from './connection-table.ts';
import type { RefusalLines } from './refusal-lines.ts';
import type { ServiceControl } from './service-control.ts';

/** Asked for each request before anybody is asked who he is: a service that is not offered takes no passwords. */
export interface ServiceGate {
  /** A request began. */
  begin(ctx: Koa.Context): void;
  /** Whether the request is to be answered by the service; where not, it is answered. */
  admits(ctx: Koa.Context, service: ServiceName): boolean;
}

const RETRY_SECONDS = 30;

export interface ServiceGateParts {
  readonly control: Pick<ServiceControl, 'termsOf'>;
  readonly connections: Pick<ConnectionTable, 'begin' | 'use'>;
  readonly refusals: RefusalLines;
}

export function createServiceGate({ control, connections, refusals }: ServiceGateParts): ServiceGate {
  return {
    begin: (ctx) => connections.begin(ctx),
    admits(ctx, service) {
      const { isRunning, maxConnections, serves } = control.termsOf(service);
      const { remoteAddress } = requestFacts(ctx);
      if (serves !== null && !serves(remoteAddress)) {
        refusals.notServed(service, remoteAddress);
        return refuse(ctx, 403, 'address-group', 'This service is not offered to your address.');
      }
      if (!isRunning) {
        // RFC 9110 §15.6.4: it says when to come again; without it some ask again at once, and again.
        ctx.set('Retry-After', String(RETRY_SECONDS));
        return refuse(ctx, 503, 'service-stopped', 'This service is stopped; ask your administrator.');
      }
      if (connections.use(ctx.req.socket, service, maxConnections)) return true;
      refusals.tooMany(service, remoteAddress);
      ctx.set('Retry-After', String(RETRY_SECONDS));
      // The connection is one too many, whatever it is used for next.
      ctx.set('Connection', 'close');
      return refuse(ctx, 503, 'connection-limit', 'Too many connections; try again later.');
    },
  };
}

function refuse(ctx: Koa.Context, status: number, reason: string, text: string): false {
  const fields = ctx.state.logFields as Record<string, unknown>;
  fields.refused = reason;
  ctx.status = status;
  ctx.type = 'text/plain; charset=utf-8';
  ctx.set('Cache-Control', 'no-store');
  ctx.body = `${text}\n`;
  return false;
}
