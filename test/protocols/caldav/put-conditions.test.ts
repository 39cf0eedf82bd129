import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CALDAV, CARDDAV, DAV } from '../../../protocols/webdav/xml/element.ts';
import { childNamed, textOf } from '../../../protocols/webdav/xml/query.ts';
import { CALENDAR, CONTACTS, readError } from '../webdav/support.ts';
import { calendar, component, SINGLE } from './objects.ts';
import { putCalendar, putCard, serve } from './support.ts';

const CARD = 'BEGIN:VCARD\r\nVERSION:3.0\r\nUID:c1\r\nN:B;A;;;\r\nFN:A B\r\nEND:VCARD\r\n';

const HOMES = [
  { home: CALENDAR, ns: CALDAV, type: 'text/calendar', extension: 'ics', body: SINGLE },
  { home: CONTACTS, ns: CARDDAV, type: 'text/vcard', extension: 'vcf', body: CARD },
];

for (const { home, ns, type, extension, body } of HOMES) {
  test(`no-uid-conflict in ${home} is of ${ns} and names the resource that has the UID`, async (t) => {
    const server = await serve(t);
    if (ns === CALDAV) await putCalendar(server, 'a%20b.ics', body);
    else await putCard(server, 'a%20b.vcf', body);
    const answer = await server.request('PUT', `${home}other.${extension}`, {
      headers: { 'Content-Type': type },
      body,
    });
    assert.equal(answer.status, 409);
    const { conditions, element } = readError(answer);
    assert.deepEqual(conditions, [`{${ns}}no-uid-conflict`]);
    const href = childNamed(childNamed(element, 'no-uid-conflict', ns)!, 'href', DAV);
    assert.equal(textOf(href!), `${home}a%20b.${extension}`);
  });

  test(`max-resource-size in ${home} is of ${ns}`, async (t) => {
    const server = await serve(t, { maxItemBytes: 10 });
    const answer = await server.request('PUT', `${home}big.${extension}`, { headers: { 'Content-Type': type }, body });
    assert.equal(answer.status, 403);
    assert.deepEqual(readError(answer).conditions, [`{${ns}}max-resource-size`]);
  });

  test(`bytes that are no object in ${home} are refused in the words of ${ns}`, async (t) => {
    const server = await serve(t);
    const answer = await server.request('PUT', `${home}bad.${extension}`, {
      headers: { 'Content-Type': type },
      body: 'no object',
    });
    assert.equal(answer.status, 403);
    const valid = ns === CALDAV ? 'valid-calendar-data' : 'valid-address-data';
    assert.deepEqual(readError(answer).conditions, [`{${ns}}${valid}`]);
  });
}

const REFUSED: readonly [title: string, type: string, body: string, status: number, condition: string][] = [
  ['another media type', 'text/html', SINGLE, 403, 'supported-calendar-data'],
  ['a text that is no calendar', 'text/plain', 'not calendar data', 403, 'supported-calendar-data'],
  ['bytes cut off', 'text/calendar', SINGLE.slice(0, 200), 403, 'valid-calendar-data'],
  [
    'two UIDs in one object',
    'text/calendar',
    calendar(
      ...component('VEVENT', 'UID:a', 'DTSTART:20260101T000000Z'),
      ...component('VEVENT', 'UID:b', 'DTSTART:20260101T000000Z'),
    ),
    403,
    'valid-calendar-object-resource',
  ],
  [
    'a scheduling message',
    'text/calendar',
    SINGLE.replace('VERSION:2.0', 'VERSION:2.0\r\nMETHOD:REQUEST'),
    403,
    'valid-calendar-object-resource',
  ],
  [
    'a component that the calendar does not take',
    'text/calendar',
    calendar(...component('VJOURNAL', 'UID:j', 'DTSTART:20260101T000000Z')),
    403,
    'supported-calendar-component',
  ],
];
for (const [title, type, body, status, condition] of REFUSED) {
  test(`RFC 4791 §5.3.2.1 refused: ${title}`, async (t) => {
    const server = await serve(t);
    const answer = await server.request('PUT', `${CALENDAR}x.ics`, { headers: { 'Content-Type': type }, body });
    assert.equal(answer.status, status);
    assert.deepEqual(readError(answer).conditions, [`{${CALDAV}}${condition}`]);
  });
}

test('RFC 4791 §5.3.2 a calendar that is declared as a text, as programs do that know no types, is taken', async (t) => {
  const server = await serve(t);
  for (const type of ['text/plain', 'application/octet-stream']) {
    const answer = await server.request('PUT', `${CALENDAR}x.ics`, { headers: { 'Content-Type': type }, body: SINGLE });
    assert.ok([201, 204].includes(answer.status), type);
  }
});

test('RFC 4791 §4.1 a timed event without end and duration is taken', async (t) => {
  const server = await serve(t);
  await putCalendar(server, 'm.ics', calendar(...component('VEVENT', 'UID:m', 'DTSTART:20260101T000000Z')));
  assert.equal((await server.request('GET', `${CALENDAR}m.ics`)).status, 200);
});
