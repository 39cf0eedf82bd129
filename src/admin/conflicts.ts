import { CONFLICT_RULES_SETTING, readConflictRules } from '../devices/conflict-rule.ts';
import { GatewayError } from '../domain/errors.ts';
import type { Folder } from '../domain/folder.ts';
import type { Item, ItemFlags, ItemId } from '../domain/item.ts';
import { CLIENT_ORIGIN } from '../domain/mailbox.ts';
import { freeName } from '../items/free-name.ts';
import { nameForUid } from '../items/names.ts';
import { judgeContent, putContent } from '../items/put-content.ts';
import { readWhole } from '../items/whole-content.ts';
import type { ConflictLoser, SyncReader, SyncWriter } from '../store/sync-state-store.ts';
import type { Administration } from './administration.ts';
import type { ConflictEntry } from './calls/conflicts.ts';
import { configLog } from './config-log.ts';
import type { AdministrationParts } from './create-administration.ts';
import { folderNames, ownerOf, shownIds } from './devices.ts';
import { requireUser } from './users.ts';

/** Of a message only what is noted of it can be in conflict; it is kept as JSON. */
const NOTED = 'application/json';

/** The calls about versions that lost a conflict, and by which rules of users and domains they may. */
export function conflictCalls(
  parts: AdministrationParts,
): Pick<Administration, 'conflictRuleList' | 'conflictList' | 'conflictRestore'> {
  const { syncState, directory } = parts.stores;
  return {
    async conflictRuleList() {
      const { users, domains } = readConflictRules(await directory.setting(CONFLICT_RULES_SETTING));
      return [
        ...byName(domains).map(([domain, rule]) => ({ domain, address: null, rule })),
        ...byName(users).map(([address, rule]) => ({ domain: null, address, rule })),
      ];
    },

    async conflictList({ address }) {
      const { mailboxId } = await requireUser(parts, address);
      const reader = syncState.read(mailboxId);
      const nameOf = await folderNames(reader);
      const shownOf = await shownIds(reader);
      const entries: ConflictEntry[] = [];
      for (const loser of (await reader.conflictLosers()).toReversed()) {
        const { id, at, itemId, side, rule, contentType } = loser;
        const item = await reader.item(itemId);
        const present = item === null ? null : textOf((await versionOf(reader, item, contentType)).content);
        const place = { device: shownOf(ownerOf(loser.device)), folder: nameOf(item?.folderId ?? loser.folderId) };
        entries.push({ id, at, ...place, itemId, side, rule, contentType, lost: textOf(loser.content), present });
      }
      return entries;
    },

    async conflictRestore({ address, id }) {
      const { mailboxId } = await requireUser(parts, address);
      const itemId = await syncState.write(mailboxId, CLIENT_ORIGIN, async (tx) => {
        const loser = (await tx.conflictLosers()).find((candidate) => candidate.id === id);
        if (loser === undefined)
          throw notFound(`conflict ${id}`, `There is no conflict ${id}; "conflict list" shows which are.`);
        return restore(parts, tx, loser);
      });
      configLog(parts.log)({ user: address, conflict: id, itemId }, 'version that lost a conflict restored');
      return itemId;
    },
  };
}

function byName<T>(named: Readonly<Record<string, T>>): [string, T][] {
  return Object.entries(named).toSorted(([a], [b]) => (a < b ? -1 : 1));
}

async function restore(parts: AdministrationParts, tx: SyncWriter, loser: ConflictLoser): Promise<ItemId> {
  const item = await tx.item(loser.itemId);
  if (item === null) return (await createAgain(parts, tx, loser)).id;
  const folder = await requireFolder(tx, item.folderId);
  const present = await versionOf(tx, item, loser.contentType);
  if (loser.contentType === NOTED) {
    await tx.setFlags(item.id, JSON.parse(textOf(loser.content)) as ItemFlags);
  } else {
    await putContent(tx, folder, item.name, judged(parts, folder, loser), item);
  }
  // What was there can be had back in the same way.
  const { device, side } = loser;
  const kept = { folderId: folder.id, itemId: item.id, device, at: parts.clock.now(), rule: 'restored', ...present };
  await tx.keepConflictLoser({ ...kept, side: side === 'client' ? 'server' : 'client' });
  return item.id;
}

/** The item was deleted since: it is made again from the version that lost. */
async function createAgain(parts: AdministrationParts, tx: SyncWriter, loser: ConflictLoser): Promise<Item> {
  if (loser.contentType === NOTED)
    throw notFound(`item ${loser.itemId}`, 'The message is gone; nothing of it was kept.');
  const folder = await requireFolder(tx, loser.folderId);
  const content = judged(parts, folder, loser);
  const { uid, kind } = content.index;
  const name = await freeName(tx, folder.id, nameForUid(uid ?? `restored-${loser.id}`, kind));
  return putContent(tx, folder, name, content, null);
}

function judged({ services, clock }: AdministrationParts, folder: Folder, { content, contentType }: ConflictLoser) {
  return judgeContent(folder, content, contentType, services.limits, Math.floor(clock.now() / 1000));
}

async function versionOf(
  reader: SyncReader,
  item: Item,
  contentType: string,
): Promise<Pick<ConflictLoser, 'content' | 'contentType'>> {
  const content = contentType === NOTED ? Buffer.from(JSON.stringify(item.flags)) : await readWhole(reader, item);
  return { content, contentType };
}

async function requireFolder(reader: SyncReader, id: number): Promise<Folder> {
  const folder = await reader.folder(id);
  if (folder !== null) return folder;
  throw new GatewayError('folder-not-found', { folder: String(id) }, 'The folder of this conflict is gone.');
}

function textOf(content: Uint8Array): string {
  return new TextDecoder().decode(content);
}

function notFound(item: string, message: string): GatewayError {
  return new GatewayError('item-not-found', { item }, message);
}
