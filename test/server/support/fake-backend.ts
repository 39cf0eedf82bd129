import type Koa from 'koa';
import type { Principal } from '../../../src/domain/principal.ts';
import type { Backend, OpenBackend } from '../../../src/server/backend.ts';
import type { ProtocolHandler } from '../../../src/server/protocol-handler.ts';

const PRINCIPAL: Principal = {
  userId: 1,
  localPart: 'ada',
  domain: 'example.org',
  displayName: null,
  mailboxId: 1,
  isAdmin: false,
};

/** `Authorization` that the fake authenticator takes. */
export const RIGHT = `Basic ${Buffer.from('ada@example.org:s3cret-word').toString('base64')}`;

export type Answer = (ctx: Koa.Context, principal: Principal) => Promise<void>;

/** A protocol that answers every path under `/calendars` and the DAV roots with `answer`. */
function fakeHandler(answer: Answer): ProtocolHandler {
  return {
    name: 'fake',
    handles: (path) => path === '/' || path.startsWith('/calendars'),
    redirectFor: (path) => (/^\/(\.well-known\/)?(caldav|carddav)\/?$/.test(path) ? '/' : null),
    handle: answer,
  };
}

export interface FakeBackend extends Backend {
  readonly events: string[];
}

/** A backend without stores: signs in by `RIGHT`, locks out by the word `locked`. */
export function fakeBackend(
  answer: Answer,
  firstUser: { address: string; password: string } | null = null,
): FakeBackend {
  const events: string[] = [];
  return {
    events,
    store: {
      stampAt: async () => 7,
      prune: async (mailbox, upTo) => 2 + Math.sign(events.push(`prune ${mailbox} ${upTo}`)),
    },
    expireSyncState: async () => ({ operations: 0, losers: 0 }),
    directory: { users: async () => [], setting: async () => null },
    authenticator: {
      async authenticate({ authorization, remoteAddress, tls }) {
        events.push(`auth ${remoteAddress} ${tls}`);
        if (authorization === RIGHT) return { kind: 'ok', principal: PRINCIPAL };
        if (authorization === 'Basic locked') return { kind: 'locked', retryAfterSeconds: 90 };
        if (authorization === 'Basic broken') throw new Error('directory broke');
        return { kind: 'unauthenticated', reason: authorization ? 'wrong-credentials' : 'missing' };
      },
    },
    handlers: [fakeHandler(answer)],
    createFirstUser: async () => firstUser,
    async close() {
      events.push('closed');
    },
  };
}

export const openFake =
  (backend: Backend): OpenBackend =>
  async () =>
    backend;
