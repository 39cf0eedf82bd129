import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { connectAdministration } from '../../src/admin/socket/connect-administration.ts';
import { loadSettings } from '../../src/config/load-settings.ts';
import { openBackend } from '../../src/server/compose.ts';
import { startGateway } from '../../src/server/gateway.ts';
import { SYSTEM_CLOCK, SYSTEM_RANDOM } from '../../src/server/system-clock.ts';
import { LmtpClient } from '../mail/lmtp-client.ts';
import { keepingLog, temporaryFolder } from './support/start.ts';

async function launch(t: TestContext, folder: string, flags: readonly string[]) {
  const argv = [
    '--data',
    join(folder, 'data'),
    '--listen',
    'http://127.0.0.1:0',
    '--host-name',
    'mail.example.org',
    ...flags,
  ];
  const { settings } = loadSettings({ argv, env: {}, cwd: '/' });
  const logged = keepingLog();
  const gateway = await startGateway({
    settings,
    clock: SYSTEM_CLOCK,
    random: SYSTEM_RANDOM,
    log: logged.log,
    openBackend,
  });
  t.after(() => gateway.close());
  return { gateway, logged, data: settings.data };
}

test('the whole server takes mail by LMTP into the first mailbox, and lets go of the socket', async (t) => {
  const folder = temporaryFolder(t);
  const path = join(folder, 'lmtp');
  const { gateway, data, logged } = await launch(t, folder, ['--lmtp-listen', `unix:${path}`]);
  const lmtp = new LmtpClient({ path });
  await lmtp.begin();
  assert.match(await lmtp.send('RCPT TO:<admin@example.org>'), /^250/);
  assert.match((await lmtp.data('Subject: x\r\n\r\n', 1))[0]!, /^250/);
  lmtp.destroy();
  const client = await connectAdministration(data);
  assert.ok(client);
  const address = 'admin@example.org';
  const inbox = (await client.administration.folderList({ address })).find(({ role }) => role === 'inbox')!;
  const { items } = await client.administration.exportPage({ address, folderId: inbox.id, after: null });
  assert.equal(items.length, 1);
  assert.deepEqual(await client.administration.outboxList({ address: null }), []);
  await client.close();
  await gateway.close();
  assert.equal(existsSync(path), false);
  assert.deepEqual(
    logged.lines.filter(({ level }) => level === 'error'),
    [],
  );
});

test('where LMTP cannot listen the server does not start, says why, and lets go of the data', async (t) => {
  const folder = temporaryFolder(t);
  const taken = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => taken.once('listening', resolve));
  t.after(() => taken.close());
  const { port } = taken.address() as { port: number };
  await assert.rejects(
    launch(t, folder, ['--lmtp-listen', `lmtp://127.0.0.1:${port}`]),
    /cannot listen on lmtp:.*EADDRINUSE/,
  );
  await launch(t, folder, []);
});
