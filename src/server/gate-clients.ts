import type Koa from 'koa';
import type { DeviceGate } from '../devices/device-gate.ts';
import { webClient } from '../devices/web-client.ts';
import { GatewayError } from '../domain/errors.ts';
import type { Principal } from '../domain/principal.ts';
import type { Log } from '../observe/log.ts';
import type { ProtocolHandler } from './protocol-handler.ts';
import { requestFacts } from './request-facts.ts';

/** The same protocol, whose clients, which name no device, are registered and asked in by the access rules first. */
export function gateClients(handler: ProtocolHandler, gate: DeviceGate, log: Log): ProtocolHandler {
  return {
    ...handler,
    async handle(ctx, principal) {
      if (await isAdmitted(ctx, principal, { name: handler.name, gate, log })) await handler.handle(ctx, principal);
    },
  };
}

async function isAdmitted(
  ctx: Koa.Context,
  principal: Principal,
  { name, gate, log }: { name: string; gate: DeviceGate; log: Log },
): Promise<boolean> {
  const client = webClient(name, ctx.get('User-Agent'), requestFacts(ctx).remoteAddress);
  const fields = ctx.state.logFields as Record<string, unknown>;
  fields.device = client.shownId;
  try {
    const { refusal } = await gate.admit(principal, client);
    if (refusal === null) return true;
    fields.refused = refusal.reason;
    ctx.status = 403;
    ctx.type = 'text/plain; charset=utf-8';
    ctx.set('Cache-Control', 'no-store');
    ctx.body = `${refusal.message}\n`;
    return false;
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    // Unlike a refusal, which needs no write once it stands, this is only a date that could not be kept: a full disk still
    // lets people read.
    if (error.code !== 'storage-full') throw error;
    log.warn({ device: client.shownId, error }, 'a client could not be registered');
    return true;
  }
}
