import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { LmtpClient } from '../mail/lmtp-client.ts';
import { temporaryFolder } from './support/start.ts';
import { startWhole } from './support/whole.ts';

test('the whole server takes mail by LMTP into the first mailbox, and lets go of the socket', async (t) => {
  const path = join(temporaryFolder(t), 'lmtp');
  const { administration, close, logged } = await startWhole(t, { flags: ['--lmtp-listen', `unix:${path}`] });
  const lmtp = new LmtpClient({ path });
  await lmtp.begin();
  assert.match(await lmtp.send('RCPT TO:<admin@example.org>'), /^250/);
  assert.match((await lmtp.data('Subject: x\r\n\r\n', 1))[0]!, /^250/);
  lmtp.destroy();
  const address = 'admin@example.org';
  const inbox = (await administration.folderList({ address })).find(({ role }) => role === 'inbox')!;
  const { items } = await administration.exportPage({ address, folderId: inbox.id, after: null });
  assert.equal(items.length, 1);
  assert.deepEqual(await administration.outboxList({ address: null }), []);
  await close();
  assert.equal(existsSync(path), false);
  assert.deepEqual(
    logged.lines.filter(({ level }) => level === 'error'),
    [],
  );
});

test('where LMTP cannot listen the server does not start, says why, and lets go of the data', async (t) => {
  const data = join(temporaryFolder(t), 'data');
  const taken = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => taken.once('listening', resolve));
  t.after(() => taken.close());
  const { port } = taken.address() as { port: number };
  await assert.rejects(
    startWhole(t, { data, flags: ['--lmtp-listen', `lmtp://127.0.0.1:${port}`] }),
    /cannot listen on lmtp:.*EADDRINUSE/,
  );
  await startWhole(t, { data });
});
