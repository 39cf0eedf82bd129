import { createFolder, updateFolder } from '../../../../../src/items/folders.ts';
import type { Scene } from '../scene.ts';
import type { StatusTable } from '../table.ts';

type FolderCommand = 'FolderSync' | 'FolderCreate' | 'FolderDelete' | 'FolderUpdate';

/** Elements that each command must have, with values that are right. */
const GOOD: Readonly<Record<FolderCommand, Readonly<Record<string, string>>>> = {
  FolderSync: { SyncKey: '{tree}' },
  FolderCreate: { SyncKey: '{tree}', ParentId: '0', DisplayName: 'New', Type: '12' },
  FolderDelete: { SyncKey: '{tree}', ServerId: '{project}' },
  FolderUpdate: { SyncKey: '{tree}', ServerId: '{project}', ParentId: '0', DisplayName: 'New' },
};

function request(command: FolderCommand, wrong: Readonly<Record<string, string>> = {}): string {
  const elements = Object.entries({ ...GOOD[command], ...wrong }).map(([name, text]) => `<${name}>${text}</${name}>`);
  return `<${command} xmlns="FolderHierarchy:">${elements.join('')}</${command}>`;
}

function each(
  command: FolderCommand,
  element: string,
  values: Readonly<Record<string, string>>,
): Record<string, string> {
  const cases = Object.entries(values).map(([title, value]) => [
    `${element} ${title}`,
    request(command, { [element]: value }),
  ]);
  return Object.fromEntries(cases) as Record<string, string>;
}

function withoutEach(command: FolderCommand): Record<string, string> {
  const cases = Object.keys(GOOD[command]).map((element) => [
    `missing: ${element}`,
    request(command).replace(new RegExp(`<${element}>.*</${element}>`), ''),
  ]);
  return Object.fromEntries(cases) as Record<string, string>;
}

const UNKNOWN_KEYS = { malformed: 'x', empty: '', 'that nobody gave': '17', oversized: 'k'.repeat(65) };
const UNKNOWN_IDS = { unknown: '999', malformed: 'x', empty: '', oversized: '1'.repeat(65) };
const BAD_NAMES = { empty: '', malformed: 'a&#10;b', oversized: 'x'.repeat(257) };

const unknownKey = (command: Exclude<FolderCommand, 'FolderSync'>) => ({
  value: 9,
  at: command,
  asks: { ...each(command, 'SyncKey', UNKNOWN_KEYS), ...each(command, 'SyncKey', { 'out of order: 0': '0' }) },
});

const broken = (command: FolderCommand, more: Record<string, string> = {}) => ({
  value: 10,
  at: command,
  asks: { ...withoutEach(command), 'malformed: another root': '<Ping xmlns="Ping:"/>', ...more },
});

const HIERARCHY = '~document phone1/folders';
const SERVER_ERROR = 'A store that cannot answer is 114 (HTTP 503 in 12.1), a mistake of ours 110 (HTTP 500).';
const NO_UNKNOWN = 'Every failure has a status that says more.';
const NO_RECIPIENTS = 'There is no recipient information folder.';
const NO_ODD_STATE =
  'What is kept of a device is read as a whole or not at all; without it the key is unknown, which is 9.';

const holdJunk = async ({ server, folders }: Scene): Promise<void> => {
  const { environment, anna: principal } = server;
  await updateFolder(environment.items, { principal, folder: folders.junk, patch: { parentId: folders.project.id } });
};

const secondFolder = async ({ server, folders }: Scene): Promise<void> => {
  await createFolder(server.environment.items, {
    ...{ principal: server.anna, parentId: folders.project.id, itemClass: 'mail', name: 'Below' },
    ...{ displayName: null, components: [], properties: {} },
  });
};

/** MS-ASCMD §2.2.3.177.3 to §2.2.3.177.6. */
export const FOLDER_ROWS: readonly StatusTable[] = [
  {
    name: 'FolderSync',
    command: 'FolderSync',
    rows: [
      {
        value: 1,
        at: 'FolderSync',
        asks: { 'a folder of another client': request('FolderSync') },
        prepare: secondFolder,
        changes: [HIERARCHY],
      },
      { value: 6, never: SERVER_ERROR },
      { value: 9, at: 'FolderSync', asks: each('FolderSync', 'SyncKey', UNKNOWN_KEYS) },
      broken('FolderSync'),
      { value: 11, never: NO_UNKNOWN },
      { value: 12, never: NO_ODD_STATE },
    ],
  },
  {
    name: 'FolderCreate',
    command: 'FolderCreate',
    rows: [
      {
        value: 1,
        at: 'FolderCreate',
        asks: { 'a folder of mail': request('FolderCreate') },
        changes: ['+folder', HIERARCHY, '~head'],
      },
      {
        value: 2,
        at: 'FolderCreate',
        asks: each('FolderCreate', 'DisplayName', {
          'of a default folder': 'Inbox',
          'of another folder': 'Project',
          'with spaces': ' Project ',
        }),
      },
      {
        value: 3,
        at: 'FolderCreate',
        asks: each('FolderCreate', 'Type', { 'of a recipient information cache': '19' }),
      },
      { value: 5, at: 'FolderCreate', asks: each('FolderCreate', 'ParentId', UNKNOWN_IDS) },
      { value: 6, never: SERVER_ERROR },
      unknownKey('FolderCreate'),
      broken('FolderCreate', {
        ...each('FolderCreate', 'DisplayName', BAD_NAMES),
        ...each('FolderCreate', 'Type', {
          'of a default folder': '2',
          malformed: 'x',
          empty: '',
          oversized: '256',
          journal: '16',
        }),
      }),
      { value: 11, never: NO_UNKNOWN },
      { value: 12, never: NO_ODD_STATE },
    ],
  },
  {
    name: 'FolderDelete',
    command: 'FolderDelete',
    rows: [
      {
        value: 1,
        at: 'FolderDelete',
        asks: { 'a folder of the user': request('FolderDelete') },
        changes: ['-folder', HIERARCHY, '~head'],
      },
      {
        value: 3,
        at: 'FolderDelete',
        asks: each('FolderDelete', 'ServerId', {
          'of a default folder': '{inbox}',
          'of one that holds a default folder': '{project}',
        }),
        prepare: holdJunk,
      },
      { value: 4, at: 'FolderDelete', asks: each('FolderDelete', 'ServerId', UNKNOWN_IDS) },
      { value: 6, never: SERVER_ERROR },
      unknownKey('FolderDelete'),
      broken('FolderDelete'),
      { value: 11, never: NO_UNKNOWN },
    ],
  },
  {
    name: 'FolderUpdate',
    command: 'FolderUpdate',
    rows: [
      {
        value: 1,
        at: 'FolderUpdate',
        asks: { 'a new name': request('FolderUpdate') },
        changes: [HIERARCHY, '~folder', '~head', '~stamp of folder'],
      },
      {
        value: 2,
        at: 'FolderUpdate',
        asks: {
          ...each('FolderUpdate', 'DisplayName', { 'of a default folder': 'Inbox' }),
          ...each('FolderUpdate', 'ServerId', { 'of a default folder': '{inbox}' }),
        },
      },
      { value: 3, never: NO_RECIPIENTS },
      { value: 4, at: 'FolderUpdate', asks: each('FolderUpdate', 'ServerId', UNKNOWN_IDS) },
      {
        value: 5,
        at: 'FolderUpdate',
        asks: each('FolderUpdate', 'ParentId', {
          ...UNKNOWN_IDS,
          'out of order: below itself': '{project}',
          'of another home': '{calendar}',
        }),
      },
      { value: 6, never: SERVER_ERROR },
      unknownKey('FolderUpdate'),
      broken('FolderUpdate', each('FolderUpdate', 'DisplayName', BAD_NAMES)),
      { value: 11, never: NO_UNKNOWN },
    ],
  },
];
