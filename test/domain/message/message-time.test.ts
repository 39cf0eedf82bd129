import assert from 'node:assert/strict';
import { test } from 'node:test';
import { indexMailItem } from '../../../src/domain/message/index-message.ts';
import { messageTime } from '../../../src/domain/message/message-time.ts';
import { parseHeaderFields } from '../../../src/formats/mime/header-fields.ts';

const NOON = Date.UTC(2026, 2, 2, 12) / 1000;
const DAY = 86_400;
const DATE = 'Date: Sun, 1 Mar 2026 08:00:00 +0000';
const DATE_TIME = Date.UTC(2026, 2, 1, 8) / 1000;
const received = (date: string): string => `Received: from a (b; c) by d\r\n with SMTP id 1 (x; y);\r\n\t${date}`;

for (const [title, lines, receivedAt, expected] of [
  [
    'the topmost Received counts',
    [received('Mon, 2 Mar 2026 10:00:00 +0100'), received('Sun, 1 Mar 2026 10:00:00 +0100'), DATE],
    NOON,
    Date.UTC(2026, 2, 2, 9) / 1000,
  ],
  ['an unreadable Received leaves it to Date', [received('whenever'), DATE], NOON, DATE_TIME],
  ['a Received without a date leaves it to Date', ['Received: by d', DATE], NOON, DATE_TIME],
  ['neither leaves it to the receipt', ['Date: soon'], NOON, NOON],
  ['a Received two days ahead is passed over', [received('Wed, 4 Mar 2026 12:00:00 +0000'), DATE], NOON, DATE_TIME],
  ['a Date of another century is passed over', ['Date: Mon, 2 Mar 2099 12:00:00 +0000'], NOON, NOON],
  ['a Date up to a day ahead is believed', ['Date: Tue, 3 Mar 2026 12:00:00 +0000'], NOON, NOON + DAY],
  ['a Date before 1970 is passed over', ['Date: Mon, 2 Mar 1903 12:00:00 +0000'], NOON, NOON],
  ['where the receipt is not known no Date is too late', ['Date: Tue, 3 Mar 2026 12:00:00 +0000'], 0, NOON + DAY],
  ['a message without anything is of 1970', [], 0, 0],
] as const) {
  test(`time of a message: ${title}`, () => {
    const header = [...lines, ''].join('\r\n');
    assert.equal(messageTime(parseHeaderFields(header), receivedAt), expected);
    const { filterKey, rangeStart, rangeEnd } = indexMailItem(Buffer.from(`${header}\r\nbody`), receivedAt);
    assert.deepEqual([filterKey, rangeStart, rangeEnd], [expected, expected, expected]);
  });
}
