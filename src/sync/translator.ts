import type { Item } from '../domain/item.ts';
import type { Stamp } from '../domain/mailbox.ts';
import type { MailboxReader, MailboxWriter } from '../store/mailbox-store.ts';

/** Something that has a size in the answer, in bytes. */
export interface Sized {
  readonly size: number;
}

/**
 * What the engine leaves to a protocol's class of items: bytes to and from the canonical object. `C` is a command's
 * payload, `R` an item as the answer will hold it. Writes may refuse with a GatewayError before they write anything; it
 * becomes the command's outcome. Whatever else is thrown ends the transaction.
 */
export interface Translator<C, R extends Sized> {
  /** Whether the item is in this device's view of the folder at all; it must not depend on what can be edited. */
  includes(item: Item): boolean;
  /**
   * Null refuses: the item goes into quarantine, until it or the retry stamp changes.
   * @param since The revision from which a Change goes on: the device holds the content as it is, and the flags as they
   * were then or later. Null = it holds nothing that can be relied on. Rendering the whole item is never wrong.
   */
  render(reader: MailboxReader, item: Item, since: Stamp | null): Promise<R | null>;
  create(tx: MailboxWriter, data: C): Promise<Item>;
  /** Merges an edit into the item as it is and writes it. */
  change(tx: MailboxWriter, item: Item, data: C): Promise<void>;
  /** Writes the item anew as `create` would have made it of this data: nothing stays of what it was, but its identity. */
  replace(tx: MailboxWriter, item: Item, data: C): Promise<void>;
  remove(tx: MailboxWriter, item: Item, data: C): Promise<void>;
  /** For the rule 'merge': writes both edits, or writes nothing and returns false when they touch the same. */
  merge(tx: MailboxWriter, item: Item, data: C): Promise<boolean>;
  /** For the rule 'keep-both': stores the client's version as a second item, marked. */
  keepCopy(tx: MailboxWriter, item: Item, data: C): Promise<void>;
  /** The version that loses a conflict, to be kept and restored; null when there is nothing to keep. */
  losing(
    reader: MailboxReader,
    item: Item,
    data: C,
    side: 'client' | 'server',
  ): Promise<{ content: Uint8Array; contentType: string } | null>;
}
