import type Koa from 'koa';

/** What a browser keeps of a sign-in. */
export type CookieName = 'access' | 'refresh' | 'form' | 'notice';

/**
 * The cookies of the pages. With TLS their names begin with `__Host-`, so that no other server of the domain and no plain
 * connection can set one (RFC 6265bis §4.1.3.2). They last as long as the browser is open: nothing is kept on its disk longer.
 */
export class Cookies {
  readonly #ctx: Koa.Context;
  readonly #isSecure: boolean;
  readonly #given: ReadonlyMap<string, string>;

  constructor(ctx: Koa.Context, isSecure: boolean) {
    this.#ctx = ctx;
    this.#isSecure = isSecure;
    this.#given = readCookies(ctx.req.headers.cookie);
  }

  /** '' where there is none. */
  get(name: CookieName): string {
    return this.#given.get(this.#nameOf(name)) ?? '';
  }

  /** `value` is made of letters, digits, `.`, `_` and `-`; '' takes the cookie away. */
  set(name: CookieName, value: string): void {
    const secure = this.#isSecure ? '; Secure' : '';
    const end = value === '' ? '; Max-Age=0' : '';
    this.#ctx.append('Set-Cookie', `${this.#nameOf(name)}=${value}; Path=/; HttpOnly; SameSite=Strict${secure}${end}`);
  }

  #nameOf(name: CookieName): string {
    return `${this.#isSecure ? '__Host-' : ''}causeway-${name}`;
  }
}

/** The first of a name counts: the more exact path comes first (RFC 6265 §5.4). */
function readCookies(header: string | undefined): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const pair of (header ?? '').split(';')) {
    const at = pair.indexOf('=');
    const name = pair.slice(0, at).trim();
    if (at > 0 && !found.has(name)) found.set(name, pair.slice(at + 1).trim());
  }
  return found;
}
