import type { Folder } from '../../../../src/domain/folder.ts';
import { START_KEY } from '../../../../src/sync/request.ts';
import type { EasContext } from '../../command.ts';
import { EasStatusError } from '../../status.ts';
import { isFilterTypeFor } from '../../translate/options.ts';
import { collectionOf, type EasClass, parseCollectionId } from '../../translate/view.ts';
import type { AskedCollection } from './asked.ts';
import { optionsFor } from './read-options.ts';

/** Short messages (MS-ASMS), the one class that may be asked for beside mail. */
const SMS = 'SMS';

/**
 * What breaks the rules of a collection's class ends the whole request with status 4, so it is looked for before any collection is
 * synchronised.
 * @throws EasStatusError 103
 */
export function checkCollections(
  { version }: Pick<EasContext, 'version'>,
  folders: readonly Folder[],
  collections: readonly AskedCollection[],
): void {
  for (const asked of collections) {
    // MS-ASCMD §2.2.3.84
    if (asked.key === START_KEY && asked.getChanges === true) throw new EasStatusError(103, 'GetChanges at key 0');
    const ids = parseCollectionId(asked.id);
    const folder = folders.find(({ id }) => id === ids?.folderId);
    const collection = ids === null || folder === undefined ? null : collectionOf(folder, ids.suffix, version);
    if (collection !== null) checkFor(collection.easClass, asked);
  }
}

function checkFor(easClass: EasClass, { options, saysConversationMode }: AskedCollection): void {
  // MS-ASCMD §2.2.3.36.2
  if (saysConversationMode && easClass !== 'Email') throw new EasStatusError(103, `ConversationMode for ${easClass}`);
  const fault = faultOfOptions(easClass, options);
  if (fault !== null) throw new EasStatusError(103, fault);
  const filterType = optionsFor(options, easClass)?.options.filterType ?? 0;
  if (!isFilterTypeFor(easClass, filterType)) throw new EasStatusError(103, `FilterType ${filterType} for ${easClass}`);
}

/**
 * What is wrong with several Options, null for nothing: each class has one at most, and only short messages may be asked for beside
 * mail (MS-ASCMD §2.2.3.27). One alone is left to be, for another class too: it is for nothing that is there.
 */
export function faultOfOptions(
  easClass: EasClass,
  blocks: readonly { readonly easClass: string | null }[],
): string | null {
  const classes = blocks.map((block) => block.easClass ?? easClass);
  if (new Set(classes).size < classes.length) return 'Options of one class come twice';
  const other = classes.find((name) => name !== easClass && !(easClass === 'Email' && name === SMS));
  return classes.length > 1 && other !== undefined ? `Options for ${other} in ${easClass}` : null;
}
