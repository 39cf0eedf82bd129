import type { Folder } from './folder.ts';
import type { MailboxId } from './mailbox.ts';

/** Who is asking, after sign-in. */
export interface Principal {
  readonly userId: number;
  readonly localPart: string;
  readonly domain: string;
  readonly displayName: string | null;
  readonly mailboxId: MailboxId;
  readonly isAdmin: boolean;
  /** Names what was signed in with, e.g. `password:3`; another name, another proof. Absent where nobody signed in. */
  readonly credential?: string;
}

/** The name of an account's own password in this version. */
export function passwordCredential(version: number): string {
  return `password:${version}`;
}

/** The name of a password for a single device. */
export function appCredential(id: string): string {
  return `app:${id}`;
}

/** The id of the app password that a credential names; null when it names another one. */
export function appPasswordOf(credential: string | undefined): string | null {
  return credential?.startsWith('app:') === true ? credential.slice('app:'.length) : null;
}

export type Right = 'read' | 'write' | 'free-busy' | 'administer';

const ALL: ReadonlySet<Right> = new Set<Right>(['read', 'write', 'free-busy', 'administer']);
const NONE: ReadonlySet<Right> = new Set<Right>();

/**
 * What the principal may do with a mailbox or one folder of it. The one place where rights are decided; every protocol
 * sees the same grant. Today a mailbox belongs to its owner alone; an administrator has no right to read people's data.
 */
export function rightsOn(principal: Principal, mailboxId: MailboxId, _folder?: Folder): ReadonlySet<Right> {
  return principal.mailboxId === mailboxId ? ALL : NONE;
}
