import { GatewayError } from '../../../../../src/domain/errors.ts';
import { createFolder } from '../../../../../src/items/folders.ts';
import { card } from '../../commands/sync/support.ts';
import { parked } from '../../waiting/ping-answers.ts';
import type { Scene } from '../scene.ts';
import type { StatusTable } from '../table.ts';

const folder = (id: string) => `<Folder><Id>${id}</Id><Class>Email</Class></Folder>`;
const ping = (interval: string, ...folders: readonly string[]) =>
  `<Ping xmlns="Ping:">${interval === '' ? '' : `<HeartbeatInterval>${interval}</HeartbeatInterval>`}<Folders>${folders.join('')}</Folders></Ping>`;
/** What the next Ping may leave out. */
const KEPT = ['+document phone1/ping'];
const ofNothing = { value: 4, at: 'Ping' } as const;

const newFolder = async ({ server }: Scene): Promise<void> => {
  await createFolder(server.environment.items, {
    ...{ principal: server.anna, parentId: null, itemClass: 'mail', name: 'Another' },
    ...{ displayName: null, components: [], properties: {} },
  });
};

/** MS-ASCMD §2.2.3.177.11. */
export const PING_ROWS: StatusTable = {
  name: 'Ping',
  command: 'Ping',
  rows: [
    {
      value: 1,
      at: 'Ping',
      asks: { 'nothing happens': ping('300', folder('{contacts}')) },
      during: async ({ server }) => {
        await parked(server);
        server.clock.advance(300_000);
      },
      changes: KEPT,
    },
    {
      value: 2,
      at: 'Ping',
      asks: { 'a contact of another client': ping('300', folder('{contacts}')) },
      prepare: async ({ server }) => {
        await server.put('contacts', 'new', card('u9', 'Bea'));
      },
      changes: KEPT,
    },
    {
      value: 3,
      at: 'Ping',
      asks: {
        'missing: a body, and nothing that it stands for': { body: null },
        'missing: HeartbeatInterval': ping('', folder('{contacts}')),
        'missing: Folders': '<Ping xmlns="Ping:"><HeartbeatInterval>300</HeartbeatInterval></Ping>',
      },
      changes: KEPT.map((change) => `?${change}`),
    },
    {
      ...ofNothing,
      asks: {
        'missing: HeartbeatInterval and Folders': '<Ping xmlns="Ping:"/>',
        'missing: Id': ping('300', '<Folder><Class>Email</Class></Folder>'),
        'empty: Id': ping('300', folder('')),
        'malformed: HeartbeatInterval': ping('soon', folder('{contacts}')),
        'malformed: another root': '<Sync xmlns="AirSync:"/>',
        'oversized: Id': ping('300', folder('1'.repeat(65))),
      },
    },
    {
      value: 5,
      at: 'Ping',
      asks: {
        'too short': ping('59', folder('{contacts}')),
        'oversized: too long': ping('3541', folder('{contacts}')),
        0: ping('0'),
        'below 0': ping('-100', folder('{contacts}')),
      },
    },
    {
      value: 6,
      at: 'Ping',
      options: { limits: { maxPingFolders: 2 } },
      asks: { 'oversized: three folders': ping('300', folder('{contacts}'), folder('{inbox}'), folder('{calendar}')) },
    },
    {
      value: 7,
      at: 'Ping',
      asks: { 'out of order: before FolderSync told of a new folder': ping('300', folder('{contacts}')) },
      prepare: newFolder,
      changes: KEPT,
    },
    {
      value: 8,
      at: 'Ping',
      asks: { 'a store that cannot answer': ping('300', folder('{contacts}')) },
      prepare: ({ faults }) =>
        void faults.set('sync.document', new GatewayError('store-unavailable', { reason: 'busy' })),
    },
  ],
};
