import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openAttachment, parseFileReference } from '../../../../../protocols/activesync/classes/email/attachments.ts';
import { renderEmail } from '../../../../../protocols/activesync/classes/email/email-class.ts';
import type { StoredMessage } from '../../../../../protocols/activesync/classes/email/message-view.ts';
import { uuencoded } from '../../../../formats/mime/uu-sample.ts';
import { plainFields } from '../samples.ts';
import { emailOptions, messageOf, NEW } from './messages.ts';

const FILE = Buffer.from(Array.from({ length: 5000 }, (_, at) => (at * 11) % 256));

async function shown(message: StoredMessage): Promise<{ data: string; files: Record<string, string>[] }> {
  const fields = plainFields(await renderEmail(message, NEW, emailOptions()));
  const { Data } = fields.Body as Record<string, string>;
  return { data: Data ?? '', files: (fields.Attachments ?? []) as Record<string, string>[] };
}

async function fetched(message: StoredMessage, reference: string): Promise<{ name: string; bytes: Buffer } | null> {
  const opened = await openAttachment(message, parseFileReference(reference)!);
  if (opened === null) return null;
  const chunks: Uint8Array[] = [];
  for await (const chunk of opened.open()) chunks.push(chunk);
  return { name: opened.name, bytes: Buffer.concat(chunks) };
}

for (const filler of ['', 'word '.repeat(20_000)]) {
  test(`uuencoded files are attachments and no text, in a message of ${filler.length} bytes more`, async () => {
    const files = uuencoded('C:\\my\\pic.gif', FILE) + uuencoded('second', Buffer.from('two'));
    const message = messageOf('Content-Type: text/plain; charset=utf-8', '', `Grüße${filler}`, `${files}bye`);
    const { data, files: attachments } = await shown(message);
    assert.equal(data, `Grüße${filler}\r\nbye`);
    assert.deepEqual(attachments, [
      { DisplayName: 'pic.gif', FileReference: '5:17:0~1', Method: '1', EstimatedDataSize: '5000' },
      { DisplayName: 'second', FileReference: '5:17:0~2', Method: '1', EstimatedDataSize: '3' },
    ]);
    assert.deepEqual(await fetched(message, '5:17:0~1'), { name: 'pic.gif', bytes: FILE });
    assert.deepEqual(await fetched(message, '5:17:0~2'), { name: 'second', bytes: Buffer.from('two') });
    assert.equal(await fetched(message, '5:17:0~3'), null);
  });
}

test('a uuencoded file in an encoded part beside other attachments', async () => {
  const text = Buffer.from(`Hello\r\n${uuencoded('a.bin', FILE)}`).toString('base64');
  const message = messageOf(
    'Content-Type: multipart/mixed; boundary=m',
    '',
    '--m',
    'Content-Transfer-Encoding: base64',
    '',
    ...text.match(/.{1,76}/g)!,
    '--m',
    'Content-Disposition: attachment; filename=b.txt',
    '',
    uuencoded('not looked at', FILE),
    '--m--',
  );
  const { data, files } = await shown(message);
  assert.equal(data, 'Hello\r\n');
  assert.deepEqual(
    files.map(({ DisplayName, FileReference }) => [DisplayName, FileReference]),
    [
      ['a.bin', '5:17:1~1'],
      ['b.txt', '5:17:2'],
    ],
  );
  assert.deepEqual((await fetched(message, '5:17:1~1'))?.bytes, FILE);
});

test('text that comes with an HTML form is not looked through', async () => {
  const message = messageOf(
    'Content-Type: multipart/alternative; boundary=a',
    '',
    '--a',
    '',
    uuencoded('x', FILE),
    '--a',
    'Content-Type: text/html',
    '',
    '<p>x</p>',
    '--a--',
  );
  const { data, files } = await shown(message);
  assert.match(data, /^begin 644 x\r\n/);
  assert.deepEqual(files, []);
});

test('hundreds of text parts cost some readings of the message, not as many as there are parts', async () => {
  const parts = Array.from({ length: 400 }, (_, at) => `--m\r\n\r\npart ${at} ${'x'.repeat(400)}`);
  const message = messageOf('Content-Type: multipart/mixed; boundary=m', '', ...parts, '--m--');
  let opened = 0;
  const counted: StoredMessage = {
    ...message,
    open() {
      opened += 1;
      return message.open();
    },
  };
  const { data, files } = await shown(counted);
  assert.match(data, /part 0 .*part 31 x/s);
  assert.equal(files.length, 400 - 32);
  assert.ok(opened < 50, `${opened} readings`);
});
