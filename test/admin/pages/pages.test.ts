import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { ALL_PAGES } from '../../../src/admin/pages/all-pages.ts';
import { matchPage } from '../../../src/admin/pages/match-page.ts';
import { DEVICE_SETTING_WORDS } from '../../../src/config/device-setting-words.ts';
import { DEVICE_SETTINGS } from '../../../src/config/device-settings.ts';
import { ADDRESSES, MY_ADDRESSES } from './addresses.ts';
import { addDevice, formsOf, PlainBrowser, startSite, textOf, withDevices } from './site.ts';

const PHONE = '/admin/devices/ann%40example.org/PHONE1';

async function visited(t: TestContext, who = 'root') {
  const site = await startSite(t);
  await withDevices(site);
  return { ...site, browser: await new PlainBrowser(site.origin).signIn(who) };
}

test('every page is looked at by these tests', () => {
  const seen = new Set(
    [...ADDRESSES, ...MY_ADDRESSES].map(([, address]) => matchPage(ALL_PAGES, address.split('?')[0]!)?.page),
  );
  assert.deepEqual(
    ALL_PAGES.filter((page) => !seen.has(page)).map(({ path }) => path),
    [],
  );
});

test('every page is there for who may do everything, has a heading, and shows what people wrote as text', async (t) => {
  const { browser } = await visited(t);
  for (const [, address] of ADDRESSES) {
    const { status, text } = await browser.get(address);
    assert.equal(status, 200, `${address}: ${textOf(text)}`);
    assert.match(text, /<h1>[^<]+<\/h1>/, address);
    assert.doesNotMatch(text, /<b>phone|Ann <Bell|undefined|\[object/, address);
  }
});

test('every page of the administration is refused to who has no role', async (t) => {
  const { browser } = await visited(t, 'ann');
  for (const [, address] of ADDRESSES.filter(([, path]) => path.startsWith('/admin'))) {
    assert.equal((await browser.get(address)).status, 403, address);
  }
});

test('who may only read sees no forms but the search; who has a domain does not see the server’s rules', async (t) => {
  const { browser: reader, origin } = await visited(t, 'reader');
  for (const [, address] of ADDRESSES) {
    const { text } = await reader.get(address);
    assert.deepEqual(
      formsOf(text).filter(({ values }) => values.do !== undefined),
      [],
      address,
    );
  }
  const dora = await new PlainBrowser(origin).signIn('domain');
  const { text } = await dora.get('/admin/devices');
  assert.doesNotMatch(text, /href="\/admin\/access"|name="domain"/);
  assert.equal((await dora.get('/admin/access')).status, 403);
});

test('the register is searched, filtered and read page by page', async (t) => {
  const site = await visited(t);
  const { browser } = site;
  const found = async (query: string) => textOf((await browser.get(`/admin/devices?${query}`)).text);
  assert.match(await found('text=pixel'), /Pixel 9 DROID bob@example.org/);
  assert.doesNotMatch(await found('text=pixel'), /ann@example.org/);
  assert.match(await found('access=blocked'), /Pixel 9/);
  assert.match(await found('protocol=webdav'), /DAVx5/);
  assert.match(await found('text=nothing'), /No device fits\. Show all devices/);
  for (let at = 0; at < 60; at += 1) await addDevice(site, 'bob', { id: `many${at}`, type: `Many ${at}` });
  const first = (await browser.get('/admin/devices?text=many')).text;
  const next = /<a href="([^"]+)" rel="next">/u.exec(first)![1]!.replaceAll('&#38;', '&');
  const second = (await browser.get(next)).text;
  const count = (text: string) => text.match(/data-label="Protocol"/gu)!.length;
  assert.deepEqual([count(first), count(second), / rel="next"/u.test(second)], [50, 10, false]);
});

test('a device: decided about, read anew, its rule set, its quarantine tried again and cleared, removed', async (t) => {
  const { browser, administration } = await visited(t);
  const show = () => administration.deviceShow({ address: 'ann@example.org', device: 'phone1' });
  const blocked = textOf((await browser.act(PHONE, 'decide', { access: 'blocked', why: 'stolen' })).text);
  assert.match(blocked, /The device is blocked now\..*blocked by root@example\.org, just now : “stolen”/);
  assert.match(textOf((await browser.act(PHONE, 'rule', { rule: 'keep-both' })).text), /In force: Both are kept/);
  assert.match(textOf((await browser.act(PHONE, 'resync')).text), /1 folder anew/);
  assert.equal((await show()).conflictRule, 'keep-both');
  const { text } = await browser.get(PHONE);
  assert.match(textOf(text), /Calendar/);
  assert.equal((await browser.act(PHONE, 'remove')).status, 200);
  await assert.rejects(show(), { code: 'item-not-found' });
});

test('a policy that was sent is shown as open until the device answered it', async (t) => {
  const site = await visited(t);
  const policy = { key: 5, offeredKey: 4, hash: 'x', offeredHash: 'x', answer: null };
  const shown = async (id: string) => textOf((await site.browser.get(`/admin/devices/ann%40example.org/${id}`)).text);
  await addDevice(site, 'ann', { id: 'asked', policy });
  await addDevice(site, 'ann', { id: 'answered', policy: { ...policy, answer: 1 } });
  assert.match(await shown('asked'), /not acknowledged yet/);
  assert.doesNotMatch(await shown('answered'), /not acknowledged yet/);
});

test('items in quarantine are tried again or done without, on the page of the device and of the user', async (t) => {
  const { browser, administration } = await visited(t);
  const page = '/admin/quarantine?address=ann@example.org';
  const list = () => administration.quarantineList({ address: 'ann@example.org', device: null });
  assert.match(textOf((await browser.get(PHONE)).text), /Calendar 4 Showing it failed.*Calendar 5/);
  assert.equal((await list()).length, 2);
  assert.match(textOf((await browser.act(page, 'clear')).text), /go without 1 item/);
  assert.deepEqual(
    (await list()).map(({ itemId }) => itemId),
    [5],
  );
  assert.match(textOf((await browser.act(PHONE, 'retry')).text), /1 item will be tried again/);
  assert.match(textOf((await browser.get(page)).text), /Every device of this user gets everything/);
});

test('users are added, found, given a password and a role, and removed when the address was typed', async (t) => {
  const { browser, administration } = await visited(t);
  const added = await browser.act('/admin/users', 'add', {
    address: 'eva@example.org',
    name: 'Eva',
    password: 'word-word',
  });
  assert.match(textOf(added.text), /Eva \(eva@example\.org\).*is here now/);
  const again = await browser.act('/admin/users', 'add', {
    address: 'eva@example.org',
    name: 'Eva',
    password: 'x-y-z-x-y',
  });
  assert.equal(again.status, 409);
  // What was typed is there again, but for the password.
  assert.match(again.text, /value="eva@example\.org"/);
  assert.doesNotMatch(again.text, /x-y-z/);
  assert.match(textOf((await browser.get('/admin/users?text=eva')).text), /eva@example\.org Eva/);
  const path = '/admin/users/eva%40example.org';
  assert.match(textOf((await browser.act(path, 'password', { password: 'new-word' })).text), /The password is set/);
  assert.match(
    textOf((await browser.act(path, 'role', { scope: 'helpdesk', domain: 'example.org' })).text),
    /helpdesk on example\.org/,
  );
  const kept = await browser.act(path, 'remove', { confirm: 'ann@example.org' });
  assert.deepEqual([kept.status, (await administration.userList()).length], [400, 4]);
  assert.match(textOf(kept.text), /Nothing was done: "ann@example\.org" is not eva@example\.org/);
  await browser.act(path, 'remove', { confirm: 'Eva@example.org' });
  assert.equal((await administration.userList()).length, 3);
});

test('access rules are added, edited, put in order and removed; a change of what somebody else changed is refused', async (t) => {
  const { browser, administration } = await visited(t);
  const rules = async () =>
    (await administration.accessShow({})).access.rules.map(({ match, access }) => [match, access]);
  const add = (fields: Record<string, string>) => browser.act('/admin/access?rule=new', 'rule', fields);
  assert.match(
    textOf((await add({ model: 'Pixel*', access: 'block', why: 'no' })).text),
    /1\. Model Pixel\* is kept out/,
  );
  await add({ os: 'iOS *', access: 'allow' });
  assert.deepEqual(await rules(), [
    [{ model: 'Pixel*' }, 'block'],
    [{ os: 'iOS *' }, 'allow'],
  ]);
  const seen = formsOf((await browser.get('/admin/access')).text).find(({ values }) => values.to === 'down')!;
  assert.equal((await browser.post('/admin/access', seen.values)).status, 303);
  assert.deepEqual((await rules())[0], [{ os: 'iOS *' }, 'allow']);
  const stale = await browser.post('/admin/access', seen.values);
  assert.equal(stale.status, 409);
  assert.match(textOf(stale.text), /were changed meanwhile/);
  await browser.act('/admin/access?rule=0', 'rule', { access: 'quarantine' });
  assert.deepEqual((await rules())[0], [{ os: 'iOS *' }, 'quarantine']);
  await browser.act('/admin/access', 'remove-rule');
  assert.equal((await rules()).length, 1);
  await browser.act('/admin/access', 'general', { default: 'quarantine', maximum: '3' });
  await browser.act('/admin/access?switch=new', 'switch', { domain: 'example.net', protocol: 'activesync', on: 'off' });
  const { access } = await administration.accessShow({});
  assert.deepEqual([access.default, access.maximumPerUser], ['quarantine', 3]);
  assert.deepEqual(access.protocols, [{ match: { domain: 'example.net', protocol: 'activesync' }, on: false }]);
  const wrong = await browser.act('/admin/access', 'general', { maximum: '0' });
  assert.equal(wrong.status, 400);
});

test('groups are made, changed and removed', async (t) => {
  const { browser, administration } = await visited(t);
  const made = await browser.act('/admin/groups', 'add', { name: 'Sales', users: 'ann@example.org\nbob@example.org' });
  assert.match(textOf(made.text), /The group Sales has 2 users/);
  assert.deepEqual(await administration.groupList({}), { Sales: ['ann@example.org', 'bob@example.org'] });
  const wrong = await browser.act('/admin/groups', 'set', { name: 'Sales', users: 'no address' });
  assert.equal(wrong.status, 400);
  await browser.act('/admin/groups', 'set', { name: 'Sales', users: '' });
  assert.deepEqual(await administration.groupList({}), {});
});

test('the rule of a domain is set on the page of conflicts', async (t) => {
  const { browser, administration } = await visited(t);
  await browser.act('/admin/conflicts', 'rule', { domain: 'example.org', rule: 'client-wins' });
  const device = await administration.deviceShow({ address: 'bob@example.org', device: 'droid' });
  assert.equal(device.conflictRuleInForce, 'client-wins');
  const { text } = await browser.get('/admin/conflicts');
  assert.match(text, /Rules of domains and users[\s\S]*example\.org/);
});

test('a policy is set by scope with a form of every setting, and removed', async (t) => {
  const { browser, administration } = await visited(t);
  const path = '/admin/policies?kind=user&address=ann@example.org';
  const { text } = await browser.get(path);
  for (const name of Object.keys(DEVICE_SETTINGS)) {
    assert.ok(DEVICE_SETTING_WORDS[name], `${name} has words`);
    assert.match(text, new RegExp(` name="set.${name}"`), name);
  }
  assert.match(textOf(text), /no policy of its own yet/);
  const set = await browser.act(path, 'set', {
    ...{
      required: 'on',
      'set.DevicePasswordEnabled': '1',
      'set.MinDevicePasswordLength': '6',
      'set.AllowBluetooth': '1',
    },
    ...{ 'set.UnapprovedInROMApplicationList': 'a.exe\nb.exe', exempt: 'type=Thermostat, os=Linux*' },
  });
  assert.match(textOf(set.text), /The policy is in force/);
  const scope = { kind: 'user', address: 'ann@example.org' } as const;
  const { policy } = await administration.policyShow({ scope });
  assert.deepEqual(policy, {
    ...{ required: true, allowPartial: true, allowExternal: true, exempt: [{ type: 'Thermostat', os: 'Linux*' }] },
    settings: {
      ...{ AllowBluetooth: '1', DevicePasswordEnabled: '1', MinDevicePasswordLength: '6' },
      UnapprovedInROMApplicationList: ['a.exe', 'b.exe'],
    },
  });
  const again = await browser.act(path, 'set', {});
  assert.equal(again.status, 200);
  assert.deepEqual(
    (await administration.policyShow({ scope })).policy,
    policy,
    'a form sent as it came changes nothing',
  );
  const wrong = await browser.act(path, 'set', { 'set.MinDevicePasswordLength': '99', exempt: 'colour=red' });
  assert.equal(wrong.status, 400);
  assert.match(textOf(wrong.text), /"colour" is no part.*MinDevicePasswordLength must be a whole number from 1 to 16/);
  assert.match(wrong.text, /value="99"/);
  assert.match(textOf((await browser.get(PHONE)).text), /Policy of User ann@example\.org/);
  await browser.act(path, 'remove');
  await assert.rejects(administration.policyShow({ scope }), { code: 'item-not-found' });
});

test('a rule can leave the approval to the user', async (t) => {
  const { browser, administration } = await visited(t);
  await browser.act('/admin/access?rule=new', 'rule', { type: 'Tablet', access: 'quarantine-user' });
  await browser.act('/admin/access', 'general', { default: 'quarantine-user' });
  const { access } = await administration.accessShow({});
  assert.deepEqual(access.rules, [{ match: { type: 'Tablet' }, access: 'quarantine', approval: 'user', why: '' }]);
  assert.deepEqual([access.default, access.defaultApproval], ['quarantine', 'user']);
  assert.match(textOf((await browser.get('/admin/access')).text), /Type Tablet waits for its user or an administrator/);
  await browser.act('/admin/access', 'general', { default: 'allow' });
  assert.equal('defaultApproval' in (await administration.accessShow({})).access, false);
});

test('both versions of a conflict stand side by side, what differs marked, and the one that lost is put back', async (t) => {
  const { browser } = await visited(t);
  const path = '/admin/conflicts?address=ann@example.org';
  const { text } = await browser.get(path);
  assert.match(text, /<mark>SUMMARY:Dinner &#60;i&#62;late&#60;\/i&#62;<\/mark>/);
  assert.match(text, /<mark>SUMMARY:Lunch<\/mark>/);
  assert.match(textOf(text), /the version of PHONE1 lost\. Rule: The server wins/);
  const restored = await browser.act(path, 'restore');
  assert.match(textOf(restored.text), /back in place.*the version on the server lost/);
  const [lost, present] = [...restored.text.matchAll(/<mark>([^<]*)<\/mark>/gu)].map(([, line]) => line);
  assert.deepEqual([lost, present], ['SUMMARY:Lunch', 'SUMMARY:Dinner &#60;i&#62;late&#60;/i&#62;']);
});

test('an app password is shown once, with a code to scan and what to type, and revoked', async (t) => {
  const { browser, administration } = await visited(t);
  const path = '/admin/users/ann%40example.org';
  const made = await browser.act(path, 'add-password', { label: 'a <tablet>', protocol: 'activesync' });
  assert.equal(made.status, 200);
  const secret = /<p class="secret">([^<]+)</u.exec(made.text)![1]!;
  assert.match(made.text, /<img class="qr" src="data:image\/svg\+xml;base64,[\w+/=]+" alt="QR code/);
  assert.match(textOf(made.text), new RegExp(`For a <tablet>.*server http://127\\.0\\.0\\.1.*Exchange.*${secret}`));
  const shown = await browser.get(path);
  assert.doesNotMatch(shown.text, new RegExp(secret));
  assert.match(textOf(shown.text), /a <tablet> ActiveSync just now by root@example\.org none yet/);
  assert.match(textOf((await browser.act(path, 'revoke')).text), /1 app password is revoked/);
  const [entry] = await administration.appPasswordList({ address: 'ann@example.org' });
  assert.notEqual(entry!.revokedAt, null);
  const wrong = await browser.act(path, 'add-password', { label: '' });
  assert.equal(wrong.status, 400);
});

test('a wipe: what it erases is said, it is begun with reason and name, seen on every list, cancelled and begun again', async (t) => {
  const { browser, administration } = await visited(t);
  const path = `${PHONE}/wipe`;
  const { text } = await browser.get(path);
  assert.match(textOf(text), /Which device Device id PHONE1 .* What will be erased .* What stays /);
  const unnamed = await browser.act(path, 'start', { why: 'lost', confirm: 'something' });
  assert.equal(unnamed.status, 400);
  const unreasoned = await browser.act(path, 'start', { why: '', confirm: 'Ann’s <b>phone</b>' });
  assert.notEqual(unreasoned.status, 200);
  assert.equal((await administration.deviceShow({ address: 'ann@example.org', device: 'phone1' })).wipe, null);
  const begun = await browser.act(path, 'start', { why: 'lost', confirm: 'ann’s <b>phone</b>' });
  assert.match(textOf(begun.text), /The wipe now State wipe waits for the device .* by root@example\.org/);
  assert.match(textOf((await browser.get('/admin/devices')).text), /Ann’s <b>phone<\/b> .*wipe waits for the device/);
  assert.match(textOf((await browser.get('/admin/wipes?state=pending')).text), /PHONE1 .*root@example\.org lost/);
  assert.match(textOf((await browser.get(PHONE)).text), /Wipe State wipe waits/);
  const cancelled = await browser.act(path, 'cancel', { why: 'found' });
  assert.match(textOf(cancelled.text), /The wipe is cancelled.*wipe cancelled.*found/);
  assert.match(
    textOf((await browser.act(path, 'start', { why: 'lost again', confirm: 'Ann’s <b>phone</b>' })).text),
    /Earlier wipes/,
  );
});

test('where a second person has to consent, the one who asked cannot', async (t) => {
  const { browser, origin } = await visited(t);
  const set = await browser.act('/admin/wipes', 'settings', { second: 'on', days: '14' });
  assert.match(textOf(set.text), /The rules of wipes are set/);
  assert.match(set.text, /name="days" type="number" value="14"/);
  const path = `${PHONE}/wipe`;
  await browser.act(path, 'start', { why: 'lost', confirm: 'Ann’s <b>phone</b>' });
  const alone = await browser.act(path, 'consent');
  assert.equal(alone.status, 409);
  const second = await new PlainBrowser(origin).signIn('domain');
  assert.match(textOf((await second.act(path, 'consent')).text), /Consent by dora@example\.org/);
  const reader = await new PlainBrowser(origin).signIn('reader');
  assert.match(textOf((await reader.get(path)).text), /waits for the device/);
});

test('the overview says in words what its charts show, and leads on', async (t) => {
  const { browser } = await visited(t);
  const { text } = await browser.get('/admin');
  assert.match(textOf(text), /3 devices 0 wait for approval 1 blocked \d+ connections \d+ wait to be told/);
  assert.match(
    text,
    /<svg [^>]*role="img" aria-labelledby="syncs-words"><title id="syncs-words">Syncs per minute: 10 in this minute, 12 at most in one, 352 in the last 60 minutes<\/title>/,
  );
  assert.match(text, /href="\/admin\/devices\?access=blocked"/);
  assert.match(textOf(text), /ActiveSync 2 CalDAV and CardDAV 1|CalDAV and CardDAV 1 ActiveSync 2/);
});

test('quotas are set for everybody, a domain and a user, and shown by how full mailboxes are', async (t) => {
  const { browser, administration } = await visited(t);
  await browser.act('/admin/quotas', 'limits', { soft: '5 %', hard: '', bytes: '2 GiB', items: '100', warn: '80' });
  await browser.act('/admin/quotas', 'domain', { domain: 'Example.net', bytes: '1 MiB', items: '' });
  const { watch } = await administration.watchShow({});
  assert.deepEqual(watch, {
    disk: { soft: { unit: 'percent', free: 5 }, hard: null },
    quota: {
      everybody: { bytes: 2 * 1024 ** 3, items: 100 },
      ...{ domains: { 'example.net': { bytes: 1024 ** 2, items: null } }, warnAt: 0.8 },
    },
  });
  const same = await browser.act('/admin/quotas', 'limits');
  assert.equal(same.status, 200);
  assert.deepEqual((await administration.watchShow({})).watch, watch, 'a form sent as it came changes nothing');
  await browser.act('/admin/quotas', 'domain-as-everybody');
  const path = '/admin/users/ann%40example.org';
  await browser.act(path, 'quota', { bytes: 'none', items: '1' });
  const usage = await administration.usageShow({ address: 'ann@example.org' });
  assert.deepEqual([usage.own, usage.share], [{ bytes: 'none', items: 1 }, 1]);
  assert.match(textOf((await browser.get('/admin/quotas')).text), /ann@example\.org [\d.]+ bytes 1 of 1 100 % 100 %/);
  const wrong = await browser.act(path, 'quota', { bytes: 'much' });
  assert.equal(wrong.status, 400);
  assert.match(textOf(wrong.text), /The size is "much", which is no size\. Write it as 5 GiB/);
});

test('who administers a domain sees every page or is told that it is not for them', async (t) => {
  const { origin } = await visited(t);
  const dora = await new PlainBrowser(origin).signIn('domain');
  const statuses = new Map<string, number>();
  for (const [name, address] of ADDRESSES) statuses.set(name, (await dora.get(address)).status);
  const refused = [...statuses].filter(([, status]) => status !== 200);
  assert.deepEqual(
    refused.filter(([, status]) => status !== 403 && status !== 303),
    [],
  );
  for (const name of ['devices', 'device', 'user', 'users', 'conflicts', 'wipes', 'quotas']) {
    assert.equal(statuses.get(name), 200, name);
  }
});
