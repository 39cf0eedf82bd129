import { createHash } from 'node:crypto';
import { type Content, chunksOf } from '../domain/content.ts';
import { GatewayError } from '../domain/errors.ts';
import type { Folder } from '../domain/folder.ts';
import type { Item, ItemFlags } from '../domain/item.ts';
import type { MailboxWriter, NewContent } from '../store/mailbox-store.ts';
import { freeName } from './free-name.ts';
import { nameForUid } from './names.ts';
import { judgeContent } from './put-content.ts';
import type { ItemServices } from './services.ts';
import { holdsBytes, replaceIfDifferent } from './whole-content.ts';

export interface ImportEntry {
  readonly content: Uint8Array;
  readonly contentType: string;
  readonly flags?: ItemFlags;
  /** The DAV name it should have where that is free, e.g. from an export; else made from the UID. */
  readonly name?: string;
}

export type ImportOutcome =
  | { readonly kind: 'created' | 'replaced' | 'unchanged'; readonly item: Item }
  | { readonly kind: 'refused'; readonly error: GatewayError };

/**
 * Puts many items into one folder in one transaction; a refused one does not stop the rest. An item whose UID the folder
 * has is replaced when it differs; a message whose Message-ID and bytes the folder has is left, so importing twice
 * doubles nothing. Outcomes are in the order given.
 */
export async function importItems(
  services: ItemServices,
  folder: Folder,
  entries: readonly ImportEntry[],
): Promise<readonly ImportOutcome[]> {
  const described = entries.map((entry) => describeOrRefuse(services, folder, entry));
  return services.store.write(folder.mailboxId, { kind: 'import', by: null }, async (tx) => {
    const outcomes: ImportOutcome[] = [];
    for (const [position, content] of described.entries()) {
      if (content instanceof GatewayError) outcomes.push({ kind: 'refused', error: content });
      else outcomes.push(await importOne(tx, folder, entries[position]!, content));
    }
    return outcomes;
  });
}

function describeOrRefuse(services: ItemServices, folder: Folder, entry: ImportEntry): NewContent | GatewayError {
  try {
    return judgeContent(
      folder,
      entry.content,
      entry.contentType,
      services.limits,
      Math.floor(services.clock.now() / 1000),
    );
  } catch (error) {
    if (error instanceof GatewayError) return error;
    throw error;
  }
}

async function importOne(
  tx: MailboxWriter,
  folder: Folder,
  entry: ImportEntry,
  content: NewContent,
): Promise<ImportOutcome> {
  const { uid, kind } = content.index;
  if (uid === null && folder.itemClass !== 'mail') {
    return { kind: 'refused', error: new GatewayError('object-invalid', { reason: 'it has no UID' }) };
  }
  const same = uid === null ? [] : await tx.itemsByUid(uid, folder.id);
  const wanted = entry.name ?? nameForUid(uid ?? digest(content.content), kind);
  if (folder.itemClass === 'mail') {
    const named = uid === null ? await tx.itemByName(folder.id, wanted) : null;
    const twin = await findTwin(tx, named ? [named] : same, content.content);
    if (twin) return { kind: 'unchanged', item: twin };
  } else if (same[0]) {
    const item = await replaceIfDifferent(tx, same[0], content);
    return { kind: item === same[0] ? 'unchanged' : 'replaced', item };
  }
  const name = await freeName(tx, folder.id, wanted);
  try {
    const flags = entry.flags ? { flags: entry.flags } : {};
    return { kind: 'created', item: await tx.createItem({ ...content, ...flags, folderId: folder.id, name }) };
  } catch (error) {
    // A full mailbox refuses this item; a smaller one after it may still fit.
    if (error instanceof GatewayError && error.code === 'quota-exceeded') return { kind: 'refused', error };
    throw error;
  }
}

/** Messages without a Message-ID are told apart, and found again, by their bytes. */
function digest(content: Content): string {
  const hash = createHash('sha256');
  for (const chunk of chunksOf(content)) hash.update(chunk);
  return hash.digest('hex').slice(0, 40);
}

async function findTwin(tx: MailboxWriter, candidates: readonly Item[], content: Content): Promise<Item | null> {
  for (const item of candidates) {
    if (await holdsBytes(tx, item, content)) return item;
  }
  return null;
}
