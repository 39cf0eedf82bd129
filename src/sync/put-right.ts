import type { JournalEntry, SyncWriter } from '../store/sync-state-store.ts';
import { quarantine, render, type SyncContext } from './context.ts';
import { deletionOf, type Journal } from './journal.ts';
import { isSameStay } from './known-revision.ts';
import { noteLetGo, type Position } from './position.ts';
import type { ServerCommand } from './request.ts';
import { isOfSource } from './source.ts';
import type { Sized } from './translator.ts';

/**
 * A repeat that leaves out what was done under the same key comes from a device that changed its mind without knowing
 * that it was too late: it is told at once, outside the window.
 */
export async function putRight<C, R extends Sized>(
  context: SyncContext<C, R>,
  tx: SyncWriter,
  journal: Journal,
  position: Position,
  used: ReadonlySet<string>,
): Promise<readonly ServerCommand<R>[]> {
  const commands: ServerCommand<R>[] = [];
  for (const entry of journal.entries()) {
    if (used.has(entry.name) || context.settled.has(entry.itemId) || !context.rules.isPutRight(entry)) continue;
    if (entry.kind === 'delete') {
      commands.push({ kind: 'delete', itemId: entry.itemId });
      context.settled.add(entry.itemId);
      const item = entry.status === 'done' ? null : await tx.item(entry.itemId);
      if (item !== null && isOfSource(context.source, item.folderId)) noteLetGo(position, item);
      continue;
    }
    const command = await present(context, tx, journal, position, entry);
    if (command !== null) commands.push(command);
  }
  return commands;
}

/** What stands of an Add or a Change, for a device that does not know of it; null when that is nothing. */
async function present<C, R extends Sized>(
  context: SyncContext<C, R>,
  tx: SyncWriter,
  journal: Journal,
  position: Position,
  entry: JournalEntry,
): Promise<ServerCommand<R> | null> {
  const { itemId, kind } = entry;
  const item = await tx.item(itemId);
  if (item === null || !isOfSource(context.source, item.folderId)) return null;
  // A deletion under the same key outranks what was done before it.
  if (journal.get(deletionOf(itemId)) !== undefined) return null;
  // What was carried over a new start comes by the edge, like all that this incarnation did not make.
  if (kind === 'add' && entry.by !== context.me) return null;
  if (kind === 'add' ? !(await isSameStay(context, tx, item, entry)) : !entry.isApplied) return null;
  context.settled.add(itemId);
  const rendered = await render(context, tx, item);
  if (rendered !== null) return { kind: kind === 'add' ? 'add' : 'change', itemId, item, rendered };
  quarantine(context, position, itemId, kind === 'change');
  return null;
}
