import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import { DEVICE_ACCESS_SETTING } from '../../src/config/device-access.ts';
import { createDeviceGate } from '../../src/devices/device-gate.ts';
import { createWipes } from '../../src/devices/wipes.ts';
import { SILENT_LOG } from '../../src/observe/log.ts';
import { createApplication } from '../../src/server/application.ts';
import { gateClients } from '../../src/server/gate-clients.ts';
import { createMemoryStores } from '../../src/store/memory/open.ts';
import { fakeClock } from '../support/fake-clock.ts';

async function serve(t: TestContext) {
  const clock = fakeClock();
  const random = (length: number) => new Uint8Array(length);
  const stores = createMemoryStores({ clock, random, publish() {} });
  const mailboxId = await stores.mailboxes.createMailbox();
  const principal = {
    userId: 1,
    localPart: 'ann',
    domain: 'example.org',
    displayName: null,
    mailboxId,
    isAdmin: false,
  };
  const gate = createDeviceGate({ ...stores, clock, log: SILENT_LOG });
  const clientGate = {
    ...{ gate, log: SILENT_LOG, noteFolders: async () => {}, drained: () => handler },
    wipes: createWipes({ ...stores, clock, log: SILENT_LOG }),
  };
  const handler = {
    name: 'webdav',
    handles: () => true,
    async handle(ctx: { body: unknown }) {
      ctx.body = 'fine';
    },
  };
  const application = createApplication({
    ...{ clock, random, log: SILENT_LOG, publicUrl: null, health: () => 'ready' as const },
    readClient: () => ({ remoteAddress: '192.0.2.1', isSecure: true }),
    handlers: [gateClients(handler, clientGate)],
    authenticator: { authenticate: async () => ({ kind: 'ok' as const, principal }) },
  });
  const server = createServer(application);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => new Promise((resolve) => server.close(resolve)));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/calendars/`;
  const ask = async (agent: string) => {
    const response = await fetch(url, { headers: { 'User-Agent': agent, Connection: 'close' } });
    return [response.status, await response.text()] as const;
  };
  return { ask, stores, mailboxId };
}

test('a program is registered once, by its name without its version', async (t) => {
  const { ask, stores, mailboxId } = await serve(t);
  for (const agent of ['DAVx5/4.3', 'DAVx5/4.4', 'Evolution/3.48']) assert.deepEqual(await ask(agent), [200, 'fine']);
  const devices = await stores.syncState.read(mailboxId).devices();
  assert.deepEqual(
    devices.map(({ id, agent }) => [id, agent]),
    [
      ['webdav:davx5', 'DAVx5/4.4'],
      ['webdav:evolution', 'Evolution/3.48'],
    ],
  );
});

test('a program that may not come in is answered 403 with a sentence, the others go on', async (t) => {
  const { ask, stores } = await serve(t);
  const rules = [{ match: { agent: 'davx5*', protocol: 'webdav' }, access: 'block', why: 'not here' }];
  await stores.directory.setSetting(DEVICE_ACCESS_SETTING, { rules, maximumPerUser: 1 }, 'test');
  assert.deepEqual(await ask('DAVx5/4.3'), [403, 'This device may not be used here: not here.\n']);
  assert.deepEqual(await ask('Evolution/3.48'), [200, 'fine']);
  const [status, text] = await ask('Thunderbird/115');
  assert.equal(status, 403);
  assert.match(text, /^You have 1 device already, and may not have more; /);
  await stores.directory.setSetting(DEVICE_ACCESS_SETTING, { protocols: [{ match: {}, on: false }] }, 'test');
  assert.deepEqual(await ask('Evolution/3.48'), [
    403,
    'An administrator has switched webdav off for ann@example.org.\n',
  ]);
});
