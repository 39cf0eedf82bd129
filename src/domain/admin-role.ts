/** What an administrator may do; each stands by itself, none includes another (docs/decisions/0018-who-may-administer.md). */
export const ADMIN_SCOPES = ['read', 'helpdesk', 'wipe', 'admin'] as const;

export type AdminScope = (typeof ADMIN_SCOPES)[number];

/** What makes a user an administrator. */
export interface AdminRole {
  /** In the order of `ADMIN_SCOPES`, each once, at least one. */
  readonly scopes: readonly AdminScope[];
  /** The domain whose people they may administer, lower case; null: the whole server. */
  readonly domain: string | null;
}

/** What somebody who signed in may administer. */
export interface Authority {
  /** Who it is: local@domain. */
  readonly address: string;
  /** Empty for users without a role, who look after their own devices. */
  readonly scopes: ReadonlySet<AdminScope>;
  /** The domain that they are kept to; null: the whole server. */
  readonly domain: string | null;
}

/** What `--admin` and the first start give. */
export const WHOLE_SERVER: AdminRole = { scopes: ADMIN_SCOPES, domain: null };

export function isAdminScope(word: unknown): word is AdminScope {
  return (ADMIN_SCOPES as readonly unknown[]).includes(word);
}

/** Whether somebody with this role may change anything of the server: one such user is always kept. */
export function isWholeServer(role: AdminRole | null): boolean {
  return role !== null && role.domain === null && role.scopes.includes('admin');
}
