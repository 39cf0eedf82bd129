import type { Folder } from '../../../../src/domain/folder.ts';
import { rightsOn } from '../../../../src/domain/principal.ts';
import type { Partnership } from '../../../../src/store/sync-state-store.ts';
import { START_KEY } from '../../../../src/sync/request.ts';
import type { EasContext } from '../../command.ts';
import { type CollectionOptions, DEFAULT_OPTIONS, parseOptions } from '../../translate/options.ts';
import { type Collection, collectionOf, parseCollectionId, partnershipDevice } from '../../translate/view.ts';
import type { AskedCollection } from './asked.ts';
import { optionsFor } from './read-options.ts';
import { SYNC_STATUS, type SyncStatus } from './status.ts';

/** A collection that is asked for and there, with what is known of it. */
export interface LocatedCollection {
  readonly asked: AskedCollection;
  readonly collection: Collection;
  /** Names the partnership. */
  readonly device: string;
  /** As it stood before this request. */
  readonly partnership: Partnership | null;
  readonly options: CollectionOptions;
}

/** Finds what is asked for in the person's own mailbox, or the status that says why it cannot be synchronised. */
export async function locateCollection(
  context: EasContext,
  folders: readonly Folder[],
  asked: AskedCollection,
): Promise<LocatedCollection | SyncStatus> {
  const { environment, principal, device, version } = context;
  const ids = parseCollectionId(asked.id);
  const folder = folders.find(({ id }) => id === ids?.folderId);
  if (ids === null || folder === undefined) return SYNC_STATUS.notFound;
  if (!rightsOn(principal, folder.mailboxId, folder).has('read')) return SYNC_STATUS.notFound;
  const collection = collectionOf(folder, ids.suffix, version);
  if (collection === null) return SYNC_STATUS.notFound;
  if (asked.easClass !== null && asked.easClass !== collection.easClass) return SYNC_STATUS.protocolError;
  // MS-ASNOTE §3.2.5.4: notes have nothing that a client could leave unmanaged.
  if (asked.supported !== null && collection.easClass === 'Notes') return SYNC_STATUS.protocolError;
  // MS-ASCMD §2.2.3.181.4: key 0 asks for a key and nothing else.
  if (asked.key === START_KEY && asked.commands.length > 0) return SYNC_STATUS.protocolError;
  const name = partnershipDevice(device.id, collection);
  const partnership = await environment.sync.store.read(principal.mailboxId).partnership(folder.id, name);
  if (partnership === null && asked.key !== START_KEY) return SYNC_STATUS.invalidKey;
  return { asked, collection, device: name, partnership, options: optionsInForce(asked, collection, partnership) };
}

/** Options stay in force until others are given (MS-ASCMD §2.2.3.125.6); what is supported is said at key 0 only. */
function optionsInForce(
  asked: AskedCollection,
  { easClass }: Collection,
  partnership: Partnership | null,
): CollectionOptions {
  const isStart = asked.key === START_KEY;
  const before = isStart || partnership === null ? DEFAULT_OPTIONS : parseOptions(partnership.current.options);
  const given = optionsFor(asked.options, easClass)?.options ?? before;
  return { ...given, supported: isStart ? asked.supported : before.supported };
}
