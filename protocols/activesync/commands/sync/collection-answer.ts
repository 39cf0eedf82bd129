import type { ServerCommand } from '../../../../src/sync/request.ts';
import type { ClassVersion } from '../../classes/version.ts';
import { toElements } from '../../classes/wbxml-adapter.ts';
import type { EasContext } from '../../command.ts';
import type { RenderedItem } from '../../translate/rendered-item.ts';
import { type Collection, serverIdOf } from '../../translate/view.ts';
import { el, type WbxElement } from '../../wbxml/element.ts';
import type { AskedCommand } from './asked.ts';
import { SYNC_STATUS, type SyncStatus } from './status.ts';

/** What became of one command of the device. */
export interface CommandAnswer {
  readonly asked: AskedCommand;
  readonly status: SyncStatus;
  /** Of an Add that made an item. */
  readonly serverId: string | null;
  /** Of a Fetch. */
  readonly fetched: RenderedItem | null;
}

export interface CollectionAnswer {
  /** Said in 12.1 only (MS-ASCMD §2.2.3.27.6); null when nobody knows it. */
  readonly easClass: string | null;
  readonly id: string;
  readonly key: string;
  readonly status: SyncStatus;
  readonly hasMore: boolean;
  readonly answers: readonly CommandAnswer[];
  readonly commands: readonly ServerCommand<RenderedItem>[];
  readonly collection: Collection | null;
  /** Items that this device does not get because they cannot be rendered. */
  readonly quarantined: number;
}

/** One Collection of the answer (MS-ASCMD §2.2.3.29.2). Windows Mobile needs MoreAvailable before Commands; nothing is sent empty. */
export function collectionElement(answer: CollectionAnswer, { version }: Pick<EasContext, 'version'>): WbxElement {
  const { easClass, id, key, status, hasMore, collection } = answer;
  const responses = answer.answers.filter(isToldOf).map((said) => responseElement(said, version, collection));
  const commands = collection === null ? [] : answer.commands.map((command) => commandElement(command, collection));
  return el(
    'AirSync:Collection',
    version === '12.1' && easClass !== null ? el('AirSync:Class', easClass) : null,
    el('AirSync:SyncKey', key),
    el('AirSync:CollectionId', id),
    el('AirSync:Status', status),
    hasMore ? el('AirSync:MoreAvailable') : null,
    responses.length === 0 ? null : el('AirSync:Responses', responses),
    commands.length === 0 ? null : el('AirSync:Commands', commands),
  );
}

/** MS-ASCMD §2.2.3.154: a Change or Delete is told of when it failed. */
function isToldOf({ asked, status }: CommandAnswer): boolean {
  return asked.kind === 'add' || asked.kind === 'fetch' || status !== SYNC_STATUS.done;
}

function responseElement(
  { asked, status, serverId, fetched }: CommandAnswer,
  version: ClassVersion,
  collection: Collection | null,
): WbxElement {
  switch (asked.kind) {
    case 'add':
      return el(
        'AirSync:Add',
        // MS-ASCMD §2.2.3.27.5: said where it is not the collection's own.
        version !== '12.1' && asked.easClass !== null && asked.easClass !== collection?.easClass
          ? el('AirSync:Class', asked.easClass)
          : null,
        el('AirSync:ClientId', asked.clientId),
        serverId === null ? null : el('AirSync:ServerId', serverId),
        el('AirSync:Status', status),
      );
    case 'change':
      return el('AirSync:Change', el('AirSync:ServerId', asked.serverId), el('AirSync:Status', status));
    case 'delete':
      return el('AirSync:Delete', el('AirSync:ServerId', asked.serverId), el('AirSync:Status', status));
    case 'fetch':
      return el(
        'AirSync:Fetch',
        el('AirSync:ServerId', asked.serverId),
        el('AirSync:Status', status),
        fetched === null ? null : el('AirSync:ApplicationData', toElements(fetched.fields)),
      );
  }
}

const COMMAND_NAMES = {
  add: 'AirSync:Add',
  change: 'AirSync:Change',
  delete: 'AirSync:Delete',
  'soft-delete': 'AirSync:SoftDelete',
} as const;

function commandElement(command: ServerCommand<RenderedItem>, collection: Collection): WbxElement {
  const data = 'rendered' in command ? el('AirSync:ApplicationData', toElements(command.rendered.fields)) : null;
  return el(COMMAND_NAMES[command.kind], el('AirSync:ServerId', serverIdOf(collection, command.itemId)), data);
}
