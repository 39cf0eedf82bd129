import type { FolderId } from './folder.ts';
import type { ItemKind } from './item-class.ts';
import type { MailboxId, Stamp } from './mailbox.ts';

/** Positive integer, unique in its mailbox, never reused; an item keeps it when it is moved. */
export type ItemId = number;

/** Marks "without end" in time fields and filter keys (endless series, open tasks). Fits a 64-bit integer and a double. */
export const ENDLESS = 8_640_000_000_000;
/** Marks "before everything" (completed tasks as filter key, items without any time). */
export const BEGINNINGLESS = -8_640_000_000_000;

/**
 * What the store indexes about an item's content, found once at write time so that no listing ever parses.
 * All times are seconds since 1970 UTC.
 */
export interface ItemIndex {
  readonly kind: ItemKind;
  readonly uid: string | null;
  /** Start of the earliest and end of the latest occurrence; BEGINNINGLESS/ENDLESS where there is none. Floating times count 14 hours to both sides. */
  readonly rangeStart: number;
  readonly rangeEnd: number;
  /** What a phone's date filter reads: mail: date; events: end of the last occurrence; tasks: open = ENDLESS, done = BEGINNINGLESS; groups of contacts: BEGINNINGLESS; others: 0. */
  readonly filterKey: number;
}

export interface Item extends ItemIndex {
  readonly mailboxId: MailboxId;
  readonly id: ItemId;
  readonly folderId: FolderId;
  /** The name a DAV client chose, or `<uid or id>.<ext>`; unique in its folder, case-sensitive. */
  readonly name: string;
  /** Bytes of the content. */
  readonly size: number;
  /** Media type without parameters, e.g. text/calendar. */
  readonly contentType: string;
  /** Stamp that began its present stay in this folder. */
  readonly entered: Stamp;
  /** Stamp of the last write of anything about it. */
  readonly rev: Stamp;
  /** Stamp of the last write of its content: with the id it makes the ETag. */
  readonly contentRev: Stamp;
  /** Partnership that made the last write, else null. */
  readonly by: number | null;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  readonly modifiedAt: number;
  /** Per-mailbox metadata beside the content. */
  readonly flags: ItemFlags;
  readonly flagRevs: FlagRevs;
}

export interface ItemFlags {
  readonly read?: boolean;
  /** To be followed up; what is known of the follow-up beyond that is in `followUp`. */
  readonly flagged?: boolean;
  readonly categories?: readonly string[];
  readonly followUp?: FollowUp;
  /** What was done with a message last, and when (seconds since 1970). */
  readonly lastVerb?: { readonly verb: 'reply' | 'reply-all' | 'forward'; readonly at: number };
}

/** What of the flags is changed, and told of, by itself; being flagged is part of the follow-up. */
export type FlagAspect = 'read' | 'categories' | 'followUp' | 'lastVerb';

/** Stamp of the last write that changed an aspect of the flags; absent = it is as it was when the item was created. */
export type FlagRevs = { readonly [aspect in FlagAspect]?: Stamp };

/** A message's follow-up with the dates of its task. An item that is done has it without being `flagged`. */
export interface FollowUp {
  readonly isDone: boolean;
  /** The words shown, e.g. `Flag for follow up`. */
  readonly label: string;
  /** Seconds since 1970; null while it is to be done. */
  readonly completedAt: number | null;
  /** Further facts in the words of the protocol that brought them: element name to text. */
  readonly details: Readonly<Record<string, string>>;
}

/** The strong validator of an item's bytes, without quotes. Same bytes served ⇔ same tag for one item. */
export function revisionTag(item: Pick<Item, 'id' | 'contentRev'>): string {
  return `${item.id.toString(36)}-${item.contentRev.toString(36)}`;
}
