import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EasContext, EasResponse } from '../../../../protocols/activesync/command.ts';
import { ITEM_OPERATIONS } from '../../../../protocols/activesync/commands/item-operations/item-operations.ts';
import { parseQuery } from '../../../../protocols/activesync/query/parse-query.ts';
import { streamWbxml } from '../../../../protocols/activesync/wbxml/encode.ts';
import { CLIENT_ORIGIN } from '../../../../src/domain/mailbox.ts';
import type { Device } from '../../../../src/store/device-store.ts';
import { NO_POLICY } from '../../../../src/store/device-store.ts';
import { crossCheck, expectXml, needsCrossCheck } from '../../../support/eas/cross-check.ts';
import { type EasServer, startEas } from '../support.ts';
import { wbxFromXml } from '../wbxml/from-xml.ts';
import { mailWithFile } from './mail-samples.ts';

const request = (...operations: readonly string[]) =>
  `<ItemOperations xmlns="ItemOperations:" xmlns:B="AirSyncBase:">${operations.join('')}</ItemOperations>`;
const fetch = (reference: string, range?: string) =>
  `<Fetch><Store>Mailbox</Store><B:FileReference>${reference}</B:FileReference>
    ${range === undefined ? '' : `<Options><Range>${range}</Range></Options>`}</Fetch>`;
const answered = (status: number, reference: string, properties = '') => `
  <ItemOperations xmlns="ItemOperations:"><Status>1</Status><Response><Fetch><Status>${status}</Status>
    <FileReference xmlns="AirSyncBase:">${reference}</FileReference>${properties}</Fetch></Response></ItemOperations>`;
const PDF = '<ContentType xmlns="AirSyncBase:">application/pdf</ContentType>';

async function started(t: { after(work: () => unknown): void }, bytes: Uint8Array) {
  const server = await startEas();
  t.after(() => server.close());
  const id = await putMessage(server, mailWithFile(bytes));
  const inbox = await server.folder('inbox');
  return { server, reference: `${inbox.id}:${id}:2`, itemId: id };
}

/** Past the limit on what a client may upload, as delivery does. */
async function putMessage({ environment, anna, folder }: EasServer, content: Uint8Array): Promise<number> {
  const { id: folderId } = await folder('inbox');
  const index = { kind: 'MESSAGE', uid: null, rangeStart: 0, rangeEnd: 0, filterKey: 0 } as const;
  const item = { folderId, name: 'm', content, contentType: 'message/rfc822', index };
  return (await environment.items.store.write(anna.mailboxId, CLIENT_ORIGIN, (tx) => tx.createItem(item))).id;
}

test(
  'MS-ASAIRS §2.2.2.24.2 a FileReference gives type and base64 data, without Range and Total',
  needsCrossCheck,
  async (t) => {
    for (const text of ['H', 'He', 'Hello, world']) {
      const { server, reference } = await started(t, Buffer.from(text));
      const properties = `<Properties>${PDF}<Data>${Buffer.from(text).toString('base64')}</Data></Properties>`;
      await crossCheck(server.phone(), 'ItemOperations', request(fetch(reference)), answered(1, reference, properties));
      await crossCheck(
        server.phone({ version: '12.1' }),
        'ItemOperations',
        request(fetch(reference)),
        answered(1, reference, properties),
      );
    }
  },
);

test('MS-ASCMD §2.2.3.143.1 a Range gives these bytes, which ones, and how many there are', async (t) => {
  const { server, reference } = await started(t, Buffer.from('0123456789'));
  for (const [asked, given, text] of [
    ['0-3', '0-3', '0123'],
    ['4-99', '4-9', '456789'],
    ['9-9', '9-9', '9'],
  ] as const) {
    const data = `<Range>${given}</Range><Total>10</Total>${PDF}<Data>${Buffer.from(text).toString('base64')}</Data>`;
    const answer = await server.phone().post('ItemOperations', request(fetch(reference, asked)));
    expectXml(answer, answered(1, reference, `<Properties>${data}</Properties>`));
  }
});

test('status 8 a Range behind the end, backwards, or none at all', async (t) => {
  const { server, reference } = await started(t, Buffer.from('0123456789'));
  for (const range of ['10-12', '5-4', 'all', '-5', '0-', '-1-3']) {
    expectXml(await server.phone().post('ItemOperations', request(fetch(reference, range))), answered(8, reference));
  }
});

test('status 10 an attachment without a byte, with and without Range', async (t) => {
  const { server, reference } = await started(t, Buffer.alloc(0));
  expectXml(await server.phone().post('ItemOperations', request(fetch(reference))), answered(10, reference));
  expectXml(await server.phone().post('ItemOperations', request(fetch(reference, '0-1'))), answered(10, reference));
});

test('status 15 a reference that is none, of no part, of no message, or of a message that is gone', async (t) => {
  const { server, reference, itemId } = await started(t, Buffer.from('x'));
  const event = 'BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VTODO\r\nUID:u\r\nDTSTAMP:20260101T000000Z\r\n';
  const task = await server.put('tasks', 't.ics', `${event}END:VTODO\r\nEND:VCALENDAR\r\n`);
  const tasks = (await server.folder('tasks')).id;
  const wrong = ['nonsense', `${reference}.9`, `${reference}~3`, `${tasks}:${task}:2`, '1:999:2', 'x'.repeat(600)];
  for (const text of wrong) {
    expectXml(await server.phone().post('ItemOperations', request(fetch(text))), answered(15, text));
  }
  await server.remove(itemId);
  expectXml(await server.phone().post('ItemOperations', request(fetch(reference))), answered(15, reference));
});

test('an attachment is found by its reference also after its message was moved', async (t) => {
  const { server, reference, itemId } = await started(t, Buffer.from('x'));
  const junk = await server.folder('junk');
  const { store } = server.environment.items;
  await store.write(server.anna.mailboxId, CLIENT_ORIGIN, (tx) => tx.moveItem(itemId, junk.id, 'm'));
  const properties = `<Properties>${PDF}<Data>eA==</Data></Properties>`;
  expectXml(await server.phone().post('ItemOperations', request(fetch(reference))), answered(1, reference, properties));
});

test('MS-ASCMD §2.2.1.10.1 multipart: parts raw, in the order of the requests, a failed one takes no part', async (t) => {
  const bytes = Uint8Array.from({ length: 200_000 }, (_, at) => (at * 7) % 256);
  const { server, reference } = await started(t, bytes);
  const body = request(fetch(reference, '5-9'), fetch('nonsense'), fetch(reference));
  const answer = await server.phone().post('ItemOperations', body, { headers: { 'MS-ASAcceptMultiPart': 'T' } });
  assert.equal(answer.headers['content-type'], 'application/vnd.ms-sync.multipart');
  const [document, first, second, ...others] = partsOf(answer.body);
  assert.deepEqual(others, []);
  assert.deepEqual(first, Buffer.from(bytes.subarray(5, 10)));
  assert.deepEqual(second, Buffer.from(bytes));
  const text = document!.toString('latin1');
  assert.ok(text.includes('5-9') && text.includes('200000'));
});

test('the option bit of a base64 query asks for multipart as the header does', async (t) => {
  const { server, reference } = await started(t, Buffer.from('raw'));
  const text = (value: string) => [value.length, ...Buffer.from(value)];
  const bytes = [141, 19, 9, 4, ...text('PHONE1'), 0, ...text('TestPhone'), 7, 1, 2];
  const rawQuery = Buffer.from(bytes).toString('base64');
  const answer = await server.phone().post('ItemOperations', request(fetch(reference)), { rawQuery });
  assert.equal(partsOf(answer.body)[1]?.toString(), 'raw');
});

test('25 MB are passed on as they are read, inline and as a part: never more than a few chunks ahead', async (t) => {
  const bytes = Buffer.alloc(25 * 1024 * 1024, 'Causeway');
  const { server, reference } = await started(t, bytes);
  const body = wbxFromXml(request(fetch(reference)));
  for (const acceptMultipart of [false, true]) {
    const read = countingReads(server);
    const response = await handled(server, body, acceptMultipart);
    const before = read.bytes;
    let sent = 0;
    for await (const chunk of streamOf(response)) {
      sent += chunk.length;
      assert.ok(chunk.length <= 256 * 1024, `a chunk of ${chunk.length} bytes`);
      const ahead = read.bytes - before - (acceptMultipart ? sent * (78 / 57) : sent * (78 / 76));
      assert.ok(ahead < 512 * 1024, `${ahead} bytes were read and not sent`);
    }
    assert.ok(sent >= (acceptMultipart ? bytes.length : Math.ceil(bytes.length / 3) * 4));
    assert.ok(read.bytes - before > bytes.length, 'the bytes came from the store');
    read.stop();
  }
});

/** Bytes of content that were read from the store. */
function countingReads({ environment }: EasServer) {
  const { store } = environment.items;
  const { read } = store;
  const counter = { bytes: 0, stop: () => Object.assign(store, { read }) };
  const counting: typeof read = (mailboxId) => {
    const reader = read(mailboxId);
    return {
      ...reader,
      async *content(id, range) {
        for await (const chunk of reader.content(id, range)) {
          counter.bytes += chunk.length;
          yield chunk;
        }
      },
    };
  };
  Object.assign(store, { read: counting });
  return counter;
}

async function handled(server: EasServer, root: ReturnType<typeof wbxFromXml>, acceptMultipart: boolean) {
  const device: Device = {
    ...{ id: 'd', protocol: 'activesync', aliases: ['d'], shownId: 'd', type: '', agent: '', version: null },
    ...{ information: {}, firstSeenAt: 0, lastSeenAt: 0, remoteAddress: '', policy: NO_POLICY },
  };
  const line = { ...parseQuery('Cmd=ItemOperations&DeviceId=d&DeviceType=t'), acceptMultipart };
  const { environment, anna: principal } = server;
  const context: EasContext = { environment, principal, device, line, version: '14.1', oneFolderOf: [], logFields: {} };
  return ITEM_OPERATIONS.handle(context, { kind: 'document', root });
}

async function* streamOf(response: EasResponse): AsyncGenerator<Uint8Array> {
  if (response.kind === 'document') yield* streamWbxml(response.root, { version: '14.1' });
  else if (response.kind === 'multipart') for (const part of response.parts) yield* part.open();
  else throw new TypeError(`An answer of kind ${response.kind}`);
}

function partsOf(body: Buffer): Buffer[] {
  return Array.from({ length: body.readUInt32LE(0) }, (_, at) => {
    const [offset, length] = [body.readUInt32LE(4 + 8 * at), body.readUInt32LE(8 + 8 * at)];
    assert.ok(offset + length <= body.length);
    return body.subarray(offset, offset + length);
  });
}
