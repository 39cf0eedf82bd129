import type { SignIns, Tokens } from '../../../auth/tokens/sign-ins.ts';
import type { RandomBytes } from '../../../domain/clock.ts';
import type { Authority } from '../../authority/authority.ts';
import type { Cookies } from './cookies.ts';

export interface WhoIsHere {
  /** Who is signed in; gives the browser new tokens when the short one is over. Null for nobody. */
  find(cookies: Cookies): Promise<Authority | null>;
  begin(cookies: Cookies, signedIn: Tokens): void;
  end(cookies: Cookies): Promise<void>;
}

/** Finds people by their cookies. Several requests may renew at the same time: `SignIns` gives them the same answer. */
export function createWhoIsHere(signIns: SignIns, random: RandomBytes): WhoIsHere {
  const keep = (cookies: Cookies, { access, refresh }: Tokens) => {
    cookies.set('access', access);
    cookies.set('refresh', refresh);
  };
  return {
    async find(cookies) {
      // Without it no form could be sent; all are made together and go together.
      if (cookies.get('form') === '') return null;
      const [access, refresh] = [cookies.get('access'), cookies.get('refresh')];
      const known = access === '' ? null : await signIns.verify(access);
      if (known !== null) return known;
      const signedIn = refresh === '' ? null : await signIns.renew(refresh, { mayRepeat: true });
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
