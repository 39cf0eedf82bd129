import assert from 'node:assert/strict';
import { test } from 'node:test';
import { messageWords } from '../../src/search/message-words.ts';

const read = (lines: readonly string[]) =>
  async function* ({ start, end }: { start: number; end: number }) {
    yield Buffer.from(lines.join('\r\n')).subarray(start, end);
  };
const words = async (...lines: readonly string[]) => (await messageWords(read(lines))).words;

test('subject and people are found decoded, with their addresses', async () => {
  const found = await words(
    'From: =?utf-8?Q?J=C3=BCrgen?= <j@example.net>',
    'Cc: Bea <bea@example.com>',
    'Subject: =?utf-8?B?R3LDvMOfZQ==?=',
    '',
    '',
  );
  for (const word of ['jurgen', 'j', 'bea', 'com', 'grusse']) assert.ok(found.includes(word), word);
});

test('the plain text is read, and HTML only where there is none; attachments give their names', async () => {
  const multipart = (plain: string) => [
    ...['Content-Type: multipart/mixed; boundary=b', '', '--b', 'Content-Type: text/plain', '', plain],
    ...['--b', 'Content-Type: text/html', '', '<style>hidden</style><p>marked <b>up</b></p>'],
    ...['--b', 'Content-Type: text/plain', 'Content-Disposition: attachment; filename=plan.txt', '', 'inside', '--b--'],
  ];
  assert.deepEqual(await words(...multipart('plain words')), ['plan', 'txt', 'plain', 'words']);
  assert.deepEqual(await words(...multipart('')), ['plan', 'txt', 'marked', 'up']);
});

test('a message that is an invitation and no text is found by the words of the event', async () => {
  const event = ['BEGIN:VEVENT', 'UID:u', 'DTSTART:20260504T100000Z', 'SUMMARY:Review', 'LOCATION:Attic', 'END:VEVENT'];
  const calendar = ['BEGIN:VCALENDAR', 'VERSION:2.0', ...event, 'END:VCALENDAR', ''];
  const found = await words('Content-Type: text/calendar; method=REQUEST', '', ...calendar);
  for (const word of ['review', 'attic']) assert.ok(found.includes(word), word);
  assert.ok(!found.includes('vcalendar'));
});

test('no more is looked at than the beginning of a message', async () => {
  const found = await words('Subject: big', '', `first ${'filler '.repeat(20_000)}last`);
  assert.ok(found.includes('first') && !found.includes('last'));
  const asked: number[] = [];
  await messageWords(async function* ({ start, end }) {
    asked.push(end - start);
    yield Buffer.from('Subject: x\r\n\r\ntext');
  });
  assert.ok(asked.every((length) => length <= 1024 * 1024));
});

test('answers of one thread share its name; a message without ids has none', async () => {
  const first = await messageWords(read(['Message-ID: <a@x>', '', '']));
  const answer = await messageWords(read(['Message-ID: <b@x>', 'References: <a@x>', '', '']));
  assert.equal(first.thread, answer.thread);
  assert.match(first.thread ?? '', /^[0-9a-f]{32}$/);
  assert.equal((await messageWords(read(['Subject: x', '', '']))).thread, null);
});

test('a message that cannot be taken apart has no words', async () => {
  const parts = Array.from({ length: 10_001 }, () => '--b\r\n\r\nx').join('\r\n');
  const message = ['Content-Type: multipart/mixed; boundary=b', 'Subject: odd', '', parts];
  assert.deepEqual(await messageWords(read(message)), { words: [], thread: null });
});
