import type { TestContext } from 'node:test';
import type { Administration } from '../../src/admin/administration.ts';
import { startWhole } from '../server/support/whole.ts';

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
  const { administration, gateway } = await startWhole(t, { hostName: 'gateway.example' });
  await prepare(administration);
  return gateway.listeners[0]!.port;
}
