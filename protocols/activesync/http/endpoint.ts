import type Koa from 'koa';
import type { Principal } from '../../../src/domain/principal.ts';
import type { EasCommands } from '../command.ts';
import { EAS_PROTOCOL } from '../device/eas-contact.ts';
import type { EasEnvironment } from '../environment.ts';
import { answerHttp, Exchange } from './exchange.ts';
import { answerOptions } from './options.ts';

/** The only address of the protocol; clients differ in its case. */
const PATH = /^\/+microsoft-server-activesync\/?$/i;

export interface EasHandler {
  handles(path: string): boolean;
  /** Answers a request of a signed-in principal; what it rejects with is a mistake of ours or a store that cannot answer. */
  handle(ctx: Koa.Context, principal: Principal): Promise<void>;
  /**
   * Answers a request that was signed in with what is good for the wipe of one of these devices only; false: it comes from none of
   * them, and nothing was answered.
   */
  handleWipe(ctx: Koa.Context, principal: Principal, devices: ReadonlySet<string>): Promise<boolean>;
  /** Answers the requests that wait, because the server stops. */
  drain(): void;
}

/** Builds the ActiveSync face of the store (MS-ASHTTP). */
export function createActiveSyncHandler(environment: EasEnvironment, commands: EasCommands): EasHandler {
  return {
    handles: (path) => PATH.test(path),
    drain: () => environment.parking.endAll(),
    async handle(ctx, principal) {
      ctx.set('MS-Server-ActiveSync', '14.1');
      ctx.set('Cache-Control', 'private');
      if (ctx.method === 'OPTIONS') {
        const isOff = (await environment.devices.protocolRefusal(principal, EAS_PROTOCOL)) !== null;
        return isOff ? answerHttp(ctx, 403) : answerOptions(ctx, commands.values());
      }
      if (ctx.method !== 'POST') {
        ctx.set('Allow', 'OPTIONS,POST');
        return answerHttp(ctx, 501);
      }
      await new Exchange(ctx, principal, environment, commands).run();
    },
    async handleWipe(ctx, principal, devices) {
      const exchange = new Exchange(ctx, principal, environment, commands, devices);
      // OPTIONS names no device and says nothing of anybody; without it some would not come at all.
      const isOptions = ctx.method === 'OPTIONS';
      if (!isOptions && (ctx.method !== 'POST' || !(await exchange.isForWipe()))) return false;
      ctx.set('MS-Server-ActiveSync', '14.1');
      ctx.set('Cache-Control', 'private');
      if (isOptions) {
        answerOptions(ctx, commands.values());
        return true;
      }
      await exchange.run();
      return true;
    },
  };
}
