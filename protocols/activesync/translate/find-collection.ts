import type { Folder } from '../../../src/domain/folder.ts';
import { type Principal, rightsOn } from '../../../src/domain/principal.ts';
import type { MailboxReader } from '../../../src/store/mailbox-store.ts';
import type { ClassVersion } from '../classes/version.ts';
import { type Collection, collectionOf, parseCollectionId } from './view.ts';

/** Who looks, and in which version: what a phone names is there for it only as far as it may see it. */
export interface Seer {
  readonly principal: Principal;
  readonly version: ClassVersion;
}

/** Whether a folder is there for this person: what they may not read does not exist for them. */
export function isReadable({ principal }: Pick<Seer, 'principal'>, folder: Folder): boolean {
  return rightsOn(principal, folder.mailboxId, folder).has('read');
}

/** The collection of this id in the principal's mailbox; null where there is none for them. */
export async function findCollection(reader: MailboxReader, seer: Seer, id: string): Promise<Collection | null> {
  const parsed = parseCollectionId(id);
  const folder = parsed === null ? null : await reader.folder(parsed.folderId);
  return folder === null ? null : collectionAmong([folder], seer, id);
}

/** The same among folders of that mailbox which were read before. */
export function collectionAmong(folders: readonly Folder[], seer: Seer, id: string): Collection | null {
  const parsed = parseCollectionId(id);
  const folder = folders.find((candidate) => candidate.id === parsed?.folderId);
  if (parsed === null || folder === undefined || !isReadable(seer, folder)) return null;
  return collectionOf(folder, parsed.suffix, seer.version);
}
