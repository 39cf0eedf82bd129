import { contentLength } from '../../domain/content.ts';
import { GatewayError } from '../../domain/errors.ts';
import type { Folder, NewFolder } from '../../domain/folder.ts';
import type { Item, ItemId } from '../../domain/item.ts';
import type { MailboxWriter, NewContent, NewItem } from '../../store/mailbox-store.ts';
import { type AnyWriter, wrappedWriter } from './wrapped-writer.ts';

/**
 * The same writer, which takes nothing that needs more space: what removes, moves, shrinks or marks goes on, and so does what
 * devices are known to hold. Nothing was written when it refuses, so whoever asked may go on with the rest.
 */
export function withoutGrowth<W extends MailboxWriter>(tx: W): W {
  const own = {
    async createItem(item: NewItem): Promise<Item> {
      if (item.exceeds === undefined) throw limitReached();
      return tx.createItem(item);
    },
    async replaceContent(id: ItemId, content: NewContent): Promise<Item> {
      const item = await tx.item(id);
      if (item !== null && contentLength(content.content) > item.size) throw limitReached();
      return tx.replaceContent(id, content);
    },
    async createFolder(_folder: NewFolder): Promise<Folder> {
      throw limitReached();
    },
    signed: (by: number | null) => withoutGrowth((tx as AnyWriter).signed!(by)),
  };
  return wrappedWriter(tx, own);
}

/** What a write is told that needs space while there is less free than the hard limit. */
function limitReached(): GatewayError<'storage-full'> {
  const reason =
    'The disk with the data folder has less free space than its hard limit, so nothing more is taken; an administrator has to free some space there, or lower the limit ("watch set --hard").';
  return new GatewayError('storage-full', { reason, isLimit: true }, reason);
}
