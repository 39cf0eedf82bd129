import type { CommandName } from '../../../../../protocols/activesync/query/commands.ts';
import { DEVICE_ACCESS_SETTING } from '../../../../../src/config/device-access.ts';
import { beginWipe } from '../../../../../src/devices/wipe.ts';
import { GatewayError } from '../../../../../src/domain/errors.ts';
import { CLIENT_ORIGIN } from '../../../../../src/domain/mailbox.ts';
import { createFolder } from '../../../../../src/items/folders.ts';
import { setPolicy } from '../../commands/provision-exchange.ts';
import type { Scene } from '../scene.ts';
import type { Ask, Reached, Row, StatusTable } from '../table.ts';
import { COMMON_BY_MAIL } from './mail.ts';

const FOLDER_SYNC = '<FolderSync xmlns="FolderHierarchy:"><SyncKey>{tree}</SyncKey></FolderSync>';
const FOLDER_CREATE =
  '<FolderCreate xmlns="FolderHierarchy:"><SyncKey>{tree}</SyncKey><ParentId>0</ParentId><DisplayName>New</DisplayName><Type>12</Type></FolderCreate>';
const SYNC = (inner: string) =>
  `<Sync xmlns="AirSync:" xmlns:B="AirSyncBase:"><Collections>${inner}</Collections></Sync>`;

const never = (reason: string, ...values: readonly number[]): Row[] =>
  values.map((value) => ({ value, never: reason }));
const seeIn = (name: string, ...values: readonly number[]): Row[] => values.map((value) => ({ value, seeIn: name }));
const as = (command: CommandName, body: string | null): Ask => ({ command, body });
const withHeaders = (headers: Readonly<Record<string, string>>): Ask => ({ body: FOLDER_SYNC, request: { headers } });
const failing = (what: string, error: Error) => ({
  prepare: ({ faults }: Scene): void => void faults.set(what, error),
});
const keyed =
  (policyKey: string | null) =>
  async ({ server, phone }: Scene): Promise<void> => {
    await setPolicy(server, { required: true });
    phone.policyKey = policyKey;
  };

/** Told for ten minutes, and still without a policy. */
const deaf = async (scene: Scene): Promise<void> => {
  await keyed(null)(scene);
  await scene.phone.post('FolderSync', FOLDER_SYNC);
  scene.server.clock.advance(11 * 60_000);
  await scene.phone.post('FolderSync', FOLDER_SYNC);
};

const manyFolders = async ({ server }: Scene): Promise<void> => {
  for (let n = 0; n < 10; n += 1) {
    await createFolder(server.environment.items, {
      ...{ principal: server.anna, parentId: null, itemClass: 'mail', name: `f${n}` },
      ...{ displayName: null, components: [], properties: {} },
    });
  }
};

/** A policy fetched and acknowledged, and then another one in force. */
const newPolicy = async ({ server, phone }: Scene): Promise<void> => {
  const policy = (inner: string) =>
    `<Provision xmlns="Provision:"><DeviceInformation xmlns="Settings:"><Set><Model>One</Model></Set></DeviceInformation>
      <Policies><Policy><PolicyType>MS-EAS-Provisioning-WBXML</PolicyType>${inner}</Policy></Policies></Provision>`;
  const keyIn = async (inner: string): Promise<string> =>
    /<PolicyKey>(\d+)</.exec((await phone.post('Provision', policy(inner))).xml)![1]!;
  const offered = await keyIn('');
  phone.policyKey = await keyIn(`<PolicyKey>${offered}</PolicyKey><Status>1</Status>`);
  await setPolicy(server, { settings: { AllowCamera: '0' } });
};

type Facts = Omit<Reached, 'value' | 'at' | 'asks'> & { readonly at?: string };

/** Reached by FolderSync, unless `at` says otherwise. */
function row(value: number, httpIn12: number, asks: Reached['asks'], facts: Facts = {}): Reached {
  return { value, at: 'FolderSync', httpIn12, asks, ...facts };
}

const REFUSED: readonly Row[] = [
  row(101, 400, {
    'missing: a body': { body: null },
    'malformed: a type of another kind': withHeaders({ 'Content-Type': 'text/html' }),
    'malformed: a coding that is not known': withHeaders({ 'Content-Encoding': 'br' }),
    'malformed: no gzip': withHeaders({ 'Content-Encoding': 'gzip' }),
  }),
  row(102, 400, {
    'malformed: no WBXML': { body: Buffer.from('nonsense') },
    'malformed: cut off': { body: Buffer.from([3, 1, 0x6a, 0, 0x45]) },
  }),
  row(
    103,
    400,
    {
      'missing: Store': as('Search', '<Search xmlns="Search:"/>'),
      'missing: Name': as('Search', '<Search xmlns="Search:"><Store><Query>a</Query></Store></Search>'),
      'malformed: another root': as('Search', FOLDER_SYNC),
    },
    { at: 'Search' },
  ),
  row(103, 400, { 'missing: Move': as('MoveItems', '<MoveItems xmlns="Move:"/>') }, { at: 'MoveItems' }),
  row(
    103,
    400,
    {
      'missing: Collections': as('GetItemEstimate', '<GetItemEstimate xmlns="GetItemEstimate:"/>'),
    },
    { at: 'GetItemEstimate' },
  ),
  row(108, 400, {
    'missing: DeviceId': { body: FOLDER_SYNC, request: { rawQuery: 'Cmd=FolderSync&DeviceType=T' } },
    'oversized: DeviceId': {
      body: FOLDER_SYNC,
      request: { rawQuery: `Cmd=FolderSync&DeviceId=${'A'.repeat(33)}&DeviceType=T` },
    },
    'empty: DeviceId': { body: FOLDER_SYNC, request: { rawQuery: 'Cmd=FolderSync&DeviceId=&DeviceType=T' } },
  }),
  row(109, 400, {
    'missing: DeviceType': { body: FOLDER_SYNC, request: { rawQuery: 'Cmd=FolderSync&DeviceId=A' } },
    'oversized: DeviceType': {
      body: FOLDER_SYNC,
      request: { rawQuery: `Cmd=FolderSync&DeviceId=A&DeviceType=${'T'.repeat(33)}` },
    },
    'empty: DeviceType': { body: FOLDER_SYNC, request: { rawQuery: 'Cmd=FolderSync&DeviceId=A&DeviceType=' } },
  }),
  row(
    110,
    500,
    { 'a mistake of ours': as('FolderCreate', FOLDER_CREATE) },
    { at: 'FolderCreate', ...failing('sync.write', new Error('a mistake')) },
  ),
  row(
    113,
    507,
    { 'a disk that is full': as('FolderCreate', FOLDER_CREATE) },
    { at: 'FolderCreate', ...failing('sync.write', new GatewayError('storage-full', { reason: 'full' })) },
  ),
  row(
    114,
    503,
    { 'a store that cannot answer': as('FolderCreate', FOLDER_CREATE) },
    { at: 'FolderCreate', ...failing('sync.write', new GatewayError('store-unavailable', { reason: 'busy' })) },
  ),
];

const accessRules = (access: unknown) => ({
  prepare: ({ server }: Scene): Promise<void> =>
    server.environment.directory.setSetting(DEVICE_ACCESS_SETTING, access, 'somebody'),
});
const OTHER_DEVICE = { rawQuery: 'Cmd=FolderSync&User=anna&DeviceId=SECOND&DeviceType=Phone' };
const ruleFor = (access: string) => ({ rules: [{ match: { user: 'ANNA@*', protocol: 'activesync' }, access }] });

const OF_DEVICES: readonly Row[] = [
  row(
    126,
    403,
    { 'a person for whom the protocol is switched off': FOLDER_SYNC },
    accessRules({ protocols: [{ match: { user: 'anna@example.org', protocol: 'activesync' }, on: false }] }),
  ),
  row(
    129,
    403,
    { 'a device that a rule blocks': FOLDER_SYNC },
    // What was decided is kept.
    { ...accessRules(ruleFor('block')), changes: ['~device phone1'] },
  ),
  row(
    129,
    403,
    { 'a device that waits for an administrator': FOLDER_SYNC },
    { ...accessRules(ruleFor('quarantine')), changes: ['~device phone1'] },
  ),
  row(
    177,
    403,
    { 'a device more than allowed': { body: FOLDER_SYNC, request: OTHER_DEVICE } },
    accessRules({ maximumPerUser: 1 }),
  ),
];

/** Somebody asked that the device be wiped. */
async function toBeWiped({ server }: Scene): Promise<void> {
  const { sync } = server.environment;
  await sync.store.write(server.anna.mailboxId, CLIENT_ORIGIN, async (tx) => {
    const device = await tx.deviceByAlias('phone1');
    const word = { who: 'admin', why: 'lost', at: server.clock.now() };
    await tx.putDevice(beginWipe(device!, word, { kind: 'full', method: 'full', needsConsent: false }));
  });
}

const OF_POLICIES: readonly Row[] = [
  row(140, 449, { 'a device that is to be wiped': FOLDER_SYNC }, { prepare: toBeWiped, changes: ['~device phone1'] }),
  row(141, 449, { 'a device that knows nothing of policies': FOLDER_SYNC }, { prepare: deaf }),
  row(142, 449, { 'out of order: before Provision': FOLDER_SYNC }, { prepare: keyed('0') }),
  row(143, 449, { 'a policy that is out of date': FOLDER_SYNC }, { prepare: newPolicy }),
  row(144, 449, { 'a key that nobody gave': FOLDER_SYNC }, { prepare: keyed('17') }),
];

/** MS-ASCMD §2.2.2. */
export const COMMON_ROWS: StatusTable = {
  name: 'common',
  command: 'FolderSync',
  rows: [
    ...REFUSED,
    ...COMMON_BY_MAIL,
    ...seeIn('SendMail', 107, 111, 115, 116, 119, 120, 122, 166, 167),
    ...seeIn('SmartReply', 105, 106, 117, 118, 121, 150),
    ...seeIn('SmartForward', 146),
    ...never(
      'There is no directory beside the gateway’s own, and its users are known or HTTP 401.',
      112,
      123,
      124,
      125,
    ),
    ...OF_DEVICES,
    ...never('An account is there or not; one that was removed is HTTP 401.', 131),
    ...never('There is one kind of mailbox, and all of them can be synchronised.', 127, 128),
    ...never(
      'State is written with what it describes, so that it is never locked, damaged or half there; a key that is not known has a status of the command.',
      132,
      133,
      134,
      135,
      136,
    ),
    row(
      137,
      501,
      { 'a command that is not served': as('ValidateCert', '<ValidateCert xmlns="ValidateCert:"/>') },
      { at: 'ValidateCert' },
    ),
    {
      value: 138,
      at: '',
      http: 400,
      asks: {
        'of a later version': { body: FOLDER_SYNC, request: { headers: { 'MS-ASProtocolVersion': '16.1' } } },
        'malformed: of no version': { body: FOLDER_SYNC, request: { headers: { 'MS-ASProtocolVersion': 'x' } } },
      },
    },
    ...OF_POLICIES,
    ...seeIn('Provision/Provision', 139, 145, 165),
    ...never('Nothing is passed on to another server.', 148),
    row(
      149,
      400,
      { 'empty, after a request that another release kept': as('Sync', null) },
      {
        at: 'Sync',
        prepare: async ({ server }) => {
          const { store } = server.environment.sync;
          const kept = { collections: 'none' };
          await store.write(server.anna.mailboxId, CLIENT_ORIGIN, (tx) => tx.putDocument('phone1/sync', kept));
        },
      },
    ),
    row(
      151,
      500,
      { 'oversized: more folders than are shown': FOLDER_SYNC },
      { prepare: manyFolders, options: { limits: { maxFolders: 15 } } },
    ),
    ...never('Every mailbox has its default folders.', 152),
    ...never(
      'A conversation is moved in one transaction or not at all; a store that cannot do it is status 3 of ItemOperations.',
      153,
      154,
    ),
    ...seeIn('ItemOperations', 155, 156),
    ...seeIn('ResolveRecipients/Availability', 160, 161, 162, 163),
    row(
      164,
      400,
      {
        'a part of plain text': as(
          'Sync',
          SYNC(
            '<Collection><SyncKey>{key inbox}</SyncKey><CollectionId>{inbox}</CollectionId><Options><B:BodyPartPreference><B:Type>1</B:Type></B:BodyPartPreference></Options></Collection>',
          ),
        ),
      },
      { at: 'Sync' },
    ),
    ...seeIn('Settings/RightsManagementInformation', 168, 169, 170),
    ...never('Rights management is off: 168.', 171, 172),
    ...seeIn('ResolveRecipients/Picture', 173, 174, 175),
    ...seeIn('AirSyncBase.BodyPart', 176),
  ],
};
