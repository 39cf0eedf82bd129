import type Koa from 'koa';
import type { Admission, DeviceGate } from '../devices/device-gate.ts';
import { webClient } from '../devices/web-client.ts';
import { wipeUnderWay } from '../devices/wipe.ts';
import type { Wipes } from '../devices/wipes.ts';
import { addressOf } from '../domain/address.ts';
import { isGatewayError } from '../domain/errors.ts';
import type { Principal } from '../domain/principal.ts';
import type { Drain } from '../items/drained/explanation.ts';
import type { Log } from '../observe/log.ts';
import type { ProtocolHandler } from './protocol-handler.ts';
import { requestFacts } from './request-facts.ts';

/** What clients that name no device pass. */
export interface ClientGate {
  readonly gate: DeviceGate;
  readonly wipes: Wipes;
  readonly log: Log;
  /** Notes which folders a client has read: those are emptied when it is wiped. */
  readonly noteFolders: (principal: Principal, device: string, folders: ReadonlySet<number>) => Promise<void>;
  /** The same protocol over the mailbox as it is shown to a client that is wiped. */
  readonly drained: (drain: Drain, onEmptied: (folderId: number) => void) => Pick<ProtocolHandler, 'handle'>;
}

/** The key in `ctx.state` of a set, into which a protocol puts the folders whose items it read. */
const FOLDERS_READ = 'foldersRead';

/** The same protocol, whose clients, which name no device, are registered and asked in by the access rules first. */
export function gateClients(handler: ProtocolHandler, parts: ClientGate): ProtocolHandler {
  const { name } = handler;
  return {
    ...handler,
    async handle(ctx, principal) {
      const client = clientOf(ctx, name, principal);
      const { device, refusal } = await parts.gate.admit(principal, client);
      if (refusal === null) {
        const read = new Set<number>();
        ctx.state[FOLDERS_READ] = read;
        await handler.handle(ctx, principal);
        await note(principal, device.id, read, parts);
      } else if (refusal.reason === 'wipe-under-way') await drain(ctx, principal, device, parts);
      else refuse(ctx, refusal);
    },
    async handleWipe(ctx, principal, devices) {
      const device = await parts.gate.admitToWipe(principal, clientOf(ctx, name, principal), devices);
      if (device === null) return false;
      await drain(ctx, principal, device, parts);
      return true;
    },
  };
}

/** An answer is not spoiled because what it was cannot be noted; the client reads the folder again. */
async function note(
  principal: Principal,
  device: string,
  folders: ReadonlySet<number>,
  { noteFolders, log }: ClientGate,
): Promise<void> {
  try {
    await noteFolders(principal, device, folders);
  } catch (error) {
    if (!isGatewayError(error, 'storage-full') && !isGatewayError(error, 'store-unavailable')) throw error;
    log.warn({ device, error }, 'which folders a client reads could not be noted');
  }
}

function clientOf(ctx: Koa.Context, name: string, { credential }: Principal) {
  const client = webClient(name, ctx.get('User-Agent'), requestFacts(ctx).remoteAddress, credential);
  (ctx.state.logFields as Record<string, unknown>).device = client.shownId;
  return client;
}

function refuse(ctx: Koa.Context, { reason, message }: { reason: string; message: string }): void {
  (ctx.state.logFields as Record<string, unknown>).refused = reason;
  ctx.status = 403;
  ctx.type = 'text/plain; charset=utf-8';
  ctx.set('Cache-Control', 'no-store');
  ctx.body = `${message}\n`;
}

/**
 * A client that is to be wiped and knows no word for it: it is shown its folders emptied. What it was given counts when the answer
 * has left, and when that was all that it holds, it is wiped.
 */
async function drain(
  ctx: Koa.Context,
  principal: Principal,
  device: Admission['device'],
  parts: ClientGate,
): Promise<void> {
  const { remoteAddress } = requestFacts(ctx);
  const target = { mailboxId: principal.mailboxId, device: device.id, remoteAddress };
  const wipe = ctx.method === 'OPTIONS' ? wipeUnderWay(device) : await parts.wipes.sent(target, 'drain');
  if (wipe === null) return refuse(ctx, { reason: 'wiped', message: 'Try again: a wipe ended in this moment.' });
  (ctx.state.logFields as Record<string, unknown>).wipe = 'drain';
  const owner = addressOf(principal);
  const told: Drain = { mailboxId: principal.mailboxId, owner, client: device.type || device.shownId, at: wipe.at };
  const emptied = new Set<number>();
  await parts.drained(told, (folderId) => emptied.add(folderId)).handle(ctx, principal);
  if (emptied.size === 0) return;
  const note = () => parts.wipes.emptied(target, [...emptied]);
  if (ctx.res.writableFinished) await note();
  else ctx.res.once('finish', () => void note().catch((error: unknown) => ctx.app.emit('error', error, ctx)));
}
