import type { ItemId } from '../../../../src/domain/item.ts';
import type { ClientCommand } from '../../../../src/sync/request.ts';
import type { ClassCommand } from '../../translate/rendered-item.ts';
import { type Collection, parseServerId } from '../../translate/view.ts';
import type { AskedCollection, AskedCommand } from './asked.ts';
import { SYNC_STATUS, type SyncStatus } from './status.ts';

/** What is done about one command of the device. */
export type PlannedCommand =
  | { readonly asked: AskedCommand; readonly kind: 'engine'; readonly command: ClientCommand<ClassCommand> }
  | { readonly asked: AskedCommand; readonly kind: 'fetch'; readonly itemId: ItemId }
  /** Refused for what it says, before anything is looked at. */
  | { readonly asked: AskedCommand; readonly kind: 'refused'; readonly status: SyncStatus };

/** The device's commands in the engine's words, in their order. */
export function planCommands(asked: AskedCollection, collection: Collection): PlannedCommand[] {
  return asked.commands.map((command) => plan(command, asked, collection));
}

function plan(asked: AskedCommand, { deletesAsMoves }: AskedCollection, collection: Collection): PlannedCommand {
  if (asked.kind === 'add') {
    // Short messages among mail (MS-ASMS), which some phones send though they were never taken.
    const isOther = asked.easClass !== null && asked.easClass !== collection.easClass;
    if (isOther) return { asked, kind: 'refused', status: SYNC_STATUS.conversion };
    const { hash, fields } = asked.content;
    return {
      asked,
      kind: 'engine',
      command: { kind: 'add', clientId: asked.clientId, hash, data: { fields, deletesAsMoves } },
    };
  }
  const ids = parseServerId(asked.serverId);
  if (ids === null || ids.collectionId !== collection.id) {
    return { asked, kind: 'refused', status: SYNC_STATUS.notFound };
  }
  const { itemId } = ids;
  if (asked.kind === 'fetch') return { asked, kind: 'fetch', itemId };
  if (asked.kind === 'delete') {
    return { asked, kind: 'engine', command: { kind: 'delete', itemId, data: { fields: [], deletesAsMoves } } };
  }
  const { hash, fields } = asked.content;
  return { asked, kind: 'engine', command: { kind: 'change', itemId, hash, data: { fields, deletesAsMoves } } };
}
