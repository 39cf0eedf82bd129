import type { Authority } from '../authority/authority.ts';

export interface SignedIn {
  readonly access: string;
  readonly refresh: string;
  readonly authority: Authority;
}

export type SignInAnswer =
  | ({ readonly kind: 'ok' } & SignedIn)
  | { readonly kind: 'refused'; readonly reason: string }
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
