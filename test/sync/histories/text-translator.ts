import { GatewayError } from '../../../src/domain/errors.ts';
import { flagsChangedSince } from '../../../src/domain/flag-revs.ts';
import type { FolderId } from '../../../src/domain/folder.ts';
import type { Item, ItemId } from '../../../src/domain/item.ts';
import type { Stamp } from '../../../src/domain/mailbox.ts';
import type { MailboxReader, MailboxWriter } from '../../../src/store/mailbox-store.ts';
import type { Translator } from '../../../src/sync/translator.ts';
import { mustHold } from './disagreement.ts';
import { contentOf, type Rendered, textOf } from './world.ts';

/** What a device shows of an item: its content, and two aspects of its flags. */
export interface Shown {
  readonly text: string;
  readonly mark: string;
  readonly isRead: boolean;
}

export function shownOf({ flags }: Item, text: string): Shown {
  return { text, mark: flags.categories?.[0] ?? '', isRead: flags.read === true };
}

/** What a device shows of an item that it made itself. */
export function shownOfAdd({ text, isMark }: Edit): Shown {
  return isMark === true ? { text: '', mark: text, isRead: false } : { text, mark: '', isRead: false };
}

/** What a device sends with a command. */
export interface Edit {
  readonly folderId: FolderId;
  readonly device: number;
  /** Names the edit; the new content, unless it leaves that. */
  readonly text: string;
  /** The edit changes the mark to `text`, and leaves the content. */
  readonly isMark?: boolean;
  /** Names an Add, whatever it says later. */
  readonly origin?: string;
  /** A new date, or null to leave it. */
  readonly date: number | null;
  /** What the device held when the user began; null for an Add. */
  readonly base: Shown | null;
  /** Refused by the translator, as content that cannot be read is. */
  readonly isInvalid?: boolean;
}

/** What was done in transactions that were committed. */
export interface Notes {
  readonly created: string[];
  readonly applied: string[];
}

/**
 * Items are short texts. An edit that meets another text than the one it was made from leaves a mark, as a merge would:
 * so a device that is not told the outcome is seen to be wrong. Where the device holds the text it is told of the flags
 * alone.
 */
export class TextTranslator implements Translator<Edit, Rendered> {
  /** Items that cannot be rendered in their present revision. */
  readonly unrenderable = new Set<ItemId>();
  /** Items that this view of the folder does not show. */
  readonly outsideView = new Set<ItemId>();
  readonly created = new Map<string, number>();
  readonly applied = new Map<string, number>();
  #notes: Notes = { created: [], applied: [] };
  readonly #nextName: () => string;

  constructor(nextName: () => string) {
    this.#nextName = nextName;
  }

  beginNotes(): Notes {
    this.#notes = { created: [], applied: [] };
    return this.#notes;
  }

  commitNotes(notes: Notes): void {
    for (const text of notes.created) count(this.created, text, 'an Add created two items');
    for (const text of notes.applied) count(this.applied, text, 'a Change was applied twice');
  }

  includes(item: Item): boolean {
    return !this.outsideView.has(item.id);
  }

  async render(reader: MailboxReader, item: Item, since: Stamp | null): Promise<Rendered | null> {
    const changed = since === null ? [] : flagsChangedSince(item, since);
    if (changed.length > 0) {
      const { mark, isRead } = shownOf(item, '');
      return {
        size: 1,
        ...(changed.includes('categories') ? { mark } : {}),
        ...(changed.includes('read') ? { isRead } : {}),
      };
    }
    if (this.unrenderable.has(item.id)) return null;
    const shown = shownOf(item, await textOf(reader, item.id));
    return { size: shown.text.length, ...shown };
  }

  async create(tx: MailboxWriter, edit: Edit): Promise<Item> {
    refuseInvalid(edit);
    this.#notes.created.push(edit.origin ?? edit.text);
    const place = { folderId: edit.folderId, name: this.#nextName() };
    const { text, mark } = shownOfAdd(edit);
    const item = await tx.createItem({ ...place, ...contentOf(text, edit.date ?? 0) });
    return mark === '' ? item : tx.setFlags(item.id, { categories: [mark] });
  }

  async replace(tx: MailboxWriter, item: Item, edit: Edit): Promise<void> {
    refuseInvalid(edit);
    const now = shownOf(item, await textOf(tx, item.id));
    const isForeign = [now.text, now.mark].some((word) => word !== '' && !word.startsWith(`d${edit.device}.`));
    mustHold(!isForeign && !now.isRead, () => `an Add of item ${item.id} replaces what is not its own: ${now.text}`);
    this.#notes.applied.push(edit.text);
    const { text, mark } = shownOfAdd(edit);
    await tx.replaceContent(item.id, contentOf(text, edit.date ?? item.filterKey));
    await tx.setFlags(item.id, mark === '' ? {} : { categories: [mark] });
  }

  async change(tx: MailboxWriter, item: Item, edit: Edit): Promise<void> {
    refuseInvalid(edit);
    const now = shownOf(item, await textOf(tx, item.id));
    const present = edit.isMark === true ? now.mark : now.text;
    const made = edit.base ?? { text: undefined, mark: '' };
    const base = edit.isMark === true ? made.mark : made.text;
    const isForeign = present !== base && !present.startsWith(`d${edit.device}.`);
    this.#notes.applied.push(edit.text);
    const text = isForeign ? `${edit.text}*` : edit.text;
    const written =
      edit.isMark === true
        ? await tx.setFlags(item.id, { ...item.flags, categories: [text] })
        : await tx.replaceContent(item.id, contentOf(text, edit.date ?? item.filterKey));
    mustHold(!(isForeign && written.by !== null), () => `a conflict over item ${item.id} was missed: ${present}`);
  }

  async remove(tx: MailboxWriter, item: Item): Promise<void> {
    await tx.deleteItem(item.id);
  }

  async merge(tx: MailboxWriter, item: Item, edit: Edit): Promise<boolean> {
    if (edit.text.length % 2 === 0) return false;
    await this.change(tx, item, edit);
    return true;
  }

  async keepCopy(tx: MailboxWriter, item: Item, edit: Edit): Promise<void> {
    refuseInvalid(edit);
    if (edit.isMark === true) return;
    const place = { folderId: item.folderId, name: this.#nextName() };
    await tx.createItem({ ...place, ...contentOf(`${edit.text} (copy)`, edit.date ?? item.filterKey) });
  }

  async losing(reader: MailboxReader, item: Item, edit: Edit, side: 'client' | 'server') {
    const text = side === 'client' ? edit.text : await textOf(reader, item.id);
    return { content: Buffer.from(text), contentType: 'text/plain' };
  }
}

function refuseInvalid({ isInvalid, text }: Edit): void {
  if (isInvalid) throw new GatewayError('content-invalid', { reason: `${text} cannot be read` });
}

function count(counts: Map<string, number>, name: string, complaint: string): void {
  const times = (counts.get(name) ?? 0) + 1;
  counts.set(name, times);
  mustHold(times === 1, () => `${complaint}: ${name}`);
}
