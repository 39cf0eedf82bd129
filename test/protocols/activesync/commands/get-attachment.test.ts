import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PhoneRequest } from '../../../support/eas/phone.ts';
import { type EasServer, startEas } from '../support.ts';
import { mailWithFile } from './mail-samples.ts';

const FILE = Uint8Array.from({ length: 150_000 }, (_, at) => (at * 13) % 256);

async function started(t: { after(work: () => unknown): void }) {
  const server = await startEas();
  t.after(() => server.close());
  const id = await server.put('inbox', 'm.eml', mailWithFile(FILE));
  const name = `${(await server.folder('inbox')).id}:${id}:2`;
  return { server, name, id };
}

const get = (
  server: EasServer,
  query: Record<string, string>,
  version: '12.1' | '14.0' | '14.1' = '12.1',
  more: PhoneRequest = {},
) => server.phone({ version }).post('GetAttachment', null, { query, ...more });

test('MS-ASCMD §2.2.1.7 GetAttachment gives the bytes under the type of the part', async (t) => {
  const { server, name } = await started(t);
  const answer = await get(server, { AttachmentName: name });
  assert.equal(answer.status, 200);
  assert.equal(answer.headers['content-type'], 'application/pdf');
  assert.deepEqual(answer.body, Buffer.from(FILE));
});

test('the name comes in a base64 query as well', async (t) => {
  const { server, name } = await started(t);
  const text = (value: string) => [value.length, ...Buffer.from(value)];
  const bytes = [121, 4, 9, 4, ...text('PHONE1'), 0, ...text('TestPhone'), 0, ...text(name)];
  const answer = await get(server, {}, '12.1', { rawQuery: Buffer.from(bytes).toString('base64') });
  assert.deepEqual(answer.body, Buffer.from(FILE));
});

test('MS-ASCMD §2.2.1.7 an attachment that is gone, or never was, is HTTP 500', async (t) => {
  const { server, name, id } = await started(t);
  for (const wrong of ['nonsense', `${name}.7`, '1:999:2']) {
    assert.equal((await get(server, { AttachmentName: wrong })).status, 500);
  }
  await server.remove(id);
  const answer = await get(server, { AttachmentName: name });
  assert.deepEqual([answer.status, answer.body.length], [500, 0]);
});

test('without a name, or with one that is too long: HTTP 400', async (t) => {
  const { server } = await started(t);
  assert.equal((await get(server, {})).status, 400);
  assert.equal((await get(server, { AttachmentName: 'x'.repeat(513) })).status, 400);
});

test('MS-ASCMD §2.2.1.7 versions 14.0 and 14.1 do not have it: HTTP 400, no document', async (t) => {
  const { server, name } = await started(t);
  for (const version of ['14.0', '14.1'] as const) {
    const answer = await get(server, { AttachmentName: name }, version);
    assert.deepEqual([answer.status, answer.body.length], [400, 0]);
  }
});

test('another person’s attachment is not there', async (t) => {
  const { server } = await started(t);
  let id = 0;
  for (let n = 0; n < 4; n += 1) id = await server.put('inbox', `${n}`, mailWithFile(FILE), server.bert);
  const name = `${(await server.folder('inbox', server.bert)).id}:${id}:2`;
  assert.equal((await get(server, { AttachmentName: name })).status, 500);
  const own = await server
    .phone({ user: 'bert', version: '12.1' })
    .post('GetAttachment', null, { query: { AttachmentName: name } });
  assert.equal(own.status, 200);
});

test('a part that claims no media type is sent as bytes', async (t) => {
  const { server } = await started(t);
  const mail = mailWithFile(FILE).toString('latin1').replace('application/pdf; name', 'pdf<script>; name');
  const id = await server.put('inbox', 'odd.eml', mail);
  const answer = await get(server, { AttachmentName: `${(await server.folder('inbox')).id}:${id}:2` });
  assert.equal(answer.status, 200);
  assert.match(answer.headers['content-type'] ?? '', /^(application\/octet-stream|text\/plain)$/);
});
