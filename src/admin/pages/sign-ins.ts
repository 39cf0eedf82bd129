import type { Administration, AdministrationCall } from '../administration.ts';

/** What an administrator may do, in words of few rights. */
export type AdminScope = 'read' | 'helpdesk' | 'wipe' | 'admin';

/** Somebody who is signed in, and what they may do. */
export interface Authority {
  /** local@domain. */
  readonly address: string;
  /** Empty for people who are no administrators. */
  readonly scopes: ReadonlySet<AdminScope>;
  /** The only domain they administer; null: the whole server. */
  readonly domain: string | null;
}

export interface SignedIn {
  readonly access: string;
  readonly refresh: string;
  readonly authority: Authority;
}

export type SignInAnswer =
  | ({ readonly kind: 'ok' } & SignedIn)
  | { readonly kind: 'refused' }
  | { readonly kind: 'locked'; readonly retryAfterSeconds: number };

/** How the pages know people. */
export interface SignIns {
  signIn(request: {
    readonly name: string;
    readonly password: string;
    readonly remoteAddress: string;
    readonly userAgent: string | undefined;
    readonly tls: boolean;
  }): Promise<SignInAnswer>;
  /** Null for a token that is over, or none of ours. */
  verify(access: string): Promise<Authority | null>;
  /** New tokens for an old one, which is used up by that. */
  renew(refresh: string): Promise<SignedIn | null>;
  end(refresh: string): Promise<void>;
}

/** The calls that somebody may make about themself. */
export type SelfService = Record<never, never>;

/** The one place where it is decided who may do what. */
export interface Permits {
  authorised(authority: Authority): Administration;
  selfService(address: string): SelfService;
  /** Whether a call may be made at all. */
  can(authority: Authority, call: AdministrationCall): boolean;
}
