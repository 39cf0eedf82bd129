import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ListQuery } from '../../src/store/mailbox-store.ts';
import type { DavContext } from './context.ts';
import { type CollectionResource, type ItemResource, memberOf } from './resource.ts';

/** Read at once: a page costs the store a few milliseconds. */
const PAGE_ITEMS = 500;
/** Given at once: whoever parses each of them, or expands a series, must not hold the loop for longer than that either. */
const TURN_ITEMS = 100;

/** All items of a collection, up to 100 at a time; in between other requests have their turn. */
export async function* listMembers(
  context: DavContext,
  collection: CollectionResource,
  query: Omit<ListQuery, 'after' | 'limit'>,
): AsyncGenerator<readonly ItemResource[]> {
  let after: number | null = null;
  do {
    const position: { after?: number } = after === null ? {} : { after };
    const page = await context.reader.list(collection.folder.id, { ...query, ...position, limit: PAGE_ITEMS });
    const members = page.items.map(({ item, content }) => memberOf(collection, item, content));
    for (let from = 0; from < members.length; from += TURN_ITEMS) {
      yield members.slice(from, from + TURN_ITEMS);
      await nextTurn();
    }
    after = page.next;
  } while (after !== null);
}
