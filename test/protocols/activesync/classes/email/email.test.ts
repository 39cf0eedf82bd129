import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ClassDataError } from '../../../../../protocols/activesync/classes/class-error.ts';
import {
  fileReference,
  openAttachment,
  parseFileReference,
} from '../../../../../protocols/activesync/classes/email/attachments.ts';
import { renderEmail } from '../../../../../protocols/activesync/classes/email/email-class.ts';
import type { EmailRenderOptions } from '../../../../../protocols/activesync/classes/email/email-options.ts';
import { mergeEmail } from '../../../../../protocols/activesync/classes/email/email-state.ts';
import {
  globalObjIdToUid,
  uidToGlobalObjId,
} from '../../../../../protocols/activesync/classes/email/global-object-id.ts';
import type { StoredMessage } from '../../../../../protocols/activesync/classes/email/message-view.ts';
import { field, findField, type StreamedValue } from '../../../../../protocols/activesync/classes/field.ts';
import { tnefOf } from '../../../../formats/tnef/tnef-sample.ts';
import { sharedFiles, skipWithout } from '../../../../support/shared-data.ts';
import { options, plainFields, VERSIONS } from '../samples.ts';
import { emailOptions, messageOf, NEW, storedMessage } from './messages.ts';

async function shown(
  message: StoredMessage,
  change: Partial<EmailRenderOptions> = {},
): Promise<Record<string, unknown>> {
  return plainFields(await renderEmail(message, NEW, emailOptions(change)));
}

const HTML = { type: 2, truncationSize: null, allOrNone: false, preview: 0 } as const;
const MIME = { type: 4, truncationSize: null, allOrNone: false, preview: 0 } as const;

const MIXED = messageOf(
  'From: =?utf-8?q?J=C3=BCrgen?= <j@example.com>',
  'To: "Ana, A." <ana@example.com>, bob@example.com',
  'Subject: Re: =?utf-8?q?Gr=C3=BC=C3=9Fe?=',
  'Date: Mon, 2 Mar 2026 10:00:00 +0100',
  'Message-ID: <2@example.com>',
  'References: <1@example.com>',
  'X-Priority: 1',
  'Content-Type: multipart/mixed; boundary=m',
  '',
  '--m',
  'Content-Type: multipart/related; boundary=r',
  '',
  '--r',
  'Content-Type: multipart/alternative; boundary=a',
  '',
  '--a',
  'Content-Type: text/plain; charset=iso-8859-1',
  'Content-Transfer-Encoding: quoted-printable',
  '',
  'plain =FC',
  '--a',
  'Content-Type: text/html; charset=utf-8',
  '',
  '<p>html ü</p>',
  '--a--',
  '--r',
  'Content-Type: image/png',
  'Content-ID: <pic@x>',
  'Content-Transfer-Encoding: base64',
  '',
  'iVBORw0KGgo=',
  '--r--',
  '--m',
  'Content-Type: application/pdf; name="../a.pdf"',
  'Content-Disposition: attachment; filename="../a.pdf"',
  'Content-Transfer-Encoding: base64',
  '',
  'AAECAw==',
  '--m',
  'Content-Type: message/rfc822',
  '',
  'Subject: inner',
  '',
  'inner body',
  '--m--',
  '',
);

test('MS-ASEMAIL header fields are told decoded', async () => {
  const fields = await shown(MIXED);
  assert.equal(fields.From, '"Jürgen" <j@example.com>');
  assert.equal(fields.To, '"Ana, A." <ana@example.com>, bob@example.com');
  assert.equal(fields.DisplayTo, 'Ana, A.; bob@example.com');
  assert.equal(fields.Subject, 'Re: Grüße');
  assert.equal(fields.ThreadTopic, 'Grüße');
  assert.equal(fields.DateReceived, '2026-03-02T09:00:00.000Z');
  assert.equal(fields.Importance, '2');
  assert.equal(fields.MessageClass, 'IPM.Note');
  assert.equal(fields.Read, '0');
});

test('DateReceived is the time by which the mailbox files the message', async () => {
  const lines = [
    'Received: by mx; Mon, 2 Mar 2026 08:30:00 +0000',
    'Date: Sun, 1 Mar 2026 10:00:00 +0000',
    'Subject: x',
    '',
  ];
  assert.equal((await shown(messageOf(...lines))).DateReceived, '2026-03-02T08:30:00.000Z');
  const late = messageOf('Date: Sun, 1 Mar 2099 10:00:00 +0000', '', 'x');
  assert.equal((await shown(late)).DateReceived, '2026-03-02T09:00:00.000Z');
});

test('the plain alternative for plain, the HTML one for HTML', async () => {
  assert.deepEqual((await shown(MIXED)).Body, { Type: '1', EstimatedDataSize: '8', Data: 'plain ü' });
  const html = await shown(MIXED, { bodyPreferences: [HTML] });
  assert.equal((html.Body as Record<string, string>).Data, '<p>html ü</p>');
  assert.equal(html.NativeBodyType, '2');
});

test('attachments: inline pictures by their id, names without folders, embedded messages as .eml', async () => {
  const attachments = (await shown(MIXED)).Attachments as Record<string, string>[];
  assert.deepEqual(
    attachments.map(({ DisplayName, FileReference, Method, ContentId, IsInline }) => [
      DisplayName,
      FileReference,
      Method,
      ContentId,
      IsInline,
    ]),
    [
      ['attachment-1.png', '5:17:1.2', '1', 'pic@x', '1'],
      ['a.pdf', '5:17:2', '1', undefined, undefined],
      ['attachment-3.eml', '5:17:3', '5', undefined, undefined],
    ],
  );
});

test('a FileReference opens the decoded part it names', async () => {
  const named = parseFileReference('5:17:2')!;
  assert.equal(named.reference, '5:17');
  const opened = (await openAttachment(MIXED, named))!;
  const chunks: Uint8Array[] = [];
  for await (const chunk of opened.open()) chunks.push(chunk);
  assert.deepEqual([...Buffer.concat(chunks)], [0, 1, 2, 3]);
  assert.deepEqual([opened.contentType, opened.name], ['application/pdf', 'a.pdf']);
  assert.equal(await openAttachment(MIXED, { path: '9.9', number: 0 }), null);
  assert.equal(await openAttachment(MIXED, { path: '2', number: 1 }), null);
  assert.equal(parseFileReference('no reference'), null);
  assert.equal(parseFileReference(fileReference('5:17', MIXED.index.root))?.path, '');
});

test('messages of one thread share a ConversationId that stays the same; 12.1 has none', async () => {
  const first = await shown(messageOf('Message-ID: <1@example.com>', '', 'x'));
  const reply = await shown(MIXED);
  assert.deepEqual(reply.ConversationId, first.ConversationId);
  assert.equal((reply.ConversationId as Uint8Array).length, 16);
  assert.equal((first.ConversationIndex as Uint8Array).length, 5);
  assert.equal((reply.ConversationIndex as Uint8Array).length, 10);
  assert.deepEqual((await shown(MIXED)).ConversationIndex, reply.ConversationIndex);
  assert.equal((await shown(MIXED, { version: '12.1' })).ConversationId, undefined);
});

test('Thread-Index gives id and index as Outlook made them', async () => {
  const bytes = Buffer.from(Array.from({ length: 27 }, (_, at) => (at === 0 ? 1 : at)));
  const fields = await shown(messageOf(`Thread-Index: ${bytes.toString('base64')}`, '', 'x'));
  assert.deepEqual([...(fields.ConversationId as Uint8Array)], [...bytes.subarray(6, 22)]);
  assert.deepEqual([...(fields.ConversationIndex as Uint8Array)], [...bytes.subarray(1, 6), ...bytes.subarray(22)]);
});

async function mimeData(message: StoredMessage, change: Partial<EmailRenderOptions>): Promise<string | null> {
  const fields = await renderEmail(message, NEW, emailOptions({ bodyPreferences: [MIME], ...change }));
  const body = findField(fields, 'AirSyncBase:Body')!.value as readonly { name: string; value: unknown }[];
  const data = body.find(({ name }) => name === 'AirSyncBase:Data')?.value;
  if (typeof data !== 'object') return null;
  const chunks: Uint8Array[] = [];
  for await (const chunk of (data as StreamedValue).open()) chunks.push(chunk);
  const bytes = Buffer.concat(chunks);
  assert.equal(bytes.length, (data as StreamedValue).byteLength);
  return bytes.toString('latin1');
}

test('MIME is streamed as it is stored where the client supports it, and cut at its size', async () => {
  const text = 'Subject: x\r\n\r\nbody';
  const message = messageOf('Subject: x', '', 'body');
  assert.equal(await mimeData(message, { mimeSupport: 2 }), text);
  assert.equal(await mimeData(message, { mimeSupport: 1 }), null);
  const cut = { ...MIME, truncationSize: 5 };
  assert.equal(await mimeData(message, { mimeSupport: 2, bodyPreferences: [cut] }), 'Subje');
});

test('a signed message is told as such and passed as MIME to clients that take only those', async () => {
  const message = messageOf(
    'Content-Type: multipart/signed; protocol="application/pkcs7-signature"; boundary=s',
    '',
    '--s',
    '',
    'signed',
    '--s',
    'Content-Type: application/pkcs7-signature; name=smime.p7s',
    '',
    'AA==',
    '--s--',
  );
  assert.equal((await shown(message)).MessageClass, 'IPM.Note.SMIME.MultipartSigned');
  assert.match((await mimeData(message, { mimeSupport: 1 })) ?? '', /^Content-Type: multipart\/signed/);
});

const INVITATION_LINES = [
  'From: bob@example.com',
  'Content-Type: multipart/alternative; boundary=b',
  '',
  '--b',
  'Content-Type: text/plain',
  '',
  'Please come',
  '--b',
  'Content-Type: text/calendar; method=REQUEST; charset=utf-8',
  '',
  'BEGIN:VCALENDAR',
  'METHOD:REQUEST',
  'VERSION:2.0',
  'BEGIN:VEVENT',
  'UID:meeting-1',
  'DTSTAMP:20260101T000000Z',
  'DTSTART;TZID=Europe/Berlin:20260316T090000',
  'DTEND;TZID=Europe/Berlin:20260316T100000',
  'RRULE:FREQ=WEEKLY',
  'LOCATION:Room',
  'ORGANIZER;CN=Bob:mailto:bob@example.com',
  'ATTENDEE;RSVP=TRUE:mailto:ana@example.com',
  'BEGIN:VALARM',
  'ACTION:DISPLAY',
  'TRIGGER:-PT15M',
  'END:VALARM',
  'END:VEVENT',
  'END:VCALENDAR',
  '--b--',
];
const INVITATION = messageOf(...INVITATION_LINES);

test('an invitation is a meeting request with seconds of reminder and a GlobalObjId', async () => {
  const fields = await shown(INVITATION);
  assert.equal(fields.MessageClass, 'IPM.Schedule.Meeting.Request');
  assert.equal(fields.ContentClass, 'urn:content-classes:calendarmessage');
  assert.equal(fields.Attachments, undefined);
  const request = fields.MeetingRequest as Record<string, unknown>;
  assert.equal(request.StartTime, '2026-03-16T08:00:00.000Z');
  assert.equal(request.InstanceType, '1');
  assert.equal(request.Organizer, '"Bob" <bob@example.com>');
  assert.equal(request.Reminder, '900');
  assert.equal(request.ResponseRequested, '1');
  assert.equal(request.MeetingMessageType, '1');
  assert.deepEqual(request.Recurrences, {
    Recurrence: { Type: '1', Interval: '1', DayOfWeek: '2', FirstDayOfWeek: '1' },
  });
  assert.equal(globalObjIdToUid(request.GlobalObjId as string), 'meeting-1');
  const old = (await shown(INVITATION, { version: '12.1' })).MeetingRequest as Record<string, unknown>;
  assert.equal(old.MeetingMessageType, undefined);
  assert.equal(old.DisallowNewTimeProposal, undefined);
});

test('MS-ASEMAIL §2.2.2.39 the GlobalObjId of one occurrence holds its day in the series, the UID stays the same', async () => {
  const occurrence = messageOf(
    ...INVITATION_LINES.map((line) => (line.startsWith('RRULE') ? 'RECURRENCE-ID:20260330T220000Z' : line)),
  );
  const request = (await shown(occurrence)).MeetingRequest as Record<string, unknown>;
  assert.equal(request.InstanceType, '3');
  const id = Buffer.from(request.GlobalObjId as string, 'base64');
  // 22:00 UTC is the next day in the zone of the meeting.
  assert.deepEqual([...id.subarray(16, 20)], [0x07, 0xea, 3, 31]);
  assert.equal(globalObjIdToUid(request.GlobalObjId as string), 'meeting-1');
  const series = (await shown(INVITATION)).MeetingRequest as Record<string, unknown>;
  assert.deepEqual([...Buffer.from(series.GlobalObjId as string, 'base64').subarray(16, 20)], [0, 0, 0, 0]);
});

test('a calendar that asks for nothing is a file among the others', async () => {
  const body = [
    '',
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'BEGIN:VEVENT',
    'UID:x',
    'DTSTART:20260316T090000Z',
    'END:VEVENT',
  ];
  const file = ['Content-Type: text/calendar; name="trip.ics"', 'Content-Disposition: attachment', ...body];
  const head = ['Content-Type: multipart/mixed; boundary=b', '', '--b', '', 'Look', '--b'];
  const fields = await shown(messageOf(...head, ...file, 'END:VCALENDAR', '--b--'));
  assert.equal(fields.MessageClass, 'IPM.Note');
  const [shownFile] = fields.Attachments as Record<string, unknown>[];
  assert.deepEqual([shownFile?.DisplayName, shownFile?.FileReference], ['trip.ics', '5:17:2']);
});

test('UIDs and global object ids stand for each other', () => {
  const outlook = `040000008200E00074C5B7101A82E008${'0'.repeat(48)}0400000001020304`;
  for (const uid of ['a', 'ünï'.repeat(90), 'x'.repeat(300), outlook]) {
    assert.equal(globalObjIdToUid(uidToGlobalObjId(uid)), uid);
  }
  const instance = Buffer.from(uidToGlobalObjId(outlook), 'base64');
  instance.set([7, 234, 3, 2], 16);
  assert.equal(globalObjIdToUid(instance.toString('base64')), outlook);
  assert.equal(globalObjIdToUid('?'), null);
});

test('a Change sets read, flag and categories, and leaves what it does not name', () => {
  const flag = field('Email:Flag', [
    field('Email:Status', '2'),
    field('Email:FlagType', 'for Follow Up'),
    field('Tasks:OrdinalDate', '2026-03-02T00:00:00.000Z'),
  ]);
  const flagged = mergeEmail(NEW, [flag], options());
  assert.deepEqual(flagged.flag?.task, [{ name: 'Tasks:OrdinalDate', value: '2026-03-02T00:00:00.000Z' }]);
  const read = mergeEmail(flagged, [field('Email:Read', '1')], options());
  assert.deepEqual([read.read, read.flag], [true, flagged.flag]);
  assert.equal(mergeEmail(read, [field('Email:Flag', '')], options()).flag, null);
  const filed = mergeEmail(read, [field('Email:Categories', [field('Email:Category', 'Work')])], options());
  assert.deepEqual(filed.categories, ['Work']);
  assert.equal(mergeEmail(filed, [field('Email:Read', '1')], options()), filed);
  assert.equal(mergeEmail(filed, [field('Email:Categories', '')], options({ version: '12.1' })), filed);
});

for (const [name, value] of [
  ['Email:Read', '7'],
  ['Email:Flag', [field('Email:Status', '9')]],
  ['Email:Flag', [field('Email:Status', '2'), field('Tasks:DueDate', 'soon')]],
] as const) {
  test(`a bad ${name} ${JSON.stringify(value)} is refused`, () => {
    assert.throws(() => mergeEmail(NEW, [field(name, value)], options()), ClassDataError);
  });
}

test('a body of megabytes is read no further than a small truncation needs', async () => {
  const text = Buffer.alloc(4_000_000, 'word ').toString('latin1');
  const message = storedMessage(Buffer.from(`Content-Type: text/plain\r\n\r\n${text}`));
  let opened = 0;
  const counted: StoredMessage = {
    ...message,
    async *open() {
      for await (const chunk of message.open()) {
        opened += chunk.length;
        yield chunk;
      }
    },
  };
  const bodyPreferences = [{ type: 1, truncationSize: 500, allOrNone: false, preview: 0 }] as const;
  const body = (await shown(counted, { bodyPreferences })).Body as Record<string, string>;
  assert.equal(body.Data?.length, 500);
  assert.equal(body.Truncated, '1');
  assert.equal(body.EstimatedDataSize, '4000000');
  assert.ok(opened < 400_000, `${opened} bytes read`);
});

test('every shared message is shown in every version, its attachments open', { skip: skipWithout('eml') }, async () => {
  const files = sharedFiles('eml');
  assert.ok(files.length > 50, `only ${files.length} messages`);
  for (const { name, bytes } of files) {
    const message = storedMessage(bytes);
    for (const version of VERSIONS) {
      const fields = await shown(message, { version, bodyPreferences: [HTML] });
      assert.match(fields.DateReceived as string, /^\d{4}-/, name);
      for (const { FileReference } of (fields.Attachments ?? []) as { FileReference: string }[]) {
        const opened = await openAttachment(message, parseFileReference(FileReference)!);
        assert.ok(opened !== null, `${name} ${FileReference}`);
      }
    }
  }
});

test('files in a winmail.dat are attachments of their own', async () => {
  const tnef = tnefOf([
    { title: 'A~1.TXT', long: 'a long name.txt', mediaType: 'text/plain', data: Buffer.from('hi') },
  ]);
  const message = messageOf(
    'Content-Type: multipart/mixed; boundary=m',
    '',
    '--m',
    '',
    'text',
    '--m',
    'Content-Type: application/ms-tnef; name=winmail.dat',
    'Content-Transfer-Encoding: base64',
    '',
    tnef.toString('base64'),
    '--m--',
  );
  const [file, second] = (await shown(message)).Attachments as Record<string, string>[];
  assert.deepEqual([file?.DisplayName, file?.FileReference, second], ['a long name.txt', '5:17:2~1', undefined]);
  const opened = (await openAttachment(message, parseFileReference(file!.FileReference!)!))!;
  assert.equal(opened.contentType, 'text/plain');
  for await (const chunk of opened.open()) assert.equal(Buffer.from(chunk).toString(), 'hi');
});
