import type { Folder, FolderId } from '../../../../src/domain/folder.ts';
import { withAllBelow } from '../../../../src/domain/folder-tree.ts';
import type { Item } from '../../../../src/domain/item.ts';
import { toElements } from '../../classes/wbxml-adapter.ts';
import type { EasContext } from '../../command.ts';
import { EasStatusError } from '../../status.ts';
import { collectionAmong, isReadable } from '../../translate/find-collection.ts';
import type { CollectionOptions } from '../../translate/options.ts';
import type { RenderedItem } from '../../translate/rendered-item.ts';
import { translatorFor } from '../../translate/translators.ts';
import { type Collection, collectionOf, serverIdOf } from '../../translate/view.ts';
import { viewFor } from '../../translate/view-for.ts';
import { el, type WbxElement } from '../../wbxml/element.ts';
import { WbxValueError } from '../../wbxml/errors.ts';
import { child, childBool } from '../../wbxml/read-element.ts';
import { readShownOptions } from '../read-shown-options.ts';
import { type MailboxQuery, readMailboxQuery } from './mailbox-query.ts';
import { readRange } from './range.ts';
import { answeredStore, refusedStore, STORE_STATUS } from './store-answer.ts';

/** Results of one answer; also what a client gets that names no range. */
const MOST_RESULTS = 100;
/** Outlook for phones: search everywhere. */
const EVERYWHERE = '0';
const EMAIL = 'email';
/** Results are a list to choose from: who asks for no form of body gets its beginning. */
const BEGINNING = [{ type: 1, truncationSize: 1_024, allOrNone: false, preview: 0 }] as const;

type Refusal = (typeof STORE_STATUS)[keyof typeof STORE_STATUS];

/**
 * Searches the mail of the person's own mailbox (MS-ASCMD §2.2.1.16), newest first. Nothing is kept between requests: each
 * range is cut from what is there now, so that RebuildResults has nothing to rebuild.
 */
export async function searchMailbox(context: EasContext, store: WbxElement): Promise<WbxElement> {
  try {
    return await search(context, store);
  } catch (error) {
    if (error instanceof WbxValueError) return refusedStore(STORE_STATUS.invalid);
    if (error instanceof EasStatusError && error.status === 164) return refusedStore(STORE_STATUS.bodyPartType);
    throw error;
  }
}

async function search(context: EasContext, store: WbxElement): Promise<WbxElement> {
  const { environment, principal } = context;
  const options = child(store, 'Search:Options');
  const range = readRange(store, MOST_RESULTS);
  const query = readMailboxQuery(store);
  if (range === null) return refusedStore(STORE_STATUS.invalid);
  if (typeof query === 'number') return refusedStore(query);
  const shown = shownOptions(options);
  const all = await environment.items.store.read(principal.mailboxId).folders();
  const deep = options !== null && (childBool(options, 'Search:DeepTraversal') ?? false);
  const folders = searchedFolders(context, query, all, deep);
  if (!Array.isArray(folders)) return refusedStore(folders as Refusal);
  if (query.isUnfindable) return answeredStore([], 0, 0);
  const { words, thread, after, before } = query;
  const offset = range.first;
  const wanted = { folders, words, thread, after, before, offset, limit: range.last + 1 - range.first };
  const found = await environment.search.search(principal.mailboxId, wanted, environment.limits.maxSearchMs);
  context.logFields.found = found.total;
  if (offset > 0 && offset >= found.total) return refusedStore(STORE_STATUS.beyondResults);
  const results = await resultsOf(context, found.items, all, shown);
  return answeredStore(results, offset, found.total, found.isComplete ? STORE_STATUS.done : STORE_STATUS.timedOut);
}

function shownOptions(options: WbxElement | null): CollectionOptions {
  const shown = readShownOptions(options);
  const isAsked = shown.bodyPreferences.length > 0 || (shown.bodyPartPreference ?? null) !== null;
  return isAsked ? shown : { ...shown, bodyPreferences: BEGINNING };
}

/**
 * Folders of mail: those named, with all below them where that is asked for, or every one. Others that are named beside them hold
 * nothing that is searched.
 */
function searchedFolders(
  context: EasContext,
  { classes, collectionIds }: MailboxQuery,
  all: readonly Folder[],
  deep: boolean,
): readonly FolderId[] | Refusal {
  if (classes.length > 0 && !classes.some((name) => name.toLowerCase() === EMAIL)) return STORE_STATUS.invalid;
  const mail = all.filter((folder) => folder.itemClass === 'mail' && isReadable(context, folder));
  if (collectionIds.length === 0 || collectionIds.includes(EVERYWHERE)) return mail.map(({ id }) => id);
  const chosen = new Set<FolderId>();
  for (const collectionId of collectionIds) {
    const collection = collectionAmong(all, context, collectionId);
    if (collection === null) return STORE_STATUS.folderSyncFirst;
    if (collection.easClass === 'Email') chosen.add(collection.folder.id);
  }
  if (chosen.size === 0) return STORE_STATUS.invalid;
  const wanted = deep ? withAllBelow(mail, chosen) : chosen;
  return mail.filter(({ id }) => wanted.has(id)).map(({ id }) => id);
}

/** As many as one answer may hold, at least one; its Range tells the client how far it came. */
async function resultsOf(
  context: EasContext,
  items: readonly Item[],
  folders: readonly Folder[],
  options: CollectionOptions,
): Promise<WbxElement[]> {
  const { environment, principal, version } = context;
  const reader = environment.items.store.read(principal.mailboxId);
  const results: WbxElement[] = [];
  let size = 0;
  for (const item of items) {
    const folder = folders.find(({ id }) => id === item.folderId);
    const collection = folder === undefined ? null : collectionOf(folder, '', version);
    if (folder === undefined || collection === null) continue;
    const view = viewFor(context, folders, folder, options);
    const rendered = await translatorFor(environment.items, collection, view).render(reader, item, null);
    size += rendered?.size ?? 0;
    if (results.length > 0 && size > environment.limits.maxAnswerBytes) break;
    results.push(resultOf(collection, item, rendered));
  }
  return results;
}

/** One that cannot be shown keeps its place, so that the numbers of the others are right. */
function resultOf(collection: Collection, item: Item, rendered: RenderedItem | null): WbxElement {
  return el(
    'Search:Result',
    el('AirSync:Class', collection.easClass),
    el('Search:LongId', serverIdOf(collection, item.id)),
    el('AirSync:CollectionId', collection.id),
    el('Search:Properties', rendered === null ? null : toElements(rendered.fields)),
  );
}
