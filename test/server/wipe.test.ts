import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { Clock } from '../../src/domain/clock.ts';
import { SYSTEM_CLOCK } from '../../src/server/system-clock.ts';
import type { WipeState } from '../../src/store/device-store.ts';
import { provision, said, statusOf } from '../protocols/activesync/wipe/scene.ts';
import { Phone } from '../support/eas/phone.ts';
import { startWhole } from './support/whole.ts';

const ANN = 'ann@example.org';
const OLD = 'the first password';
const NEW = 'the second password';
const FOLDER_SYNC = '<FolderSync xmlns="FolderHierarchy:"><SyncKey>0</SyncKey></FolderSync>';
const EMPTY = '<Provision xmlns="Provision:"/>';
const EVENT = (uid: string) =>
  [
    ...['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//t//t//EN', 'BEGIN:VEVENT', `UID:${uid}`],
    ...['DTSTAMP:20260101T000000Z', 'DTSTART:20260105T100000Z', 'SUMMARY:Secret', 'END:VEVENT', 'END:VCALENDAR', ''],
  ].join('\r\n');

/** The whole server with Ann, and its administration over the socket. */
async function launch(t: TestContext, clock: Clock = SYSTEM_CLOCK) {
  const { administration, logged, origin } = await startWhole(t, { clock });
  await administration.userAdd({ address: ANN, password: OLD, isAdmin: false, displayName: null });
  const phone = (password = OLD, deviceId = 'PHONE1') => new Phone({ origin, user: ANN, password, deviceId });
  return { administration, logged, origin, phone };
}

type Launched = Awaited<ReturnType<typeof launch>>;

/** A program that says its name and speaks DAV. */
function program({ origin }: Launched, agent = 'Organiser/1.0', password = OLD) {
  const authorization = `Basic ${Buffer.from(`${ANN}:${password}`).toString('base64')}`;
  return async (method: string, path: string, body: string | null = null, headers: Record<string, string> = {}) => {
    const answer = await fetch(`${origin}${path}`, {
      ...{ method, body },
      headers: { Authorization: authorization, 'User-Agent': agent, ...headers },
    });
    return { status: answer.status, headers: answer.headers, text: await answer.text() };
  };
}

const CALENDAR = '/calendars/example.org/ann/Calendar/';
const CONTACTS = '/addressbooks/example.org/ann/Contacts/';
const PROPS = '<propfind xmlns="DAV:"><prop><getetag/></prop></propfind>';
const CTAG =
  '<propfind xmlns="DAV:" xmlns:s="http://calendarserver.org/ns/"><prop><s:getctag/><sync-token/></prop></propfind>';
const changesSince = (token: string) =>
  `<sync-collection xmlns="DAV:"><sync-token>${token}</sync-token><sync-level>1</sync-level><prop><getetag/></prop></sync-collection>`;
const hrefsIn = (text: string) =>
  [...text.matchAll(/<D:href>([^<]*\.(?:ics|vcf))<\/D:href>/g)].map(([, href]) => href!);

async function until({ administration }: Launched, device: string, state: WipeState): Promise<void> {
  for (;;) {
    const { wipe } = await administration.deviceShow({ address: ANN, device });
    if (wipe === state) return;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

test('a device fetches and acknowledges its wipe with the password that was changed first, and gets nothing else by it', async (t) => {
  const launched = await launch(t);
  const { administration, logged } = launched;
  const device = { address: ANN, device: 'PHONE1' };
  const phone = launched.phone();
  await provision(phone);
  await administration.userPasswd({ address: ANN, password: NEW });
  assert.equal((await phone.post('FolderSync', FOLDER_SYNC)).status, 401, 'nobody asked for a wipe yet');
  await administration.wipeStart({ ...device, kind: 'full', why: 'lost' });
  assert.equal(statusOf(await phone.post('FolderSync', FOLDER_SYNC)), '140');
  assert.equal((await program(launched, 'PHONE1', OLD)('PROPFIND', CALENDAR)).status, 401, 'no other door');
  assert.equal((await phone.post('FolderSync', null, { method: 'OPTIONS' })).status, 200);
  assert.equal((await phone.post('FolderSync', null, { method: 'GET' })).status, 401);
  assert.equal((await launched.phone(OLD, 'ANOTHER').post('FolderSync', FOLDER_SYNC)).status, 401, 'no other device');
  assert.equal((await launched.phone('a guess').post('Provision', EMPTY)).status, 401, 'a wrong password');
  assert.match((await phone.post('Provision', EMPTY)).xml, /RemoteWipe/);
  assert.equal(statusOf(await phone.post('Provision', said(1))), '1');
  assert.equal((await administration.deviceShow(device)).wipe, 'acknowledged');
  assert.equal((await phone.post('Provision', EMPTY)).status, 401, 'the old password is good for nothing any more');
  assert.equal(statusOf(await launched.phone(NEW).post('FolderSync', FOLDER_SYNC)), '129');
  assert.equal((await launched.phone(NEW, 'ANOTHER').post('FolderSync', FOLDER_SYNC)).status, 200);
  assert.deepEqual(
    logged.find('device was wiped').map(({ user, address, why }) => [user, address, why]),
    [[ANN, '127.0.0.1', 'lost']],
  );
});

test('the old password stays good for the wipe through several changes, and not once the device came with a newer one', async (t) => {
  const launched = await launch(t);
  const { administration } = launched;
  const device = { address: ANN, device: 'PHONE1' };
  await provision(launched.phone());
  await administration.userPasswd({ address: ANN, password: NEW });
  await administration.userPasswd({ address: ANN, password: 'the third password' });
  await administration.wipeStart({ ...device, kind: 'full', why: 'lost' });
  assert.equal(statusOf(await launched.phone().post('FolderSync', FOLDER_SYNC)), '140');
  assert.equal((await launched.phone(NEW).post('FolderSync', FOLDER_SYNC)).status, 401, 'it never came with that one');
  assert.equal(statusOf(await launched.phone('the third password').post('FolderSync', FOLDER_SYNC)), '140');
  assert.equal((await launched.phone().post('FolderSync', FOLDER_SYNC)).status, 401);
});

test('guesses at the password of a device with a wipe lock it like any others', async (t) => {
  const launched = await launch(t);
  await provision(launched.phone());
  await launched.administration.wipeStart({ address: ANN, device: 'PHONE1', kind: 'full', why: 'lost' });
  const statuses: number[] = [];
  for (let n = 0; n < 6; n += 1) statuses.push((await launched.phone(`guess ${n}`).post('Provision', EMPTY)).status);
  assert.equal(statuses[0], 401);
  assert.equal(statuses.at(-1), 429);
});

test('the server marks silent wipes by itself, once a day', async (t) => {
  let ahead = 0;
  const minute: (() => void)[] = [];
  const launched = await launch(t, {
    ...SYSTEM_CLOCK,
    now: () => SYSTEM_CLOCK.now() + ahead,
    // The daily work begins a minute after the start.
    after(ms, work) {
      if (ms === 60_000) minute.push(work);
      return SYSTEM_CLOCK.after(ms, work);
    },
  });
  const { administration, logged } = launched;
  await provision(launched.phone());
  await administration.wipeStart({ address: ANN, device: 'PHONE1', kind: 'full', why: 'lost' });
  ahead = 7 * 86_400_000;
  // Some begin the next minute at once.
  for (const work of minute.splice(0)) work();
  await until(launched, 'PHONE1', 'silent');
  assert.equal(logged.find('device does not answer its wipe').length, 1);
});

test('a user cannot be removed while a wipe of a device is not done', async (t) => {
  const launched = await launch(t);
  const { administration } = launched;
  const phone = launched.phone();
  await provision(phone);
  const device = { address: ANN, device: 'PHONE1' };
  await administration.wipeStart({ ...device, kind: 'full', why: 'leaves us' });
  await assert.rejects(administration.userRemove({ address: ANN }), /PHONE1: its wipe is not done.*cancel it/);
  await assert.rejects(administration.deviceRemove(device), /a wipe of it is under way/);
  await phone.post('Provision', EMPTY);
  await phone.post('Provision', said(1));
  await assert.rejects(administration.deviceRemove(device), /clear the wipe first/);
  await administration.userRemove({ address: ANN });
});

test('a DAV client is shown its folders emptied, may not write, and is refused once it has seen it; nobody else sees a difference', async (t) => {
  const launched = await launch(t);
  const { administration, logged } = launched;
  const [mine, other] = [program(launched), program(launched, 'Other/2.0')];
  for (const uid of ['a', 'b']) assert.equal((await mine('PUT', `${CALENDAR}${uid}.ics`, EVENT(uid))).status, 201);
  const token = /<D:sync-token>([^<]+)/.exec((await mine('PROPFIND', CALENDAR, CTAG, { Depth: '0' })).text)![1]!;
  for (const ask of [mine, other])
    for (const folder of [CALENDAR, CONTACTS]) await ask('PROPFIND', folder, PROPS, { Depth: '1' });
  const before = await other('PROPFIND', CALENDAR, PROPS, { Depth: '1' });
  const device = { address: ANN, device: 'webdav:organiser' };
  const forecast = await administration.wipeForecast(device);
  assert.deepEqual([forecast.method, forecast.canBeRefusedAlone], ['drain', false]);
  assert.match(forecast.advice.join('\n'), /change the password/);
  assert.equal((await administration.wipeStart({ ...device, kind: 'full', why: 'sold' })).state, 'pending');

  const expired = await mine('REPORT', CALENDAR, changesSince(token));
  assert.equal(expired.status, 403);
  assert.match(expired.text, /valid-sync-token/);
  const fresh = await mine('REPORT', CALENDAR, changesSince(''));
  const [only, ...more] = hrefsIn(fresh.text);
  assert.deepEqual(more, []);
  const listed = await mine('PROPFIND', CALENDAR, PROPS, { Depth: '1' });
  assert.deepEqual(hrefsIn(listed.text), [only]);
  const ctag = await mine('PROPFIND', CALENDAR, CTAG, { Depth: '0' });
  assert.doesNotMatch(ctag.text, new RegExp(token));
  assert.equal((await mine('GET', `${CALENDAR}a.ics`)).status, 404);
  for (const [method, path, body] of [
    ['PUT', `${CALENDAR}new.ics`, EVENT('new')],
    ['PUT', only!, EVENT('new')],
    ['DELETE', only!, null],
    ['MKCALENDAR', '/calendars/example.org/ann/More/', null],
    [
      'PROPPATCH',
      CALENDAR,
      '<propertyupdate xmlns="DAV:"><set><prop><displayname>x</displayname></prop></set></propertyupdate>',
    ],
  ] as const) {
    const refused = await mine(method, path, body);
    assert.equal(refused.status, 403, `${method} ${path}`);
    if (method === 'PUT') assert.match(refused.text, /need-privileges.*This device was emptied/s);
  }
  assert.match((await mine('GET', only!)).text, /SUMMARY:This device was emptied/);
  assert.equal((await administration.deviceShow(device)).wipe, 'sent');
  await assert.rejects(administration.wipeCancel({ ...device, why: 'x' }), /cannot be taken back/);
  const [card] = hrefsIn((await mine('PROPFIND', CONTACTS, PROPS, { Depth: '1' })).text);
  assert.match((await mine('GET', card!)).text, /FN:This device was emptied/);
  await until(launched, 'webdav:organiser', 'acknowledged');
  const refused = await mine('PROPFIND', CALENDAR, PROPS, { Depth: '1' });
  assert.equal(refused.status, 403);
  assert.match(refused.text, /^This device was wiped/);
  assert.deepEqual((await other('PROPFIND', CALENDAR, PROPS, { Depth: '1' })).text, before.text);
  assert.equal(logged.find('device was wiped')[0]!.method, 'drain');
  await administration.wipeClear({ ...device, why: 'set up again' });
  assert.equal((await mine('REPORT', CALENDAR, changesSince(token))).status, 207);
});

test('an app password that was revoked first is good for its device’s wipe and nothing else; one that was not ends with the wipe', async (t) => {
  const launched = await launch(t);
  const { administration, logged } = launched;
  const device = { address: ANN, device: 'PHONE1' };
  const { entry, password } = await administration.appPasswordAdd({ address: ANN, label: 'Phone', protocols: null });
  await provision(launched.phone(password));
  await administration.appPasswordRevoke({ address: ANN, id: entry.id });
  assert.equal((await launched.phone(password).post('FolderSync', FOLDER_SYNC)).status, 401);
  await administration.wipeStart({ ...device, kind: 'full', why: 'lost' });
  assert.equal(statusOf(await launched.phone(password).post('FolderSync', FOLDER_SYNC)), '140');
  assert.equal((await launched.phone(password, 'ANOTHER').post('FolderSync', FOLDER_SYNC)).status, 401);
  assert.equal((await program(launched, 'x', password)('PROPFIND', CALENDAR)).status, 401);
  assert.match((await launched.phone(password).post('Provision', EMPTY)).xml, /RemoteWipe/);
  assert.equal(statusOf(await launched.phone(password).post('Provision', said(1))), '1');
  assert.equal((await launched.phone(password).post('Provision', EMPTY)).status, 401);

  const own = await administration.appPasswordAdd({ address: ANN, label: 'Calendar', protocols: null });
  const mine = program(launched, 'Organiser/1.0', own.password);
  await mine('PUT', `${CALENDAR}a.ics`, EVENT('a'));
  await mine('PROPFIND', CALENDAR, PROPS, { Depth: '1' });
  const client = { address: ANN, device: `webdav:organiser:${own.entry.id}` };
  const forecast = await administration.wipeForecast(client);
  assert.equal(forecast.canBeRefusedAlone, true);
  assert.doesNotMatch(forecast.advice.join(), /change the password/);
  await administration.wipeStart({ ...client, kind: 'full', why: 'sold' });
  const [only] = hrefsIn((await mine('PROPFIND', CALENDAR, PROPS, { Depth: '1' })).text);
  assert.match((await mine('GET', only!)).text, /This device was emptied/);
  await until(launched, client.device, 'acknowledged');
  assert.equal((await mine('PROPFIND', CALENDAR)).status, 401, 'its password is none any more');
  assert.equal((await program(launched)('PROPFIND', CALENDAR, PROPS)).status, 207, 'the account’s own goes on');
  assert.equal(logged.find('app password revoked').filter(({ why }) => why === 'its device was wiped').length, 1);
});

test('a DAV client is emptied with an app password that was revoked first', async (t) => {
  const launched = await launch(t);
  const { administration } = launched;
  const { entry, password } = await administration.appPasswordAdd({ address: ANN, label: 'x', protocols: null });
  const mine = program(launched, 'Organiser/1.0', password);
  await mine('PROPFIND', CALENDAR, PROPS, { Depth: '1' });
  const client = { address: ANN, device: `webdav:organiser:${entry.id}` };
  await administration.wipeStart({ ...client, kind: 'full', why: 'sold' });
  await administration.appPasswordRevoke({ address: ANN, id: entry.id });
  const [only] = hrefsIn((await mine('PROPFIND', CALENDAR, PROPS, { Depth: '1' })).text);
  assert.match((await mine('GET', only!)).text, /This device was emptied/);
  await until(launched, client.device, 'acknowledged');
  assert.equal((await mine('PROPFIND', CALENDAR)).status, 401);
});

test('a DAV client is emptied with the password that was changed first', async (t) => {
  const launched = await launch(t);
  const { administration } = launched;
  const mine = program(launched);
  await mine('PUT', `${CALENDAR}a.ics`, EVENT('a'));
  await mine('PROPFIND', CALENDAR, PROPS, { Depth: '1' });
  await administration.userPasswd({ address: ANN, password: NEW });
  await administration.wipeStart({ address: ANN, device: 'webdav:organiser', kind: 'full', why: 'sold' });
  assert.equal((await program(launched, 'Another/1')('PROPFIND', CALENDAR)).status, 401);
  const [only] = hrefsIn((await mine('PROPFIND', CALENDAR, PROPS, { Depth: '1' })).text);
  assert.match((await mine('GET', only!)).text, /This device was emptied/);
  await until(launched, 'webdav:organiser', 'acknowledged');
  assert.equal((await mine('PROPFIND', CALENDAR)).status, 401);
});
