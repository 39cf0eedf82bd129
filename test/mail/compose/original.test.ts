import assert from 'node:assert/strict';
import { test } from 'node:test';
import { originalMessage } from '../../../src/mail/compose/original.ts';

test('what is quoted of an invitation without a text are the words of the event, which goes along with a forward', async () => {
  const event = ['BEGIN:VEVENT', 'UID:u', 'DTSTART:20260504T100000Z', 'SUMMARY:Review', 'END:VEVENT'];
  const calendar = ['BEGIN:VCALENDAR', 'VERSION:2.0', ...event, 'END:VCALENDAR', ''];
  const lines = ['From: bob@example.com', 'Content-Type: text/calendar; method=REQUEST', '', ...calendar];
  const { text, html, attachments } = await originalMessage(Buffer.from(lines.join('\r\n')));
  assert.deepEqual([text, html], ['Review\nWhen: 2026-05-04 10:00 UTC', null]);
  assert.deepEqual(
    attachments.map(({ body }) => Buffer.concat(body).toString()),
    [calendar.join('\r\n')],
  );
});
