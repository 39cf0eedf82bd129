import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GatewayError } from '../../../../src/domain/errors.ts';
import { CLIENT_ORIGIN } from '../../../../src/domain/mailbox.ts';
import type { SyncStateStore } from '../../../../src/store/sync-state-store.ts';
import { crossCheck, expectXml, needsCrossCheck } from '../../../support/eas/cross-check.ts';
import { held, withServer } from '../mail-support.ts';
import { answer, calendar, EVENT, events, mail, put, refused, request, SERIES, stateOf } from './meeting-requests.ts';

test(
  'MS-ASCMD §2.2.1.11 accepting puts the event into the calendar and the mail into Deleted Items; nobody is mailed',
  needsCrossCheck,
  () =>
    withServer(async (server) => {
      const asked = await put(server, 'inbox', 'm.eml', mail(EVENT));
      const { calendarId } = await crossCheck(
        server.phone(),
        'MeetingResponse',
        request(asked),
        answer([asked.id, 1, '{calendarId}']),
      );
      const [event, ...more] = await events(server);
      assert.equal(more.length, 0);
      assert.doesNotMatch(event!, /METHOD/);
      assert.match(event!, /ATTENDEE;PARTSTAT=ACCEPTED:MAILTO:Anna@example\.org/);
      assert.match(event!, /ATTENDEE;PARTSTAT=ACCEPTED:mailto:bert/);
      assert.doesNotMatch(event!, /BUSYSTATUS|TRANSP/, 'busy needs no word');
      const { id: folder } = await server.folder('calendar');
      assert.equal(calendarId?.split(':')[0], String(folder));
      const item = await server.environment.items.store
        .read(server.anna.mailboxId)
        .item(Number(calendarId?.split(':')[1]));
      assert.equal(item?.uid, 'meet-1');
      assert.deepEqual(await held(server, 'inbox'), []);
      assert.equal((await held(server, 'deleted')).length, 1);
      for (const role of ['outbox', 'sent'] as const) assert.deepEqual(await held(server, role), []);
      assert.deepEqual(await held(server, 'inbox', server.bert), [], 'the client tells the organizer');
    }),
);

test('tentative is tentative time; declining takes the event out; an answer that comes again ends the same', () =>
  withServer(async (server) => {
    const asked = await put(server, 'inbox', 'm.eml', mail(EVENT));
    const phone = server.phone();
    const post = async (choice: 1 | 2 | 3, expected: string) =>
      expectXml(await phone.post('MeetingResponse', request({ ...asked, answer: choice })), expected).calendarId;
    const first = await post(2, answer([asked.id, 1, '{calendarId}']));
    assert.match((await events(server))[0]!, /X-MICROSOFT-CDO-BUSYSTATUS:TENTATIVE/);
    assert.match((await events(server))[0]!, /PARTSTAT=TENTATIVE:MAILTO:Anna/);
    const before = await stateOf(server);
    assert.equal(await post(2, answer([asked.id, 1, '{calendarId}'])), first, 'the mail is found where it lies now');
    assert.equal(await stateOf(server), before, 'nothing is written twice');
    assert.equal(await post(1, answer([asked.id, 1, '{calendarId}'])), first);
    assert.match((await events(server))[0]!, /X-MICROSOFT-CDO-BUSYSTATUS:BUSY/);
    assert.match((await events(server))[0]!, /PARTSTAT=ACCEPTED:MAILTO:Anna/);
    for (let turn = 0; turn < 2; turn += 1) {
      await post(3, answer([asked.id, 1]));
      assert.deepEqual(await events(server), []);
    }
    assert.equal((await held(server, 'deleted')).length, 1);
    await server.remove(asked.item);
    await post(3, answer([asked.id, 1]));
    await post(1, answer([asked.id, 2]));
  }));

test('phones answer in the calendar too: the event itself is named, and a decline that comes again is done', () =>
  withServer(async (server) => {
    const asked = await put(server, 'calendar', 'e.ics', calendar(EVENT));
    const phone = server.phone({ version: '12.1' });
    expectXml(await phone.post('MeetingResponse', request(asked)), answer([asked.id, 1, asked.id]));
    assert.match((await events(server))[0]!, /PARTSTAT=ACCEPTED:MAILTO:Anna/);
    for (let turn = 0; turn < 2; turn += 1) {
      expectXml(await phone.post('MeetingResponse', request({ ...asked, answer: 3 })), answer([asked.id, 1]));
      assert.deepEqual(await events(server), []);
    }
    expectXml(await phone.post('MeetingResponse', request(asked)), answer([asked.id, 2]));
    const other = server.phone({ version: '12.1', deviceId: 'OTHER' });
    expectXml(await other.post('MeetingResponse', request({ ...asked, answer: 3 })), answer([asked.id, 2]));
  }));

test('an update replaces the event it is newer than, but for the own alarms; an outdated one is 2', () =>
  withServer(async (server) => {
    const alarm = ['BEGIN:VALARM', 'ACTION:DISPLAY', 'TRIGGER:-PT5M', 'DESCRIPTION:x', 'END:VALARM'];
    const mine = EVENT.toSpliced(-1, 0, ...alarm);
    const stored = await put(server, 'calendar', 'e.ics', calendar(mine));
    const moved = EVENT.map((line) => line.replace('SEQUENCE:1', 'SEQUENCE:2').replace('T100000Z', 'T103000Z'));
    const update = await put(server, 'inbox', 'u.eml', mail(moved));
    expectXml(await server.phone().post('MeetingResponse', request(update)), answer([update.id, 1, stored.id]));
    const [event] = await events(server);
    assert.match(event!, /DTSTART:20260504T103000Z/);
    assert.match(event!, /BEGIN:VALARM/);
    const late = await put(server, 'inbox', 'o.eml', mail(EVENT));
    const before = await stateOf(server);
    expectXml(await server.phone().post('MeetingResponse', request(late)), answer([late.id, 2]));
    assert.equal(await stateOf(server), before);
    assert.deepEqual(await events(server), [event]);
  }));

test('MS-ASCMD §2.2.3.92.1 InstanceId answers one occurrence: an exception of its own, or struck out', () =>
  withServer(async (server) => {
    const invited = await put(server, 'inbox', 'm.eml', mail(SERIES));
    const phone = server.phone();
    const calendarFolder = String((await server.folder('calendar')).id);
    const accepted = (await phone.post('MeetingResponse', request(invited))).xml;
    const asked = { id: /<CalendarId>([^<]+)/.exec(accepted)![1]!, folderId: calendarFolder };
    const instance = (day: number) => `2026-05-${String(day).padStart(2, '0')}T10:00:00.000Z`;
    const post = async (choice: 1 | 2 | 3, day: number) =>
      (await phone.post('MeetingResponse', request({ ...asked, answer: choice, instance: instance(day) }))).xml;
    assert.match(await post(2, 5), /<Status>1<.*<CalendarId>/);
    assert.match((await events(server))[0]!, /RECURRENCE-ID:20260505T100000Z/);
    assert.match((await events(server))[0]!, /PARTSTAT=ACCEPTED:MAILTO:Anna[\s\S]*PARTSTAT=TENTATIVE:MAILTO:Anna/);
    assert.match(await post(3, 5), /<Status>1<\/Status><\/Result>/);
    assert.match(await post(3, 6), /<Status>1<\/Status><\/Result>/);
    const [event] = await events(server);
    assert.match(event!, /EXDATE:20260505T100000Z/);
    assert.match(event!, /EXDATE:20260506T100000Z/);
    assert.doesNotMatch(event!, /RECURRENCE-ID/);
    assert.match(await post(1, 20), /<Status>2</, 'no such occurrence');
    const wrong = { ...asked, instance: 'soon' };
    expectXml(await phone.post('MeetingResponse', request(wrong)), answer([asked.id, 104]));
    const single = await put(
      server,
      'calendar',
      '1.ics',
      calendar(EVENT.map((line) => line.replace('meet-1', 'meet-2'))),
    );
    const named = { ...single, instance: instance(4) };
    expectXml(await phone.post('MeetingResponse', request(named)), answer([single.id, 146]));
    const old = server.phone({ version: '14.0' });
    expectXml(await old.post('MeetingResponse', request({ ...asked, instance: instance(7) })), refused(103));
    assert.equal((await events(server))[0], event);
  }));

test('an invitation to one occurrence joins the series that is there; alone it is an event, and can be declined', () =>
  withServer(async (server) => {
    const one = EVENT.toSpliced(2, 0, 'RECURRENCE-ID:20260505T100000Z').map((line) =>
      line.replace('DTSTART:20260504T10', 'DTSTART:20260505T12').replace('DTEND:20260504T11', 'DTEND:20260505T13'),
    );
    const asked = await put(server, 'inbox', 'o.eml', mail(one));
    const phone = server.phone();
    const post = async (choice: 1 | 3) =>
      (await phone.post('MeetingResponse', request({ ...asked, answer: choice }))).xml;
    assert.match(await post(1), /<Status>1<.*<CalendarId>/);
    assert.match((await events(server))[0]!, /RECURRENCE-ID:20260505T100000Z[\s\S]*DTSTART:20260505T120000Z/);
    assert.match(await post(3), /<Status>1<\/Status><\/Result>/);
    assert.deepEqual(await events(server), []);
    await put(server, 'calendar', 's.ics', calendar(SERIES));
    assert.match(await post(1), /<Status>1<.*<CalendarId>/);
    assert.match((await events(server))[0]!, /RRULE[\s\S]*RECURRENCE-ID:20260505T100000Z/);
    assert.match(await post(3), /<Status>1<\/Status><\/Result>/);
    assert.match((await events(server))[0]!, /EXDATE:20260505T100000Z/);
    assert.doesNotMatch((await events(server))[0]!, /RECURRENCE-ID/);
    assert.match(await post(1), /<Status>1<.*<CalendarId>/);
    assert.doesNotMatch((await events(server))[0]!, /EXDATE/, 'it takes place again');
  }));

test('somebody to whom an invitation was passed on is added to it', () =>
  withServer(async (server) => {
    const asked = await put(server, 'inbox', 'm.eml', mail(EVENT.filter((line) => !/Anna/.test(line))));
    assert.match((await server.phone().post('MeetingResponse', request(asked))).xml, /<Status>1</);
    assert.match((await events(server))[0]!, /ATTENDEE;PARTSTAT=ACCEPTED:mailto:anna@example\.org/);
  }));

test('what cannot be answered is 2, each request by itself, and nothing changes', needsCrossCheck, () =>
  withServer(async (server) => {
    const own = EVENT.map((line) => line.replace('ORGANIZER:mailto:bert', 'ORGANIZER:mailto:anna'));
    const cases = [
      await put(server, 'inbox', '1.eml', 'Subject: x\r\n\r\nx\r\n'),
      await put(server, 'inbox', '2.eml', mail(EVENT, 'CANCEL')),
      await put(server, 'inbox', '3.eml', mail(EVENT, 'REPLY')),
      await put(server, 'inbox', '4.eml', mail(own)),
      await put(server, 'inbox', '5.eml', mail(EVENT.toSpliced(3, 0, 'STATUS:CANCELLED'))),
      await put(server, 'inbox', '6.eml', mail(EVENT.filter((line) => !line.startsWith('DTSTART')))),
      await put(server, 'inbox', '7.eml', mail(['BEGIN:VEVENT', 'UID', 'END'])),
      await put(server, 'contacts', 'c.vcf', 'BEGIN:VCARD\r\nVERSION:4.0\r\nFN:X\r\nUID:x\r\nEND:VCARD\r\n'),
      await put(server, 'calendar', 'p.ics', calendar(EVENT.filter((line) => !/^(ORGANIZER|ATTENDEE)/.test(line)))),
      { id: '1:9999', folderId: '1' },
      { id: 'nothing', folderId: '1' },
    ];
    const before = await stateOf(server);
    const expected = answer(...cases.map(({ id }) => [id, 2] as const));
    await crossCheck(server.phone(), 'MeetingResponse', request(...cases), expected);
    assert.equal(await stateOf(server), before);
    const good = await put(server, 'inbox', 'g.eml', mail(EVENT.map((line) => line.replace('meet-1', 'meet-2'))));
    const mixed = request(cases[0]!, good, cases[9]!);
    expectXml(
      await server.phone().post('MeetingResponse', mixed),
      answer([cases[0]!.id, 2], [good.id, 1, '{calendarId}'], ['1:9999', 2]),
    );
  }),
);

test('a LongId names the mail too, and MS-ASCMD_R5374 the answer has no RequestId then; other people’s mails are not found', () =>
  withServer(async (server) => {
    await put(server, 'inbox', 'x.eml', 'Subject: x\r\n\r\nx\r\n');
    const asked = await put(server, 'inbox', 'm.eml', mail(EVENT));
    const longId = `<MeetingResponse xmlns="MeetingResponse:"><Request><UserResponse>1</UserResponse><LongId xmlns="Search:">${asked.id}</LongId></Request></MeetingResponse>`;
    const bert = server.phone({ user: 'bert' });
    const unnamed = (xml: string) => xml.replace(/<RequestId>[^<]*<\/RequestId>/, '');
    expectXml(await bert.post('MeetingResponse', longId), unnamed(answer([asked.id, 2])));
    const done = unnamed(answer([asked.id, 1, '{calendarId}']));
    expectXml(await server.phone().post('MeetingResponse', longId), done);
  }));

test('MS-ASCMD_R5650 what is no request is 103 in a Result, by HTTP 400 in 12.1; so are more than 100 answers at once', () =>
  withServer(async (server) => {
    const asked = await put(server, 'inbox', 'm.eml', mail(EVENT));
    const before = await stateOf(server);
    const whole = request(asked);
    for (const xml of [
      '<MeetingResponse xmlns="MeetingResponse:"/>',
      whole.replace('<UserResponse>1</UserResponse>', ''),
      whole.replace(/<RequestId>.*<\/RequestId>/, ''),
      whole.replace(asked.id, 'x'.repeat(257)),
      request(...Array.from({ length: 101 }, () => asked)),
    ]) {
      expectXml(await server.phone().post('MeetingResponse', xml), refused(103));
      assert.equal((await server.phone({ version: '12.1' }).post('MeetingResponse', xml)).status, 400);
    }
    expectXml(await server.phone().post('MeetingResponse', null), refused(101));
    expectXml(await server.phone({ deviceId: 'validate' }).post('MeetingResponse', whole), refused(130));
    const reader = server.environment.sync.store.read(server.anna.mailboxId);
    assert.equal(await reader.deviceByAlias('validate'), null);
    assert.equal(await stateOf(server), before);
  }));

test('a full mailbox is 3, a bug of ours 4; when it is over the same answer is taken', () => {
  let failure: Error | null = null;
  const failing = (store: SyncStateStore): SyncStateStore => ({
    read: (mailboxId) => store.read(mailboxId),
    write: (mailboxId, origin, work) =>
      failure !== null && origin.kind === 'attendee-itip'
        ? Promise.reject(failure)
        : store.write(mailboxId, origin, work),
  });
  return withServer(
    async (server) => {
      const asked = await put(server, 'inbox', 'm.eml', mail(EVENT));
      const { store } = server.environment.items;
      const usedBytes = (await store.read(server.anna.mailboxId).mailbox()).usedBytes;
      await store.setQuota(server.anna.mailboxId, { bytes: usedBytes + 10, items: null });
      expectXml(await server.phone().post('MeetingResponse', request(asked)), answer([asked.id, 3]));
      await store.setQuota(server.anna.mailboxId, { bytes: null, items: null });
      failure = new GatewayError('store-unavailable', { reason: 'closed' });
      expectXml(await server.phone().post('MeetingResponse', request(asked)), answer([asked.id, 3]));
      failure = new Error('broken');
      expectXml(await server.phone().post('MeetingResponse', request(asked)), answer([asked.id, 4]));
      assert.ok(server.lines.some(({ level }) => level === 'error'));
      assert.deepEqual(await events(server), []);
      assert.equal((await held(server, 'inbox')).length, 1);
      failure = null;
      expectXml(await server.phone().post('MeetingResponse', request(asked)), answer([asked.id, 1, '{calendarId}']));
    },
    {
      change: (environment) => ({
        ...environment,
        sync: { ...environment.sync, store: failing(environment.sync.store) },
      }),
    },
  );
});

test('an event that lies in another calendar is answered there', () =>
  withServer(async (server) => {
    const { store } = server.environment.items;
    const folder = await store.write(server.anna.mailboxId, CLIENT_ORIGIN, (tx) =>
      tx.createFolder({
        ...{ parentId: null, itemClass: 'calendar', role: null, name: 'work', displayName: null },
        ...{ components: ['VEVENT'], properties: {} },
      }),
    );
    const stored = await put(server, 'calendar', 'e.ics', calendar(EVENT));
    await store.write(server.anna.mailboxId, CLIENT_ORIGIN, (tx) => tx.moveItem(stored.item, folder.id, 'e.ics'));
    const asked = await put(server, 'inbox', 'm.eml', mail(EVENT));
    const expected = answer([asked.id, 1, `${folder.id}:${stored.item}`]);
    expectXml(await server.phone().post('MeetingResponse', request(asked)), expected);
    assert.deepEqual(await events(server), []);
  }));
