import type { ItemId } from '../../../../src/domain/item.ts';
import type { EasContext } from '../../command.ts';
import type { ClientView } from '../../translate/client-view.ts';
import { folderOf } from '../../translate/one-folder.ts';
import type { CollectionOptions } from '../../translate/options.ts';
import type { RenderedItem } from '../../translate/rendered-item.ts';
import { translatorFor } from '../../translate/translators.ts';
import type { Collection } from '../../translate/view.ts';
import { SYNC_STATUS, type SyncStatus } from './status.ts';

/**
 * The whole of an item that came truncated (MS-ASCMD §2.2.3.67.2): in the form that the options ask for, without their sizes. Every
 * class is answered, though only mail has to be.
 */
export async function fetchItem(
  { environment, principal }: EasContext,
  collection: Collection,
  view: ClientView,
  itemId: ItemId,
): Promise<RenderedItem | SyncStatus> {
  const reader = environment.sync.store.read(principal.mailboxId);
  const translator = translatorFor(environment.items, collection, { ...view, options: untruncated(view.options) });
  const item = await reader.item(itemId);
  if (item === null || folderOf(collection, item.folderId) === undefined || !translator.includes(item))
    return SYNC_STATUS.notFound;
  return (await translator.render(reader, item, null)) ?? SYNC_STATUS.conversion;
}

function untruncated(options: CollectionOptions): CollectionOptions {
  const whole = { truncationSize: null, allOrNone: false } as const;
  const bodyPreferences = options.bodyPreferences.map((preference) => ({ ...preference, ...whole }));
  return { ...options, bodyPreferences, mimeTruncation: null };
}
