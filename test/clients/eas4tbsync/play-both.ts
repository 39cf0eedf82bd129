import assert from 'node:assert/strict';
import { given } from '../steps.ts';
import { type Cast, holds, lacks, only } from './cast.ts';
import { CALENDAR, CALENDARS, CONTACTS, TASKS } from './other-side.ts';
import { calendarObject, component, plainCard } from './samples.ts';

/** Changes of other programs, changes of both at once, many items, folders, the address list, and all from the beginning. */
export async function playBoth({ steps, client, dav }: Cast): Promise<void> {
  await steps.step('what another program changes and deletes comes with the next synchronisation', async () => {
    await dav.edit(CONTACTS, 'FN:Zoë Ångström', 'FN:Zoë Ek');
    await dav.edit(CALENDAR, 'LOCATION:Dock 3', 'LOCATION:Dock 4');
    await dav.edit(TASKS, 'STATUS:NEEDS-ACTION', 'STATUS:COMPLETED\nCOMPLETED:20350511T080000Z');
    await dav.remove(CALENDAR, 'SUMMARY:On leave');
    await client.syncWell();
    only(await client.cards('Contacts'), 'FN:Zoë Ek');
    holds(only(await client.items('Calendar'), 'SUMMARY:Launch'), 'LOCATION:Dock 4');
    holds(only(await client.items('Tasks'), 'Paint the hull'), 'STATUS:COMPLETED');
    lacks((await client.items('Calendar')).join('\n'), 'On leave');
  });
  await steps.step('each side changes another item before one synchronisation', async () => {
    await client.changeCard('Contacts', 'zoe@example.net', { nickname: 'Zet' });
    await dav.edit(CONTACTS, 'Harbour master', 'Pilot');
    await client.addCard('Contacts', plainCard('ivo', 'Ivo Berg'));
    await dav.put(`${CONTACTS}kaia.vcf`, plainCard('kaia', 'Kaia Lund'));
    await client.syncWell();
    holds((await dav.only(CONTACTS, 'zoe@example.net')).text, 'NICKNAME:Zet', 'FN:Zoë Ek');
    holds(only(await client.cards('Contacts'), 'brigit@example.net'), 'TITLE:Pilot');
    await dav.only(CONTACTS, 'ivo@example.net');
    only(await client.cards('Contacts'), 'kaia@example.net');
    assert.deepEqual([(await dav.all(CONTACTS)).length, (await client.cards('Contacts')).length], [4, 4]);
  });
  await steps.step('both change the same contact: this client lets the mailbox win', async () => {
    await client.changeCard('Contacts', 'kaia@example.net', { title: 'From here' });
    await dav.edit(CONTACTS, 'FN:Kaia Lund', 'FN:Kaia From-There');
    await client.syncWell();
    holds(only(await client.cards('Contacts'), 'kaia@example.net'), 'From-There');
    const { text } = await dav.only(CONTACTS, 'kaia@example.net');
    holds(text, 'FN:Kaia From-There');
    lacks(text, 'From here');
  });
  await steps.step('many contacts come in windows, each once', async () => {
    const many = Number(given('MANY'));
    for (let n = 0; n < many; n += 1) await dav.put(`${CONTACTS}n${n}.vcf`, plainCard(`n${n}`, `Number N${n}`));
    await client.syncWell();
    const emails = (await client.cards('Contacts')).map((card) => /EMAIL[^:]*:(\S+)/u.exec(card)![1]!);
    assert.equal(emails.length, many + 4);
    assert.equal(new Set(emails).size, many + 4);
  });
  await steps.step('a calendar that another program makes is found, filled and renamed', async () => {
    await dav.makeCalendar(`${CALENDARS}tides/`, 'Tides');
    await dav.put(`${CALENDARS}tides/spring.ics`, calendarObject(...component('VEVENT', 'spring', ...SPRING)));
    await client.syncWell();
    await client.select('Tides');
    await client.syncWell();
    only(await client.items('Tides'), 'Spring tide');
    await dav.rename(`${CALENDARS}tides/`, 'Low and high');
    const { folders } = await client.syncWell();
    assert.ok(folders.some(({ name, type }) => name === 'Low and high' && type === '13'));
    only(await client.items('Low and high'), 'Spring tide');
  });
  await steps.step('and leaves the list when it is deleted', async () => {
    await dav.removeCollection(`${CALENDARS}tides/`);
    const { folders } = await client.syncWell();
    lacks(folders.map(({ name }) => name).join(), 'Low and high');
  });
  await steps.step('the address list is searched', async () => {
    const { status, people } = await client.search('user02');
    assert.equal(status, '1');
    assert.deepEqual(
      people.map(({ EmailAddress }) => EmailAddress),
      ['user02@example.com'],
    );
    assert.deepEqual((await client.search('nobody at all')).people, []);
  });
  await steps.step('all from the beginning: the same again, nothing twice, nothing sent', async () => {
    const before = await view({ client, dav });
    await client.startOver();
    await client.syncWell();
    await client.select('Contacts', 'Calendar', 'Tasks');
    await client.syncWell();
    assert.deepEqual(await view({ client, dav }), before);
  });
}

const SPRING = ['SUMMARY:Spring tide', 'DTSTART:20350321T120000Z', 'DTEND:20350321T130000Z'];

/** Numbers of what the client holds, and everything in the mailbox. */
async function view({ client, dav }: Pick<Cast, 'client' | 'dav'>): Promise<unknown> {
  const held = [await client.cards('Contacts'), await client.items('Calendar'), await client.items('Tasks')];
  const stored = [await dav.all(CONTACTS), await dav.all(CALENDAR), await dav.all(TASKS)];
  return { held: held.map(({ length }) => length), stored };
}
