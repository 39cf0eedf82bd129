import assert from 'node:assert/strict';
import { type Cast, holds, only } from './cast.ts';
import { CALENDAR, CONTACTS, TASKS } from './other-side.ts';
import { calendarObject, component, fullCard, PHOTO, plainCard, series } from './samples.ts';

/** What another program put into the mailbox, as Thunderbird shows it. */
export async function playFetch({ steps, client, dav }: Cast): Promise<void> {
  await steps.step('everything of another program comes with the first synchronisation', async () => {
    await dav.put(`${CONTACTS}zoe.vcf`, fullCard('zoe'));
    await dav.put(`${CONTACTS}brigit.vcf`, plainCard('brigit', 'Brigit Bird'));
    await dav.put(`${CALENDAR}market.ics`, series('market', 'Fish market'));
    await dav.put(`${CALENDAR}leave.ics`, calendarObject(...component('VEVENT', 'leave', ...LEAVE)));
    await dav.put(`${CALENDAR}launch.ics`, calendarObject(...component('VEVENT', 'launch', ...LAUNCH)));
    await dav.put(`${TASKS}paint.ics`, calendarObject(...component('VTODO', 'paint', ...PAINT)));
    await client.select('Contacts', 'Calendar', 'Tasks');
    await client.syncWell();
    const counts = [await client.cards('Contacts'), await client.items('Calendar'), await client.items('Tasks')];
    assert.deepEqual(
      counts.map(({ length }) => length),
      [2, 3, 1],
    );
  });
  await steps.step('a contact with all fields, its photo too', async () => {
    const card = only(await client.cards('Contacts'), 'Zoë');
    holds(card, 'N:Ångström;Zoë;Maria;Dr.;jr.', 'NICKNAME:Zo', 'ORG:Harbour Ltd;Cranes', 'TITLE:Foreman');
    holds(
      card,
      'EMAIL:zoe@example.net',
      'EMAIL:zoe@example.org',
      'https://example.net/zoe',
      'PHOTO:data:image/jpeg;base64',
    );
    holds(card, PHOTO);
    holds(card, 'TYPE=cell;VALUE=TEXT:+46 70 1', 'TYPE=work;VALUE=TEXT:+46 8 2', 'TYPE=home;VALUE=TEXT:+46 8 3');
    holds(card, 'Quay 7;Göteborg;;41101;Sweden', 'Birch Road 1;Mölndal;;43130;Sweden');
    holds(card, 'BDAY;VALUE=DATE:19800229', 'CATEGORIES:Friends,Port', 'NOTE:Likes tea\\, not coffee');
  });
  await steps.step('a series in its own zone, with a moved and a left out day and its alarm', async () => {
    const item = only(await client.items('Calendar'), 'Fish market');
    holds(item, 'DTSTART;TZID=America/New_York:20350306T090000', 'RRULE:FREQ=WEEKLY;COUNT=6', 'BYDAY=TU');
    // The client reckons an exception in its own zone: two o'clock in New York is seven in Berlin that week.
    const moved = 'DTSTART;TZID=Europe/Berlin:20350313T190000';
    holds(item, 'EXDATE', '20350320T', 'SUMMARY:Fish market (moved)', moved, 'TRIGGER:-PT15M');
  });
  await steps.step('days without a time', async () => {
    const item = only(await client.items('Calendar'), 'On leave');
    holds(item, 'DTSTART;VALUE=DATE:20350402', 'DTEND;VALUE=DATE:20350405', 'TRANSP:TRANSPARENT');
  });
  await steps.step('a meeting with its organizer, who comes and in which role', async () => {
    const item = only(await client.items('Calendar'), 'Launch');
    holds(item, 'ORGANIZER', 'mailto:user01@example.com', 'LOCATION:Dock 3', 'CLASS:PRIVATE', 'Bring a coat');
    const [required, optional] = ['user02@example.com', 'mika@example.net'].map((address) => {
      return item.split('\n').find((line) => line.startsWith('ATTENDEE') && line.endsWith(address)) ?? '';
    });
    holds(required!, 'ROLE=REQ-PARTICIPANT', 'PARTSTAT=ACCEPTED', 'CN=Otto');
    holds(optional!, 'ROLE=OPT-PARTICIPANT', 'PARTSTAT=TENTATIVE', 'CN=Mika');
  });
  await steps.step('a task with its dates, priority and reminder', async () => {
    const [task = ''] = await client.items('Tasks');
    holds(
      task,
      'SUMMARY:Paint the hull',
      'PRIORITY:1',
      'Two coats',
      '20350510T',
      '20350512T',
      'BEGIN:VALARM',
      'CATEGORIES:Boat',
    );
  });
}

const LEAVE = ['SUMMARY:On leave', 'DTSTART;VALUE=DATE:20350402', 'DTEND;VALUE=DATE:20350405', 'TRANSP:TRANSPARENT'];
const LAUNCH = [
  ...['SUMMARY:Launch', 'DTSTART:20350415T080000Z', 'DTEND:20350415T093000Z', 'LOCATION:Dock 3', 'CLASS:PRIVATE'],
  ...['DESCRIPTION:Bring a coat', 'ORGANIZER;CN=Una:mailto:user01@example.com'],
  'ATTENDEE;CN=Otto;ROLE=REQ-PARTICIPANT;PARTSTAT=ACCEPTED:mailto:user02@example.com',
  'ATTENDEE;CN=Mika;ROLE=OPT-PARTICIPANT;PARTSTAT=TENTATIVE:mailto:mika@example.net',
];
const PAINT = [
  ...['SUMMARY:Paint the hull', 'DTSTART;TZID=Europe/Berlin:20350510T090000', 'DUE;TZID=Europe/Berlin:20350512T170000'],
  ...['PRIORITY:1', 'DESCRIPTION:Two coats', 'CATEGORIES:Boat', 'STATUS:NEEDS-ACTION'],
  ...['BEGIN:VALARM', 'ACTION:DISPLAY', 'DESCRIPTION:x', 'TRIGGER:-PT30M', 'END:VALARM'],
];
