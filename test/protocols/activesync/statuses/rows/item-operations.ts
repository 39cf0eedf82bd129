import { GatewayError } from '../../../../../src/domain/errors.ts';
import { updateFolder } from '../../../../../src/items/folders.ts';
import { mailWithFile } from '../../commands/mail-samples.ts';
import type { Scene } from '../scene.ts';
import type { StatusTable } from '../table.ts';

const request = (...operations: readonly string[]) =>
  `<ItemOperations xmlns="ItemOperations:" xmlns:A="AirSync:" xmlns:B="AirSyncBase:" xmlns:S="Search:">${operations.join('')}</ItemOperations>`;
const fetch = (id: string, options = '', store = '<Store>Mailbox</Store>') =>
  request(`<Fetch>${store}${id}${options === '' ? '' : `<Options>${options}</Options>`}</Fetch>`);
const byId = (item: string, collection = '{inbox}') =>
  `<A:CollectionId>${collection}</A:CollectionId><A:ServerId>${item}</A:ServerId>`;
const byLongId = (id: string) => `<S:LongId>${id}</S:LongId>`;
const byReference = (reference: string) => `<B:FileReference>${reference}</B:FileReference>`;
const range = (text: string) => fetch(byReference('{file}:2'), `<Range>${text}</Range>`);
const empty = (collection: string, options = '') =>
  request(`<EmptyFolderContents><A:CollectionId>${collection}</A:CollectionId>${options}</EmptyFolderContents>`);
const move = (target: string, options = '<Options><MoveAlways/></Options>', id = '{conversation}') =>
  request(`<Move><ConversationId>${id}</ConversationId><DstFldId>${target}</DstFldId>${options}</Move>`);

const RESPONSE = 'ItemOperations/Response';
const FETCH = `${RESPONSE}/Fetch`;
const MOVE = `${RESPONSE}/Move`;
const NO_LIBRARIES = 'Only of document libraries, which are not served: their Fetch is 9.';

/** A request with the ConversationId of the message that is there. */
const asking =
  (xml: string) =>
  async ({ phone, fill }: Scene): Promise<string> => {
    const shown = await phone.post('ItemOperations', fill(fetch(byId('{mail}'))));
    return xml.replace('{conversation}', /ConversationId[^>]*>([^<]+)</.exec(shown.xml)![1]!);
  };

const junkBelowDeleted = async ({ server, folders }: Scene): Promise<void> => {
  const { environment, anna: principal } = server;
  await updateFolder(environment.items, { principal, folder: folders.junk, patch: { parentId: folders.deleted.id } });
};

/** MS-ASCMD §2.2.3.177.8. */
export const ITEM_OPERATIONS_ROWS: StatusTable = {
  name: 'ItemOperations',
  command: 'ItemOperations',
  rows: [
    {
      value: 1,
      at: 'ItemOperations',
      asks: { 'an item': fetch(byId('{mail}')), 'an attachment': fetch(byReference('{file}:2')) },
    },
    {
      value: 1,
      at: MOVE,
      versions: ['14.0', '14.1'],
      asks: { 'a conversation': asking(move('{project}')) },
      changes: ['+document conversation-moves', '~head', '~item', '~stamp of folder', '~stamps of item'],
    },
    {
      value: 2,
      at: 'ItemOperations',
      asks: {
        'missing: an operation': request(),
        'missing: CollectionId': request('<EmptyFolderContents/>'),
        'malformed: something that is no operation': request('<A:CollectionId>1</A:CollectionId>'),
        'malformed: another root': '<Sync xmlns="AirSync:"/>',
        'missing: Store': fetch(byId('{mail}'), '', ''),
        'missing: an id': fetch(''),
        'missing: text of an id': fetch(byId('')),
        'missing: text of a Range': fetch(byId('{mail}'), '<Range/>'),
        'out of order: two kinds of ids': fetch(byId('{mail}') + byLongId('{mail}')),
        'out of order: two FileReferences': fetch(byReference('{file}:2').repeat(2)),
        'malformed: MIMESupport': fetch(byId('{mail}'), '<A:MIMESupport>7</A:MIMESupport>'),
        'malformed: type of a body': fetch(byId('{mail}'), '<B:BodyPreference><B:Type>9</B:Type></B:BodyPreference>'),
      },
    },
    {
      value: 2,
      at: 'ItemOperations',
      versions: ['12.1'],
      asks: {
        'out of order: Move before there was one': request(
          '<Move><ConversationId>AAAA</ConversationId><DstFldId>1</DstFldId></Move>',
        ),
      },
    },
    {
      value: 2,
      at: FETCH,
      asks: {
        'oversized: ServerId': fetch(byId('x'.repeat(65))),
        'oversized: CollectionId': fetch(byId('{mail}', 'x'.repeat(65))),
        'oversized: LongId': fetch(byLongId('1'.repeat(257))),
      },
    },
    { value: 2, at: `${RESPONSE}/EmptyFolderContents`, asks: { 'oversized: CollectionId': empty('1'.repeat(65)) } },
    { value: 2, at: MOVE, versions: ['14.0', '14.1'], asks: { 'oversized: DstFldId': asking(move('x'.repeat(65))) } },
    {
      value: 3,
      at: 'ItemOperations',
      asks: { 'a store that cannot answer': fetch(byId('{mail}')) },
      prepare: ({ faults }) => void faults.set('items.*', new GatewayError('store-unavailable', { reason: 'busy' })),
    },
    { value: 4, never: NO_LIBRARIES },
    { value: 5, never: NO_LIBRARIES },
    {
      value: 6,
      at: FETCH,
      asks: {
        'unknown: item': fetch(byId('{inbox}:999')),
        'unknown: collection': fetch(byId('999:1', '999')),
        'malformed: ServerId': fetch(byId('nonsense')),
        'malformed: LongId': fetch(byLongId('nonsense')),
        'out of order: an item of another collection': fetch(byId('{card}')),
      },
    },
    { value: 6, at: `${RESPONSE}/EmptyFolderContents`, asks: { unknown: empty('999'), malformed: empty('nonsense') } },
    {
      value: 6,
      at: MOVE,
      versions: ['14.0', '14.1'],
      asks: {
        'an unknown conversation': move('{junk}', undefined, 'AQEBAQ=='),
        'unknown: DstFldId': asking(move('999')),
        'malformed: DstFldId': asking(move('x')),
      },
    },
    { value: 7, never: NO_LIBRARIES },
    {
      value: 8,
      at: FETCH,
      asks: Object.fromEntries(
        ['10-12', '5-4', 'all', '-5', '0-', `0-${'9'.repeat(30)}`].map((text) => [text, range(text)]),
      ),
    },
    {
      value: 9,
      at: FETCH,
      asks: {
        'a document library': fetch('', '', '<Store>DocumentLibrary</Store>'),
        malformed: fetch('', '', '<Store>Attic</Store>'),
      },
    },
    {
      value: 10,
      at: FETCH,
      asks: {
        'an attachment without a byte': async ({ server, folders }) => {
          const id = await server.put('inbox', 'empty', mailWithFile(Buffer.alloc(0), 'Empty'));
          return fetch(byReference(`${folders.inbox.id}:${id}:2`));
        },
      },
    },
    { value: 11, at: 'ItemOperations', asks: { 'oversized: 101 operations': request('<Fetch/>'.repeat(101)) } },
    { value: 12, never: NO_LIBRARIES },
    {
      value: 14,
      at: FETCH,
      asks: {
        'a message of 10,001 parts': async ({ server, folders }) => {
          const parts = '--b\r\n\r\nx\r\n'.repeat(10_001);
          const text = `Content-Type: multipart/mixed; boundary=b\r\n\r\n${parts}--b--\r\n`;
          return fetch(byId(`${folders.inbox.id}:${await server.put('inbox', 'parts', text)}`));
        },
      },
    },
    {
      value: 15,
      at: FETCH,
      asks: Object.fromEntries(
        ['', 'nonsense', '{file}', '{file}:9', '{card}:2', '1:999:2', 'x'.repeat(600)].map((text) => [
          text.slice(0, 20),
          fetch(byReference(text)),
        ]),
      ),
    },
    {
      value: 16,
      never: 'One’s own mailbox is never denied, and other people’s items are not found: 6, and 15 for attachments.',
    },
    {
      value: 17,
      at: `${RESPONSE}/EmptyFolderContents`,
      asks: { 'a default folder below': empty('{deleted}', '<Options><DeleteSubFolders/></Options>') },
      prepare: junkBelowDeleted,
    },
    { value: 18, never: NO_LIBRARIES },
    {
      value: 155,
      at: MOVE,
      versions: ['14.0', '14.1'],
      asks: {
        'missing: Options': asking(move('{junk}', '')),
        'missing: MoveAlways': asking(move('{junk}', '<Options/>')),
        'MoveAlways 0': asking(move('{junk}', '<Options><MoveAlways>0</MoveAlways></Options>')),
      },
    },
    {
      value: 156,
      at: MOVE,
      versions: ['14.0', '14.1'],
      asks: { 'a calendar': asking(move('{calendar}')), 'a list of tasks': asking(move('{tasks}')) },
    },
  ],
};
