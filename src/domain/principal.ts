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
