import type { Clock, RandomBytes } from '../../../domain/clock.ts';
import type { Authority, SignedIn, SignIns } from '../sign-ins.ts';
import type { Cookies } from './cookies.ts';

/** How long a new pair of tokens is given again to whoever comes with the old one. */
const SAME_ANSWER_MS = 30_000;

export interface WhoIsHere {
  /** Who is signed in; gives the browser new tokens when the short one is over. Null for nobody. */
  find(cookies: Cookies): Promise<Authority | null>;
  begin(cookies: Cookies, signedIn: SignedIn): void;
  end(cookies: Cookies): Promise<void>;
}

/**
 * Finds people by their cookies. A refresh token can be used once, and a page asks for several things at the same time: all
 * who come with one within half a minute get the same new pair, else the second would look like a thief.
 */
export function createWhoIsHere({
  signIns,
  clock,
  random,
}: {
  readonly signIns: SignIns;
  readonly clock: Clock;
  readonly random: RandomBytes;
}): WhoIsHere {
  const renewals = new Map<string, Promise<SignedIn | null>>();

  const renew = (refresh: string): Promise<SignedIn | null> => {
    const under = renewals.get(refresh);
    if (under !== undefined) return under;
    const renewal = signIns.renew(refresh);
    renewals.set(refresh, renewal);
    const forget = () => renewals.delete(refresh);
    clock.after(SAME_ANSWER_MS, forget);
    // A store that could not answer is asked again at once.
    renewal.catch(forget);
    return renewal;
  };

  const keep = (cookies: Cookies, { access, refresh }: SignedIn) => {
    cookies.set('access', access);
    cookies.set('refresh', refresh);
  };

  return {
    async find(cookies) {
      const access = cookies.get('access');
      const known = access === '' ? null : await signIns.verify(access);
      if (known !== null && cookies.get('form') !== '') return known;
      const refresh = cookies.get('refresh');
      const signedIn = refresh === '' || cookies.get('form') === '' ? null : await renew(refresh);
      if (signedIn === null) return null;
      keep(cookies, signedIn);
      return signedIn.authority;
    },

    begin(cookies, signedIn) {
      keep(cookies, signedIn);
      cookies.set('form', Buffer.from(random(32)).toString('base64url'));
    },

    async end(cookies) {
      const refresh = cookies.get('refresh');
      if (refresh !== '') await signIns.end(refresh);
      for (const name of ['access', 'refresh', 'form'] as const) cookies.set(name, '');
    },
  };
}
