import type Koa from 'koa';
import type { ServiceName } from '../config/service-settings.ts';
import type { Principal } from '../domain/principal.ts';
import type { WireFormat } from '../recorder/wire-format.ts';

/**
 * A protocol as the server sees it. Protocols do not import this: they offer an object of this shape, and `compose.ts`
 * holds them to it.
 */
export interface ProtocolHandler {
  /** For the request log. */
  readonly name: string;
  /** Whether the path is this protocol's. It is as sent: percent-encoded, without the query. */
  handles(path: string): boolean;
  /** The service by which administrators start, stop and limit it; absent: it always runs. */
  readonly service?: ServiceName;
  /**
   * Where an address that is only a way in leads, e.g. `/.well-known/caldav` (RFC 6764 §5), else null. Answered with
   * 301 or 307, for well-known addresses before the sign-in (`principal` is null), for others after it.
   */
  redirectFor?(path: string, principal: Principal | null): string | null;
  /**
   * Answers a request of a signed-in principal. What it puts into `ctx.state.logFields` becomes part of the request's
   * log line. An error it rejects with is answered 500 and logged.
   */
  handle(ctx: Koa.Context, principal: Principal): Promise<void>;
  /**
   * Answers a request that was signed in with what is good for the wipe of one of these devices (ids) only, and serves nothing
   * else by it; false: it comes from none of them, and nothing was answered.
   */
  handleWipe?(ctx: Koa.Context, principal: Principal, devices: ReadonlySet<string>): Promise<boolean>;
  /** How its messages are recorded and replayed, where they are more than XML, objects and messages. */
  readonly wire?: WireFormat;
  /** Answers requests that wait for something to happen, because the server stops. */
  drain?(): void;
}

/** A part of the server that signs people in by itself: the Admin API and the pages. */
export interface Site {
  /** For the request log. */
  readonly name: string;
  /** Whether the path is this site's. It is as sent: percent-encoded, without the query. */
  handles(path: string): boolean;
  /** Answers a request of anybody: whoever it lets in, it has asked for a proof. Sets its own Content-Security-Policy. */
  handle(ctx: Koa.Context): Promise<void>;
}
