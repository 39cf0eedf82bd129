import assert from 'node:assert/strict';
import { test } from 'node:test';
import { invitationText } from '../../../src/domain/message/invitation-text.ts';
import { indexMessage } from '../../../src/formats/mime/message-indexer.ts';
import { viewMessage } from '../../../src/formats/mime/message-view.ts';

const TYPE = 'Content-Type: text/calendar; method=REQUEST; charset=utf-8';
const event = (uid: string, ...lines: readonly string[]) => [
  ...['BEGIN:VEVENT', `UID:${uid}`, 'DTSTART:20260504T100000Z', ...lines, 'END:VEVENT'],
];
const calendar = (...events: readonly (readonly string[])[]) => [
  ...['BEGIN:VCALENDAR', 'METHOD:REQUEST', 'VERSION:2.0', ...events.flat(), 'END:VCALENDAR'],
];
const INVITATION = calendar(event('u', 'SUMMARY:Grüße'));
const WORDS = 'Grüße\nWhen: 2026-05-04 10:00 UTC';

function textOf(...lines: readonly string[]): Promise<string | null> {
  const bytes = Buffer.from([...lines, ''].join('\r\n'));
  return invitationText(
    async function* () {
      yield bytes;
    },
    viewMessage(indexMessage(bytes)),
  );
}

test('RFC 6047 a message that is an invitation alone has the words of the event', async () => {
  assert.equal(await textOf(TYPE, '', ...INVITATION), WORDS);
});

test('transfer encodings are undone, and parts around it do not matter', async () => {
  const encoded = Buffer.from(INVITATION.join('\r\n')).toString('base64');
  assert.equal(await textOf(TYPE, 'Content-Transfer-Encoding: base64', '', encoded), WORDS);
  const mixed = ['Content-Type: multipart/mixed; boundary=b', '', '--b', TYPE, '', ...INVITATION, '--b'];
  const file = ['Content-Type: application/pdf', 'Content-Disposition: attachment; filename=a.pdf', '', 'x', '--b--'];
  assert.equal(await textOf(...mixed, ...file), WORDS);
});

test('an event with its exceptions is one: the series is told', async () => {
  const exception = event('u', 'SUMMARY:Moved', 'RECURRENCE-ID:20260505T100000Z');
  assert.equal(
    await textOf(TYPE, '', ...calendar(exception, event('u', 'SUMMARY:Series', 'RRULE:FREQ=DAILY'))),
    'Series\nWhen: 2026-05-04 10:00 UTC',
  );
});

test('a message with a text of its own keeps it; attached files, several events, tasks and what is broken give no words', async () => {
  const alternative = ['Content-Type: multipart/alternative; boundary=b', '', '--b', '', 'Come', '--b', TYPE, ''];
  assert.equal(await textOf(...alternative, ...INVITATION, '--b--'), null);
  assert.equal(
    await textOf(...alternative.toSpliced(3, 1, 'Content-Type: text/html', ''), ...INVITATION, '--b--'),
    null,
  );
  assert.equal(await textOf(TYPE, 'Content-Disposition: attachment; filename=a.ics', '', ...INVITATION), null);
  assert.equal(await textOf(TYPE, '', ...calendar(event('u'), event('v'))), null);
  assert.equal(await textOf(TYPE, '', ...calendar(['BEGIN:VTODO', 'UID:t', 'SUMMARY:x', 'END:VTODO'])), null);
  assert.equal(await textOf(TYPE, '', 'BEGIN:VCALENDAR', 'nonsense'), null);
  assert.equal(await textOf('Subject: x', '', 'Text'), null);
  const long = 'x'.repeat(1024 * 1024);
  assert.equal(await textOf(TYPE, '', ...calendar(event('u', `SUMMARY:${long}`))), null);
});
