import type { CalendarKind, FolderRole, ItemClass } from './item-class.ts';
import type { MailboxId, Stamp } from './mailbox.ts';

/** Positive integer, unique in its mailbox, never reused. */
export type FolderId = number;

export interface Folder {
  readonly mailboxId: MailboxId;
  readonly id: FolderId;
  /** Folders of the mail and files homes form trees; those of calendars and addressbooks lie at the top (null). */
  readonly parentId: FolderId | null;
  readonly itemClass: ItemClass;
  readonly role: FolderRole | null;
  /** Last path segment in DAV, unique among siblings of the same home, case-sensitive, NFC, kept as the client chose it. */
  readonly name: string;
  /** What people see; null until someone chooses one: then the default folder's localised name, or `name`. */
  readonly displayName: string | null;
  /** Components it takes; empty for classes that are not iCalendar. */
  readonly components: readonly CalendarKind[];
  /**
   * Properties clients set (colour, order, description, time zone, dead properties): Clark name `{ns}local` → the
   * property element's inner XML, canonical and namespace-complete.
   */
  readonly properties: Readonly<Record<string, string>>;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  /** Stamp of the last change of the folder itself (name, properties, creation). */
  readonly rev: Stamp;
  /** Highest stamp of anything in it or of itself: the CTag, and the sync-token's position. */
  readonly last: Stamp;
  /** Highest log stamp that was pruned from this folder: an older cursor has expired. */
  readonly pruned: Stamp;
}

/** What a caller gives to create a folder; the store adds ids and stamps. */
export type NewFolder = Pick<
  Folder,
  'parentId' | 'itemClass' | 'role' | 'name' | 'displayName' | 'components' | 'properties'
>;

/** Fields that can be changed; an absent one stays. `properties` sets each given name and removes those given as null. */
export interface FolderPatch {
  readonly parentId?: FolderId | null;
  readonly name?: string;
  readonly displayName?: string | null;
  readonly components?: readonly CalendarKind[];
  readonly properties?: Readonly<Record<string, string | null>>;
}
