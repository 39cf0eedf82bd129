import type { Folder } from '../../../../src/domain/folder.ts';
import type { Item } from '../../../../src/domain/item.ts';
import type { FoundMail } from '../../../../src/search/mail-search.ts';
import { searchObjects } from '../../../../src/search/object-search.ts';
import { toElements } from '../../classes/wbxml-adapter.ts';
import type { EasContext } from '../../command.ts';
import { EasStatusError } from '../../status.ts';
import { collectionOfItem } from '../../translate/find-collection.ts';
import type { CollectionOptions } from '../../translate/options.ts';
import type { RenderedItem } from '../../translate/rendered-item.ts';
import { translatorFor } from '../../translate/translators.ts';
import { type Collection, serverIdOf } from '../../translate/view.ts';
import { viewFor } from '../../translate/view-for.ts';
import { el, type WbxElement } from '../../wbxml/element.ts';
import { WbxValueError } from '../../wbxml/errors.ts';
import { child, childBool } from '../../wbxml/read-element.ts';
import { readShownOptions } from '../read-shown-options.ts';
import { type MailboxQuery, readMailboxQuery } from './mailbox-query.ts';
import { type ResultRange, readRange } from './range.ts';
import { type Searched, searchedIn } from './searched.ts';
import { answeredStore, refusedStore, STORE_STATUS } from './store-answer.ts';

/** Results of one answer; also what a client gets that names no range. */
const MOST_RESULTS = 100;
/** Results are a list to choose from: who asks for no form of body gets its beginning. */
const BEGINNING = [{ type: 1, truncationSize: 1_024, allOrNone: false, preview: 0 }] as const;

/**
 * Searches the person's own mailbox (MS-ASCMD §2.2.1.16), newest first. Nothing is kept between requests: each
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
  const searched = searchedIn(context, query, all, deep);
  if (typeof searched === 'number') return refusedStore(searched);
  if (query.isUnfindable) return answeredStore([], 0, 0);
  const found = await find(context, query, searched, range);
  context.logFields.found = found.total;
  if (range.first > 0 && range.first >= found.total) return refusedStore(STORE_STATUS.beyondResults);
  const results = await resultsOf(context, found.items, all, shown);
  const status = found.isComplete ? STORE_STATUS.done : STORE_STATUS.timedOut;
  return answeredStore(results, range.first, found.total, status);
}

/** What is found in this range: mail, and behind it what else was searched. */
async function find(
  { environment, principal }: EasContext,
  { words, thread, after, before }: MailboxQuery,
  { mail, objects }: Searched,
  range: ResultRange,
): Promise<FoundMail> {
  const { search, limits, items } = environment;
  const { clock } = items;
  const end = clock.elapsed() + limits.maxSearchMs;
  const limit = range.last + 1 - range.first;
  const wanted = { folders: mail, words, thread, after, before, offset: range.first, limit };
  const found = await search.search(principal.mailboxId, wanted, limits.maxSearchMs);
  // Only mail is of a conversation, and was received.
  if (objects.length === 0 || thread !== null || after !== null || before !== null) return found;
  const reader = items.store.read(principal.mailboxId);
  const others = await searchObjects(reader, objects, words, () => clock.elapsed() >= end);
  const from = Math.max(0, range.first - found.total);
  return {
    items: [...found.items, ...others.items.slice(from, from + limit - found.items.length)],
    total: found.total + others.items.length,
    isComplete: found.isComplete && others.isComplete,
  };
}

function shownOptions(options: WbxElement | null): CollectionOptions {
  const shown = readShownOptions(options);
  const isAsked = shown.bodyPreferences.length > 0 || (shown.bodyPartPreference ?? null) !== null;
  return isAsked ? shown : { ...shown, bodyPreferences: BEGINNING };
}

/** As many as one answer may hold, at least one; its Range tells the client how far it came. */
async function resultsOf(
  context: EasContext,
  items: readonly Item[],
  folders: readonly Folder[],
  options: CollectionOptions,
): Promise<WbxElement[]> {
  const { environment, principal } = context;
  const reader = environment.items.store.read(principal.mailboxId);
  const results: WbxElement[] = [];
  let size = 0;
  for (const item of items) {
    const folder = folders.find(({ id }) => id === item.folderId);
    const collection = collectionOfItem(folders, context, item);
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
