import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { given } from '../steps.ts';
import type { SyncResult } from './add-on.ts';
import { account, type Cast, causeway, holds, USER } from './cast.ts';
import { CONTACTS } from './other-side.ts';
import { plainCard } from './samples.ts';

/** What an administrator says of the device, and how the client takes it. */
export async function playManaged({ steps, client, dav }: Cast): Promise<void> {
  const device = await client.addAccount(account());
  const shown = () => JSON.parse(causeway('device', 'show', USER, device, '--json'));
  const cardNames = async () => (await client.cards('Contacts')).map((card) => /^FN:(.*)$/mu.exec(card)![1]).sort();
  await steps.step('nobody asks for a policy: it fetches none, and says what it is', async () => {
    await dav.put(`${CONTACTS}rut.vcf`, plainCard('rut', 'Rut Sand'));
    await client.syncWell();
    await client.select('Contacts');
    const { isProvisioned } = await client.syncWell();
    assert.equal(isProvisioned, false);
    const { information, type, kind, version } = shown();
    assert.deepEqual([type, kind, version, information.Model], ['TbSync', 'computer', '14.0', 'Computer']);
    holds(information.FriendlyName, 'TbSync on Device');
  });
  await steps.step('a policy that is required is fetched, acknowledged, and nothing else changes', async () => {
    setPolicy(6);
    const { policyKey, log } = await client.syncWell();
    assert.deepEqual(told(log), ['account_rerun FolderSync.142']);
    assert.deepEqual([shown().policy.key, shown().policyStanding.state], [Number(policyKey), 'current']);
    assert.deepEqual(await cardNames(), ['Rut Sand']);
  });
  await steps.step('with its key it goes on', async () => {
    await dav.put(`${CONTACTS}ove.vcf`, plainCard('ove', 'Ove Holm'));
    assert.deepEqual(told((await client.syncWell()).log), []);
    assert.deepEqual(await cardNames(), ['Ove Holm', 'Rut Sand']);
  });
  await steps.step('a policy that became another one is fetched anew', async () => {
    const before = shown().policy.key;
    setPolicy(8);
    const { policyKey, log } = await client.syncWell();
    assert.deepEqual(told(log), ['account_rerun FolderSync.143']);
    assert.notEqual(Number(policyKey), before);
    assert.equal(shown().policy.key, Number(policyKey));
  });
  await steps.step('no policy any more: it goes on, and one that begins anew is given a key all the same', async () => {
    causeway('policy', 'remove', '--everybody');
    const first = await client.syncWell();
    assert.deepEqual(told(first.log), ['account_rerun FolderSync.143']);
    assert.equal(shown().policy.key, Number(first.policyKey));
    await client.startOver();
    const again = await client.syncWell();
    assert.deepEqual(told(again.log), []);
    assert.equal(shown().policy.key, Number(again.policyKey));
    assert.notEqual(again.policyKey, first.policyKey);
    await client.select('Contacts');
    await client.syncWell();
    assert.deepEqual(await cardNames(), ['Ove Holm', 'Rut Sand']);
  });
  await steps.step('told to read anew it drops the folder; chosen again, all is there once', async () => {
    causeway('device', 'resync', USER, device);
    const { status, folders, log } = await client.sync();
    assert.equal(status, 'success');
    holds(told(log).join('\n'), 'warning Forced Folder Resync');
    assert.ok(!folders.some(({ name }) => name === 'Contacts'));
    await client.startOver();
    await client.syncWell();
    await client.select('Contacts');
    await client.syncWell();
    assert.deepEqual(await cardNames(), ['Ove Holm', 'Rut Sand']);
  });
  await steps.step('a blocked device is told so, and goes on once it is let in', async () => {
    causeway('device', 'block', USER, device, '--why', 'lost');
    const { status, log, prompts } = await client.sync();
    assert.equal(status, 'global.clientdenied::129::DeviceIsBlockedForThisUser');
    holds(log[0]!.message, 'DeviceIsBlockedForThisUser', '129');
    assert.deepEqual(prompts, [], 'it is not the password');
    causeway('device', 'allow', USER, device);
    await dav.put(`${CONTACTS}liv.vcf`, plainCard('liv', 'Liv Dahl'));
    await client.syncWell();
    assert.deepEqual(await cardNames(), ['Liv Dahl', 'Ove Holm', 'Rut Sand']);
  });
  await steps.step('a wipe it does not know: it gets nothing more, and what it has stays', async () => {
    holds(causeway('device', 'wipe-forecast', USER, device), 'Known of EAS-4-TbSync: nothing');
    causeway('device', 'wipe', USER, device, '--why', 'sold');
    await dav.put(`${CONTACTS}siv.vcf`, plainCard('siv', 'Siv Lid'));
    assert.equal((await client.sync()).status, 'Settings.140');
    assert.deepEqual(await cardNames(), ['Liv Dahl', 'Ove Holm', 'Rut Sand']);
    assert.equal(shown().wipe, 'pending');
  });
}

function told(log: SyncResult['log']): string[] {
  return log.map(({ type, message }) => `${type} ${message}`);
}

function setPolicy(length: number): void {
  const file = join(given('DATA'), 'policy-of-the-play.json');
  const settings = { DevicePasswordEnabled: true, MinDevicePasswordLength: length };
  writeFileSync(file, JSON.stringify({ settings, required: true }));
  causeway('policy', 'set', '--file', file);
}
