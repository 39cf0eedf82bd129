import assert from 'node:assert/strict';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { CALDAV, CARDDAV } from '../../protocols/webdav/xml/element.ts';
import { parseCalendars, serializeCalendar } from '../../src/formats/icalendar/calendar.ts';
import { splitByUid, withUid } from '../../src/formats/icalendar/split-by-uid.ts';
import { type Card, cardVersion, parseCards, serializeCard } from '../../src/formats/vcard/card.ts';
import { cardUid } from '../../src/formats/vcard/card-views.ts';
import { toVersion } from '../../src/formats/vcard/to-version.ts';
import { withUid as withCardUid } from '../../src/formats/vcard/validate-card.ts';
import { generateObject } from '../formats/icalendar/generate.ts';
import { makeCard } from '../formats/vcard/generate.ts';
import { report, serve } from '../protocols/caldav/support.ts';
import { CALENDAR, CALENDAR_HOME, CONTACTS, readMultistatus, type TestServer } from '../protocols/webdav/support.ts';
import { seededRandom } from '../support/random.ts';
import { sharedFiles, skipWithout } from '../support/shared-data.ts';

interface Sample {
  readonly title: string;
  readonly bytes: Uint8Array;
}

/** Everything of a file that can be one resource. */
function calendarSamples(name: string, bytes: Uint8Array): Sample[] {
  const calendars = parseCalendars(bytes, { lenient: true });
  const objects = calendars.flatMap((calendar) => splitByUid(calendar));
  return objects.map((object) => {
    const { calendar, line } = object.uid === null ? withUid(object, 'made-for-the-test') : object;
    return { title: `${name}:${line}`, bytes: serializeCalendar(calendar) };
  });
}

/**
 * Puts it under each path in turn until one takes it, reads it back in every way there is, and removes it. False: it was
 * refused with a reason and nothing is there.
 */
async function comesBack(
  server: TestServer,
  { title, bytes }: Sample,
  type: string,
  paths: string[],
): Promise<boolean> {
  const headers = { 'Content-Type': type };
  for (const path of paths) {
    const answer = await server.request('PUT', path, { headers, body: Buffer.from(bytes) });
    if (answer.status === 201) {
      await readBack(server, title, bytes, path, answer.headers.etag as string);
      assert.equal((await server.request('DELETE', path)).status, 204);
      return true;
    }
    assert.ok([403, 409, 415].includes(answer.status), `${title}: PUT answered ${answer.status}`);
    assert.equal((await server.request('GET', path)).status, 404, `${title}: refused, but something is there`);
  }
  return false;
}

async function readBack(server: TestServer, title: string, bytes: Uint8Array, path: string, etag: string) {
  const { port } = server.server.address() as AddressInfo;
  const got = await fetch(`http://127.0.0.1:${port}${path}`);
  assert.equal(got.headers.get('etag'), etag, `${title}: ETag`);
  assert.equal(Buffer.compare(await got.bytes(), bytes), 0, `${title}: GET gives other bytes than were put`);
  const text = Buffer.from(bytes).toString('utf8');
  // What XML 1.0 cannot say, or is no UTF-8, cannot come back inside XML.
  if (/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffd-\uffff]/u.test(text)) return;
  const isEvent = path.startsWith('/calendars/');
  const [name, ns, data] = isEvent
    ? (['C:calendar-multiget', CALDAV, 'calendar-data'] as const)
    : (['CR:addressbook-multiget', CARDDAV, 'address-data'] as const);
  const collection = path.slice(0, path.lastIndexOf('/') + 1);
  // Cards are asked for in their own version: without one the standard wants 3.0.
  const version = /^VERSION:\s*4/mu.test(text) ? ' content-type="text/vcard" version="4.0"' : '';
  const asked = isEvent ? '<C:calendar-data/>' : `<CR:address-data${version}/>`;
  const multiget = await report(server, collection, name, `<D:prop>${asked}</D:prop><D:href>${path}</D:href>`);
  const given = readMultistatus(multiget).text(path, data, ns);
  assert.equal(given, text, `${title}: ${data} gives another text than was put`);
}

const CALENDAR_PATHS = [`${CALENDAR}sample.ics`, `${CALENDAR_HOME}Notes/sample.ics`];
const CARD_PATHS = [`${CONTACTS}sample.vcf`];

/** As an import does it: RFC 6352 §5.1 wants 3.0 or 4.0 and a UID. */
function storable(card: Card): Card {
  const current = cardVersion(card) === '2.1' ? toVersion(card, '3.0') : card;
  return cardUid(current) === null ? withCardUid(current, 'made-for-the-test') : current;
}

test('what a client PUT of every sample calendar it gets back', { skip: skipWithout('ics') }, async (t) => {
  const server = await serve(t);
  let stored = 0;
  const samples = sharedFiles('ics').flatMap(({ name, bytes }) => calendarSamples(name, bytes));
  for (const sample of samples) if (await comesBack(server, sample, 'text/calendar', CALENDAR_PATHS)) stored++;
  t.diagnostic(`${stored} of ${samples.length} objects can be stored`);
  assert.ok(stored > 50);
});

test('what a client PUT of every sample card it gets back', { skip: skipWithout('vcf') }, async (t) => {
  const server = await serve(t);
  let stored = 0;
  const samples = sharedFiles('vcf').flatMap(({ name, bytes }) =>
    parseCards(bytes, { lenient: true }).map((card, n) => ({
      title: `${name} #${n}`,
      bytes: serializeCard(storable(card)),
    })),
  );
  for (const sample of samples) if (await comesBack(server, sample, 'text/vcard', CARD_PATHS)) stored++;
  t.diagnostic(`${stored} of ${samples.length} cards can be stored`);
  assert.ok(stored > 10);
});

test('what a client PUT of generated objects and cards it gets back', async (t) => {
  const server = await serve(t);
  const random = seededRandom(7);
  for (let n = 0; n < 300; n++) {
    const { bytes } = generateObject(random);
    const isStored = await comesBack(server, { title: `object ${n}`, bytes }, 'text/calendar', CALENDAR_PATHS);
    assert.ok(isStored, `object ${n} was refused:\n${Buffer.from(bytes)}`);
  }
  let cards = 0;
  for (let n = 0; n < 300; n++) {
    const sample = { title: `card ${n}`, bytes: makeCard(random, true) };
    if (await comesBack(server, sample, 'text/vcard', CARD_PATHS)) cards++;
  }
  assert.ok(cards > 150, `only ${cards} cards were stored`);
});
