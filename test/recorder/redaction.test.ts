import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ACTIVESYNC_WIRE } from '../../protocols/activesync/recorder/wire-format.ts';
import { decodeWbxml } from '../../protocols/activesync/wbxml/decode.ts';
import { encodeWbxml } from '../../protocols/activesync/wbxml/encode.ts';
import { wbxmlToXml } from '../../protocols/activesync/wbxml/to-xml.ts';
import { WEBDAV_WIRE } from '../../protocols/webdav/wire-format.ts';
import type { CapturedMessage } from '../../src/recorder/capture.ts';
import { createMasker } from '../../src/recorder/masker.ts';
import { maskContentLines } from '../../src/recorder/redact/content-lines.ts';
import { maskMime } from '../../src/recorder/redact/mime.ts';
import { redactRequest } from '../../src/recorder/redact/redact-message.ts';
import { wbxFromXml } from '../protocols/activesync/wbxml/from-xml.ts';
import { provision } from '../support/eas/set-up.ts';
import { dav, folderIds, PASSWORD, recordedGateway, startRecording } from './recorded-gateway.ts';

const MASKER = createMasker(Buffer.alloc(32, 7));
const REDACTION = { masker: MASKER, formats: [WEBDAV_WIRE, ACTIVESYNC_WIRE], plainSteps: ['ann', 'example.org'] };

test('the recorded person’s address stays in texts, and no address that it is a part of', () => {
  const { text } = createMasker(Buffer.alloc(32, 7), 'ann@example.org');
  for (const kept of ['<Ann@Example.org>', 'mailto:ann@example.org', 'ann@example.org.']) {
    assert.match(text(kept), /ann@example\.org/iu, kept);
  }
  for (const other of ['joann@example.org', 'jo.ann@example.org', 'ann@example.org.uk', 'ann@example.orgs', 'ann']) {
    assert.doesNotMatch(text(other), /ann/iu, other);
  }
  assert.doesNotMatch(MASKER.text('ann@example.org'), /ann/u);
});

const CREDENTIALS = Buffer.from(`ann@example.org:${PASSWORD}`).toString('base64');
/** Everything that a person wrote in the exchanges below; none is a word that a protocol uses. */
const SECRETS = [
  ...['Zeppelinfahrt', 'Kuchenrezept', 'Marzipanschwein', 'Quittengelee', 'Wolkenkratzer', 'Donaudampfer', 'zugspitze'],
  ...[
    'Pfefferminz',
    'Rhabarberkompott',
    'Lagerfeuer',
    'unverkennbar',
    'Dudelsackpfeifer',
    'Xylophonspieler',
    'Nachtigall',
  ],
  ...[
    '4915112345678',
    'Secret-Cookie-Value',
    'Hiddenheadervalue',
    'geheimakte',
    'Trompetenbaum',
    'Jahreswagen',
    PASSWORD,
  ],
  CREDENTIALS,
  Buffer.from('Lagerfeuerabend am See').toString('base64').slice(0, 20),
];

const EVENT = [
  ...['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//t//t//EN', 'BEGIN:VEVENT', 'UID:Trompetenbaum-1'],
  ...['DTSTAMP:20260101T000000Z', 'DTSTART;TZID=Europe/Berlin:20260105T100000', 'RRULE:FREQ=WEEKLY;COUNT=4'],
  ...['SUMMARY:Zeppelinfahrt', 'LOCATION:Wolken', ' kratzer', 'DESCRIPTION:Kuchenrezept\\nMarzipanschwein'],
  ...['ATTENDEE;CN="Quittengelee";PARTSTAT=ACCEPTED:mailto:zugspitze@example.net', 'END:VEVENT', 'END:VCALENDAR', ''],
].join('\r\n');
const CARD = [
  ...['BEGIN:VCARD', 'VERSION:3.0', 'UID:c1', 'FN:Pfefferminz Rhabarberkompott', 'N:Rhabarberkompott;Pfefferminz;;;'],
  ...['TEL;TYPE=CELL:+4915112345678', 'BDAY:1971-07-13', 'NOTE:Donaudampfer', 'END:VCARD', ''],
].join('\r\n');
const MAIL = [
  ...[
    'From: ann@example.org',
    'To: Dudelsackpfeifer <bob@example.org>',
    'Subject: Lagerfeuer',
    'Date: Mon, 05 Jan 2026 10:00:00 +0000',
  ],
  ...[
    'MIME-Version: 1.0',
    'Content-Type: multipart/mixed; boundary=bound',
    '',
    '--bound',
    'Content-Type: text/plain',
    '',
  ],
  ...[
    'unverkennbar',
    '--bound',
    'Content-Type: application/pdf; name=geheimakte.pdf',
    'Content-Transfer-Encoding: base64',
    '',
  ],
  ...[Buffer.from('Lagerfeuerabend am See').toString('base64'), '--bound--', ''],
].join('\r\n');

test('secrets and bodies are absent from a redacted recording, whatever protocol carried them', async (t) => {
  const gateway = await recordedGateway(t);
  const { id } = await startRecording(gateway.administration);
  const control = await startRecording(gateway.administration, { withContents: true });
  const [calendar, contacts] = ['/calendars/example.org/ann/Calendar/', '/addressbooks/example.org/ann/Contacts/'];
  assert.equal((await dav(gateway.origin, 'PUT', `${calendar}Jahreswagen.ics`, EVENT)).status, 201);
  assert.equal((await dav(gateway.origin, 'PUT', `${contacts}c1.vcf`, CARD, 'text/vcard')).status, 201);
  await dav(gateway.origin, 'GET', `${calendar}Jahreswagen.ics`);
  const query =
    '<C:calendar-query xmlns:C="urn:ietf:params:xml:ns:caldav" xmlns:D="DAV:"><D:prop><C:calendar-data/></D:prop><C:filter><C:comp-filter name="VCALENDAR"><C:comp-filter name="VEVENT"><C:prop-filter name="SUMMARY"><C:text-match>Zeppelinfahrt</C:text-match></C:prop-filter></C:comp-filter></C:comp-filter></C:filter></C:calendar-query>';
  assert.match(await (await dav(gateway.origin, 'REPORT', calendar, query, 'application/xml')).text(), /Zeppelinfahrt/);
  const { phone } = gateway.sync();
  await provision(phone);
  const sync = gateway.sync();
  sync.phone.policyKey = phone.policyKey;
  const ids = await folderIds(sync.phone);
  for (const type of ['8', '9', '2']) await sync.begin(ids.get(type)!);
  const data =
    '<c:FirstName>Xylophonspieler</c:FirstName><c:Email1Address>Nachtigall@example.com</c:Email1Address><c:Birthday>1971-07-13T00:00:00.000Z</c:Birthday>';
  const add = `<Commands><Add><ClientId>x</ClientId><ApplicationData>${data}</ApplicationData></Add></Commands>`;
  await sync.sync([{ id: ids.get('9')!, xml: add }]);
  await sync.phone.post(
    'SendMail',
    wbxFromXml(
      `<SendMail xmlns="ComposeMail:"><ClientId>s</ClientId><SaveInSentItems/><Mime>${Buffer.from(MAIL).toString('base64')}</Mime></SendMail>`,
    ),
  );
  await sync.begin(ids.get('5')!, '', '<Options><b:BodyPreference><b:Type>4</b:Type></b:BodyPreference></Options>');
  for (const one of [id, control.id]) await gateway.administration.recordStop({ id: one });
  const folder = join(gateway.data, 'recordings', id);
  const files = readdirSync(folder);
  const all = textOf(folder);
  assert.ok(files.length > 30, `only ${files.length} files`);
  for (const secret of [...SECRETS, sync.phone.policyKey!, '1971']) {
    assert.ok(!all.toLowerCase().includes(secret.toLowerCase()), `${secret} is in the recording`);
  }
  assert.ok(!/Marzip|Quitten/u.test(decodedBase64(all)), 'nor in what is base64');
  // Of the one that keeps contents everything but what lets somebody in is found, so the search finds what is there.
  const contents = textOf(join(gateway.data, 'recordings', control.id));
  const credentials = [PASSWORD, CREDENTIALS, 'Secret-Cookie-Value'];
  assert.deepEqual(
    SECRETS.filter((secret) => !contents.includes(secret)),
    SECRETS.filter((secret) => credentials.includes(secret)),
  );
  // What makes it replayable is there.
  for (const kept of [
    'RRULE:FREQ=WEEKLY;COUNT=4',
    'Europe/Berlin',
    'PARTSTAT=ACCEPTED',
    'Basic REDACTED',
    '<SyncKey>0</SyncKey>',
    'Cmd=SendMail',
  ]) {
    assert.ok(all.includes(kept), `${kept} is not in the recording`);
  }
});

function textOf(folder: string): string {
  return readdirSync(folder)
    .map((name) => readFileSync(join(folder, name), 'latin1'))
    .join('\n');
}

function decodedBase64(text: string): string {
  return [...text.matchAll(/[A-Za-z0-9+/]{24,}={0,2}/gu)]
    .map(([run]) => Buffer.from(run, 'base64').toString('latin1'))
    .join('\n');
}

test('stand-ins keep length in characters and bytes, case and punctuation; equal values stay equal', () => {
  for (const value of ['Lunch with Ann, 12:30', 'Grüße aus Köln', '会議 2026', '🎉 done', 'a@b.example', '']) {
    const masked = MASKER.text(value);
    assert.equal(masked.length, value.length);
    assert.equal(Buffer.byteLength(masked), Buffer.byteLength(value));
    assert.equal(
      masked
        .replaceAll(/[a-z]/g, 'a')
        .replaceAll(/[A-Z]/g, 'A')
        .replaceAll(/\d/g, '0')
        .replaceAll(/[^\x00-\x7f]+/g, ''),
      value
        .replaceAll(/[a-z]/g, 'a')
        .replaceAll(/[A-Z]/g, 'A')
        .replaceAll(/\d/g, '0')
        .replaceAll(/[^\x00-\x7f]+/g, ''),
    );
    assert.equal(MASKER.text(value), masked);
  }
  assert.equal(MASKER.text('Re: Zeppelin'), `${MASKER.text('Re')}: ${MASKER.text('Zeppelin')}`);
  assert.notEqual(createMasker(Buffer.alloc(32, 8)).text('Zeppelinfahrt'), MASKER.text('Zeppelinfahrt'));
  assert.equal(MASKER.key('0'), '0');
  assert.ok(Number(MASKER.key('123')) > 0 && Number(MASKER.key('123')) < 2 ** 32);
});

test('iCalendar keeps its lines, folds, times and rules', () => {
  const masked = maskContentLines(Buffer.from(EVENT), MASKER).toString();
  assert.equal(masked.length, EVENT.length);
  const kept = /^(BEGIN|END|VERSION|DTSTART|RRULE|DTSTAMP|PRODID).*$/gmu;
  assert.deepEqual(masked.match(kept), EVENT.match(kept));
  assert.deepEqual(masked.match(/\r\n /gu)?.length, 1);
  assert.match(masked, /^DESCRIPTION:[A-Z][a-z]{11}\\n[A-Z][a-z]{14}\r$/mu);
});

test('bytes that are no UTF-8, and folds within a character, are masked without harm', () => {
  const split = Buffer.concat([
    Buffer.from('SUMMARY:Gr'),
    Buffer.of(0xc3),
    Buffer.from('\r\n '),
    Buffer.of(0xbc),
    Buffer.from('ezi\r\n'),
  ]);
  const masked = maskContentLines(split, MASKER);
  assert.equal(masked.length, split.length);
  assert.ok(!masked.includes('ezi'));
  assert.ok(!maskContentLines(Buffer.from('SUMMARY:Gr\xfcezi zusammen\r\n', 'latin1'), MASKER).includes('zusammen'));
  assert.ok(!maskMime(Buffer.from('Subject: Gr\xfcezi\r\n\r\nzusammen', 'latin1'), MASKER).includes('zusammen'));
});

test('MIME keeps its parts, boundaries and lengths', () => {
  const masked = maskMime(Buffer.from(MAIL), MASKER).toString();
  assert.equal(masked.length, MAIL.length);
  assert.equal(masked.match(/^--bound(--)?\r$/gmu)?.length, 3);
  assert.match(masked, /^Content-Type: application\/pdf; name=[a-z]{10}\.[a-z]{3}\r$/mu);
});

test('an element that no table has is masked too; numbers and times stay', () => {
  const xml =
    '<Sync xmlns="AirSync:"><Collections><Collection><SyncKey>12</SyncKey><Commands><Change><ServerId>3:4</ServerId><ApplicationData><Subject xmlns="Calendar:">Zeppelinfahrt</Subject><StartTime xmlns="Calendar:">20260105T100000Z</StartTime><BusyStatus xmlns="Calendar:">2</BusyStatus><Name xmlns="Calendar:">20</Name></ApplicationData></Change></Commands></Collection></Collections></Sync>';
  const body = Buffer.from(encodeWbxml(wbxFromXml(xml), { version: 'any' }));
  // Token 0x3f of page 4 is of no table (MS-ASWBXML §2.1.2.1.5).
  const at = body.indexOf('Zeppelinfahrt') - 2;
  body[at] = 0x3f | 0x40;
  const masked = ACTIVESYNC_WIRE.bodies!.mask(body, 'application/vnd.ms-sync.wbxml', MASKER);
  const told = wbxmlToXml(decodeWbxml(masked));
  assert.equal(masked.length, body.length);
  assert.doesNotMatch(told, /Zeppelin/);
  assert.match(told, /<SyncKey>12<\/SyncKey>.*<ServerId>3:4<.*20260105T100000Z.*<BusyStatus[^>]*>2</);
});

function request(startLine: string, headers: CapturedMessage['headers'] = [], body = ''): CapturedMessage {
  return { startLine, headers, body: Buffer.from(body) };
}

test('policy keys are masked alike in header, document and both forms of the query', () => {
  const query = Buffer.concat([
    Buffer.of(141, 0, 7, 4, 2),
    Buffer.from('d1'),
    Buffer.of(4),
    Buffer.of(0x15, 0xcd, 0x5b, 0x07),
    Buffer.of(1),
    Buffer.from('P'),
  ]);
  const target = `/Microsoft-Server-ActiveSync?${query.toString('base64')}`;
  const masked = redactRequest(request(`POST ${target} HTTP/1.1`, [['X-MS-PolicyKey', '123456789']]), REDACTION);
  assert.equal(masked.headers[0]![1], MASKER.key('123456789'));
  const bytes = Buffer.from(masked.startLine.split(/[? ]/u)[2]!, 'base64');
  assert.equal(String(bytes.readUInt32LE(8)), MASKER.key('123456789'));
  assert.equal(bytes.length, query.length);
});

test('names in paths are masked, in request lines and headers alike; default folders and the own address are not', () => {
  const headers = [['Destination', 'http://gateway.example/calendars/example.org/ann/Scheidung/Anwalt.ics']] as const;
  const masked = redactRequest(
    request('MOVE /calendars/example.org/ann/Calendar/Anwalt.ics HTTP/1.1', headers),
    REDACTION,
  );
  const name = MASKER.step('Anwalt');
  assert.equal(masked.startLine, `MOVE /calendars/example.org/ann/Calendar/${name}.ics HTTP/1.1`);
  assert.equal(
    masked.headers[0]![1],
    `http://gateway.example/calendars/example.org/ann/${MASKER.step('Scheidung')}/${name}.ics`,
  );
});

test('a body that nobody can mask is left out, and its length is told', () => {
  const masked = redactRequest(request('PUT /x HTTP/1.1', [['Content-Type', 'image/png']], 'Zeppelinfahrt'), REDACTION);
  assert.deepEqual([masked.body.length, masked.headers.at(-1)], [0, ['Causeway-Body-Left-Out', '13']]);
  const broken = redactRequest(
    request('PUT /x HTTP/1.1', [['Content-Type', 'application/xml']], '<a>Zeppelinfahrt'),
    REDACTION,
  );
  assert.deepEqual([broken.body.length, broken.headers.at(-1)], [0, ['Causeway-Body-Left-Out', '16']]);
});
