import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { requiredChild } from '../../../protocols/activesync/wbxml/read-element.ts';
import { textAt } from '../../support/eas/set-up.ts';
import type { SyncingPhone } from '../../support/eas/syncing-phone.ts';
import { sendMail, wokenBy } from '../phone/cast.ts';
import { searchMailbox, searchPeople } from '../phone/play-search.ts';
import { letter } from '../phone/samples.ts';
import { duration } from '../steps.ts';
import { type Day, TYPE } from './cast.ts';
import { NEW_YORK, zoneBlob } from './zone.ts';

const [ME, YOU] = ['user01@example.com', 'user02@example.com'];
const BURST = 20;
const AWAY = 'Back on Monday.';

/** Edits and deletions cross, twenty contacts come at once, mail is searched, somebody is out of office. */
export async function afternoon(day: Day): Promise<void> {
  await edits(day);
  await deletions(day);
  await burst(day);
  await searches(day);
  await outOfOffice(day);
}

async function edits({ steps, phone, tablet, hand }: Day): Promise<void> {
  const calendar = phone.folder(TYPE.calendar);
  await steps.arrives('python-caldav renames the series, the phone and then the tablet see it', async () => {
    const text = (await hand.read('Calendar', 'paris-1')).replace(/^SUMMARY:Stand-up\r?$/m, 'SUMMARY:Morning round\r');
    const { fromStart } = await wokenBy(phone, [calendar], () => hand.replace('Calendar', 'paris-1', text));
    await tablet.pull(calendar);
    for (const device of [phone, tablet]) device.held(calendar).only('Calendar:Subject', 'Morning round');
    return fromStart;
  });
  await steps.arrives('the tablet adds an event, the phone is woken', async () => {
    const { fromStart } = await wokenBy(phone, [calendar], () => tablet.add(calendar, eventXml('140000', '150000')));
    phone.held(calendar).only('Calendar:Subject', 'Dentist');
    return fromStart;
  });
  await steps.arrives('the phone moves it by two hours, for python-caldav and the tablet', () =>
    duration(async () => {
      const [serverId] = phone.held(calendar).only('Calendar:Subject', 'Dentist');
      await phone.change(calendar, serverId, eventXml('160000', '170000'));
      assert.match(await hand.read('Calendar', 'dentist-1'), /DTSTART;TZID="?America\/New_York"?:20270405T120000/);
      await tablet.pull(calendar);
      assert.equal(tablet.held(calendar).items.get(serverId)!.text('Calendar:StartTime'), '20270405T160000Z');
    }),
  );
}

function eventXml(start: string, end: string): string {
  return (
    `<cal:Timezone>${zoneBlob(NEW_YORK)}</cal:Timezone><cal:AllDayEvent>0</cal:AllDayEvent><cal:BusyStatus>2</cal:BusyStatus>` +
    `<cal:DtStamp>20270101T000000Z</cal:DtStamp><cal:StartTime>20270405T${start}Z</cal:StartTime><cal:EndTime>20270405T${end}Z</cal:EndTime>` +
    '<cal:Subject>Dentist</cal:Subject><cal:Sensitivity>0</cal:Sensitivity><cal:UID>dentist-1</cal:UID><cal:MeetingStatus>0</cal:MeetingStatus>'
  );
}

async function deletions({ steps, phone, tablet, hand, vdirsyncer }: Day): Promise<void> {
  const [book, list] = [phone.folder(TYPE.contacts), phone.folder(TYPE.tasks)];
  await steps.step('the phone deletes a contact, vdirsyncer removes its file', async () => {
    const [serverId] = phone.held(book).only('Contacts:LastName', 'Hopper');
    await phone.remove(book, serverId);
    await vdirsyncer.sync();
    assert.deepEqual(
      vdirsyncer.files('Contacts').filter((text) => text.includes('Hopper')),
      [],
    );
  });
  await steps.arrives('python-caldav deletes a task, phone and tablet lose it', async () => {
    const [serverId] = phone.held(list).only('Tasks:Subject', 'Pay the bill');
    const { fromStart } = await wokenBy(phone, [list], () => hand.remove('Tasks', 'task-1'));
    await tablet.pull(list);
    for (const device of [phone, tablet]) assert.ok(!device.held(list).items.has(serverId));
    return fromStart;
  });
}

async function burst({ steps, phone, tablet }: Day): Promise<void> {
  const book = phone.folder(TYPE.contacts);
  await steps.step(`${BURST} contacts that the tablet adds back to back are seen by the phone, each once`, async () => {
    await tablet.pull(book);
    const [added, seen]: [string[], string[]] = [[], []];
    for (let n = 1; n <= BURST; n += 1) {
      added.push(await tablet.add(book, `<c:FirstName>Number</c:FirstName><c:LastName>${n}</c:LastName>`));
      seen.push(...(await phone.pull(book)).map(({ kind, serverId }) => `${kind} ${serverId}`));
    }
    assert.deepEqual(
      seen,
      added.map((serverId) => `Add ${serverId}`),
    );
  });
}

async function searches({ steps, phone }: Day): Promise<void> {
  await steps.step('a search finds a word in the message that was moved and in the one that was deleted', async () => {
    const found = await searchMailbox(phone, 'Marmalade');
    assert.deepEqual(found.sort(), ['To be deleted', 'To be moved']);
  });
  await steps.step('the address list has the other person', async () => {
    assert.ok((await searchPeople(phone, 'user02')).includes(YOU));
  });
}

async function outOfOffice({ steps, phone, tablet, other }: Day): Promise<void> {
  const inbox = other.folder(TYPE.inbox);
  await steps.step('the phone says out of office, the tablet shows it', async () => {
    const audience = (name: string) =>
      `<OofMessage><${name}/><Enabled>1</Enabled><ReplyMessage>${AWAY}</ReplyMessage><BodyType>TEXT</BodyType></OofMessage>`;
    const messages = ['AppliesToInternal', 'AppliesToExternalKnown', 'AppliesToExternalUnknown'].map(audience).join('');
    await oof(phone, `<Set><OofState>1</OofState>${messages}</Set>`);
    const shown = await oof(tablet, '<Get><BodyType>TEXT</BodyType></Get>');
    assert.equal(textAt(shown, 'Settings:Get', 'Settings:OofState'), '1');
    assert.equal(textAt(shown, 'Settings:Get', 'Settings:OofMessage', 'Settings:ReplyMessage'), AWAY);
  });
  const write = (id: string) =>
    wokenBy(phone, [phone.folder(TYPE.inbox)], () =>
      sendMail(other, letter({ to: ME, subject: id, id, text: 'Are you there?' })),
    );
  await steps.arrives('who writes gets an answer', async () => {
    const { fromStart } = await wokenBy(other, [inbox], () => write('first-question'));
    const [, reply] = [...other.held(inbox).items].at(-1)!;
    assert.match(reply.xml('AirSyncBase:Body'), /Back on Monday/);
    // Within it the phone was woken too, and waited for the message first.
    return fromStart;
  });
  await steps.step('and only one', async () => {
    await write('second-question');
    await pause(500);
    assert.deepEqual(await other.pull(inbox), []);
  });
  await steps.step('back again, the tablet shows it', async () => {
    await oof(phone, '<Set><OofState>0</OofState></Set>');
    const shown = await oof(tablet, '<Get><BodyType>TEXT</BodyType></Get>');
    assert.equal(textAt(shown, 'Settings:Get', 'Settings:OofState'), '0');
  });
}

async function oof(phone: SyncingPhone, content: string) {
  const root = await phone.wire.command('Settings', `<Settings xmlns="Settings:"><Oof>${content}</Oof></Settings>`);
  const answer = requiredChild(root, 'Settings:Oof');
  assert.deepEqual([textAt(root, 'Settings:Status'), textAt(answer, 'Settings:Status')], ['1', '1']);
  return answer;
}
