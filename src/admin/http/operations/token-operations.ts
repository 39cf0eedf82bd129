import type { Tokens } from '../../../auth/tokens/sign-ins.ts';
import type { Authority } from '../../../domain/admin-role.ts';
import { type ApiAnswer, DONE, ok, operation } from '../operation.ts';
import { ApiProblem, ENCRYPTION, LOCKED, UNAUTHENTICATED } from '../problem.ts';

interface RefreshBody {
  readonly refresh: string;
}

/** Signing in and out. */
export const TOKEN_OPERATIONS = {
  tokenSignIn: operation<unknown, unknown, { readonly name: string; readonly password: string }>(async (request) => {
    const { remoteAddress, isSecure, userAgent } = request.origin;
    const answer = await request.signIns.signIn({ ...request.body, remoteAddress, userAgent, tls: isSecure });
    if (answer.kind === 'ok') return tokens(answer);
    if (answer.kind === 'locked') {
      const headers = { 'Retry-After': String(answer.retryAfterSeconds) };
      throw new ApiProblem(LOCKED, 'Too many sign-ins failed, or come at once; try again later.', { headers });
    }
    if (answer.reason === 'encryption-required') {
      throw new ApiProblem(ENCRYPTION, 'Passwords are not taken over an unencrypted connection; use https.');
    }
    throw new ApiProblem(UNAUTHENTICATED, 'Name and password do not fit together.');
  }),

  tokenRefresh: operation<unknown, unknown, RefreshBody>(async ({ signIns, body }) => {
    const renewed = await signIns.renew(body.refresh);
    if (renewed === null) throw new ApiProblem(UNAUTHENTICATED, 'The refresh token is not good any more; sign in.');
    return tokens(renewed);
  }),

  tokenRevoke: operation<unknown, unknown, RefreshBody>(async ({ signIns, body }) => {
    await signIns.end(body.refresh);
    return DONE;
  }),

  tokenShow: operation(async ({ signIns, token }) => {
    const authority = await signIns.verify(token);
    if (authority === null) throw new ApiProblem(UNAUTHENTICATED, 'The sign-in has ended.');
    return ok(shown(authority));
  }),
} as const;

function tokens({ access, refresh, expiresAt, authority }: Tokens): ApiAnswer {
  return ok({ access, refresh, expiresAt, authority: shown(authority) });
}

function shown({ address, scopes, domain }: Authority): object {
  return { address, scopes: [...scopes], domain };
}
