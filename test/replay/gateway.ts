import { join } from 'node:path';
import type { TestContext } from 'node:test';
import type { Administration } from '../../src/admin/administration.ts';
import { connectAdministration } from '../../src/admin/socket/connect-administration.ts';
import { loadSettings } from '../../src/config/load-settings.ts';
import { openBackend } from '../../src/server/compose.ts';
import { startGateway } from '../../src/server/gateway.ts';
import { SYSTEM_CLOCK, SYSTEM_RANDOM } from '../../src/server/system-clock.ts';
import { keepingLog, temporaryFolder } from '../server/support/start.ts';

export const PASSWORD = 'only for the replay 01';

/** A fresh gateway as captures are recorded against: embedded store, mailboxes of user01 and user02@example.com. Gives its port. */
export function freshGateway(t: TestContext): Promise<number> {
  return gatewayWith(t, async (administration) => {
    await addUser(administration, 'user01@example.com');
    await addUser(administration, 'user02@example.com');
  });
}

export async function addUser(administration: Administration, address: string, displayName: string | null = null) {
  await administration.userAdd({ address, password: PASSWORD, isAdmin: false, displayName });
}

/** A fresh gateway that an administrator has prepared. Gives its port. */
export async function gatewayWith(t: TestContext, prepare: (administration: Administration) => Promise<void>) {
  const data = join(temporaryFolder(t), 'data');
  const argv = ['--data', data, '--listen', 'http://127.0.0.1:0', '--host-name', 'gateway.example'];
  const { settings } = loadSettings({ argv, env: {}, cwd: '/' });
  const { log } = keepingLog();
  const gateway = await startGateway({ settings, clock: SYSTEM_CLOCK, random: SYSTEM_RANDOM, log, openBackend });
  t.after(() => gateway.close());
  const client = await connectAdministration(data);
  if (client === null) throw new Error('the gateway that was just started does not answer on its socket');
  await prepare(client.administration).finally(() => client.close());
  return gateway.listeners[0]!.port;
}
