import assert from 'node:assert/strict';
import { test } from 'node:test';
import { childrenOf, type Field, field, findField, textOf } from '../../../../protocols/activesync/classes/field.ts';
import { flagsWithState, stateOfFlags } from '../../../../protocols/activesync/translate/email-flags.ts';
import { DEFAULT_OPTIONS } from '../../../../protocols/activesync/translate/options.ts';
import { translatorFor } from '../../../../protocols/activesync/translate/translators.ts';
import { collectionsOf } from '../../../../protocols/activesync/translate/view.ts';
import { UTC } from '../../../../src/domain/calendar/iana-zone.ts';
import { isGatewayError } from '../../../../src/domain/errors.ts';
import type { ItemFlags } from '../../../../src/domain/item.ts';
import { openMailbox, Phone, type PhoneSetUp } from './phone.ts';

const LINES = [
  'From: Bo <bo@example.com>',
  'Subject: Hello',
  'Date: Wed, 31 Dec 2025 10:00:00 +0000',
  '',
  'Text of it',
];

async function withMail(flags: ItemFlags = {}, setUp: PhoneSetUp = {}) {
  const mailbox = await openMailbox();
  const item = await mailbox.putMail('inbox', 'm.eml', LINES, flags);
  const phone = await new Phone(mailbox, 'inbox', setUp).begin();
  const flagsNow = async () => (await mailbox.read.item(item.id))!.flags;
  return { mailbox, item, phone, flagsNow, fields: phone.held.get(item.id)! };
}

const flag = (...children: [string, string][]) =>
  field(
    'Email:Flag',
    children.map(([name, value]) => field(name, value)),
  );
const READ = field('Email:Read', '1');

test('a message reaches the phone with its state', async () => {
  const { fields } = await withMail({ read: true, categories: ['Red'], flagged: true });
  assert.deepEqual(
    ['Email:Subject', 'Email:Read', 'Email:From'].map((name) => textOf(fields, name)),
    ['Hello', '1', '"Bo" <bo@example.com>'],
  );
  assert.equal(textOf(childrenOf(fields, 'Email:Flag')!, 'Email:Status'), '2');
  assert.equal(textOf(childrenOf(fields, 'Email:Categories')!, 'Email:Category'), 'Red');
  assert.equal(textOf(childrenOf(fields, 'AirSyncBase:Body')!, 'AirSyncBase:Data'), 'Text of it');
});

test('a BodyPart comes to the phone that asks for one', async () => {
  const bodyPartPreference = { truncationSize: null, allOrNone: false, preview: 0 };
  const { fields } = await withMail({}, { options: { bodyPartPreference } });
  assert.equal(textOf(childrenOf(fields, 'AirSyncBase:BodyPart')!, 'AirSyncBase:Status'), '1');
  assert.match(textOf(childrenOf(fields, 'AirSyncBase:BodyPart')!, 'AirSyncBase:Data')!, /Text of it/);
  const { fields: others } = await withMail();
  assert.equal(childrenOf(others, 'AirSyncBase:BodyPart'), null);
});

test('read, flag and categories are noted beside the message, whose bytes stay', async () => {
  const { mailbox, item, phone, flagsNow } = await withMail();
  const day = '2026-01-05T00:00:00.000Z';
  const follow = flag(['Email:Status', '2'], ['Email:FlagType', 'Call'], ['Tasks:OrdinalDate', day]);
  const categories = field('Email:Categories', [field('Email:Category', 'Red')]);
  assert.equal(await phone.change(item.id, [READ, follow, categories]), 'done');
  const details = { 'Tasks:OrdinalDate': day };
  assert.deepEqual(await flagsNow(), {
    ...{ read: true, flagged: true, categories: ['Red'] },
    followUp: { isDone: false, label: 'Call', completedAt: null, details },
  });
  assert.equal((await mailbox.read.item(item.id))!.contentRev, item.contentRev);
  assert.equal((await phone.sync()).isEmpty, true);
});

test('a flag that is done, and one that is taken away', async () => {
  const { item, phone, flagsNow } = await withMail({ flagged: true, read: true });
  const done = flag(
    ['Email:Status', '1'],
    ['Email:FlagType', 'Call'],
    ['Email:CompleteTime', '2026-01-01T00:00:00.000Z'],
  );
  await phone.change(item.id, [done]);
  const followUp = { isDone: true, label: 'Call', completedAt: Date.UTC(2026, 0, 1) / 1000, details: {} };
  assert.deepEqual(await flagsNow(), { read: true, followUp });
  await phone.change(item.id, [field('Email:Flag', '')]);
  assert.deepEqual(await flagsNow(), { read: true });
});

test('a Change of one thing leaves the others as they are noted', async () => {
  const flags: ItemFlags = { flagged: true, categories: ['A'], lastVerb: { verb: 'forward', at: 5 } };
  const { item, phone, flagsNow } = await withMail(flags);
  await phone.change(item.id, [READ]);
  assert.deepEqual(await flagsNow(), { ...flags, read: true });
});

test('a message that comes back unchanged is not written', async () => {
  const { mailbox, item, phone, fields } = await withMail({ read: true, flagged: true, categories: ['Red'] });
  assert.equal(await phone.change(item.id, fields), 'done');
  assert.deepEqual(await mailbox.read.item(item.id), item);
});

test('a message’s text is not a phone’s to change: what says something else is refused, with the marks beside it', async () => {
  const { mailbox, item, phone, fields, flagsNow } = await withMail();
  const body = (text: string, type = '1', ...more: Field[]) =>
    field('AirSyncBase:Body', [field('AirSyncBase:Type', type), ...more, field('AirSyncBase:Data', text)]);
  const other = [
    field('Email:Subject', 'Other'),
    ...['To', 'Cc', 'From', 'ReplyTo'].map((name) => field(`Email:${name}`, 'x@example.com')),
    field('Email:Importance', '2'),
    ...[body('Text of it, and more'), body(''), body('Text of it', '4')],
    field('AirSyncBase:Attachments', [field('AirSyncBase:Attachment', [field('AirSyncBase:DisplayName', 'x')])]),
  ];
  for (const wrong of other) assert.equal(await phone.change(item.id, [READ, wrong]), 'content-invalid', wrong.name);
  assert.deepEqual(await flagsNow(), {});
  const cut = body('', '1', field('AirSyncBase:Truncated', '1'));
  const whole = findField(fields, 'AirSyncBase:Body')!;
  for (const same of [field('Email:Subject', 'Hello'), body('Text'), cut, whole]) {
    assert.equal(await phone.change(item.id, [same]), 'done');
  }
  assert.equal((await mailbox.read.item(item.id))!.contentRev, item.contentRev);
  assert.deepEqual(await flagsNow(), {});
});

test('a state that cannot be taken is refused, and nothing changes', async () => {
  const { mailbox, item, phone } = await withMail();
  for (const wrong of [field('Email:Read', 'maybe'), flag(['Email:Status', '7'])]) {
    assert.equal(await phone.change(item.id, [wrong]), 'content-invalid');
  }
  assert.deepEqual((await mailbox.read.item(item.id))!.flags, {});
});

test('12.1 knows no categories of mail: those that are there stay', async () => {
  const { item, phone, flagsNow } = await withMail({ categories: ['Red'] }, { version: '12.1' });
  await phone.change(item.id, [READ]);
  assert.deepEqual(await flagsNow(), { read: true, categories: ['Red'] });
});

test('a phone cannot add mail by Sync', async () => {
  const { mailbox, phone } = await withMail();
  assert.equal((await phone.add([field('Email:Subject', 'x')])).refusal, 'content-unsupported');
  assert.equal((await mailbox.items('inbox')).length, 1);
});

test('what a phone deletes lies in Deleted Items, and a phone that shows those gets it there', async () => {
  const { mailbox, item, phone } = await withMail({ read: true });
  await mailbox.putMail('deleted', 'm.eml', LINES);
  const bin = await new Phone(mailbox, 'deleted').begin();
  assert.equal(await phone.delete(item.id), 'done');
  const moved = (await mailbox.read.item(item.id))!;
  assert.deepEqual([moved.name, moved.flags], ['m-2.eml', { read: true }]);
  await bin.sync();
  assert.ok(bin.held.has(item.id));
  assert.equal((await phone.sync()).isEmpty, true);
});

test('DeletesAsMoves 0 deletes for good', async () => {
  const { mailbox, item, phone } = await withMail();
  assert.equal(await phone.delete(item.id, false), 'done');
  assert.equal(await mailbox.read.item(item.id), null);
});

test('what is deleted in Deleted Items is gone', async () => {
  const mailbox = await openMailbox();
  const item = await mailbox.putMail('deleted', 'm.eml', LINES);
  const phone = await new Phone(mailbox, 'deleted').begin();
  assert.equal(await phone.delete(item.id), 'done');
  assert.equal(await mailbox.read.item(item.id), null);
});

test('a MIME body is a stream that counts by its length and can be read when the transaction is over', async () => {
  const mime = { type: 4, truncationSize: null, allOrNone: false, preview: 0 } as const;
  const { fields } = await withMail({}, { options: { bodyPreferences: [mime], mimeSupport: 2 } });
  assert.equal(textOf(childrenOf(fields, 'AirSyncBase:Body')!, 'AirSyncBase:Data'), LINES.join('\r\n'));
});

test('MS-ASCMD MIMETruncation cuts MIME where the preference would let more through', async () => {
  const mailbox = await openMailbox();
  const item = await mailbox.putMail('inbox', 'm.eml', [...LINES, 'x'.repeat(10_000)]);
  const dataOf = async (truncationSize: number | null, mimeTruncation: number | null) => {
    const mime = { type: 4, truncationSize, allOrNone: false, preview: 0 } as const;
    const options = { bodyPreferences: [mime], mimeSupport: 2, mimeTruncation } as const;
    const phone = await new Phone(mailbox, 'inbox', { options }).begin();
    return textOf(childrenOf(phone.held.get(item.id)!, 'AirSyncBase:Body')!, 'AirSyncBase:Data')!.length;
  };
  assert.deepEqual([await dataOf(null, 1), await dataOf(100, 1), await dataOf(9_000, 2)], [4_096, 100, 5_120]);
  assert.deepEqual([await dataOf(null, 8), await dataOf(9_000, null)], [item.size, 9_000]);
});

test('a message that is gone before its stream is read ends the reading with an error', async () => {
  const { mailbox, item } = await withMail();
  const { services, principal, read, write } = mailbox;
  const mime = { type: 4, truncationSize: null, allOrNone: false, preview: 0 } as const;
  const options = { ...DEFAULT_OPTIONS, bodyPreferences: [mime], mimeSupport: 2 } as const;
  const collection = collectionsOf(await mailbox.folder('inbox'), '14.1')[0]!;
  const view = { principal, version: '14.1', options, zone: UTC, addresses: [] } as const;
  const rendered = await translatorFor(services, collection, view).render(read, item, null);
  const data = childrenOf(rendered!.fields, 'AirSyncBase:Body')!.find(({ name }) => name === 'AirSyncBase:Data')!.value;
  await write((tx) => tx.deleteItem(item.id));
  const reading = (async () => {
    for await (const _ of (data as { open(): AsyncIterable<Uint8Array> }).open()) assert.fail('there is something');
  })();
  await assert.rejects(reading, (error) => isGatewayError(error, 'item-not-found'));
});

test('a message with more parts than can be read waits in quarantine', async () => {
  const mailbox = await openMailbox();
  const parts = Array.from({ length: 10_100 }, () => ['--b', '', 'x']).flat();
  await mailbox.putMail('inbox', 'm.eml', ['Content-Type: multipart/mixed; boundary=b', '', ...parts, '--b--']);
  const phone = await new Phone(mailbox, 'inbox').begin();
  assert.deepEqual([(await phone.sync()).quarantined, phone.held.size, mailbox.failures], [1, 0, []]);
});

test('flags become a state and the same flags again', () => {
  const followUp = { isDone: false, label: 'Call', completedAt: null, details: { 'Tasks:Subject': 'x', foreign: 'y' } };
  const flags: ItemFlags = {
    read: true,
    flagged: true,
    categories: ['A'],
    followUp,
    lastVerb: { verb: 'reply', at: 1 },
  };
  const state = stateOfFlags(flags);
  assert.deepEqual(flagsWithState(flags, state, state), flags);
  assert.deepEqual(flagsWithState(flags, state, { ...state, flag: { ...state.flag! } }), flags);
  assert.deepEqual(stateOfFlags({ followUp }).flag, null);
  assert.deepEqual(
    ['reply', 'reply-all', 'forward'].map(
      (verb) => stateOfFlags({ lastVerb: { verb: verb as 'reply', at: 1 } }).lastVerb,
    ),
    [1, 2, 3].map((verb) => ({ verb, at: 1 })),
  );
});
