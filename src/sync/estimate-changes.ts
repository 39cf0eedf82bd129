import type { Item } from '../domain/item.ts';
import { folderNotFound } from '../store/refusals.ts';
import { freshContext } from './context.ts';
import type { ChangesQuery } from './has-changes.ts';
import { openGeneration } from './open-generation.ts';
import { positionOf } from './position.ts';
import { serverCommands } from './server-commands.ts';
import { rulesOf, type SyncServices } from './services.ts';
import { openSource } from './source.ts';
import type { Sized, Translator } from './translator.ts';

/** Nothing is rendered to count it. */
const COUNTED: Sized = { size: 0 };

/**
 * How many server commands wait for the device behind a key, counted up to `most` (GetItemEstimate). Nothing is rendered
 * and nothing moves. Null when the key is lost.
 * @throws GatewayError 'folder-not-found', 'store-unavailable'
 */
export async function estimateChanges(
  services: SyncServices<Sized>,
  query: ChangesQuery & { readonly key: string },
  includes: (item: Item) => boolean,
  most: number,
): Promise<number | null> {
  const rules = rulesOf(services);
  // Under the lock, so that all reads see one state.
  return services.store.write(query.mailboxId, { kind: 'client', by: null }, async (tx) => {
    const source = await openSource(tx, query);
    if (source === null) throw folderNotFound(query.folderId);
    const partnership = await tx.partnership(query.folderId, query.device);
    const opened = await openGeneration(tx, partnership, source, query.key, rules);
    if (partnership === null || opened.kind === 'lost') return null;
    const context = freshContext(services, query, source, partnership.number, counting(includes));
    const target = { key: query.wantedKeyOf(opened.from.options), id: 0 };
    let position = positionOf(opened.from);
    for (let count = 0; ; ) {
      const limits = { windowSize: most - count, maxBytes: Number.POSITIVE_INFINITY, target };
      const page = await serverCommands(context, tx, source, position, limits);
      count += page.commands.length;
      if (!page.hasMore || count >= most || page.commands.length === 0) return count;
      position = page.position;
    }
  });
}

function counting(includes: (item: Item) => boolean): Translator<never, Sized> {
  const unused = (): never => {
    throw new TypeError('An estimate writes nothing.');
  };
  return {
    ...{ includes, render: async () => COUNTED },
    ...{
      create: unused,
      change: unused,
      replace: unused,
      remove: unused,
      merge: unused,
      keepCopy: unused,
      losing: unused,
    },
  };
}
