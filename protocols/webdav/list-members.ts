import type { ListQuery } from '../../src/store/mailbox-store.ts';
import type { DavContext } from './context.ts';
import { type CollectionResource, type ItemResource, memberOf } from './resource.ts';

const PAGE_ITEMS = 500;

/** All items of a collection in pages of up to 500, so that neither the store nor the loop is held for long; others have their turn in between. */
export async function* listMembers(
  context: DavContext,
  collection: CollectionResource,
  query: Omit<ListQuery, 'after' | 'limit'>,
): AsyncGenerator<readonly ItemResource[]> {
  let after: number | null = null;
  do {
    const position: { after?: number } = after === null ? {} : { after };
    const page = await context.reader.list(collection.folder.id, { ...query, ...position, limit: PAGE_ITEMS });
    yield page.items.map(({ item, content }) => memberOf(collection, item, content));
    // Whatever was made of the page: one that is only passed on to a fast client would hold the loop to the end.
    await context.turns.give();
    after = page.next;
  } while (after !== null);
}
