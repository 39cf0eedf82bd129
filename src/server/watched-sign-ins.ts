import type { Authenticator } from '../auth/authenticator.ts';
import type { PasswordResult, SignInResult } from '../auth/sign-in-result.ts';
import { addressOf } from '../domain/address.ts';
import type { DebugLine } from '../observe/debug-switches.ts';
import type { GatewayMeasures } from './gateway-measures.ts';

type SignInMethods = Pick<Authenticator, 'authenticate' | 'checkPassword'>;

interface From {
  readonly remoteAddress: string;
  readonly userAgent: string | undefined;
  readonly tls: boolean;
}

/** The authenticator, whose results are counted and told in the debug log. */
export function watchedSignIns(
  authenticator: SignInMethods,
  { measures, debug }: { readonly measures: Pick<GatewayMeasures, 'onSignIn'>; readonly debug: DebugLine },
): SignInMethods {
  const tell = (result: SignInResult | PasswordResult, { remoteAddress, userAgent, tls }: From) => {
    const word = result.kind === 'unauthenticated' ? result.reason : result.kind;
    measures.onSignIn(word);
    debug(
      'authentication',
      () => ({ result: word, user: userOf(result), address: remoteAddress, userAgent, tls }),
      'sign-in',
    );
  };
  return {
    async authenticate(request) {
      const result = await authenticator.authenticate(request);
      tell(result, request);
      return result;
    },
    async checkPassword(request) {
      const result = await authenticator.checkPassword(request);
      tell(result, request);
      return result;
    },
  };
}

function userOf(result: SignInResult | PasswordResult): string | null {
  if (!('user' in result || 'principal' in result)) return null;
  return addressOf('user' in result ? result.user : result.principal);
}
