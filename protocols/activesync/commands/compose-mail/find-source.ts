import type { Item } from '../../../../src/domain/item.ts';
import type { EasContext } from '../../command.ts';
import { EasStatusError } from '../../status.ts';
import { isReadable } from '../../translate/find-collection.ts';
import { parseCollectionId, parseServerId } from '../../translate/view.ts';
import type { SourceNames } from './read-request.ts';

/**
 * The item that a reply or forward is about, in the principal's own mailbox. It may lie in another folder by now: a LongId,
 * and an ItemId too, name it wherever it is.
 * @throws EasStatusError 105, 106, 150
 */
export async function findSource(context: EasContext, names: SourceNames): Promise<Item> {
  const { environment, principal } = context;
  const itemId = itemIdOf(names);
  const reader = environment.items.store.read(principal.mailboxId);
  const item = await reader.item(itemId);
  const folder = item === null ? null : await reader.folder(item.folderId);
  if (item === null || folder === null || !isReadable(context, folder)) {
    throw new EasStatusError(150, `there is no item ${itemId}`);
  }
  return item;
}

function itemIdOf({ folderId, itemId, longId }: SourceNames): number {
  if (longId !== null && (folderId !== null || itemId !== null)) {
    throw new EasStatusError(105, 'LongId beside FolderId or ItemId');
  }
  const text = longId ?? itemId;
  if (text === null) throw new EasStatusError(105, 'a source without the id of an item');
  const parsed = parseServerId(text);
  if (parsed === null) throw new EasStatusError(106, 'an ItemId or LongId that was never given out');
  if (folderId !== null && parseCollectionId(folderId) === null) {
    throw new EasStatusError(106, 'a FolderId that was never given out');
  }
  return parsed.itemId;
}
