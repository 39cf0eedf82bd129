import assert from 'node:assert/strict';
import { test } from 'node:test';
import { renderEmail } from '../../../../../protocols/activesync/classes/email/email-class.ts';
import { childrenOf, type StreamedValue, textOf } from '../../../../../protocols/activesync/classes/field.ts';
import { emailOptions, messageOf, NEW } from './messages.ts';

const LINES = [
  'From: bob@example.com',
  'Content-Type: text/calendar; method=REQUEST; charset=utf-8',
  '',
  'BEGIN:VCALENDAR',
  'METHOD:REQUEST',
  'VERSION:2.0',
  'BEGIN:VEVENT',
  'UID:meeting-1',
  'DTSTAMP:20260101T000000Z',
  'DTSTART;TZID=Europe/Berlin:20260316T090000',
  'DTEND;TZID=Europe/Berlin:20260316T100000',
  'SUMMARY:A < B',
  'LOCATION:Room',
  'ORGANIZER;CN=Bob:mailto:bob@example.com',
  'END:VEVENT',
  'END:VCALENDAR',
  '',
];
const WORDS = [
  'A < B',
  'When: 2026-03-16 09:00 - 10:00 Europe/Berlin',
  'Where: Room',
  'Organizer: Bob <bob@example.com>',
];

async function shown(type: 1 | 2 | 4, version: '12.1' | '14.0' | '14.1', truncationSize: number | null = null) {
  const bodyPreferences = [{ type, truncationSize, allOrNone: false, preview: 10 }];
  const fields = await renderEmail(
    messageOf(...LINES),
    NEW,
    emailOptions({ bodyPreferences, mimeSupport: 2, version }),
  );
  const body = childrenOf(fields, 'AirSyncBase:Body')!;
  return { fields, body, said: (name: string) => textOf(body, `AirSyncBase:${name}`) };
}

for (const version of ['12.1', '14.0', '14.1'] as const) {
  test(`${version}: an invitation without a text has the words of the event as its plain body, with a size`, async () => {
    const { fields, said } = await shown(1, version);
    const text = WORDS.join('\r\n');
    assert.deepEqual([said('Type'), said('Data'), said('EstimatedDataSize')], ['1', text, String(text.length)]);
    assert.equal(said('Preview'), version === '12.1' ? null : 'A < B When');
    assert.equal(textOf(fields, 'AirSyncBase:NativeBodyType'), '1');
    assert.notEqual(childrenOf(fields, 'Email:MeetingRequest'), null, 'it stays an invitation');
  });

  test(`${version}: the same as HTML, escaped`, async () => {
    const { said } = await shown(2, version);
    const lines = WORDS.map((line) => line.replaceAll('<', '&lt;').replaceAll('>', '&gt;'));
    assert.deepEqual([said('Type'), said('Data')], ['2', `<html><body>${lines.join('<br>\r\n')}</body></html>`]);
  });

  test(`${version}: it is cut as any body, and says so`, async () => {
    const { said } = await shown(1, version, 5);
    assert.deepEqual([said('Data'), said('Truncated')], ['A < B', '1']);
  });

  test(`${version}: as MIME it is the message as it came`, async () => {
    const { body } = await shown(4, version);
    const data = body.find(({ name }) => name === 'AirSyncBase:Data')!.value as StreamedValue;
    const chunks: Uint8Array[] = [];
    for await (const chunk of data.open()) chunks.push(chunk);
    assert.equal(Buffer.concat(chunks).toString(), LINES.join('\r\n'));
  });
}
