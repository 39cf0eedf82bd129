import type Koa from 'koa';
import type { MailboxId } from '../domain/mailbox.ts';
import type { BodyMeter } from './body-meter.ts';

/** What the server found out about a request before anything else looks at it. */
export interface RequestFacts {
  /** Names the request in the log, in the `X-Request-Id` header and in the text of a 500. */
  readonly id: string;
  /** The client's address, as told by trusted front ends where there are some. */
  readonly remoteAddress: string;
  /** Whether the client's connection is encrypted, to us or to a trusted front end. */
  readonly isSecure: boolean;
  readonly body: BodyMeter;
  /** Signed-in user as name@domain. */
  user: string | null;
  /** Their mailbox. */
  mailboxId: MailboxId | null;
  /** Called once the user is known. */
  onSignIn?: () => void;
  /** Name of the protocol that answered. */
  protocol: string | null;
}

const KEY = 'requestFacts';

/** Attaches the facts. */
export function setRequestFacts(ctx: Koa.Context, facts: RequestFacts): void {
  ctx.state[KEY] = facts;
}

/** The facts of a request that went through the server's first step. */
export function requestFacts(ctx: Koa.Context): RequestFacts {
  return ctx.state[KEY] as RequestFacts;
}
