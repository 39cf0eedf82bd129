import type { Folder, FolderId } from '../../../../src/domain/folder.ts';
import { withAllBelow } from '../../../../src/domain/folder-tree.ts';
import type { ObjectSource } from '../../../../src/search/object-search.ts';
import type { EasContext } from '../../command.ts';
import { collectionAmong, isReadable } from '../../translate/find-collection.ts';
import { shownCollections } from '../../translate/one-folder.ts';
import type { Collection } from '../../translate/view.ts';
import type { MailboxQuery } from './mailbox-query.ts';
import { STORE_STATUS } from './store-answer.ts';

/** Outlook for phones: search everywhere. */
const EVERYWHERE = '0';

/** Where a query looks. */
export interface Searched {
  readonly mail: readonly FolderId[];
  readonly objects: readonly ObjectSource[];
}

type Refusal = typeof STORE_STATUS.invalid | typeof STORE_STATUS.folderSyncFirst;

/**
 * The collections that a query names, of the classes that it names; of mail with all below them where that is asked for. One
 * that names neither means mail.
 */
export function searchedIn(
  context: EasContext,
  { classes, collectionIds }: MailboxQuery,
  all: readonly Folder[],
  deep: boolean,
): Searched | Refusal {
  const readable = all.filter((folder) => isReadable(context, folder));
  const isEverywhere = collectionIds.length === 0 || collectionIds.includes(EVERYWHERE);
  const named = isEverywhere ? shownCollections(readable, context) : collectionsNamed(context, collectionIds, all);
  if (named === null) return STORE_STATUS.folderSyncFirst;
  const wanted = classes.length > 0 ? classes.map((name) => name.toLowerCase()) : isEverywhere ? ['email'] : null;
  const chosen = named.filter(({ easClass }) => wanted === null || wanted.includes(easClass.toLowerCase()));
  if (chosen.length === 0) return STORE_STATUS.invalid;
  const ofMail = new Set(chosen.filter(({ easClass }) => easClass === 'Email').map(({ folder }) => folder.id));
  const mail = readable.filter(({ itemClass }) => itemClass === 'mail');
  const within = deep ? withAllBelow(mail, ofMail) : ofMail;
  return { mail: mail.filter(({ id }) => within.has(id)).map(({ id }) => id), objects: chosen.flatMap(sourcesOf) };
}

/** Null when one of them is not there. */
function collectionsNamed(
  context: EasContext,
  ids: readonly string[],
  all: readonly Folder[],
): readonly Collection[] | null {
  const found = [...new Set(ids)].map((id) => collectionAmong(all, context, id));
  return found.includes(null) ? null : found.filter((collection) => collection !== null);
}

function sourcesOf({ folder, kind, merged = [] }: Collection): readonly ObjectSource[] {
  if (kind === 'MESSAGE' || kind === 'FILE' || kind === 'VFREEBUSY') return [];
  return [folder, ...merged].map(({ id }) => ({ folderId: id, kind }));
}
