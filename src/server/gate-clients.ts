import type Koa from 'koa';
import type { DeviceGate } from '../devices/device-gate.ts';
import { webClient } from '../devices/web-client.ts';
import type { Principal } from '../domain/principal.ts';
import type { ProtocolHandler } from './protocol-handler.ts';
import { requestFacts } from './request-facts.ts';

/** The same protocol, whose clients, which name no device, are registered and asked in by the access rules first. */
export function gateClients(handler: ProtocolHandler, gate: DeviceGate): ProtocolHandler {
  return {
    ...handler,
    async handle(ctx, principal) {
      if (await isAdmitted(ctx, principal, { name: handler.name, gate })) await handler.handle(ctx, principal);
    },
  };
}

async function isAdmitted(
  ctx: Koa.Context,
  principal: Principal,
  { name, gate }: { name: string; gate: DeviceGate },
): Promise<boolean> {
  const { remoteAddress } = requestFacts(ctx);
  const client = webClient(name, ctx.get('User-Agent'), remoteAddress, principal.credential);
  const fields = ctx.state.logFields as Record<string, unknown>;
  fields.device = client.shownId;
  const { refusal } = await gate.admit(principal, client);
  if (refusal === null) return true;
  fields.refused = refusal.reason;
  ctx.status = 403;
  ctx.type = 'text/plain; charset=utf-8';
  ctx.set('Cache-Control', 'no-store');
  ctx.body = `${refusal.message}\n`;
  return false;
}
