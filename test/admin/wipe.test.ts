import assert from 'node:assert/strict';
import { test } from 'node:test';
import { easWipeAbility } from '../../protocols/activesync/wipe/wipe-ability.ts';
import { CLIENT_ORIGIN } from '../../src/domain/mailbox.ts';
import { actingFor } from '../../src/observe/acting.ts';
import type { Log } from '../../src/observe/log.ts';
import { type Device, NO_POLICY } from '../../src/store/device-store.ts';
import { ANN, adminBench } from './bench.ts';
import { cliBench } from './cli-bench.ts';

const PHONE = { address: 'ann@example.org', device: 'PHONE' };
const words = (line: string) => ['device', ...line.split(' ')];

/** Ann with an iPhone and a calendar program. */
async function scene() {
  const lines: { message: string; fields: Readonly<Record<string, unknown>> }[] = [];
  const write = (fields: Readonly<Record<string, unknown>>, message: string) => void lines.push({ message, fields });
  const log: Log = { debug: write, info: write, warn: write, error: write };
  const ended: string[] = [];
  const bench = adminBench({
    ...{ log, wipeAbilities: new Map([['activesync', easWipeAbility]]) },
    endRequests: (_, device) => void ended.push(device),
  });
  await bench.administration.userAdd(ANN);
  const { mailboxId } = (await bench.stores.directory.user('ann', 'example.org'))!;
  const put = (id: string, more: Partial<Device>) =>
    bench.stores.syncState.write(mailboxId, CLIENT_ORIGIN, (tx) =>
      tx.putDevice({
        ...{ id, aliases: [id], shownId: id.toUpperCase(), protocol: 'activesync', type: 'iPhone', agent: 'Apple' },
        ...{ version: '14.1', information: {}, firstSeenAt: 0, lastSeenAt: 0, remoteAddress: '192.0.2.1' },
        ...{ owner: 'ann@example.org', policy: { ...NO_POLICY, key: 7 }, ...more },
      }),
    );
  await put('phone', {});
  await put('webdav:organiser', { protocol: 'webdav', type: 'Organiser', shownId: 'webdav:organiser', version: null });
  const as = <T>(user: string, work: () => Promise<T>) => actingFor({ protocol: 'test', user, address: null }, work);
  return { ...cliBench(bench), lines, ended, put, as };
}

test('"device wipe-forecast" says what this very client erases and keeps, and what else has to be done', async () => {
  const { causeway, put } = await scene();
  const { out, code } = await causeway(words('wipe-forecast ann@example.org PHONE'));
  assert.equal(code, 0);
  assert.match(out, /^how: {4}full; can be asked for: full\n {8}not account: .*16\.1/);
  assert.match(out, /erases: Known of iPhones.*factory settings/);
  assert.match(out, /note: .*Nothing is erased before the client connects/);
  const cases: readonly [Partial<Device>, RegExp][] = [
    [{ type: 'Outlook', agent: 'Outlook-iOS-Android/1.0' }, /Known of Outlook.*this account in the app/],
    [{ type: 'PocketPC' }, /Known of Windows Mobile[\s\S]*Memory cards are not wiped/],
    [{ type: 'Android' }, /May be, where the mail program was made a device administrator/],
    [{ type: 'WindowsOutlook15', agent: 'Outlook/16.0' }, /May be nothing: Outlook on a computer/],
    [{ type: 'TbSync', agent: 'Thunderbird ActiveSync' }, /^how: {4}drain[\s\S]*Known of EAS-4-TbSync[\s\S]*orphaned/],
    [{ type: 'WindowsMail' }, /Mail program of Windows/],
    [{ type: 'Thing' }, /how this client understands a wipe is not known/],
    [{ policy: NO_POLICY }, /never fetched a policy/],
  ];
  for (const [facts, expected] of cases) {
    await put('phone', facts);
    assert.match((await causeway(words('wipe-forecast ann@example.org PHONE'))).out, expected);
  }
  const dav = JSON.parse((await causeway(words('wipe-forecast ann@example.org webdav:organiser --json'))).out);
  assert.deepEqual([dav.method, dav.canBeRefusedAlone, dav.needsSecondPerson], ['drain', false, false]);
});

test('"device wipe" begins it, ends what the device waits for, and says how to go on; "device wipes" lists it', async () => {
  const { causeway, lines, ended, clock } = await scene();
  assert.match((await causeway(words('wipe ann@example.org PHONE'))).err, /The reason is missing: --why TEXT/);
  const { out, code } = await causeway([...words('wipe ann@example.org PHONE --why'), 'lost on the train']);
  assert.equal(code, 0);
  assert.match(out, /^wipe of PHONE: pending \(full\), by cli\nhow: /);
  assert.deepEqual(ended, ['phone']);
  assert.match((await causeway(words('show ann@example.org PHONE'))).out, /will be wiped when it comes/);
  assert.deepEqual(
    lines
      .filter(({ message }) => message === 'device will be wiped')
      .map(({ fields }) => [fields.who, fields.why, fields.log]),
    [['cli', 'lost on the train', 'security']],
  );
  const at = new Date(clock.now()).toISOString().slice(0, 16).replace('T', ' ');
  const listed = `ann@example.org  PHONE  pending  full  ${at}  cli  -  -  -  lost on the train\n`;
  for (const line of ['wipes', 'wipes ann@example.org', 'wipes --state pending', 'wipes --domain EXAMPLE.org']) {
    assert.equal((await causeway(words(line))).out, listed, line);
  }
  assert.equal((await causeway(words('wipes --state sent'))).out, '');
  assert.match((await causeway(words('wipes --state gone'))).err, /--state is waiting-for-consent, pending/);
  const [json] = JSON.parse((await causeway(words('wipes --json'))).out);
  assert.deepEqual([json.device, json.wipe.state, json.wipe.why], ['PHONE', 'pending', 'lost on the train']);
  const again = await causeway([...words('wipe ann@example.org PHONE --why'), 'again']);
  assert.equal(again.code, 2);
  assert.match(again.err, /Not done for PHONE: it has a wipe already \(pending\)/);
});

test('"device wipe-cancel" takes it back, and "device show" shows what was', async () => {
  const { causeway, lines } = await scene();
  await causeway(words('wipe ann@example.org PHONE --why lost'));
  const { out } = await causeway(words('wipe-cancel ann@example.org PHONE --why found'));
  assert.equal(out, 'wipe of PHONE: cancelled (full), by cli\n');
  assert.ok(lines.some(({ message, fields }) => message === 'wipe of the device cancelled' && fields.why === 'found'));
  const shown = (await causeway(words('show ann@example.org PHONE'))).out;
  assert.match(shown, /wipe: +cancelled \(full\), asked .* by cli, sent -, ended .* by cli, lost\n/);
  const clear = await causeway(words('wipe-clear ann@example.org PHONE --why x'));
  assert.match(clear.err, /there is no wipe of it to clear/);
});

test('a second person consents where that is set, and it cannot be the first', async () => {
  const { causeway, administration, as, ended } = await scene();
  const set = await causeway(words('wipe-settings --second-person on --silent-after 3'));
  assert.equal(set.out, 'second person: on\nsilent after:  3 days\n');
  assert.equal((await causeway(words('wipe-settings'))).out, set.out);
  assert.equal((await administration.wipeForecast(PHONE)).needsSecondPerson, true);
  const begun = await causeway(words('wipe ann@example.org PHONE --why lost'));
  assert.match(begun.out, /^wipe of PHONE: waiting-for-consent[\s\S]*Another person has to consent/);
  assert.deepEqual(ended, []);
  const own = await causeway(words('wipe-consent ann@example.org PHONE'));
  assert.match(own.err, /cli asked for it, so somebody else has to consent/);
  const { state, consentBy } = await as('eve@example.org', () => administration.wipeConsent(PHONE));
  assert.deepEqual([state, consentBy, ended], ['pending', 'eve@example.org', ['phone']]);
});

test('settings that are none are refused with what is wrong', async () => {
  const { administration } = await scene();
  for (const [settings, reason] of [
    [{ silentAfterDays: 0 }, /silentAfterDays is a whole number from 1 to 365/],
    [{ silentAfterDays: 1.5 }, /whole number/],
    [{ secondPerson: 'yes' }, /secondPerson is true or false/],
    [{ other: 1 }, /there is no setting "other"/],
    [[], /it is no object/],
  ] as const) {
    await assert.rejects(administration.wipeSettingsSet({ settings }), reason);
  }
  assert.deepEqual(await administration.wipeSettingsShow(), { secondPerson: false, silentAfterDays: 7 });
});

test('wipes are listed page by page', async () => {
  const { administration, put } = await scene();
  for (let n = 0; n < 5; n += 1) {
    await put(`device${n}`, { lastSeenAt: n });
    await administration.wipeStart({ ...PHONE, device: `device${n}`, kind: 'full', why: 'sold' });
  }
  const found: string[] = [];
  let after: string | null = null;
  do {
    const query = { domain: null, address: null, state: null, after, limit: 2 };
    const page: Awaited<ReturnType<typeof administration.wipeList>> = await administration.wipeList(query);
    found.push(...page.wipes.map(({ device }) => device));
    after = page.next;
  } while (after !== null);
  assert.deepEqual(found, ['DEVICE4', 'DEVICE3', 'DEVICE2', 'DEVICE1', 'DEVICE0']);
});
