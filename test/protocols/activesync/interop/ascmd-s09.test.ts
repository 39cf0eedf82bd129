import assert from 'node:assert/strict';
import { test } from 'node:test';
import { expectXml } from '../../../support/eas/cross-check.ts';
import { SyncPhone } from '../../../support/eas/sync-phone.ts';
import { assertSent, base64, held, withServer } from '../mail-support.ts';
import type { EasServer } from '../support.ts';

const VERSIONS = ['12.1', '14.0', '14.1'] as const;

const event = (uid: string, ...more: readonly string[]): string[] => [
  ...['BEGIN:VEVENT', `UID:${uid}`, 'DTSTAMP:20260101T000000Z', 'SUMMARY:Review'],
  ...['DTSTART:20260504T100000Z', 'DTEND:20260504T110000Z', ...more],
  ...['ORGANIZER:mailto:anna@example.org', 'ATTENDEE;PARTSTAT=NEEDS-ACTION;RSVP=TRUE:mailto:bert@example.org'],
  'END:VEVENT',
];
const calendar = (lines: readonly string[], method = ''): string =>
  [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:x',
    ...(method === '' ? [] : [`METHOD:${method}`]),
    ...lines,
    'END:VCALENDAR',
    '',
  ].join('\r\n');

/** As the suite’s phones ask for a meeting: text beside the calendar. */
function invitation(uid: string, ...more: readonly string[]): string {
  return [
    ...['From: anna@example.org', 'To: bert@example.org', `Subject: ${uid}`, 'MIME-Version: 1.0'],
    ...['Content-Type: multipart/alternative; boundary=m', '', '--m', 'Content-Type: text/plain', '', 'Please come'],
    ...['--m', 'Content-Type: text/calendar; charset="us-ascii"; method=REQUEST', ''],
    ...[calendar(event(uid, ...more), 'REQUEST'), '--m--', ''],
  ].join('\r\n');
}

async function send(server: EasServer, uid: string, ...more: readonly string[]): Promise<void> {
  const mime = base64(invitation(uid, ...more));
  const body = `<SendMail xmlns="ComposeMail:"><ClientId>${uid}</ClientId><MIME>${mime}</MIME></SendMail>`;
  assertSent(await server.phone().post('SendMail', body));
}

async function bertsPhone(server: EasServer, version: (typeof VERSIONS)[number] = '14.1') {
  const phone = new SyncPhone(server.phone({ user: 'bert', deviceId: `B${version}`, version }));
  const id = async (role: 'inbox' | 'calendar' | 'deleted') => String((await server.folder(role, server.bert)).id);
  const items = async (role: 'inbox' | 'calendar' | 'deleted') => {
    await phone.begin(await id(role), '<Options><FilterType>0</FilterType></Options>');
    return [...phone.items(await id(role))];
  };
  const ask = (userResponse: string, folder: string, request: string, instance = '') =>
    phone.phone.post('MeetingResponse', document(one(userResponse, folder, request, instance)));
  return { phone: phone.phone, id, items, ask };
}

const document = (inner: string) => `<MeetingResponse xmlns="MeetingResponse:">${inner}</MeetingResponse>`;
const one = (userResponse: string, folder: string, request: string, instance = '') =>
  `<Request><UserResponse>${userResponse}</UserResponse><CollectionId>${folder}</CollectionId><RequestId>${request}</RequestId>${
    instance === '' ? '' : `<InstanceId>${instance}</InstanceId>`
  }</Request>`;
const answer = (id: string, status: number, calendarId?: string) =>
  document(
    `<Result><RequestId>${id}</RequestId><Status>${status}</Status>${
      calendarId === undefined ? '' : `<CalendarId>${calendarId}</CalendarId>`
    }</Result>`,
  );

for (const version of VERSIONS) {
  test(`MS-ASCMD_R5068 R830 R837 R5725 R5374 in ${version} a meeting request is accepted, tentatively too, and declined`, () =>
    withServer(async (server) => {
      const bert = await bertsPhone(server, version);
      for (const [uid, choice] of [
        ['one', '1'],
        ['two', '2'],
        ['three', '3'],
      ] as const) {
        await send(server, uid);
        const [[mail, shown] = ['', '']] = await bert.items('inbox');
        assert.match(shown, /<MessageClass[^>]*>IPM\.Schedule\.Meeting\.Request</);
        assert.match(shown, /<MeetingRequest/);
        const told = await bert.ask(choice, await bert.id('inbox'), mail);
        const { calendarId } = expectXml(told, choice === '3' ? answer(mail, 1) : answer(mail, 1, '{calendarId}'));
        assert.deepEqual(await bert.items('inbox'), []);
        const inCalendar = new Map(await bert.items('calendar'));
        if (calendarId !== undefined) assert.match(inCalendar.get(calendarId)!, /<Subject[^>]*>Review</);
      }
      assert.equal((await bert.items('calendar')).length, 2);
      assert.equal((await bert.items('deleted')).length, 3);
    }));

  test(`MS-ASCMD_R4182 R4183 in ${version} an answer that is none and an id that was never given out are 2 of their request`, () =>
    withServer(async (server) => {
      const bert = await bertsPhone(server, version);
      await send(server, 'one');
      const [[mail] = ['']] = await bert.items('inbox');
      const inbox = await bert.id('inbox');
      for (const wrong of ['5', '0', 'yes']) expectXml(await bert.ask(wrong, inbox, mail), answer(mail, 2));
      expectXml(await bert.ask('2', inbox, 'InvalidValue'), answer('InvalidValue', 2));
      const mixed = document(one('5', inbox, mail) + one('1', inbox, mail));
      const { xml } = await bert.phone.post('MeetingResponse', mixed);
      assert.match(xml, /<Status>2<\/Status><\/Result><Result>.*<Status>1<\/Status><CalendarId>/s);
    }));
}

test('MS-ASCMD_R4185 R4186 R3195 R3196 an InstanceId is of a series in the calendar: beside a mail it is 2, of another form 104, of a single event 146', () =>
  withServer(async (server) => {
    const bert = await bertsPhone(server);
    await send(server, 'series', 'RRULE:FREQ=WEEKLY;COUNT=5');
    const put = (uid: string, ...more: readonly string[]) =>
      server.put('calendar', `${uid}.ics`, calendar(event(uid, ...more)), server.bert);
    const [series, single] = [await put('series', 'RRULE:FREQ=WEEKLY;COUNT=5'), await put('single')];
    const [[mail] = ['']] = await bert.items('inbox');
    const [inbox, folder] = [await bert.id('inbox'), await bert.id('calendar')];
    const before = await held(server, 'calendar', server.bert);
    const start = '2026-05-04T10:00:00.000Z';
    const cases = [
      ['3', inbox, mail, 'InvalidValue', 2],
      ['1', inbox, mail, start, 2],
      ['1', inbox, `${folder}:${series}`, start, 2],
      ['1', folder, `${folder}:${series}`, '05-04-2026T10:00:00.000Z', 104],
      ['1', folder, `${folder}:${single}`, start, 146],
    ] as const;
    for (const [choice, collection, id, instance, status] of cases) {
      expectXml(await bert.ask(choice, collection, id, instance), answer(id, status));
    }
    assert.deepEqual(await held(server, 'calendar', server.bert), before);
    assert.equal((await bert.items('inbox')).length, 1);
    const named = `${folder}:${series}`;
    expectXml(await bert.ask('1', folder, named, '2026-05-11T10:00:00.000Z'), answer(named, 1, '{calendarId}'));
  }));

test('MS-ASCMD_R5650 101 requests are 103 in a Result, and none of them is done', () =>
  withServer(async (server) => {
    const bert = await bertsPhone(server);
    await send(server, 'one');
    const [[mail] = ['']] = await bert.items('inbox');
    const many = document(one('1', await bert.id('inbox'), mail).repeat(101));
    expectXml(await bert.phone.post('MeetingResponse', many), document('<Result><Status>103</Status></Result>'));
    assert.equal((await bert.items('inbox')).length, 1);
  }));
