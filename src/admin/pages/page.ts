import type { Administration, AdministrationCall } from '../administration.ts';
import type { Authority } from '../authority/authority.ts';
import type { SelfService } from '../authority/self-service.ts';
import type { Html } from './html.ts';
import type { Form } from './http/form.ts';

/** Somebody who looks at a page. Everything is done by `calls` or `self`, which refuse what this person may not do. */
export interface Visit {
  readonly authority: Authority;
  /** What this person may do to others. */
  readonly calls: Administration;
  /** What everybody may do about themself. */
  readonly self: SelfService;
  /** Whether a call may be made at all: what may not is not offered. */
  can(call: AdministrationCall): boolean;
  /** The parts of the path by their names, decoded. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  /** Path with query, where forms of the page are sent to. */
  readonly here: string;
  /** What was sent and refused: forms show it again. */
  readonly sent: Form | null;
  /** Goes with every form (http/form-token.ts). */
  readonly token: string;
  /** scheme://host[:port] as this person sees the server. */
  readonly origin: string;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** What a page shows in its frame. */
export interface PageView {
  readonly kind: 'page';
  readonly title: string;
  readonly body: Html;
}

export interface FileView {
  readonly kind: 'file';
  readonly name: string;
  readonly type: string;
  readonly content: string | Uint8Array | AsyncIterable<Uint8Array>;
}

/** Something was done: shows a page of this site (the same one where none is named) with a sentence about it. */
export interface Done {
  readonly kind: 'done';
  readonly notice: string;
  readonly to?: string;
}

/** One button: what it does is named by the form's field `do`. A refusal (GatewayError) is shown above the page. */
export type Action = (visit: Visit, form: Form) => Promise<Done | PageView | FileView>;

/** A page of the site; how one is added is said in site.ts. */
export interface Page {
  /** Begins with /admin or /me; `:name` stands for one part. */
  readonly path: string;
  /** The call without which there is nothing to see; null: for everybody who is signed in. */
  readonly needs: AdministrationCall | null;
  /** Its line in the menu of its site. */
  readonly menu?: { readonly group: string; readonly label: string };
  readonly show: (visit: Visit) => Promise<PageView | FileView>;
  readonly actions?: Readonly<Record<string, Action>>;
}

export function page(title: string, body: Html): PageView {
  return { kind: 'page', title, body };
}

export function done(notice: string, to?: string): Done {
  return { kind: 'done', notice, ...(to !== undefined && { to }) };
}
