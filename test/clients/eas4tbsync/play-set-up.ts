import assert from 'node:assert/strict';
import { given } from '../steps.ts';
import { account, type Cast, USER } from './cast.ts';

/** A wrong password, then the right one: what the gateway offers, and its folders. */
export async function playSetUp({ steps, client }: Cast): Promise<void> {
  await steps.step('a wrong password is told, and asked for', async () => {
    await client.addAccount(account('not this one'));
    const { status, prompts } = await client.sync();
    assert.equal(status, '401');
    assert.deepEqual(prompts[0]?.user, USER);
  });
  await steps.step('of the versions offered it speaks 14.0; it finds the folders that it can show', async () => {
    await client.changePassword(given('DAV_PASSWORD'));
    const { version, folders, isProvisioned } = await client.syncWell();
    assert.equal(version, '14.0');
    assert.equal(isProvisioned, false, 'nobody asked it to fetch a policy');
    const names = folders.map(({ name, type }) => `${type} ${name}`);
    assert.deepEqual(names.sort(), ['15 Calendar (Tasks)', '4 Deleted Items', '7 Tasks', '8 Calendar', '9 Contacts']);
  });
}
