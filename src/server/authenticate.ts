import type Koa from 'koa';
import type { Authenticator } from '../auth/authenticator.ts';
import { addressOf } from '../domain/address.ts';
import { appPasswordOf, type Principal } from '../domain/principal.ts';
import { challengePage } from './pages.ts';
import { requestFacts } from './request-facts.ts';

/** One realm for everything: clients keep one password per realm, and some ask again for each new one. */
const CHALLENGE = 'Basic realm="Causeway", charset="UTF-8"';

function refuse(ctx: Koa.Context, status: number, text: string): null {
  ctx.status = status;
  ctx.set('Cache-Control', 'no-store');
  const isBrowser = status === 401 && ctx.get('Accept').includes('text/html');
  ctx.type = isBrowser ? 'text/html; charset=utf-8' : 'text/plain; charset=utf-8';
  ctx.body = isBrowser ? challengePage() : `${text}\n`;
  return null;
}

/** Asks for the name and the password. */
function challenge(ctx: Koa.Context): null {
  ctx.set('WWW-Authenticate', CHALLENGE);
  return refuse(ctx, 401, 'Sign in with your user name and password.');
}

/** Somebody whose credentials are good for the wipe of these devices (ids) and nothing else. */
export interface WipeOnly {
  readonly principal: Principal;
  readonly devices: ReadonlySet<string>;
}

/**
 * Signs the request in, or answers it and gives null. Runs before every protocol and for every method: an OPTIONS that
 * answered without a challenge would make clients believe that no password is needed.
 * @param onWipeOnly Answers who may come for a wipe alone; false where there is none for it. Absent: nobody may.
 */
export async function signIn(
  ctx: Koa.Context,
  authenticator: Pick<Authenticator, 'authenticate'>,
  onWipeOnly: (who: WipeOnly) => Promise<boolean> = async () => false,
): Promise<Principal | null> {
  const facts = requestFacts(ctx);
  const result = await authenticator.authenticate({
    authorization: ctx.req.headers.authorization,
    remoteAddress: facts.remoteAddress,
    userAgent: ctx.req.headers['user-agent'],
    tls: facts.isSecure,
  });
  const fields = ctx.state.logFields as Record<string, unknown>;
  if (result.kind === 'ok') {
    facts.user = addressOf(result.principal);
    facts.mailboxId = result.principal.mailboxId;
    const appPassword = appPasswordOf(result.principal.credential);
    if (appPassword !== null) fields.appPassword = appPassword;
    facts.onSignIn?.();
    return result.principal;
  }
  if (result.kind === 'locked') {
    fields.refused = 'locked';
    ctx.set('Retry-After', String(result.retryAfterSeconds));
    return refuse(ctx, 429, 'Too many sign-ins; try again later.');
  }
  if (result.kind === 'wipe-only') {
    facts.user = addressOf(result.principal);
    facts.mailboxId = result.principal.mailboxId;
    facts.onSignIn?.();
    if (await onWipeOnly(result)) return null;
    fields.refused = 'wrong-credentials';
    return challenge(ctx);
  }
  fields.refused = result.reason;
  if (result.reason === 'encryption-required') {
    // No challenge: the client would only send the password in clear once more.
    return refuse(ctx, 403, 'Passwords are not taken over an unencrypted connection; use https.');
  }
  return challenge(ctx);
}
