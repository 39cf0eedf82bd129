import { GatewayError } from '../../../../../src/domain/errors.ts';
import { createFolder } from '../../../../../src/items/folders.ts';
import { putItem } from '../../../../../src/items/put-item.ts';
import { event } from '../../commands/sync/support.ts';
import type { Scene } from '../scene.ts';
import type { StatusTable } from '../table.ts';

const move = (item: string, source: string, ...destinations: readonly string[]) =>
  `<Move><SrcMsgId>${item}</SrcMsgId><SrcFldId>${source}</SrcFldId>${destinations.map((id) => `<DstFldId>${id}</DstFldId>`).join('')}</Move>`;
const request = (...moves: readonly string[]) => `<MoveItems xmlns="Move:">${moves.join('')}</MoveItems>`;
const one = (item: string, source: string, ...destinations: readonly string[]) =>
  request(move(item, source, ...destinations));
const RESPONSE = 'MoveItems/Response';

/** A second calendar, in which the event is already. */
const sameEventElsewhere = async ({ server }: Scene): Promise<string> => {
  const { anna: principal, environment } = server;
  const folder = await createFolder(environment.items, {
    ...{ principal, parentId: null, itemClass: 'calendar', name: 'Second' },
    ...{ displayName: null, components: ['VEVENT'], properties: {} },
  });
  const content = Buffer.from(event('u2', 'Plan'));
  await putItem(environment.items, { principal, folder, name: 'same', content, contentType: 'text/calendar' });
  return one('{event}', '{calendar}', `${folder.id}`);
};

/** MS-ASCMD §2.2.3.177.10: success is 3. */
export const MOVE_ITEMS_ROWS: StatusTable = {
  name: 'MoveItems',
  command: 'MoveItems',
  rows: [
    {
      value: 1,
      at: RESPONSE,
      asks: {
        'unknown: item': one('{inbox}:999', '{inbox}', '{project}'),
        'malformed: item': one('nonsense', '{inbox}', '{project}'),
        'empty: item': one('', '{inbox}', '{project}'),
        'unknown: source': one('{mail}', '999', '{project}'),
        'out of order: an item that is not in the source': one('{card}', '{inbox}', '{project}'),
      },
    },
    {
      value: 2,
      at: RESPONSE,
      asks: {
        unknown: one('{mail}', '{inbox}', '999'),
        malformed: one('{mail}', '{inbox}', 'x'),
        empty: one('{mail}', '{inbox}', ''),
        'of another class': one('{mail}', '{inbox}', '{calendar}'),
      },
    },
    {
      value: 3,
      at: RESPONSE,
      asks: { 'a mail': one('{mail}', '{inbox}', '{project}') },
      changes: ['~head', '~item', '~stamp of folder', '~stamps of item'],
    },
    { value: 4, at: RESPONSE, asks: { 'to where it is': one('{mail}', '{inbox}', '{inbox}') } },
    {
      value: 5,
      at: RESPONSE,
      asks: {
        'two destinations': one('{mail}', '{inbox}', '{project}', '{junk}'),
        'out of order: two moves of one item': request(
          move('{mail}', '{inbox}', '{project}'),
          move('{mail}', '{inbox}', '{junk}'),
        ),
        'to where its UID is already': sameEventElsewhere,
      },
    },
    {
      value: 7,
      at: RESPONSE,
      asks: { 'a store that cannot answer': one('{mail}', '{inbox}', '{project}') },
      prepare: ({ faults }) => void faults.set('sync.write', new GatewayError('store-unavailable', { reason: 'busy' })),
    },
  ],
};

const estimate = (...collections: readonly string[]) =>
  `<GetItemEstimate xmlns="GetItemEstimate:" xmlns:A="AirSync:"><Collections>${collections.join('')}</Collections></GetItemEstimate>`;
const collection = (id: string, key: string, more = '') =>
  estimate(`<Collection><CollectionId>${id}</CollectionId><A:SyncKey>${key}</A:SyncKey>${more}</Collection>`);
const OF_COLLECTION = 'GetItemEstimate/Response';

/** MS-ASCMD §2.2.3.177.7. */
export const ESTIMATE_ROWS: StatusTable = {
  name: 'GetItemEstimate',
  command: 'GetItemEstimate',
  rows: [
    { value: 1, at: OF_COLLECTION, asks: { 'a collection': collection('{inbox}', '{key inbox}') } },
    {
      value: 2,
      at: OF_COLLECTION,
      asks: {
        unknown: collection('999', '{key inbox}'),
        malformed: collection('x', '{key inbox}'),
        empty: collection('', '{key inbox}'),
        'of another class': collection('{inbox}', '{key inbox}', '<Class>Calendar</Class>'),
      },
    },
    {
      value: 3,
      at: OF_COLLECTION,
      asks: {
        'out of order: key 0': collection('{inbox}', '0'),
        'out of order: before the first Sync': collection('{tasks}', '{key inbox}'),
      },
    },
    {
      value: 4,
      at: OF_COLLECTION,
      asks: {
        'a key that nobody gave': collection('{inbox}', '17'),
        malformed: collection('{inbox}', 'x'),
        empty: collection('{inbox}', ''),
        'of another collection': collection('{inbox}', '{key contacts}'),
      },
    },
    {
      value: 4,
      at: 'GetItemEstimate',
      asks: {
        'Options that do not go together': collection(
          '{inbox}',
          '{key inbox}',
          '<A:Options><A:Class>Tasks</A:Class></A:Options><A:Options><A:Class>Contacts</A:Class></A:Options>',
        ),
      },
    },
  ],
};
