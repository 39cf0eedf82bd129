import { GatewayError } from '../../../../../src/domain/errors.ts';
import { deleteFolder } from '../../../../../src/items/folders.ts';
import { syncXml } from '../../../../support/eas/sync-phone.ts';
import { card } from '../../commands/sync/support.ts';
import type { Scene } from '../scene.ts';
import type { StatusTable } from '../table.ts';

const collections = (...inner: readonly string[]) =>
  `<Collections>${inner.map((xml) => `<Collection>${xml}</Collection>`).join('')}</Collections>`;
const of = (folder: string, xml = '', key = `{key ${folder}}`) =>
  `<SyncKey>${key}</SyncKey><CollectionId>{${folder}}</CollectionId>${xml}`;
const one = (folder: string, xml = '', key?: string) => syncXml(collections(of(folder, xml, key)));
const commands = (xml: string, folder = 'contacts') => one(folder, `<Commands>${xml}</Commands>`);
const contact = (name: string) => `<ApplicationData><c:FirstName>${name}</c:FirstName></ApplicationData>`;
const add = (clientId: string) => `<Add><ClientId>${clientId}</ClientId>${contact('A')}</Add>`;
const change = (serverId: string) => `<Change><ServerId>${serverId}</ServerId>${contact('X')}</Change>`;
const remove = (serverId: string) => `<Delete><ServerId>${serverId}</ServerId></Delete>`;

const COLLECTION = 'Sync/Collections/Collection';
const RESPONSE = `${COLLECTION}/Responses`;
/** What an empty request after this one stands for is kept whatever was answered; nothing where it had commands. */
const REPEAT = ['?~document phone1/sync', '?-document phone1/sync', '?+document phone1/sync'];
/** What a request that is carried out leaves: the next key of its collection. */
const carriedOut = (collection: string) => [`~partnership phone1 ${collection}`, ...REPEAT];
const CARRIED_OUT = carriedOut('contacts');

const unavailable = new GatewayError('store-unavailable', { reason: 'busy' });
const deleteProject = async ({ server, folders }: Scene) =>
  deleteFolder(server.environment.items, { principal: server.anna, folder: folders.project });

/** MS-ASCMD §2.2.3.177.17. */
export const SYNC_ROWS: StatusTable = {
  name: 'Sync',
  command: 'Sync',
  rows: [
    {
      value: 1,
      at: COLLECTION,
      asks: { 'a new contact of another client': one('contacts') },
      prepare: async ({ server }) => {
        await server.put('contacts', 'new', card('u9', 'Bea'));
      },
      changes: CARRIED_OUT,
    },
    {
      value: 3,
      at: COLLECTION,
      asks: {
        'a key that nobody gave': one('contacts', '', '17'),
        'a key of another collection': one('contacts', '', '{key inbox}'),
        'a key for a collection that was never begun': one('tasks', '', '{key inbox}'),
        'commands under a wrong key': one('contacts', `<Commands>${add('c')}</Commands>`, '17'),
      },
      changes: REPEAT,
    },
    {
      value: 4,
      at: 'Sync',
      asks: {
        'missing: Collections': syncXml('<WindowSize>5</WindowSize>'),
        'missing: Collection': syncXml('<Collections/>'),
        'missing: SyncKey': syncXml(collections('<CollectionId>{contacts}</CollectionId>')),
        'missing: CollectionId': syncXml(collections('<SyncKey>{key contacts}</SyncKey>')),
        'missing: ClientId of an Add': commands(`<Add>${contact('A')}</Add>`),
        'missing: ApplicationData of an Add': commands('<Add><ClientId>c</ClientId></Add>'),
        'missing: ServerId of a Change': commands(`<Change>${contact('A')}</Change>`),
        'missing: ApplicationData of a Change': commands('<Change><ServerId>{card}</ServerId></Change>'),
        'missing: ServerId of a Delete': commands('<Delete/>'),
        'malformed: WindowSize': one('contacts', '<WindowSize>many</WindowSize>'),
        'malformed: WindowSize below 0': one('contacts', '<WindowSize>-1</WindowSize>'),
        'malformed: FilterType': one('contacts', '<Options><FilterType>9</FilterType></Options>'),
        'a filter that its class does not know': one('inbox', '<Options><FilterType>6</FilterType></Options>'),
        'a mode that its class does not know': one('contacts', '<ConversationMode>1</ConversationMode>'),
        'Options that do not go together': one(
          'contacts',
          '<Options><Class>Contacts</Class></Options><Options><Class>Tasks</Class></Options>',
        ),
        'out of order: changes wanted before there is a key': one('contacts', '<GetChanges/>', '0'),
        'malformed: Conflict': one('contacts', '<Options><Conflict>2</Conflict></Options>'),
        'malformed: a command of the server': commands('<SoftDelete><ServerId>{card}</ServerId></SoftDelete>'),
        'malformed: another root': '<Ping xmlns="Ping:"/>',
        'oversized: SyncKey': one('contacts', '', '9'.repeat(65)),
        'oversized: CollectionId': syncXml(
          collections(`<SyncKey>0</SyncKey><CollectionId>${'9'.repeat(65)}</CollectionId>`),
        ),
        'oversized: ClientId': commands(add('c'.repeat(65))),
        'oversized: 201 commands': commands(remove('{card}').repeat(201)),
        'out of order: one collection twice': syncXml(collections(of('contacts'), of('contacts'))),
        'out of order: two ways to wait': syncXml(
          `${collections(of('contacts'))}<Wait>5</Wait><HeartbeatInterval>300</HeartbeatInterval>`,
        ),
        'out of order: Partial with nothing else': syncXml('<Partial/>'),
        'out of order: ServerId before its Delete': commands('<ServerId>{card}</ServerId><Delete/>'),
      },
    },
    {
      value: 4,
      at: COLLECTION,
      asks: {
        'a Class that is not the collection’s': one('contacts', '<Class>Calendar</Class>'),
        'out of order: commands before there is a key': one('contacts', `<Commands>${add('c')}</Commands>`, '0'),
      },
      // Nothing but how to repeat what had no commands.
      changes: REPEAT,
    },
    {
      value: 5,
      at: COLLECTION,
      asks: { 'a mistake of ours': one('contacts') },
      prepare: ({ faults }) => void faults.set('sync.partnership', new Error('a mistake')),
      changes: REPEAT,
    },
    {
      value: 6,
      at: `${RESPONSE}/Add`,
      asks: {
        'malformed: a date': commands(
          '<Add><ClientId>c1</ClientId><ApplicationData><cal:StartTime>never</cal:StartTime></ApplicationData></Add>',
          'calendar',
        ),
      },
      changes: carriedOut('calendar'),
    },
    {
      value: 6,
      at: `${RESPONSE}/Change`,
      asks: {
        'malformed: a date': commands(
          '<Change><ServerId>{event}</ServerId><ApplicationData><cal:StartTime>never</cal:StartTime></ApplicationData></Change>',
          'calendar',
        ),
      },
      // The item itself, its stamps included, is as it was: no other device hears of it.
      changes: carriedOut('calendar'),
    },
    {
      value: 7,
      at: `${RESPONSE}/Change`,
      asks: { 'out of order: a Change of what another client changed first': commands(change('{card}')) },
      prepare: async ({ server }) => {
        await server.put('contacts', 'card', card('u1', 'Bea'));
      },
      // The version that lost is kept.
      changes: ['+loser', ...CARRIED_OUT],
    },
    ...(['Change', 'Delete'] as const).map((command) => ({
      value: 8,
      at: `${RESPONSE}/${command}`,
      asks: {
        'ids that are unknown, malformed, empty, oversized or of another collection': commands(
          ['{contacts}:999', 'nonsense', '', 'x'.repeat(64), '{mail}', '{tasks}:1']
            .map((id) => (command === 'Change' ? change(id) : remove(id)))
            .join(''),
        ),
      },
      changes: CARRIED_OUT,
    })),
    {
      value: 8,
      at: COLLECTION,
      asks: Object.fromEntries(
        ['nonsense', '99999', '8x', '0', '-1'].map((id) => [
          `a collection that is not there: ${id}`,
          syncXml(collections(`<SyncKey>0</SyncKey><CollectionId>${id}</CollectionId>`)),
        ]),
      ),
      changes: REPEAT,
    },
    {
      value: 9,
      at: `${RESPONSE}/Add`,
      asks: { 'a mailbox without room': commands(add('c')) },
      prepare: ({ server }) =>
        server.environment.items.store.setQuota(server.anna.mailboxId, { bytes: null, items: 0 }),
      changes: CARRIED_OUT,
    },
    {
      value: 12,
      at: COLLECTION,
      asks: { 'out of order: a collection that was removed, before FolderSync': one('project', '', '0') },
      prepare: deleteProject,
      changes: REPEAT,
    },
    {
      value: 13,
      at: 'Sync',
      asks: {
        'empty, and nothing that it stands for': { body: null },
        'partial, and nothing that it completes': syncXml('<Partial/><WindowSize>5</WindowSize>'),
      },
      // The last request had commands, which are not to be repeated.
      prepare: async ({ phone, fill }) => {
        await phone.post('Sync', fill(commands(remove('{contacts}:999'))));
      },
    },
    {
      value: 14,
      at: 'Sync',
      asks: Object.fromEntries(
        [
          '<Wait>60</Wait>',
          '<Wait>0</Wait>',
          '<Wait>-5</Wait>',
          '<HeartbeatInterval>59</HeartbeatInterval>',
          '<HeartbeatInterval>3541</HeartbeatInterval>',
        ].map((wait) => [wait, syncXml(collections(of('contacts')) + wait)]),
      ),
    },
    {
      value: 15,
      at: 'Sync',
      options: { limits: { maxSyncCollections: 3 } },
      asks: {
        'oversized: four collections where three are served': syncXml(
          collections(of('contacts'), of('inbox'), of('calendar'), of('tasks', '', '0')),
        ),
      },
    },
    {
      value: 16,
      at: COLLECTION,
      asks: { 'a store that cannot answer now': one('contacts', `<Commands>${add('c')}</Commands>`) },
      prepare: ({ faults }) => void faults.set('sync.partnership', unavailable),
      changes: REPEAT,
    },
  ],
};
