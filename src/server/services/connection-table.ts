import type { Socket } from 'node:net';
import type Koa from 'koa';
import type { LiveConnection } from '../../admin/calls/services.ts';
import type { Which } from '../../admin/live-services.ts';
import type { ServiceName } from '../../config/service-settings.ts';
import type { Clock } from '../../domain/clock.ts';
import { requestFacts } from '../request-facts.ts';

/** What a connection did last, for those that do nothing now. */
type LastUse = Pick<LiveConnection, 'protocol' | 'user' | 'device' | 'agent' | 'from' | 'isSecure'>;

interface Entry {
  readonly id: number;
  readonly socket: Socket;
  readonly since: number;
  service: ServiceName | null;
  /** The request under way. */
  ctx: Koa.Context | null;
  doingSince: number;
  last: LastUse;
}

/**
 * The connections that are open, each with the request it carries. A request costs a look-up and an entry in a set: what is told
 * of it is read only when somebody asks.
 */
export class ConnectionTable {
  readonly #clock: Clock;
  readonly #entries = new Map<Socket, Entry>();
  /** How many use each service. */
  readonly #counts = new Map<ServiceName, number>();
  /** Of each service those that carry no request, the longest idle first. */
  readonly #idle = new Map<ServiceName, Set<Entry>>();
  #nextId = 1;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** A connection that may carry requests: for TLS, when its handshake is done. */
  open(socket: Socket, isSecure: boolean): void {
    const now = this.#clock.now();
    const from = plainAddress(socket.remoteAddress ?? '');
    const last = { protocol: null, user: null, device: null, agent: '', from, isSecure };
    const entry: Entry = { id: this.#nextId, socket, since: now, service: null, ctx: null, doingSince: now, last };
    this.#nextId += 1;
    this.#entries.set(socket, entry);
    socket.once('close', () => this.#remove(entry));
  }

  /** A request began; its facts are known. */
  begin(ctx: Koa.Context): void {
    const entry = this.#entries.get(ctx.req.socket);
    if (entry === undefined) return;
    entry.ctx = ctx;
    entry.doingSince = this.#clock.now();
    if (entry.service !== null) this.#idle.get(entry.service)?.delete(entry);
    ctx.res.once('close', () => this.#end(entry, ctx));
  }

  /**
   * The connection uses a service from now on. False: `most` others do (0: any number), and none of them is idle, to be closed for it.
   */
  use(socket: Socket, service: ServiceName, most: number): boolean {
    const entry = this.#entries.get(socket);
    if (entry === undefined || entry.service === service) return true;
    if (most > 0 && this.count(service) >= most && !this.#closeOldestIdle(service)) return false;
    this.#leave(entry);
    entry.service = service;
    this.#counts.set(service, this.count(service) + 1);
    return true;
  }

  count(service: ServiceName): number {
    return this.#counts.get(service) ?? 0;
  }

  /** Closes what carries no request, since the service is stopped. */
  closeIdle(service: ServiceName): void {
    while (this.#closeOldestIdle(service));
  }

  newest({ user, most }: Which): readonly LiveConnection[] {
    const found: LiveConnection[] = [];
    // They are in the order in which they were opened.
    for (const entry of [...this.#entries.values()].reverse()) {
      if (found.length >= most) break;
      const known = entry.ctx === null ? entry.last.user : userOf(entry.ctx);
      if (user === null || known === user) found.push(connectionOf(entry));
    }
    return found;
  }

  #end(entry: Entry, ctx: Koa.Context): void {
    // A client may send the next request before it has the answer to this one.
    if (entry.ctx !== ctx) return;
    // What asks for no sign-in, as the style of a page, tells nothing of who has the connection.
    entry.last = { ...useOf(ctx), user: userOf(ctx) ?? entry.last.user };
    entry.ctx = null;
    entry.doingSince = this.#clock.now();
    if (entry.service === null || !this.#entries.has(entry.socket)) return;
    const idle = this.#idle.get(entry.service) ?? new Set();
    this.#idle.set(entry.service, idle);
    idle.add(entry);
  }

  #closeOldestIdle(service: ServiceName): boolean {
    for (const entry of this.#idle.get(service) ?? []) {
      this.#remove(entry);
      entry.socket.destroySoon();
      return true;
    }
    return false;
  }

  #remove(entry: Entry): void {
    this.#leave(entry);
    this.#entries.delete(entry.socket);
  }

  #leave(entry: Entry): void {
    const { service } = entry;
    if (service === null) return;
    this.#idle.get(service)?.delete(entry);
    this.#counts.set(service, this.count(service) - 1);
    entry.service = null;
  }
}

/** Who signed in: to a protocol, else to the Admin API or the pages, which check that themselves and tell it to the log. */
function userOf(ctx: Koa.Context): string | null {
  const { signedIn } = ctx.state.logFields as Record<string, unknown>;
  return requestFacts(ctx).user ?? (typeof signedIn === 'string' ? signedIn : null);
}

function useOf(ctx: Koa.Context): LastUse {
  const { protocol, remoteAddress: from, isSecure } = requestFacts(ctx);
  const { device } = ctx.state.logFields as Record<string, unknown>;
  return {
    protocol,
    user: userOf(ctx),
    device: typeof device === 'string' ? device : null,
    agent: ctx.get('User-Agent'),
    from,
    isSecure,
  };
}

function connectionOf({ id, since, service, ctx, doingSince, last }: Entry): LiveConnection {
  const common = { id: String(id), since, service, doingSince };
  if (ctx === null) return { ...common, ...last, doing: null, isWaiting: false };
  const { command } = ctx.state.logFields as Record<string, unknown>;
  const doing = typeof command === 'string' ? command : ctx.method;
  return { ...common, ...useOf(ctx), doing, isWaiting: ctx.state.isWaiting === true };
}

/** IPv4 addresses arrive in IPv6 form on a socket that takes both (RFC 4291 §2.5.5.2). */
function plainAddress(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.)/i, '');
}
