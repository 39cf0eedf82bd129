import { FakeRelay, REFUSED } from '../../../../mail/world.ts';
import type { Scene, Version } from '../scene.ts';
import type { Reached, Row, StatusTable } from '../table.ts';
import {
  AS_MESSAGE,
  composed,
  type Draft,
  ENCRYPTED,
  HEAD,
  MESSAGE,
  ORIGINAL,
  type Smart,
  type Source,
  series,
} from './compose.ts';

type Command = 'SendMail' | Smart;

const DOCUMENTS: readonly Version[] = ['14.0', '14.1'];
const TRANSIENT = 'What may work later is 114 (HTTP 503 in 12.1).';

const refusing = new FakeRelay();
refusing.answer = () => REFUSED;

function row(
  value: number,
  command: Command,
  httpIn12: number,
  asks: Reached['asks'],
  more: Partial<Reached> = {},
): Row {
  return { value, at: command, httpIn12, asks, ...more };
}

/** What is wrong with the message itself is said by all three. */
function ofMessages(command: Command, source?: Source): Record<116 | 119 | 120, Row> {
  const say = (draft: Draft) => composed(command, { ...draft, ...(source && { source }) });
  return {
    116: row(116, command, 500, {
      'malformed: an address': say({ mime: MESSAGE.replace('bert@example.org', 'Bert') }),
    }),
    119: row(119, command, 400, { 'missing: To': say({ mime: MESSAGE.replace('To: ', 'X-To: ') }) }),
    120: row(
      120,
      command,
      500,
      { 'a relay that refuses it': say({ mime: MESSAGE.replace('bert@example.org', 'eve@elsewhere.example') }) },
      {
        options: { mail: { relay: refusing } },
        // It was in the Outbox and is taken back, and so is the mark on the original.
        changes: ['~head', '~stamp of folder', ...(source === undefined ? [] : ['~stamps of item'])],
      },
    ),
  };
}

const document = (inner: string) => `<SendMail xmlns="ComposeMail:">${inner}</SendMail>`;
const mime = `<MIME>${Buffer.from(MESSAGE).toString('base64')}</MIME>`;

const sentBefore = (command: Command, source?: Source): Row =>
  row(
    118,
    command,
    200,
    { 'a repeat after a lost answer': composed(command, { ...(source && { source }) }) },
    {
      prepare: async (scene) => {
        const ask = composed(command, { ...(source && { source }) })(scene);
        if (typeof ask === 'string') throw new TypeError('An ask of composed() names its command.');
        const body = typeof ask.body === 'string' ? scene.fill(ask.body) : ask.body;
        await scene.phone.post(command, body, ask.request ?? {});
      },
    },
  );

const SEND_MAIL_ROWS: StatusTable = {
  name: 'SendMail',
  command: 'SendMail',
  rows: [
    row(101, 'SendMail', 400, {
      'missing: a body': { body: null },
      'out of order: the form of another version': ({ version }: Scene) =>
        version === '12.1'
          ? document(`<ClientId>c1</ClientId>${mime}`)
          : { body: Buffer.from(MESSAGE), request: { headers: AS_MESSAGE } },
    }),
    row(102, 'SendMail', 400, { 'malformed: cut off': { body: Buffer.from([3, 1, 0x6a, 0, 0x45]) } }),
    {
      value: 103,
      at: 'SendMail',
      versions: DOCUMENTS,
      asks: {
        'missing: ClientId': document(mime),
        'empty: ClientId': document(`<ClientId/>${mime}`),
        'oversized: ClientId': document(`<ClientId>${'x'.repeat(65)}</ClientId>${mime}`),
        'missing: Mime': document('<ClientId>c1</ClientId>'),
        'malformed: SaveInSentItems': document(
          `<ClientId>c1</ClientId><SaveInSentItems>maybe</SaveInSentItems>${mime}`,
        ),
        'malformed: Mime': document('<ClientId>c1</ClientId><MIME><Status>1</Status></MIME>'),
        'malformed: another root': '<SmartReply xmlns="ComposeMail:"/>',
      },
    },
    row(107, 'SendMail', 400, {
      'malformed: two From': composed('SendMail', { mime: `From: anna@example.org\r\n${MESSAGE}` }),
    }),
    row(
      110,
      'SendMail',
      500,
      { 'a mistake of ours': composed('SendMail') },
      { prepare: ({ faults }) => void faults.set('mail.submit', new Error('a mistake')) },
    ),
    { value: 111, never: TRANSIENT },
    row(
      113,
      'SendMail',
      507,
      { 'oversized: a mailbox without room': composed('SendMail') },
      {
        prepare: ({ server }) =>
          server.environment.items.store.setQuota(server.anna.mailboxId, { bytes: 10, items: null }),
      },
    ),
    { value: 115, never: 'There is no quota of sending; a full mailbox is 113.' },
    ...Object.values(ofMessages('SendMail')),
    sentBefore('SendMail'),
    row(
      122,
      'SendMail',
      413,
      { 'oversized: a message': composed('SendMail', { mime: MESSAGE + 'x'.repeat(5_000) }) },
      { options: { mail: { maxMessageBytes: 4_000 } } },
    ),
    {
      value: 166,
      at: 'SendMail',
      versions: ['14.1'],
      asks: { 'an account that is not there': composed('SendMail', { more: '<AccountId>work</AccountId>' }) },
    },
    { value: 167, never: 'Every user may send.' },
  ],
};

/** Sources that contradict themselves, are malformed or are not there. */
const ofSources = (command: Smart): Record<105 | 106 | 150, Row> => ({
  105: row(105, command, 400, {
    'missing: ItemId': composed(command, { source: { CollectionId: '{inbox}' } }),
    'missing: everything': composed(command, { source: {} }),
    'out of order: two kinds of ids': composed(command, { source: { LongId: '{mail}', ItemId: '{mail}' } }),
    'out of order: LongId beside FolderId': composed(command, {
      source: { LongId: '{mail}', CollectionId: '{inbox}' },
    }),
  }),
  106: row(106, command, 400, {
    'malformed: ItemId': composed(command, { source: { ItemId: 'abc' } }),
    'malformed: FolderId': composed(command, { source: { CollectionId: 'x y', ItemId: '{mail}' } }),
    'malformed: LongId': composed(command, { source: { LongId: 'RgAAAA' } }),
    'oversized: ItemId': composed(command, { source: { ItemId: '9'.repeat(70) } }),
  }),
  150: row(150, command, 404, {
    'unknown: ItemId': composed(command, { source: { CollectionId: '{inbox}', ItemId: '{inbox}:999' } }),
    'unknown: LongId': composed(command, { source: { LongId: '{inbox}:999' } }),
  }),
});

const SMART_REPLY_ROWS: StatusTable = {
  name: 'SmartReply',
  command: 'SmartReply',
  rows: [
    ...Object.values(ofSources('SmartReply')),
    { value: 117, never: 'Every message may be answered.' },
    sentBefore('SmartReply', ORIGINAL),
    ...Object.values(ofMessages('SmartReply', ORIGINAL)).filter(({ value }) => value !== 116),
    row(121, 'SmartReply', 500, {
      'a message that nothing can be added to': composed('SmartReply', { source: ORIGINAL, mime: ENCRYPTED }),
    }),
  ],
};

const SMART_FORWARD_ROWS: StatusTable = {
  name: 'SmartForward',
  command: 'SmartForward',
  rows: [
    ...Object.values(ofSources('SmartForward')),
    {
      value: 150,
      at: 'SmartForward',
      httpIn12: 404,
      asks: {
        'unknown: an occurrence': async (scene) =>
          composed('SmartForward', { source: { ItemId: await series(scene), Occurrence: '2026-02-05T10:00:00.000Z' } })(
            scene,
          ),
      },
    },
    sentBefore('SmartForward', ORIGINAL),
    ...Object.values(ofMessages('SmartForward', ORIGINAL)).filter(({ value }) => value !== 116),
    {
      value: 146,
      at: 'SmartForward',
      httpIn12: 400,
      asks: {
        'an occurrence of a message': composed('SmartForward', {
          source: { ...ORIGINAL, Occurrence: '2026-01-05T10:00:00.000Z' },
        }),
        'an occurrence of an event that does not recur': composed('SmartForward', {
          source: { ItemId: '{event}', Occurrence: '2026-01-05T10:00:00.000Z' },
        }),
      },
    },
  ],
};

/** MS-ASCMD §2.2.2: the commands that send say nothing but common statuses. */
export const MAIL_ROWS: readonly StatusTable[] = [SEND_MAIL_ROWS, SMART_FORWARD_ROWS, SMART_REPLY_ROWS];

/** Common statuses that only these commands reach, and that stand in no list of theirs. */
export const COMMON_BY_MAIL: readonly Row[] = [
  row(104, 'SmartForward', 400, {
    'malformed: InstanceId': async (scene) =>
      composed('SmartForward', { source: { ItemId: await series(scene), Occurrence: 'soon' } })(scene),
  }),
  row(130, 'SendMail', 403, {
    'somebody else’s From': composed('SendMail', {
      mime: [HEAD[0]!.replace('anna', 'bert'), ...HEAD.slice(1), '', 'x'].join('\r\n'),
    }),
  }),
  row(147, 'SmartReply', 400, { 'a contact': composed('SmartReply', { source: { ItemId: '{card}' } }) }),
];
