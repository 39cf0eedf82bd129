import assert from 'node:assert/strict';
import { childElements, requiredChild } from '../../../protocols/activesync/wbxml/read-element.ts';
import { textAt } from '../../support/eas/set-up.ts';
import type { SyncingPhone } from '../../support/eas/syncing-phone.ts';
import { type Cast, receive } from './cast.ts';
import { FILE, letterWithFile } from './samples.ts';

/** The file of a message, by every way that the version has. */
export async function playAttachment(cast: Cast): Promise<void> {
  const { steps, phone, other, version } = cast;
  await steps.step('set-up and a message with a file', async () => {
    await phone.setUp();
    await other.setUp();
    await phone.begin(phone.folder(2));
    await receive(cast, letterWithFile({ subject: 'The plan', id: 'plan', text: 'Here it is.' }));
  });
  const reference = () => fileReferences(phone, phone.folder(2), 'The plan')[0]!;
  if (version === '12.1') {
    await steps.step('GetAttachment gives its bytes', async () => {
      const answer = await phone.wire.post('GetAttachment', null, { query: { AttachmentName: reference() } });
      assert.deepEqual([answer.status, answer.body], [200, FILE]);
    });
  }
  await steps.step('ItemOperations gives its bytes inline', async () => {
    assert.deepEqual(await fetchFile(phone, reference()), FILE);
  });
  await steps.step('ItemOperations gives its bytes as a part', async () => {
    assert.deepEqual(await fetchFileAsPart(phone, reference()), FILE);
  });
}

/** References to the files of the message with this subject. */
export function fileReferences(phone: SyncingPhone, folder: string, subject: string): string[] {
  const [, message] = phone.held(folder).only('Email:Subject', subject);
  const list = message.element('AirSyncBase:Attachments');
  return childElements(list, 'AirSyncBase:Attachment').map((file) => textAt(file, 'AirSyncBase:FileReference'));
}

const fetchXml = (reference: string) =>
  `<ItemOperations xmlns="ItemOperations:"><Fetch><Store>Mailbox</Store><FileReference xmlns="AirSyncBase:">${reference}</FileReference></Fetch></ItemOperations>`;

export async function fetchFile(phone: SyncingPhone, reference: string): Promise<Buffer> {
  const root = await phone.wire.command('ItemOperations', fetchXml(reference));
  const fetched = requiredChild(requiredChild(root, 'ItemOperations:Response'), 'ItemOperations:Fetch');
  assert.equal(textAt(fetched, 'ItemOperations:Status'), '1');
  return Buffer.from(textAt(fetched, 'ItemOperations:Properties', 'ItemOperations:Data'), 'base64');
}

/** MS-ASCMD §2.2.1.10.1: a count, pairs of offset and length, the document, the parts. */
async function fetchFileAsPart(phone: SyncingPhone, reference: string): Promise<Buffer> {
  const headers = { 'MS-ASAcceptMultiPart': 'T' };
  const { status, headers: told, body } = await phone.wire.post('ItemOperations', fetchXml(reference), { headers });
  assert.deepEqual([status, told['content-type']], [200, 'application/vnd.ms-sync.multipart']);
  assert.equal(body.readUInt32LE(0), 2, 'the document and one part');
  const [offset, length] = [body.readUInt32LE(12), body.readUInt32LE(16)];
  assert.equal(offset + length, body.length);
  return body.subarray(offset, offset + length);
}
