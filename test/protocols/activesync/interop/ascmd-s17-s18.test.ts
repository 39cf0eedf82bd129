import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SyncPhone } from '../../../support/eas/sync-phone.ts';
import { assertSent, base64, withServer } from '../mail-support.ts';
import type { EasServer } from '../support.ts';

const PLAIN = '<Options><b:BodyPreference><b:Type>1</b:Type></b:BodyPreference></Options>';

function mail(from: string, to: string, subject: string, text: string): string {
  const head = [`From: ${from}@example.org`, `To: ${to}@example.org`, `Subject: ${subject}`, 'MIME-Version: 1.0'];
  return [...head, 'Content-Type: text/plain; charset="us-ascii"', '', text, ''].join('\r\n');
}

/** A phone of anna’s or bert’s, and what the class of a folder has in it when it looks. */
async function owner(server: EasServer, user: 'anna' | 'bert') {
  const phone = new SyncPhone(server.phone({ user, deviceId: user }));
  const id = async (role: 'inbox' | 'calendar') => String((await server.folder(role, server[user])).id);
  const newest = async (role: 'inbox' | 'calendar'): Promise<readonly [id: string, xml: string]> => {
    await phone.begin(await id(role), '', PLAIN);
    const found = [...phone.items(await id(role))].at(-1);
    assert.ok(found);
    return found;
  };
  const compose = async (command: string, mime: string, source: string) => {
    const clientId = `${user} ${mime.length}`;
    const body = `<${command} xmlns="ComposeMail:"><ClientId>${clientId}</ClientId>${source}<MIME>${base64(mime)}</MIME></${command}>`;
    assertSent(await phone.phone.post(command, body));
  };
  return { phone, id, newest, compose };
}

const sourceOf = (folder: string, item: string, more = '') =>
  `<Source><FolderId>${folder}</FolderId><ItemId>${item}</ItemId>${more}</Source>`;
const dataOf = (xml: string) => /<Data>([^<]*)<\/Data>/.exec(xml)?.[1] ?? '';

test('MS-ASCMD_R543 MS-ASCMD_R580 a forward and a reply hold the text of the original as the phone shows it', () =>
  withServer(async (server) => {
    const [anna, bert] = [await owner(server, 'anna'), await owner(server, 'bert')];
    await anna.compose('SendMail', mail('anna', 'bert', 'Plan', 'The original body'), '');
    const [item, shown] = await bert.newest('inbox');
    for (const command of ['SmartForward', 'SmartReply']) {
      const source = sourceOf(await bert.id('inbox'), item);
      await bert.compose(command, mail('bert', 'anna', command, `by ${command}`), source);
      const [, told] = await anna.newest('inbox');
      assert.ok(dataOf(told).includes(dataOf(shown)), told);
    }
  }));

test('MS-ASCMD_R3775 with ReplaceMime neither body nor attachments of the original go along', () =>
  withServer(async (server) => {
    const [anna, bert] = [await owner(server, 'anna'), await owner(server, 'bert')];
    await anna.compose('SendMail', mail('anna', 'bert', 'Plan', 'The original body'), '');
    const [item] = await bert.newest('inbox');
    const source = `${sourceOf(await bert.id('inbox'), item)}<ReplaceMime/>`;
    await bert.compose('SmartForward', mail('bert', 'anna', 'FW: Plan', 'mine'), source);
    const [, told] = await anna.newest('inbox');
    assert.doesNotMatch(told, /original|<Attachments/);
  }));

test('MS-ASCMD_R542 an appointment that is forwarded is an attachment of the mail, which can be fetched', () =>
  withServer(async (server) => {
    const [anna, bert] = [await owner(server, 'anna'), await owner(server, 'bert')];
    const times = '<cal:StartTime>20260504T100000Z</cal:StartTime><cal:EndTime>20260504T110000Z</cal:EndTime>';
    const add = `<Commands><Add><ClientId>c</ClientId><ApplicationData>${times}<cal:Subject>Zahnärztin</cal:Subject></ApplicationData></Add></Commands>`;
    const calendar = await anna.id('calendar');
    await anna.phone.begin(calendar);
    await anna.phone.sync([{ id: calendar, xml: add }]);
    const [event] = await anna.newest('calendar');
    await anna.compose('SmartForward', mail('anna', 'bert', 'FW: it', 'see'), sourceOf(calendar, event));
    const [, shown] = await bert.newest('inbox');
    assert.equal(shown.match(/<Attachment>/g)?.length, 1, shown);
    assert.match(shown, /<DisplayName>Zahnärztin\.ics<\/DisplayName>/);
    assert.match(shown, /<MessageClass[^>]*>IPM\.Note</);
    const reference = /<FileReference>([^<]+)/.exec(shown)![1]!;
    const fetch = `<ItemOperations xmlns="ItemOperations:" xmlns:B="AirSyncBase:"><Fetch><Store>Mailbox</Store><B:FileReference>${reference}</B:FileReference></Fetch></ItemOperations>`;
    const { xml } = await bert.phone.phone.post('ItemOperations', fetch);
    assert.match(Buffer.from(dataOf(xml), 'base64').toString(), /METHOD:PUBLISH[\s\S]*SUMMARY:Zahnärztin/);
  }));

test('MS-ASCMD_R541 MS-ASCMD_R578 an InstanceId of another form is 104, and nothing is sent', () =>
  withServer(async (server) => {
    const anna = await owner(server, 'anna');
    const [calendar, inbox] = [await anna.id('calendar'), await anna.id('inbox')];
    const event = await server.put(
      'calendar',
      's.ics',
      [
        ...['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:x', 'BEGIN:VEVENT', 'UID:s', 'DTSTAMP:20260101T000000Z'],
        ...['DTSTART:20260504T100000Z', 'DTEND:20260504T110000Z', 'RRULE:FREQ=WEEKLY', 'SUMMARY:Weekly'],
        ...['END:VEVENT', 'END:VCALENDAR', ''],
      ].join('\r\n'),
    );
    const source = sourceOf(calendar, `${calendar}:${event}`, '<InstanceId>5/4/2026 10:00:00 AM</InstanceId>');
    for (const command of ['SmartForward', 'SmartReply']) {
      const mime = base64(mail('anna', 'anna', command, 'x'));
      const body = `<${command} xmlns="ComposeMail:"><ClientId>1</ClientId>${source}<MIME>${mime}</MIME></${command}>`;
      assert.match((await anna.phone.phone.post(command, body)).xml, /<Status>104<\/Status>/);
    }
    await anna.phone.begin(inbox);
    assert.equal(anna.phone.items(inbox).size, 0);
  }));
