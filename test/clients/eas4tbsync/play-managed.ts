import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { given } from '../steps.ts';
import { account, type Cast, causeway, holds, USER } from './cast.ts';
import { CONTACTS } from './other-side.ts';
import { plainCard } from './samples.ts';

/** What an administrator says of the device, and how the client takes it. */
export async function playManaged(cast: Cast): Promise<void> {
  const { steps, client } = cast;
  const device = await client.addAccount(account());
  const show = () => JSON.parse(causeway('device', 'show', USER, device, '--json'));
  await steps.step('a device that asks for no policy works, and says what it is', async () => {
    await client.syncWell();
    await client.select('Contacts');
    await client.syncWell();
    console.log(JSON.stringify(show()));
  });
  await steps.step('a policy that is required is fetched and acknowledged', async () => {
    setPolicy({ DevicePasswordEnabled: true, MinDevicePasswordLength: 6 });
    const r = await client.sync();
    console.log(r.status, r.policyKey, r.isProvisioned, JSON.stringify(r.log));
    console.log(causeway('policy', 'of', USER, device));
  });
  await steps.step('another policy is fetched when it is in force', async () => {
    const key = (await client.sync()).policyKey;
    setPolicy({ DevicePasswordEnabled: true, MinDevicePasswordLength: 8 });
    const r = await client.sync();
    console.log(key, r.status, r.policyKey, r.isProvisioned, JSON.stringify(r.log));
    console.log(causeway('policy', 'of', USER, device));
  });
  await steps.step('a resync', async () => {
    await cast.dav.put(`${CONTACTS}rut.vcf`, plainCard('rut', 'Rut Sand'));
    await client.syncWell();
    console.log(causeway('device', 'resync', USER, device));
    const r = await client.sync();
    console.log(JSON.stringify(r.log), r.status, r.folders.map((f) => f.name));
    await client.startOver();
    await client.syncWell();
    await client.select('Contacts');
    await client.syncWell();
    console.log(await client.cards('Contacts'));
  });
  await steps.step('block', async () => {
    console.log(causeway('device', 'block', USER, device, '--why', 'lost'));
    const r = await client.sync();
    console.log(r.status, r.policyKey, r.isProvisioned, JSON.stringify(r.log));
    causeway('device', 'allow', USER, device);
    await client.syncWell();
  });
  await steps.step('wipe', async () => {
    console.log(causeway('device', 'wipe-forecast', USER, device));
    console.log(causeway('device', 'wipe', USER, device, '--why', 'sold'));
    const r = await client.sync();
    console.log(r.status, r.policyKey, r.isProvisioned, JSON.stringify(r.log), await client.cards('Contacts'));
    console.log(JSON.stringify(show()));
  });
  holds('', '');
  assert.ok(true);
}

function setPolicy(settings: Readonly<Record<string, unknown>>): void {
  const file = join(given('DATA'), 'policy-of-the-play.json');
  writeFileSync(file, JSON.stringify({ settings, required: true }));
  causeway('policy', 'set', '--file', file);
}
