import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { MOST_VERSION_LINES } from '../../src/admin/cli/conflict-text.ts';
import { createAdministration } from '../../src/admin/create-administration.ts';
import { DEVICE_ACCESS_SETTING } from '../../src/config/device-access.ts';
import { CLIENT_ORIGIN } from '../../src/domain/mailbox.ts';
import { SILENT_LOG } from '../../src/observe/log.ts';
import { registered } from '../contract/device-register.ts';
import { activityOver } from '../devices/activity-scene.ts';
import { fakeClock } from '../support/fake-clock.ts';
import { ANN, adminBench, inFolder } from './bench.ts';
import { cliBench } from './cli-bench.ts';

const OWNER = 'ann@example.org';

/** Ann with a phone and a tablet, Bob with nothing; whose waiting requests were ended is noted. */
async function benchWithDevices() {
  const ended: string[] = [];
  const bench = adminBench({ endRequests: (_mailbox, device) => void ended.push(device) });
  await bench.administration.userAdd(ANN);
  await bench.administration.userAdd({ ...ANN, address: 'bob@other.example' });
  const { mailboxId } = (await bench.stores.directory.user('ann', 'example.org'))!;
  await bench.stores.syncState.write(mailboxId, CLIENT_ORIGIN, async (tx) => {
    await tx.putDevice(registered('phone', OWNER, 20, { type: 'iPhone', information: { Model: 'iPhone7C2' } }));
    await tx.putDevice(registered('tablet', OWNER, 10, { type: 'iPad' }));
  });
  return { ...cliBench(bench), ended };
}

test('"device list" without an address is over all users, and takes words, access, protocol and domain', async () => {
  const { causeway } = await benchWithDevices();
  for (const [line, expected] of [
    [[], ['PHONE', 'TABLET']],
    [['--search', 'iphone7 example'], ['PHONE']],
    [['--access', 'blocked'], []],
    [
      ['--protocol', 'activesync', '--domain', 'Example.org'],
      ['PHONE', 'TABLET'],
    ],
    [['--domain', 'other.example'], []],
    [['bob@other.example'], []],
  ] as const) {
    const { out } = await causeway(['device', 'list', ...line, '--json']);
    assert.deepEqual(
      JSON.parse(out).map(({ device }: { device: string }) => device),
      expected,
      line.join(' '),
    );
  }
  assert.equal((await causeway(['device', 'list', '--access', 'odd'])).code, 2);
});

test('"device block", "device allow" and "device by-rules" decide, and say so in "device show"', async () => {
  const { causeway, ended } = await benchWithDevices();
  const { out } = await causeway(['device', 'block', OWNER, 'Phone', '--why', 'lost']);
  assert.deepEqual([out, ended], ['Phone is blocked\n', ['phone']]);
  const shown = (await causeway(['device', 'show', OWNER, 'phone'])).out;
  assert.match(shown, /^access: {9}blocked, by cli, .*, lost$/m);
  assert.match(shown, /^Model: {10}iPhone7C2$/m);
  assert.equal((await causeway(['device', 'allow', OWNER, 'phone'])).out, 'phone is allowed\n');
  await causeway(['device', 'block', OWNER, 'phone']);
  assert.equal((await causeway(['device', 'by-rules', OWNER, 'phone'])).out, 'phone is allowed\n');
  const details = JSON.parse((await causeway(['device', 'show', OWNER, 'phone', '--json'])).out);
  assert.deepEqual([details.decision.by, details.decision.who], ['rule', null]);
  for (const word of ['block', 'allow', 'by-rules', 'show', 'resync']) {
    assert.equal((await causeway(['device', word, OWNER, 'other'])).code, 2);
    assert.equal((await causeway(['device', word, OWNER])).code, 2);
  }
});

test('"access set" takes a file, decides about every device and ends what refused ones wait for', () =>
  inFolder(async (folder) => {
    const { causeway, ended } = await benchWithDevices();
    const file = join(folder, 'access.json');
    const set = async (access: unknown) => {
      await writeFile(file, JSON.stringify(access));
      return causeway(['access', 'set', '--file', file]);
    };
    const rules = [{ match: { group: 'staff', type: 'iphone' }, access: 'allow', why: '' }];
    const unknown = await set({ rules });
    assert.equal(unknown.code, 2);
    assert.match(unknown.err, /there is no group "staff"/);
    assert.equal(
      (await causeway(['group', 'set', 'staff', 'ANN@example.org'])).out,
      'group staff: 1 user; 0 devices changed\n',
    );
    const { out } = await set({ rules, default: 'quarantine' });
    assert.equal(out, 'access rules set: 1, else quarantine; 1 device changed\n');
    assert.deepEqual(ended, ['tablet']);
    assert.match((await causeway(['device', 'list', '--access', 'quarantined'])).out, /TABLET/);
    assert.deepEqual(JSON.parse((await causeway(['access', 'show', '--json'])).out).rules, rules);
    assert.equal((await causeway(['group', 'list'])).out, 'staff  ann@example.org\n');
    const used = await causeway(['group', 'set', 'staff']);
    assert.equal(used.code, 2);
    assert.match(
      used.err,
      /The group "staff" cannot be removed: access rule 1 is about it. Change or remove that first/,
    );
    await set({ default: 'quarantine' });
    assert.equal((await causeway(['group', 'set', 'staff'])).out, 'group staff: removed; 0 devices changed\n');
    assert.deepEqual(JSON.parse((await causeway(['group', 'list', '--json'])).out), {});
    assert.equal((await causeway(['group', 'set', '/x', OWNER])).code, 2);
  }));

test('"access show" prints the rules in the order in which they decide, and one reason is one line', async () => {
  const { causeway, administration } = await benchWithDevices();
  const show = async () => (await causeway(['access', 'show'])).out;
  assert.equal(
    await show(),
    'default:           allow\nmaximum per user:  none\nrules:             none\nprotocols:         none\n',
  );
  await administration.groupSet({ name: 'staff', users: [OWNER] });
  const rules = [
    { match: { group: 'staff', type: 'iPhone, "old"' }, access: 'quarantine', approval: 'user' },
    { match: { os: 'Android 4*' }, access: 'block', why: 'too old\n  3. everything → allow' },
  ];
  const protocols = [
    { match: { user: OWNER, protocol: 'webdav' }, on: true },
    { match: {}, on: false },
  ];
  await administration.accessSet({ access: { rules, default: 'quarantine', maximumPerUser: 5, protocols } });
  assert.equal(
    await show(),
    `default:           quarantine, approval by administrator
maximum per user:  5
rules:
  1. type "iPhone, \\"old\\"", group "staff" → quarantine, approval by user
  2. os "Android 4*" → block: too old 3. everything → allow
protocols:
  1. user "ann@example.org", protocol "webdav" → on
  2. everything → off
`,
  );
});

test('what "access show --json" prints is what "access set" takes', () =>
  inFolder(async (folder) => {
    const { causeway, administration } = await benchWithDevices();
    const rules = [{ match: { os: 'Android 4*' }, access: 'quarantine', approval: 'user', why: 'too old' }];
    const protocols = [{ match: { user: OWNER }, on: false }];
    const { access } = await administration.accessSet({ access: { rules, maximumPerUser: 2, protocols } });
    const file = join(folder, 'rules.json');
    await writeFile(file, (await causeway(['access', 'show', '--json'])).out);
    await administration.accessSet({ access: {} });
    assert.equal((await causeway(['access', 'set', '--file', file])).code, 0);
    assert.deepEqual((await administration.accessShow({})).access, access);
  }));

test('what is stored and no set of rules is told by "access show", and nothing refused is stored', async () => {
  const { causeway, stores } = await benchWithDevices();
  await assert.rejects(cliBench().administration.accessSet({ access: { default: 'x' } }), { code: 'object-invalid' });
  await stores.directory.setSetting(DEVICE_ACCESS_SETTING, { default: 'x' }, 'somebody');
  const { code, out, err } = await causeway(['access', 'show']);
  assert.deepEqual([code, out, err], [1, '', 'default is none of allow, quarantine, block\n']);
});

test('"device conflict-rule" sets and takes away the rule of a device, a user or a domain', async () => {
  const { causeway } = await benchWithDevices();
  const inForce = async () => {
    const { out } = await causeway(['device', 'show', OWNER, 'phone', '--json']);
    return JSON.parse(out).conflictRuleInForce;
  };
  for (const [line, expected] of [
    [['--domain', 'example.org', 'merge'], 'merge'],
    [[OWNER, 'keep-both'], 'keep-both'],
    [[OWNER, 'phone', 'client-wins'], 'client-wins'],
    [[OWNER, 'phone', 'none'], 'keep-both'],
    [[OWNER, 'none'], 'merge'],
    [['--domain', 'example.org', 'none'], null],
  ] as const) {
    assert.equal((await causeway(['device', 'conflict-rule', ...line])).code, 0);
    assert.equal(await inForce(), expected);
  }
  for (const line of [[], ['merge'], [OWNER, 'odd'], ['--domain', 'x', OWNER, 'merge'], [OWNER, 'a', 'b', 'merge']]) {
    assert.equal((await causeway(['device', 'conflict-rule', ...line])).code, 2, line.join(' '));
  }
});

test('"conflict list" and "conflict restore" want a user and a number', async () => {
  const { causeway } = await benchWithDevices();
  assert.deepEqual(await causeway(['conflict', 'list', OWNER]), { out: '', err: '', code: 0 });
  assert.equal((await causeway(['conflict', 'restore', OWNER])).code, 2);
  assert.match((await causeway(['conflict', 'restore', OWNER, '4'])).err, /There is no conflict 4/);
});

/** Ann with three events that lost a conflict: one that differs in its summary, one that is gone, one with a large picture. */
async function benchWithConflicts() {
  const bench = await benchWithDevices();
  const { administration, stores, clock } = bench;
  const { mailboxId } = (await stores.directory.user('ann', 'example.org'))!;
  const calendar = (await stores.syncState.read(mailboxId).folders()).find(({ role }) => role === 'calendar')!;
  await administration.importBatch({
    ...{ address: OWNER, folderId: calendar.id },
    entries: [{ content: Buffer.from(event('Lunch')), contentType: 'text/calendar', name: 'lunch.ics' }],
  });
  const [item] = (await administration.exportPage({ address: OWNER, folderId: calendar.id, after: null })).items;
  const picture = Array.from({ length: MOST_VERSION_LINES + 2 }, (_, at) => `X-LINE-${at}:${'😀'.repeat(300)}`);
  await stores.syncState.write(mailboxId, CLIENT_ORIGIN, async (tx) => {
    for (const [itemId, summary] of [
      [item!.id, 'Dinner \u009b31m\u202eetal'],
      [item!.id + 1_000, 'Gone'],
      [item!.id, `Lunch\r\n${picture.join('\r\n')}`],
    ] as const) {
      const version = { contentType: 'text/calendar', content: Buffer.from(event(summary)) };
      const about = { device: 'phone', at: clock.now(), side: 'client', rule: 'server-wins' } as const;
      await tx.keepConflictLoser({ ...version, ...about, folderId: calendar.id, itemId });
    }
  });
  return bench;
}

function event(summary: string): string {
  const lines = ['UID:lunch', 'DTSTAMP:20260101T000000Z', 'DTSTART:20260102T120000Z', `SUMMARY:${summary}`];
  const head = ['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//x//y//EN', 'BEGIN:VEVENT'];
  return [...head, ...lines, 'END:VEVENT', 'END:VCALENDAR', ''].join('\r\n');
}

test('"conflict list" shows in what the two versions differ, plain for terminals, and --json both of them whole', async () => {
  const { causeway } = await benchWithConflicts();
  const { out } = await causeway(['conflict', 'list', OWNER]);
  const [large, gone, differs, ...more] = out.split(/^(?=\d)/m);
  assert.deepEqual(more, []);
  assert.match(
    differs!,
    /^1 {2}.* {2}PHONE {2}.* {2}client lost {2}server-wins {2}the item is there\n {2}lost:\n {4}SUMMARY:Dinner \\u009b31m\\u202eetal\n {2}present:\n {4}SUMMARY:Lunch\n$/,
  );
  assert.match(
    gone!,
    /the item is gone\n {2}lost:\n {4}BEGIN:VCALENDAR\n(?: {4}.*\n)* {4}END:VCALENDAR\n {2}present: none\n$/,
  );
  const shown = large!.match(/^ {4}X-LINE-\d+:.*$/gm)!;
  assert.equal(shown.length, MOST_VERSION_LINES);
  assert.ok(shown.every((line) => /^ {4}X-LINE-\d+:(😀)+…$/u.test(line)));
  assert.ok(large!.endsWith('    and 2 more lines\n  present: no line that the other one has not\n'));
  const whole = JSON.parse((await causeway(['conflict', 'list', OWNER, '--json'])).out);
  assert.deepEqual(
    whole.map(({ lost }: { lost: string }) => lost.includes(`X-LINE-${MOST_VERSION_LINES + 1}:`)),
    [true, false, false],
  );
  assert.match(whole[2].present, /SUMMARY:Lunch/);
});

test('an owner lets in a device where the rule leaves it to them, and no other', async () => {
  const { administration, causeway, stores } = await benchWithDevices();
  const approve = (device: string) => administration.deviceApprove({ address: 'Ann@example.org', device });
  const rules = [{ match: { type: 'iPhone' }, access: 'quarantine', approval: 'user' }];
  await administration.accessSet({ access: { rules, default: 'quarantine' } });
  const status = async (device: string) => (await administration.deviceShow({ address: OWNER, device })).status;
  assert.equal(await status('phone'), 'waits until its user lets it in');
  assert.equal(await status('tablet'), 'waits until an administrator lets it in');
  await assert.rejects(approve('tablet'), { code: 'access-denied', message: /waits for an administrator/ });
  const { by, who, state } = await approve('phone');
  assert.deepEqual([by, who, state], ['user', OWNER, 'allowed']);
  assert.equal((await approve('phone')).by, 'user');
  await administration.deviceDecide({ address: OWNER, device: 'phone', access: 'blocked', why: 'lost' });
  await assert.rejects(approve('phone'), { code: 'access-denied', message: /is blocked/ });
  await administration.deviceDecide({ address: OWNER, device: 'phone', access: null, why: '' });
  assert.equal((await causeway(['device', 'approve', OWNER, 'phone'])).out, 'phone is allowed\n');
  await administration.accessSet({ access: { default: 'block' } });
  const { mailboxId } = (await stores.directory.user('ann', 'example.org'))!;
  assert.equal((await stores.syncState.read(mailboxId).deviceByAlias('phone'))!.access?.state, 'blocked');
  assert.equal((await causeway(['device', 'approve', OWNER, 'phone'])).code, 2);
});

test('"device show" tells the errors of a device, how it waits, and whose policy is in force', async () => {
  const bench = adminBench();
  const { activity } = activityOver(bench.stores, { clock: fakeClock(60_000) });
  await bench.administration.userAdd(ANN);
  const { mailboxId } = (await bench.stores.directory.user('ann', 'example.org'))!;
  const phone = registered('phone', OWNER, 1, { type: 'iPhone' });
  await bench.stores.syncState.write(mailboxId, CLIENT_ORIGIN, (tx) => tx.putDevice(phone));
  const [inbox] = await bench.stores.mailboxes.read(mailboxId).folders();
  const serving = createAdministration({ ...bench, log: SILENT_LOG, activity });
  const { causeway, administration } = cliBench({ ...bench, administration: serving });
  activity.noteError(mailboxId, 'phone', 'Sync, status 143: out of date');
  activity.noteWait(mailboxId, 'phone', 480)({ kind: 'changed', folders: [inbox!.id] });
  activity.noteWait(mailboxId, 'phone', 600);
  const { out } = await causeway(['device', 'show', OWNER, 'phone']);
  for (const line of [
    'status:         waits for changes',
    'kind:           phone',
    'policy:         none fetched; in force: that of everybody',
    'push:           waits, since 1970-01-01 00:01, heartbeat 600 s',
    `woken:          1970-01-01 00:01, something changed in ${inbox!.displayName ?? inbox!.name}`,
    'error:          1970-01-01 00:01, Sync, status 143: out of date',
  ]) {
    assert.ok(out.includes(`${line}\n`), `${line} in\n${out}`);
  }
  const query = { address: null, text: null, domain: null, protocol: null, access: null, after: null } as const;
  const { devices } = await administration.deviceList({ ...query, order: 'contact', limit: 5 });
  const { kind, status, lastError } = devices[0]!;
  assert.deepEqual([kind, status, lastError?.what], ['phone', 'waits for changes', 'Sync, status 143: out of date']);
  await activity.flush();
  const {
    errors,
    push,
    status: afterwards,
  } = await bench.administration.deviceShow({ address: OWNER, device: 'phone' });
  assert.deepEqual(
    [errors[0]?.what, push.state, push.wakeUps.length, afterwards],
    ['Sync, status 143: out of date', 'away', 1, 'its last request failed'],
    'without a server what is written down is shown',
  );
  await administration.deviceRemove({ address: OWNER, device: 'phone' });
  await bench.stores.syncState.write(mailboxId, CLIENT_ORIGIN, (tx) => tx.putDevice(phone));
  assert.deepEqual((await administration.deviceShow({ address: OWNER, device: 'phone' })).errors, []);
});
