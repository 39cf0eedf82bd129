import type { Authenticator } from '../auth/authenticator.ts';
import type { DebugLine } from '../observe/debug-switches.ts';
import type { GatewayMeasures } from './gateway-measures.ts';

/** The authenticator, whose results are counted and told in the debug log. */
export function watchedSignIns(
  authenticator: Pick<Authenticator, 'authenticate'>,
  { measures, debug }: { readonly measures: Pick<GatewayMeasures, 'onSignIn'>; readonly debug: DebugLine },
): Pick<Authenticator, 'authenticate'> {
  return {
    async authenticate(request) {
      const result = await authenticator.authenticate(request);
      const word = result.kind === 'unauthenticated' ? result.reason : result.kind;
      measures.onSignIn(word);
      const { remoteAddress, userAgent, tls } = request;
      debug(
        'authentication',
        () => ({ result: word, user: userOf(result), address: remoteAddress, userAgent, tls }),
        'sign-in',
      );
      return result;
    },
  };
}

function userOf(result: Awaited<ReturnType<Authenticator['authenticate']>>): string | null {
  return 'principal' in result ? `${result.principal.localPart}@${result.principal.domain}` : null;
}
