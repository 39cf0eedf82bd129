import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Phone } from '../support/eas/phone.ts';
import { SyncingPhone } from '../support/eas/syncing-phone.ts';
import { startWhole } from './support/whole.ts';

const ANN = { address: 'ann@example.org', password: 'secret', isAdmin: false, displayName: 'Ann' };

test('the whole server: a quarantined program is told by mail once, let in by its owner; errors of every protocol are kept', async (t) => {
  const flags = ['--public-url', 'https://mail.example.org'];
  const { administration, origin } = await startWhole(t, { flags });
  await administration.userAdd(ANN);
  const propfind = async () => {
    const authorization = `Basic ${Buffer.from(`${ANN.address}:${ANN.password}`).toString('base64')}`;
    const headers = { authorization, 'user-agent': 'Evolution/3.48', depth: '0', connection: 'close' };
    const response = await fetch(`${origin}/calendars/`, { method: 'PROPFIND', headers });
    await response.text();
    return response.status;
  };
  const inbox = async () => {
    const folders = await administration.folderList({ address: ANN.address });
    const { id: folderId } = folders.find(({ role }) => role === 'inbox')!;
    return (await administration.exportPage({ address: ANN.address, folderId, after: null })).items;
  };
  const show = (device: string) => administration.deviceShow({ address: ANN.address, device });
  const program = 'webdav:evolution';

  await administration.accessSet({ access: { default: 'quarantine', defaultApproval: 'user' } });
  assert.deepEqual([await propfind(), await propfind()], [403, 403]);
  const [notice, ...others] = await inbox();
  assert.equal(others.length, 0);
  assert.match(Buffer.from(notice!.content!).toString(), /https:\/\/mail\.example\.org\/me/);
  const { errors, kind, status } = await show(program);
  assert.deepEqual([kind, status], ['computer', 'waits until its user lets it in']);
  assert.deepEqual(
    errors.map(({ what }) => what),
    ['PROPFIND, HTTP 403: quarantined', 'PROPFIND, HTTP 403: quarantined'],
  );
  await administration.deviceApprove({ address: ANN.address, device: program });
  assert.equal(await propfind(), 207);
  const after = await show(program);
  assert.deepEqual([after.status, after.errors.length], ['in use', 2]);

  await administration.accessSet({ access: {} });
  await administration.policySet({ policy: { required: true } });
  const phone = new Phone({ origin, user: ANN.address, password: ANN.password, deviceType: 'iPhone' });
  const search = '<Search xmlns="Search:"><Store><Name>GAL</Name><Query>bert</Query></Store></Search>';
  assert.match((await phone.post('Search', search)).xml, /<Status>142</);
  const details = await show('PHONE1');
  assert.deepEqual(
    [details.kind, details.errors.map(({ what }) => what)],
    ['phone', ['Search, status 142: the device shows no policy key']],
  );
  const query = { address: ANN.address, text: null, domain: null, protocol: null, access: null, after: null } as const;
  const { devices } = await administration.deviceList({ ...query, order: 'owner', limit: 10 });
  assert.ok(devices.every(({ lastError }) => lastError !== null));
});

test('folders of a device are shown once, with their last sync also where there was nothing to tell, and those a DAV program read', async (t) => {
  const { administration, logged, origin } = await startWhole(t);
  await administration.userAdd(ANN);
  const before = Date.now();
  const phone = new SyncingPhone({ origin, user: ANN.address, password: ANN.password, deviceType: 'iPhone' });
  await phone.setUp();
  await phone.begin(...phone.folders);
  const { synchronised, lastSyncAt } = await administration.deviceShow({ address: ANN.address, device: 'PHONE1' });
  const names = synchronised.map(({ folder }) => folder);
  assert.deepEqual([names.length, names.includes('Calendar')], [new Set(names).size, true]);
  assert.ok(
    synchronised.every((folder) => folder.hasState && folder.lastSyncAt !== null && folder.lastSyncAt >= before),
  );
  assert.ok(lastSyncAt !== null && lastSyncAt >= before);

  const authorization = `Basic ${Buffer.from(`${ANN.address}:${ANN.password}`).toString('base64')}`;
  const headers = { authorization, 'user-agent': 'Evolution/3.48', depth: '1', connection: 'close' };
  const listing = await fetch(`${origin}/calendars/example.org/ann/Calendar/`, { method: 'PROPFIND', headers });
  assert.match(await listing.text(), /multistatus/);
  const program = await administration.deviceShow({ address: ANN.address, device: 'webdav:evolution' });
  assert.deepEqual(
    program.synchronised.map(({ folder, hasState }) => [folder, hasState]),
    [['Calendar', false]],
  );
  assert.ok((program.lastSyncAt ?? 0) >= before);
  await administration.recordStart({ address: ANN.address, device: null, minutes: 5, withContents: false });
  const [line] = logged.find('recording started');
  assert.equal(line?.who, 'cli', 'who asked for a recording is in the security log');
});
