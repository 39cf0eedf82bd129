import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SyncPhone } from '../../../support/eas/sync-phone.ts';
import { mailWithFile } from '../commands/mail-samples.ts';
import { withServer } from '../mail-support.ts';

test('MS-ASCMD_R157 R166 R5501 in 12.1 an attachment is fetched by its name, which is HTTP 500 once its message was deleted', () =>
  withServer(async (server) => {
    const phone = new SyncPhone(server.phone({ version: '12.1' }));
    const [inbox, deleted] = await Promise.all(
      (['inbox', 'deleted'] as const).map(async (role) => String((await server.folder(role)).id)),
    );
    await server.put('inbox', 'm.eml', mailWithFile(Buffer.from('0123456789')));
    await phone.begin(inbox!);
    const [[item, shown] = ['', '']] = [...phone.items(inbox!)];
    assert.match(shown, /<DisplayName>report\.pdf</);
    const nameIn = (xml: string) => /<FileReference>([^<]+)/.exec(xml)![1]!;
    const get = (AttachmentName: string) => phone.phone.post('GetAttachment', null, { query: { AttachmentName } });
    const answer = await get(nameIn(shown));
    assert.deepEqual([answer.status, answer.body.toString()], [200, '0123456789']);
    const gone = `<Commands><Delete><ServerId>${item}</ServerId></Delete></Commands>`;
    await phone.sync([{ id: inbox!, xml: `<DeletesAsMoves>1</DeletesAsMoves>${gone}` }]);
    assert.equal((await get(nameIn(shown))).status, 500);
    await phone.begin(deleted!);
    const [there = ''] = [...phone.items(deleted!).values()];
    assert.equal((await get(nameIn(there))).body.toString(), '0123456789');
  }));
