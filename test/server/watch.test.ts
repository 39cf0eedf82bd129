import assert from 'node:assert/strict';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import type { Clock } from '../../src/domain/clock.ts';
import { SYSTEM_CLOCK } from '../../src/server/system-clock.ts';
import { provision } from '../support/eas/set-up.ts';
import { SyncPhone } from '../support/eas/sync-phone.ts';
import { eventOf, launchWhole } from './support/whole.ts';

const HOME = '/calendars/example.org/ann/';
const CALENDAR = `${HOME}Calendar/`;
const ICS = { headers: { 'content-type': 'text/calendar' } };
const GIB = 1024 ** 3;
const LIMITS = { disk: { soft: { unit: 'bytes', free: 20 * GIB }, hard: { unit: 'bytes', free: 10 * GIB } } };
const MIME = 'From: ann@example.org\r\nTo: admin@example.org\r\nSubject: Hi\r\n\r\nHello\r\n';

/** A server whose disk has as much free space as `disk.freeBytes` says, of 100 GiB. */
async function launch(t: Parameters<typeof launchWhole>[0]) {
  const disk = { freeBytes: 50 * GIB, totalBytes: 100 * GIB };
  const server = await launchWhole(t, { space: async () => ({ ...disk }) });
  // A look at once, as the timer does every ten seconds.
  const look = async (freeBytes: number, watch: object = LIMITS) => {
    disk.freeBytes = freeBytes;
    await server.administration.watchSet({ watch });
    return (await server.administration.watchShow({})).disk!.state;
  };
  return { ...server, look };
}

const sendMail = (id: string) =>
  `<SendMail xmlns="ComposeMail:"><ClientId>${id}</ClientId><MIME>${Buffer.from(MIME).toString('base64')}</MIME></SendMail>`;
const contact = (id: string, name: string) =>
  `<Commands><Add><ClientId>${id}</ClientId><ApplicationData><FirstName xmlns="Contacts:">${name}</FirstName></ApplicationData></Add></Commands>`;

async function phoneWith(server: Awaited<ReturnType<typeof launch>>, role: string) {
  const device = server.phone();
  await provision(device);
  await device.command('FolderSync', '<FolderSync xmlns="FolderHierarchy:"><SyncKey>0</SyncKey></FolderSync>');
  const id = `${(await server.folderOf(role)).id}`;
  const phone = new SyncPhone(device);
  await phone.begin(id);
  return { device, phone, id };
}

test('below the hard limit DAV is told 507 sufficient-disk-space (RFC 4331 §6), reads, deletes and shrinks, until space returns', async (t) => {
  const { call, look } = await launch(t);
  assert.equal((await call('PUT', `${CALENDAR}a.ics`, { body: eventOf('a', 100), ...ICS })).status, 201);
  assert.equal((await call('PUT', `${CALENDAR}b.ics`, { body: eventOf('b', 100), ...ICS })).status, 201);
  assert.equal(await look(9 * GIB), 'full');
  const refused = await call('PUT', `${CALENDAR}c.ics`, { body: eventOf('c'), ...ICS });
  assert.equal(refused.status, 507);
  assert.match(await refused.text(), /<D:sufficient-disk-space\/>.*hard limit/s);
  assert.equal((await call('MKCALENDAR', `${HOME}more/`)).status, 507);
  assert.equal((await call('PUT', `${CALENDAR}a.ics`, { body: eventOf('a', 900), ...ICS })).status, 507);
  assert.equal((await call('PUT', `${CALENDAR}a.ics`, { body: eventOf('a', 50), ...ICS })).status, 204);
  assert.equal((await call('GET', `${CALENDAR}a.ics`)).status, 200);
  assert.equal((await call('MOVE', `${CALENDAR}a.ics`, { headers: { destination: `${CALENDAR}d.ics` } })).status, 201);
  assert.equal((await call('DELETE', `${CALENDAR}b.ics`)).status, 204);
  const body = '<propfind xmlns="DAV:"><prop><quota-available-bytes/></prop></propfind>';
  const available = async () =>
    /available-bytes>(\d+)</.exec(await (await call('PROPFIND', HOME, { body })).text())?.[1];
  assert.equal(await available(), '0');
  assert.equal(await look(50 * GIB), 'ok');
  assert.equal(await available(), String(50 * GIB));
  assert.equal((await call('PUT', `${CALENDAR}c.ics`, { body: eventOf('c'), ...ICS })).status, 201);
});

test('below the hard limit a phone’s Add has status 9 while its other commands go on, and SendMail 113', async (t) => {
  const server = await launch(t);
  const { device, phone, id } = await phoneWith(server, 'contacts');
  const [first] = (await phone.sync([{ id, xml: contact('c1', 'Ada') }])).collections;
  const { serverId, status } = first!.responses[0]!;
  assert.equal(status, 1);
  assert.equal(await server.look(9 * GIB), 'full');
  const both = contact('c2', 'Bob').replace(
    '</Commands>',
    `<Delete><ServerId>${serverId}</ServerId></Delete></Commands>`,
  );
  const [told] = (await phone.sync([{ id, xml: both }])).collections;
  assert.deepEqual(
    told!.responses.map((response) => [response.clientId, response.status]),
    [['c2', 9]],
  );
  const { items } = await server.administration.exportPage({
    ...{ address: server.address, folderId: Number(id), after: null },
  });
  assert.equal(items.length, 0, 'the deletion was done');
  assert.match((await device.post('SendMail', sendMail('m1'))).xml, /<Status>113<\/Status>/);
  const folder = `<FolderCreate xmlns="FolderHierarchy:"><SyncKey>1</SyncKey><ParentId>0</ParentId><DisplayName>New</DisplayName><Type>12</Type></FolderCreate>`;
  assert.doesNotMatch((await device.post('FolderCreate', folder)).xml, /<Status>1<\/Status>/);
  await server.look(50 * GIB);
  const [later] = (await phone.sync([{ id, xml: contact('c3', 'Bob') }])).collections;
  assert.equal(later!.responses[0]!.status, 1);
  assert.equal((await device.post('SendMail', sendMail('m2'))).status, 200);
});

test('below the hard limit LMTP says 452 for a recipient and for a message that was on its way (RFC 5321 §4.2.2)', async (t) => {
  const { lmtp, look, inbox } = await launch(t);
  const early = await lmtp();
  await early.begin();
  assert.match(await early.send('RCPT TO:<ann@example.org>'), /^250 /);
  await look(9 * GIB);
  const late = await lmtp();
  await late.begin();
  assert.match(await late.send('RCPT TO:<ann@example.org>'), /^452 .*disk/);
  assert.match((await early.data('Subject: x\r\n\r\n', 1))[0]!, /^452 .*disk/);
  await look(50 * GIB);
  const again = await lmtp();
  await again.begin();
  assert.match(await again.send('RCPT TO:<ann@example.org>'), /^250 /);
  assert.match((await again.data('Subject: x\r\n\r\n', 1))[0]!, /^250 /);
  assert.equal((await inbox()).length, 1);
});

test('below the hard limit nobody is added, half a mailbox is not left, and an import is refused with a sentence', async (t) => {
  const { administration, address, look, folderOf, data } = await launch(t);
  const db = new DatabaseSync(join(data, 'causeway.db'), { readOnly: true });
  t.after(() => db.close());
  const mailboxes = () => db.prepare('SELECT mailbox_id FROM mailbox').all().length;
  const before = mailboxes();
  await look(9 * GIB);
  const user = { address: 'bob@example.org', password: 'secret', isAdmin: false, displayName: null };
  await assert.rejects(administration.userAdd(user), { code: 'storage-full', message: /hard limit/ });
  assert.equal(mailboxes(), before);
  const { id: folderId } = await folderOf('calendar');
  const entries = [{ content: Buffer.from(eventOf('i')), contentType: 'text/calendar' }];
  await assert.rejects(administration.importBatch({ address, folderId, entries }), { message: /hard limit/ });
  await look(50 * GIB);
  assert.equal((await administration.userAdd(user)).address, 'bob@example.org');
});

test('little space is told in the log, in the overview, at /metrics, and by one mail to administrators alone', async (t) => {
  const { administration, look, logged, inbox, url } = await launch(t);
  await look(15 * GIB);
  await look(14 * GIB);
  const [line, ...more] = logged.find('little disk space is left');
  assert.deepEqual([line?.level, more.length], ['warn', 0]);
  assert.equal((await administration.overview({})).disk?.state, 'low');
  const metrics = await (await fetch(new URL('/metrics', url))).text();
  assert.match(metrics, /^causeway_disk_free_bytes 15032385536$/m);
  assert.match(metrics, /^causeway_disk_state 1$/m);
  const mails = await inbox('admin@example.org');
  assert.equal(mails.length, 1);
  assert.match(mails[0]!, /^Subject: mail\.example\.org: little disk space is left\r$/m);
  assert.match(mails[0]!, /15 GiB of 100 GiB free/);
  assert.match(mails[0]!, /^Auto-Submitted: auto-generated\r$/m);
  assert.deepEqual(await inbox(), []);
  await look(9 * GIB);
  assert.match((await inbox('admin@example.org')).join('\n'), /the disk is full, nothing more is taken/);
});

test('a quota refuses over the wire: DAV 507, Sync 9, SendMail 113, LMTP 452 and 552', async (t) => {
  const server = await launch(t);
  const { administration, address, call, lmtp } = server;
  const { device, phone, id } = await phoneWith(server, 'contacts');
  assert.equal((await call('PUT', `${CALENDAR}a.ics`, { body: eventOf('a'), ...ICS })).status, 201);
  const set = await administration.userQuotaSet({ address, bytes: null, items: 1 });
  assert.deepEqual([set.share, set.isWarned], [1, true]);
  const refused = await call('PUT', `${CALENDAR}b.ics`, { body: eventOf('b'), ...ICS });
  assert.equal(refused.status, 507);
  assert.match(await refused.text(), /<D:quota-not-exceeded\/>/);
  const [told] = (await phone.sync([{ id, xml: contact('c', 'Ada') }])).collections;
  assert.equal(told!.responses[0]!.status, 9);
  assert.match((await device.post('SendMail', sendMail('m'))).xml, /<Status>113<\/Status>/);
  const full = await lmtp();
  await full.begin();
  assert.match(await full.send('RCPT TO:<ann@example.org>'), /^452 4\.2\.2 .*full/);
  await administration.userQuotaSet({ address, bytes: 1000, items: 'none' });
  const large = await lmtp();
  await large.begin('them@elsewhere.example', ' SIZE=2000');
  assert.match(await large.send('RCPT TO:<ann@example.org>'), /^552 5\.2\.2 .*larger than the whole mailbox/);
  const body = '<propfind xmlns="DAV:"><prop><quota-available-bytes/><quota-used-bytes/></prop></propfind>';
  const text = await (await call('PROPFIND', HOME, { body })).text();
  const used = Number(/quota-used-bytes>(\d+)</.exec(text)?.[1]);
  assert.equal(Number(/quota-available-bytes>(\d+)</.exec(text)?.[1]), 1000 - used);
});

test('the quotas of everybody and of a domain hold for users who are there and for those who come', async (t) => {
  const { administration, call } = await launch(t);
  const quota = { everybody: { bytes: 10, items: null }, domains: { 'other.example': { bytes: null, items: 3 } } };
  await administration.watchSet({ watch: { ...LIMITS, quota } });
  assert.equal((await call('PUT', `${CALENDAR}a.ics`, { body: eventOf('a'), ...ICS })).status, 507);
  const user = { password: 'secret', isAdmin: false, displayName: null };
  await administration.userAdd({ address: 'bob@other.example', ...user });
  await administration.userAdd({ address: 'eve@example.org', ...user });
  const quotaOf = async (address: string) => (await administration.usageShow({ address })).quota;
  assert.deepEqual(await quotaOf('bob@other.example'), { bytes: null, items: 3 });
  assert.deepEqual(await quotaOf('eve@example.org'), { bytes: 10, items: null });
});

test('whoever is at 90 % finds a warning in the Inbox, also when nothing else fits, and one alone', async (t) => {
  const minutely: (() => void)[] = [];
  const clock: Clock = {
    ...SYSTEM_CLOCK,
    after(ms, callback) {
      if (ms !== 60_000) return SYSTEM_CLOCK.after(ms, callback);
      minutely.push(callback);
      return () => undefined;
    },
  };
  const { administration, address, inbox, lmtp, logged } = await launchWhole(t, { clock });
  await administration.userQuotaSet({ address, bytes: 0, items: null });
  const minute = async () => {
    for (const callback of minutely.splice(0)) callback();
    await new Promise((resolve) => setImmediate(resolve));
  };
  for (let tries = 0; tries < 200 && (await inbox()).length === 0; tries += 1) await minute();
  await minute();
  const mails = await inbox();
  assert.equal(mails.length, 1);
  assert.match(mails[0]!, /^Subject: Your mailbox is full\r$/m);
  assert.equal(logged.find('notice delivered').length, 1);
  const more = await lmtp();
  await more.begin();
  assert.match(await more.send('RCPT TO:<ann@example.org>'), /^452 /);
  assert.deepEqual(await inbox('admin@example.org'), []);
});
