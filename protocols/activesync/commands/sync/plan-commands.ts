import type { ItemId } from '../../../../src/domain/item.ts';
import type { ClientCommand } from '../../../../src/sync/request.ts';
import type { ClassCommand } from '../../translate/rendered-item.ts';
import { type Collection, parseServerId } from '../../translate/view.ts';
import type { AskedCollection, AskedCommand } from './asked.ts';
import { isNameOfShortMessage, isShortMessage, nameOfShortMessage } from './short-messages.ts';
import { SYNC_STATUS, type SyncStatus } from './status.ts';

/** What is done about one command of the device. */
export type PlannedCommand =
  | { readonly asked: AskedCommand; readonly kind: 'engine'; readonly command: ClientCommand<ClassCommand> }
  | { readonly asked: AskedCommand; readonly kind: 'fetch'; readonly itemId: ItemId }
  /** Answered for what it says, before anything is looked at. */
  | {
      readonly asked: AskedCommand;
      readonly kind: 'answered';
      readonly status: SyncStatus;
      readonly serverId: string | null;
    };

/** The device's commands in the engine's words, in their order. */
export function planCommands(asked: AskedCollection, collection: Collection): PlannedCommand[] {
  return asked.commands.map((command) => plan(command, asked, collection));
}

function plan(asked: AskedCommand, { deletesAsMoves }: AskedCollection, collection: Collection): PlannedCommand {
  if (asked.kind === 'add') {
    if (isShortMessage(asked, collection)) {
      return answered(asked, SYNC_STATUS.done, nameOfShortMessage(collection, asked.clientId));
    }
    const isOther = asked.easClass !== null && asked.easClass !== collection.easClass;
    if (isOther) return answered(asked, SYNC_STATUS.conversion);
    const { hash, fields } = asked.content;
    return {
      asked,
      kind: 'engine',
      command: { kind: 'add', clientId: asked.clientId, hash, data: { fields, deletesAsMoves } },
    };
  }
  if (asked.kind !== 'fetch' && isNameOfShortMessage(collection, asked.serverId)) {
    return answered(asked, SYNC_STATUS.done);
  }
  const ids = parseServerId(asked.serverId);
  if (ids === null || ids.collectionId !== collection.id) return answered(asked, SYNC_STATUS.notFound);
  const { itemId } = ids;
  if (asked.kind === 'fetch') return { asked, kind: 'fetch', itemId };
  if (asked.kind === 'delete') {
    return { asked, kind: 'engine', command: { kind: 'delete', itemId, data: { fields: [], deletesAsMoves } } };
  }
  const { hash, fields } = asked.content;
  return { asked, kind: 'engine', command: { kind: 'change', itemId, hash, data: { fields, deletesAsMoves } } };
}

function answered(asked: AskedCommand, status: SyncStatus, serverId: string | null = null): PlannedCommand {
  return { asked, kind: 'answered', status, serverId };
}
