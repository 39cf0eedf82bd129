/**
 * The pages at `/admin` and `/me`: HTML made on the server.
 *
 * How it goes: a path finds a `Page`; `who-is-here.ts` finds who asks; `show` gives what stands in the frame of `layout.ts`.
 * A form is sent by POST to its own page with a field `do`, which names an `Action`; that either tells what was done and leads
 * on (303), or rejects with a `GatewayError`, and then the page is shown again with the reason above it and with what was
 * typed. htmx asks for whole pages and takes from them what it shows anew (`hx-select`), so that a page is written once, and
 * everything but what refreshes itself works without it.
 *
 * To add a page: one file with one exported `Page` (admin/ or me/), and one line in `all-pages.ts`, in the order of the menu.
 * - `needs` names the call without which the page shows nothing: who may not make it gets 403 and no line in the menu.
 *   A button is offered under `visit.can('call')` only. What is allowed is decided behind `visit.calls`, never here.
 * - Text is put into html`…`, which escapes. Attributes stand in double quotes. No style attribute, no script: the policy
 *   forbids both. Shapes that several pages need are in parts/: `table`, `form`, `facts`, `when`, `badge`, `liveRegion`.
 * - What refreshes itself is wrapped in `liveRegion(visit, id, seconds, body)`.
 * - Each page has an entry in test/admin/pages/pages.test.ts (without a browser) and in browser.test.ts.
 */
import type Koa from 'koa';
import type { SignIns } from '../../auth/tokens/sign-ins.ts';
import type { Clock, RandomBytes } from '../../domain/clock.ts';
import { GatewayError } from '../../domain/errors.ts';
import { actingFor } from '../../observe/acting.ts';
import type { Administration } from '../administration.ts';
import { authorised } from '../authority/authorised.ts';
import type { Authority } from '../authority/authority.ts';
import { mayCall } from '../authority/may-call.ts';
import { selfService } from '../authority/self-service.ts';
import { ALL_PAGES } from './all-pages.ts';
import { NOTHING } from './html.ts';
import { answerFile, answerHtml, answerRedirect, PAGE_HEADERS, statusOf } from './http/answers.ts';
import { Cookies } from './http/cookies.ts';
import { type Form, readForm } from './http/form.ts';
import { formToken, isFormToken, isFromHere } from './http/form-token.ts';
import { readStaticFiles, STATIC_PREFIX } from './http/static-files.ts';
import { createWhoIsHere, type WhoIsHere } from './http/who-is-here.ts';
import { framedPage, type Message, plainPage } from './layout.ts';
import { matchPage } from './match-page.ts';
import type { Done, FileView, Page, PageView, Visit } from './page.ts';
import {
  lockedText,
  refusedText,
  SIGN_IN_PATH,
  SIGN_OUT_PATH,
  signInPage,
  UNSENT_TEXT,
  wantedPage,
} from './sign-in-page.ts';

/** Characters of a notice; each may take four bytes, and these a third more as base64. */
const MOST_NOTICE = 600;

/** What the server knows of a request. */
export interface RequestOrigin {
  readonly remoteAddress: string;
  readonly isSecure: boolean;
}

export interface PagesParts {
  readonly signIns: SignIns;
  readonly administration: Administration;
  readonly clock: Clock;
  readonly random: RandomBytes;
  /** The address people use, where it is set. */
  readonly publicUrl: string | null;
  readonly facts: (ctx: Koa.Context) => RequestOrigin;
  readonly pages?: readonly Page[];
}

export interface Pages {
  readonly name: string;
  handles(path: string): boolean;
  handle(ctx: Koa.Context): Promise<void>;
}

/** The pages, as a part of the server that signs people in by itself. */
export function createPages(parts: PagesParts): Pages {
  const site = new PagesSite(parts);
  return {
    name: 'pages',
    handles: (path) => /^\/(?:admin|me)(?:\/|$)/u.test(path),
    handle: (ctx) => site.handle(ctx),
  };
}

class PagesSite {
  readonly #parts: PagesParts;
  readonly #pages: readonly Page[];
  readonly #files = readStaticFiles();
  readonly #who: WhoIsHere;

  constructor(parts: PagesParts) {
    this.#parts = parts;
    this.#pages = parts.pages ?? ALL_PAGES;
    this.#who = createWhoIsHere(parts.signIns, parts.random);
  }

  async handle(ctx: Koa.Context): Promise<void> {
    ctx.set(PAGE_HEADERS);
    const isPost = ctx.method === 'POST';
    if (!isPost && ctx.method !== 'GET' && ctx.method !== 'HEAD') {
      ctx.set('Allow', 'GET, HEAD, POST');
      return this.#refuse(ctx, 405, 'A page can be looked at, and its forms sent; nothing else.');
    }
    if (ctx.path.startsWith(STATIC_PREFIX)) return this.#files.answer(ctx);
    const facts = this.#parts.facts(ctx);
    const cookies = new Cookies(ctx, facts.isSecure);
    const form = isPost ? await this.#form(ctx) : null;
    if (isPost && form === null) return;
    if (ctx.path === SIGN_IN_PATH) return this.#signIn(ctx, cookies, form, facts);
    const authority = await this.#who.find(cookies);
    if (authority === null) return this.#toSignIn(ctx);
    if (form !== null && !isFormToken(cookies.get('form'), form.text('token'))) {
      return this.#refuse(
        ctx,
        403,
        'This form is of another sign-in. Go back, load the page again, and send it once more.',
      );
    }
    if (ctx.path === SIGN_OUT_PATH) return this.#signOut(ctx, cookies, form);
    const acting = { protocol: 'pages', user: authority.address, address: facts.remoteAddress };
    ctx.state.logFields = { ...(ctx.state.logFields as object), signedIn: authority.address };
    await actingFor(acting, () => this.#page(ctx, cookies, authority, form));
  }

  /** What was sent; null after it was refused. */
  async #form(ctx: Koa.Context): Promise<Form | null> {
    if (!isFromHere(ctx.req.headers, this.#parts.publicUrl)) {
      this.#refuse(
        ctx,
        403,
        'This request came from another site, so nothing was done. Open the page here and try again.',
      );
      return null;
    }
    const form = await readForm(ctx.req);
    if (form === 'type') this.#refuse(ctx, 415, 'This is no form of these pages.');
    else if (form === 'size') this.#refuse(ctx, 413, 'This is more than a form here can hold (1 MiB).');
    else return form;
    return null;
  }

  async #signIn(ctx: Koa.Context, cookies: Cookies, form: Form | null, facts: RequestOrigin): Promise<void> {
    const wanted = wantedPage(form === null ? (ctx.query.to?.toString() ?? null) : form.text('to'));
    const shown = { name: form?.text('name') ?? '', to: wanted ?? '', isSecure: facts.isSecure };
    if (form === null) {
      const problem = ctx.query.unsent === undefined ? null : UNSENT_TEXT;
      return answerHtml(ctx, 200, signInPage(this.#files, { ...shown, problem }));
    }
    const answer = await this.#parts.signIns.signIn({
      name: form.text('name'),
      password: form.secret('password'),
      remoteAddress: facts.remoteAddress,
      userAgent: ctx.get('User-Agent') || undefined,
      tls: facts.isSecure,
    });
    if (answer.kind === 'ok') {
      this.#who.begin(cookies, answer);
      return answerRedirect(ctx, wanted ?? (answer.authority.scopes.size > 0 ? '/admin' : '/me'));
    }
    if (answer.kind === 'locked') ctx.set('Retry-After', String(answer.retryAfterSeconds));
    const problem = answer.kind === 'locked' ? lockedText(answer.retryAfterSeconds) : refusedText(answer.reason);
    answerHtml(ctx, answer.kind === 'locked' ? 429 : 403, signInPage(this.#files, { ...shown, problem }));
  }

  async #signOut(ctx: Koa.Context, cookies: Cookies, form: Form | null): Promise<void> {
    if (form !== null) await this.#who.end(cookies);
    answerRedirect(ctx, form === null ? '/me' : SIGN_IN_PATH);
  }

  /** What refreshes itself is led there too, as a whole page. */
  #toSignIn(ctx: Koa.Context): void {
    const isPart = ctx.get('HX-Request') === 'true';
    const wanted = isPart || ctx.path === SIGN_OUT_PATH ? null : wantedPage(ctx.url);
    const unsent = ctx.method === 'POST' ? '&unsent' : '';
    const to = wanted === null ? SIGN_IN_PATH : `${SIGN_IN_PATH}?to=${encodeURIComponent(wanted)}${unsent}`;
    if (isPart) this.#loadAnew(ctx);
    else answerRedirect(ctx, to);
  }

  #loadAnew(ctx: Koa.Context): void {
    ctx.set('HX-Refresh', 'true');
    answerHtml(ctx, 200, NOTHING);
  }

  async #page(ctx: Koa.Context, cookies: Cookies, authority: Authority, form: Form | null): Promise<void> {
    const match = matchPage(this.#pages, ctx.path);
    const visit = this.#visit(ctx, cookies, authority, match?.params ?? {});
    if (match === null)
      return this.#wrong(ctx, visit, 404, 'There is no such page', 'The menu shows the pages there are.');
    const { page } = match;
    if (page.path.startsWith('/admin') && authority.scopes.size === 0) {
      const text = `${authority.address} is no administrator of this server. Whoever is can give the role. What is yours is under /me.`;
      return this.#wrong(ctx, visit, 403, 'Not for you', text);
    }
    // The way in leads to the first page there is for this person.
    const other =
      page.path === '/admin' && !isFor(page, visit) ? this.#pages.find((one) => isInMenu(one, visit)) : null;
    if (other) return answerRedirect(ctx, other.path);
    if (!isFor(page, visit)) {
      const text = `${authority.address} may not see this: the role lacks a right. An administrator of the whole server can give it.`;
      return this.#wrong(ctx, visit, 403, 'Not for you', text);
    }
    if (form === null) return this.#show(ctx, cookies, visit, page, null, 200);
    const action = Object.hasOwn(page.actions ?? {}, form.text('do')) ? page.actions![form.text('do')]! : null;
    if (action === null)
      return this.#wrong(ctx, visit, 400, 'Nothing was done', 'This page has no such button; load it again.');
    try {
      this.#answer(ctx, cookies, visit, await action(visit, form), 200, null);
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error;
      const message: Message = { kind: 'problem', text: error.message };
      // What somebody else changed is shown as it is now: what was typed before would go over it at the next try.
      const sent = error.code === 'revision-mismatch' ? null : form;
      await this.#show(ctx, cookies, { ...visit, sent }, page, message, statusOf(error));
    }
  }

  async #show(
    ctx: Koa.Context,
    cookies: Cookies,
    visit: Visit,
    page: Page,
    message: Message | null,
    status: number,
  ): Promise<void> {
    try {
      const view = await page.show(visit);
      this.#answer(ctx, cookies, visit, view, status, message ?? this.#notice(ctx, cookies));
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error;
      const said = message ?? { kind: 'problem', text: error.message };
      const isPart = ctx.get('HX-Request') === 'true';
      // What an open page was about is gone: left as it was, the page would tell for ever how that is.
      if (isPart && statusOf(error) === 404) return this.#loadAnew(ctx);
      if (visit.query.size === 0 || isPart)
        return this.#wrong(ctx, visit, statusOf(error), 'This cannot be shown', said.text);
      // What was asked for is not there: the page itself is, with its search.
      const plain = { ...visit, query: new URLSearchParams(), here: ctx.path };
      await this.#show(ctx, cookies, plain, page, said, statusOf(error));
    }
  }

  #answer(
    ctx: Koa.Context,
    cookies: Cookies,
    visit: Visit,
    view: PageView | FileView | Done,
    status: number,
    message: Message | null,
  ): void {
    if (view.kind === 'file') answerFile(ctx, view);
    else if (view.kind === 'page') this.#framed(ctx, visit, view, status, message);
    else {
      cookies.set('notice', Buffer.from(shortened(view.notice)).toString('base64url'));
      answerRedirect(ctx, view.to ?? visit.here);
    }
  }

  /** What the last action left to be said, once. */
  #notice(ctx: Koa.Context, cookies: Cookies): Message | null {
    const kept = cookies.get('notice');
    if (kept === '' || ctx.get('HX-Request') === 'true') return null;
    cookies.set('notice', '');
    return { kind: 'notice', text: Buffer.from(kept, 'base64url').toString('utf8') };
  }

  #wrong(ctx: Koa.Context, visit: Visit, status: number, title: string, text: string): void {
    this.#framed(ctx, visit, { kind: 'page', title, body: NOTHING }, status, { kind: 'problem', text });
  }

  #framed(ctx: Koa.Context, visit: Visit, view: PageView, status: number, message: Message | null): void {
    const base = ctx.path.startsWith('/me') ? '/me' : '/admin';
    const pages = this.#pages.filter(({ path }) => path === base || path.startsWith(`${base}/`));
    const { title, body } = view;
    answerHtml(ctx, status, framedPage({ files: this.#files, visit, pages, path: ctx.path, title, message, body }));
  }

  #refuse(ctx: Koa.Context, status: number, text: string): void {
    answerHtml(ctx, status, plainPage(this.#files, 'Nothing was done', { kind: 'problem', text }, NOTHING));
  }

  #visit(ctx: Koa.Context, cookies: Cookies, authority: Authority, params: Visit['params']): Visit {
    const { administration, clock, publicUrl, facts } = this.#parts;
    return {
      authority,
      calls: authorised(administration, authority),
      self: selfService(administration, authority.address),
      can: (call) => mayCall(authority, call),
      params,
      query: new URLSearchParams(ctx.querystring),
      here: ctx.url,
      sent: null,
      token: formToken(cookies.get('form')),
      origin: publicUrl ?? `${facts(ctx).isSecure ? 'https' : 'http'}://${ctx.get('Host')}`,
      now: clock.now(),
    };
  }
}

/** Browsers keep no cookie of more than 4096 bytes: a sentence with all ranges of a group in it would be told to nobody. */
function shortened(notice: string): string {
  const characters = [...notice];
  return characters.length <= MOST_NOTICE ? notice : `${characters.slice(0, MOST_NOTICE).join('')} …`;
}

function isFor({ needs }: Page, visit: Visit): boolean {
  return needs === null || visit.can(needs);
}

function isInMenu(page: Page, visit: Visit): boolean {
  return page.path.startsWith('/admin/') && page.menu !== undefined && isFor(page, visit);
}
