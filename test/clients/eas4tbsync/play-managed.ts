import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { given } from '../steps.ts';
import type { SyncResult } from './add-on.ts';
import { account, type Cast, causeway, holds, USER } from './cast.ts';
import { CALENDAR, CONTACTS } from './other-side.ts';
import { calendarObject, component, plainCard } from './samples.ts';

const FAIR = ['SUMMARY:Autumn fair', 'DTSTART:20301005T100000Z', 'DTEND:20301005T110000Z'];

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
  await steps.step('a wipe: it erases what it holds, what was not sent too, and is refused from then on', async () => {
    await dav.put(`${CALENDAR}fair.ics`, calendarObject(...component('VEVENT', 'fair', ...FAIR)));
    await client.select('Calendar');
    await client.syncWell();
    await client.addCard('Contacts', plainCard('siv', 'Siv Lid'));
    const fetched = (await client.everything()).join('\n');
    holds(fetched, 'Liv Dahl', 'Ove Holm', 'Rut Sand', 'Siv Lid', 'Autumn fair');
    const before = [await dav.all(CONTACTS), await dav.all(CALENDAR)];
    holds(causeway('device', 'wipe-forecast', USER, device), 'Known of EAS-4-TbSync', 'removes the address books');
    causeway('device', 'wipe', USER, device, '--why', 'sold');
    const { status, folders, log, prompts } = await client.sync();
    assert.deepEqual([folders, await client.everything()], [[], []]);
    assert.equal(status, 'global.clientdenied::129::DeviceIsBlockedForThisUser');
    holds(told(log)[0]!, 'Invalid synchronization key (status 9)');
    assert.deepEqual(prompts, []);
    assert.equal(shown().wipe, 'acknowledged');
    assert.deepEqual([await dav.all(CONTACTS), await dav.all(CALENDAR)], before, 'nothing was taken from it');
    assert.equal((await client.sync()).status, 'global.clientdenied::129::DeviceIsBlockedForThisUser');
    await client.startOver();
    assert.equal((await client.sync()).status, 'provision::129');
  });
  await steps.step('the wipe cleared it begins anew, with all that is in the mailbox', async () => {
    causeway('device', 'wipe-clear', USER, device, '--why', 'found');
    await client.startOver();
    await client.syncWell();
    await client.select('Contacts');
    await client.syncWell();
    assert.deepEqual(await cardNames(), ['Liv Dahl', 'Ove Holm', 'Rut Sand']);
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
