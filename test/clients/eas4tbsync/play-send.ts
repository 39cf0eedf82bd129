import assert from 'node:assert/strict';
import { type Cast, holds, lacks, only } from './cast.ts';
import { changedLines } from './changed-lines.ts';
import { CALENDAR, CONTACTS, TASKS } from './other-side.ts';
import { calendarObject, component, fullCard, PHOTO, series } from './samples.ts';

/** What is made, changed and deleted in Thunderbird, as another program finds it. */
export async function playSend({ steps, client, dav }: Cast): Promise<void> {
  await steps.step('a contact, events and a task made in the client reach the mailbox', async () => {
    await client.addCard('Contacts', fullCard('tove').replaceAll('zoe@', 'tove@').replaceAll('Zoë', 'Tove'));
    await client.addItem('Calendar', series('stocktaking', 'Stocktaking'));
    await client.addItem('Calendar', calendarObject(...component('VEVENT', 'feast', ...FEAST)));
    await client.addItem('Tasks', calendarObject(...component('VTODO', 'ropes', ...ROPES)));
    await client.syncWell();
    const card = (await dav.only(CONTACTS, 'tove@example.net')).text;
    holds(
      card,
      'Ångström;Tove;Maria;Dr.;jr.',
      'Harbour Ltd;Cranes',
      'Foreman',
      '+46 70 1',
      'Quay 7;Göteborg;;41101',
      'Likes tea',
      PHOTO,
    );
    holds(card, '1980-02-29');
    const stocktaking = (await dav.only(CALENDAR, 'SUMMARY:Stocktaking\n')).text;
    holds(stocktaking, 'UID:stocktaking\n', ':20350306T090000\n', 'FREQ=WEEKLY', 'COUNT=6', 'TRIGGER:-PT15M');
    holds(stocktaking, 'EXDATE', '20350320T090000', 'Stocktaking (moved)', '20350313T140000');
    const feast = (await dav.only(CALENDAR, 'Feast')).text;
    holds(feast, 'DTSTART;VALUE=DATE:20350624', 'DTEND;VALUE=DATE:20350626', 'CATEGORIES:Town');
    const [guest = ''] = /^ATTENDEE.*$/mu.exec(feast) ?? [];
    holds(guest, 'CN=Otto', 'ROLE=OPT-PARTICIPANT', 'mailto:user02@example.com');
    holds(feast, 'ORGANIZER', 'mailto:user01@example.com');
    holds((await dav.only(TASKS, 'Splice ropes')).text, '20350601', 'PRIORITY:9', 'CATEGORIES:Boat');
  });
  await steps.step('what was sent does not come back as something else', async () => {
    const before = [...(await client.cards('Contacts')), ...(await client.items('Calendar'))];
    await client.syncWell();
    assert.deepEqual([...(await client.cards('Contacts')), ...(await client.items('Calendar'))], before);
  });
  await steps.step('a changed contact keeps what this client does not know', async () => {
    await dav.edit(CONTACTS, 'FN:Brigit Bird\n', 'FN:Brigit Bird\nX-BOAT:Ondine\n');
    await client.syncWell();
    await client.changeCard('Contacts', 'brigit@example.net', { title: 'Harbour master' });
    await client.syncWell();
    holds((await dav.only(CONTACTS, 'brigit@example.net')).text, 'Harbour master', 'X-BOAT:Ondine', 'UID:brigit');
  });
  await steps.step('one day of a series is renamed, another left out', async () => {
    await client.changeItem('Calendar', 'Fish market', 'renameOne', '20350327T090000', 'Fish market with eels');
    await client.syncWell();
    await client.changeItem('Calendar', 'Fish market', 'removeOne', '20350403T090000');
    await client.syncWell();
    const { text } = await dav.only(CALENDAR, 'UID:market');
    holds(text, 'SUMMARY:Fish market with eels', 'RECURRENCE-ID;TZID=America/New_York:20350327T090000');
    holds(text, 'DTSTART;TZID=America/New_York:20350327T090000', 'DTEND;TZID=America/New_York:20350327T093000');
    holds(text, '20350320T090000', '20350403T090000', 'Fish market (moved)', '20350313T140000', 'BEGIN:VTIMEZONE');
    assert.equal(text.match(/BEGIN:VEVENT/gu)?.length, 3);
    assert.equal(text.match(/TRIGGER:-PT15M/gu)?.length, 2, 'the moved day had no alarm');
  });
  await steps.step('an event becomes a series, a task is done', async () => {
    await client.changeItem('Calendar', 'Feast', 'repeat', 'RRULE:FREQ=YEARLY;COUNT=3');
    await client.changeItem('Tasks', 'Splice ropes', 'complete');
    await client.syncWell();
    holds(
      (await dav.only(CALENDAR, 'Feast')).text,
      'FREQ=YEARLY',
      'COUNT=3',
      'DTSTART;VALUE=DATE:20350624',
      'UID:feast',
    );
    holds((await dav.only(TASKS, 'Splice ropes')).text, 'STATUS:COMPLETED');
  });
  await steps.step('a change of one property changes nothing else, of a contact, events and a task', async () => {
    const parts = [
      [CONTACTS, 'zoe@example.net'],
      [CALENDAR, 'SUMMARY:Launch'],
      [CALENDAR, 'SUMMARY:On leave'],
      [TASKS, 'Paint the hull'],
    ] as const;
    const texts = async () => {
      const objects = parts.map(([collection, word]) => dav.only(collection, word));
      return (await Promise.all(objects)).map(({ text }) => text);
    };
    const before = await texts();
    await client.changeCard('Contacts', 'zoe@example.net', { nickname: 'Zette' });
    await client.changeItem('Calendar', 'Launch', 'describe', 'Bring boots');
    await client.changeItem('Calendar', 'On leave', 'describe', 'Far away');
    await client.changeItem('Tasks', 'Paint the hull', 'describe', 'Three coats');
    await client.syncWell();
    const after = await texts();
    assert.deepEqual(
      before.map((text, index) => changedLines(text, after[index]!)),
      [
        ['-NICKNAME:Zo', '+NICKNAME:Zette'],
        ['-DESCRIPTION:Bring a coat', '+DESCRIPTION:Bring boots'],
        ['+DESCRIPTION:Far away'],
        ['-DESCRIPTION:Two coats', '+DESCRIPTION:Three coats'],
      ],
    );
  });
  await steps.step('what is deleted in the client is gone', async () => {
    await client.removeCard('Contacts', 'tove@example.net');
    await client.removeItem('Calendar', 'Stocktaking');
    await client.removeItem('Tasks', 'Splice ropes');
    await client.syncWell();
    for (const collection of [CONTACTS, CALENDAR, TASKS]) {
      lacks((await dav.all(collection)).map(({ text }) => text).join(), 'tove@example.net', 'Stocktaking', 'Splice');
    }
    only(await client.cards('Contacts'), 'Zoë');
  });
}

const FEAST = [
  ...['SUMMARY:Feast', 'DTSTART;VALUE=DATE:20350624', 'DTEND;VALUE=DATE:20350626', 'CATEGORIES:Town'],
  ...['ORGANIZER;CN=Una:mailto:user01@example.com', 'ATTENDEE;CN=Otto;ROLE=OPT-PARTICIPANT:mailto:user02@example.com'],
];
const ROPES = ['SUMMARY:Splice ropes', 'DTSTART;TZID=Europe/Berlin:20350601T080000', 'PRIORITY:9', 'CATEGORIES:Boat'];
