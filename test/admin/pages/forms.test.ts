import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { formsOf, PlainBrowser, startSite, textOf, withDevices } from './site.ts';

async function visited(t: TestContext) {
  const site = await startSite(t);
  await withDevices(site);
  return { ...site, browser: await new PlainBrowser(site.origin).signIn('root') };
}

/** What stands in the form of an action, on a page as it was answered. */
function shownIn(text: string, does: string, has: Readonly<Record<string, string>> = {}): Record<string, string> {
  const fits = (values: Readonly<Record<string, string>>) =>
    values.do === does && Object.entries(has).every(([name, value]) => values[name] === value);
  return formsOf(text).find(({ values }) => fits(values))!.values;
}

test('a rule that was refused is shown again as it was chosen, and not as a milder one', async (t) => {
  const { browser } = await visited(t);
  const page = '/admin/access?rule=new';
  const sent = { os: 'Android 4*', access: 'block', protocol: 'webdav', group: 'nobody', why: 'too old' };
  const refused = await browser.act(page, 'rule', sent);
  assert.equal(refused.status, 400);
  const { os, access, protocol, why } = shownIn(refused.text, 'rule');
  assert.deepEqual([os, access, protocol, why], ['Android 4*', 'block', 'webdav', 'too old']);
  assert.equal(shownIn(refused.text, 'general').default, 'allow', 'another form shows what holds');
});

test('ticks and emptied fields of a policy that was refused are shown again', async (t) => {
  const { browser, administration } = await visited(t);
  const scope = { kind: 'everybody' } as const;
  const settings = { MinDevicePasswordLength: '4', MaxDevicePasswordFailedAttempts: '8' };
  await administration.policySet({ scope, policy: { required: true, settings } });
  const page = '/admin/policies?kind=everybody';
  const { action, values } = formsOf((await browser.get(page)).text).find((form) => form.values.do === 'set')!;
  const { required: _, ...others } = values;
  const wrong = { 'set.MinDevicePasswordLength': '999', 'set.MaxDevicePasswordFailedAttempts': '' };
  const refused = await browser.post(action, { ...others, ...wrong, allowPartial: 'on' });
  assert.equal(refused.status, 400);
  const shown = shownIn(refused.text, 'set');
  assert.deepEqual([shown.required, shown.allowPartial], [undefined, 'on']);
  assert.deepEqual([shown['set.MinDevicePasswordLength'], shown['set.MaxDevicePasswordFailedAttempts']], ['999', '']);
});

test('of two people with the same policy open the later one sees what the earlier one set, in every field', async (t) => {
  const { browser, origin, administration } = await visited(t);
  const other = await new PlainBrowser(origin).signIn('root');
  const page = '/admin/policies?kind=everybody';
  const first = shownIn((await browser.get(page)).text, 'set');
  const second = shownIn((await other.get(page)).text, 'set');
  const length = 'set.MinDevicePasswordLength';
  assert.equal((await browser.post(page, { ...first, [length]: '8', 'set.AllowCamera': '0' })).status, 303);
  const late = await other.post(page, { ...second, [length]: '4', 'set.AllowWiFi': '0' });
  assert.equal(late.status, 409);
  assert.match(textOf(late.text), /changed meanwhile, so nothing was done. They are shown as they are now/);
  const shown = shownIn(late.text, 'set');
  assert.deepEqual([shown[length], shown['set.AllowCamera'], shown['set.AllowWiFi']], ['8', '0', '1']);
  assert.equal((await other.post(page, shown)).status, 303);
  const { policy } = await administration.policyShow({ scope: { kind: 'everybody' } });
  assert.deepEqual(policy?.settings, { AllowCamera: '0', MinDevicePasswordLength: '8' });
});

test('what was refused for one domain is not put into the form for everybody', async (t) => {
  const { browser } = await visited(t);
  const refused = await browser.act('/admin/quotas', 'domain', { domain: 'example.org', bytes: 'much', items: '7' });
  assert.equal(refused.status, 400);
  const [limits, domain] = [shownIn(refused.text, 'limits'), shownIn(refused.text, 'domain')];
  assert.deepEqual([limits.bytes, limits.items], ['', '']);
  assert.deepEqual([domain.domain, domain.bytes, domain.items], ['example.org', 'much', '7']);
  assert.match(refused.text, /<details class="guarded" open><summary>Set the quota of a domain/);
});

test('groups: a new one takes no name that is there; a change goes to what was seen; each field has a label of its own', async (t) => {
  const { browser, administration } = await visited(t);
  const page = '/admin/groups';
  for (const name of ['技术', '销售', 'a b', 'a-b', 'A b'])
    await administration.groupSet({ name, users: ['ann@example.org'] });
  const taken = await browser.act(page, 'add', { name: '销售', users: 'bob@example.org' });
  assert.equal(taken.status, 409);
  assert.match(textOf(taken.text), /There is a group "销售" already; it is changed above/);
  assert.match((await browser.act(page, 'add', { name: 'new', users: ' ' })).text, /nothing would be in it/);
  const { text } = await browser.get(page);
  const ids = [...text.matchAll(/ id="([^"]+)"/gu)].map(([, id]) => id);
  assert.deepEqual(
    ids.filter((id, at) => ids.indexOf(id) !== at),
    [],
  );
  const seen = shownIn(text, 'set', { name: '技术' });
  await administration.groupSet({ name: '技术', users: ['bob@example.org'] });
  const late = await browser.post(page, { ...seen, users: 'ann@example.org root@example.org' });
  assert.equal(late.status, 409);
  assert.equal(shownIn(late.text, 'set', { name: '技术' }).users, 'bob@example.org');
  const wrong = await browser.post(page, { ...shownIn(late.text, 'set', { name: '销售' }), users: 'no address' });
  assert.equal(shownIn(wrong.text, 'set', { name: '销售' }).users, 'no address');
  assert.equal(shownIn(wrong.text, 'set', { name: '技术' }).users, 'bob@example.org');
  assert.equal(shownIn(wrong.text, 'add').users, '');
  const { 技术: first, 销售: second } = await administration.groupList({});
  assert.deepEqual([first, second], [['bob@example.org'], ['ann@example.org']]);
});

test('an address group and the settings of a service and of wipes are changed as they were seen, or not', async (t) => {
  const { browser, administration } = await visited(t);
  await administration.addressGroupSet({ name: 'home', ranges: ['192.0.2.0/24'] });
  const pages = [
    ['/admin/address-groups', { name: 'home' }, { ranges: '198.51.100.0/24' }],
    ['/admin/services', { name: 'lmtp' }, { connections: '3' }],
    ['/admin/wipes', {}, { days: '3' }],
  ] as const;
  for (const [page, which, change] of pages) {
    const does = page === '/admin/wipes' ? 'settings' : 'set';
    const seen = shownIn((await browser.get(page)).text, does, which);
    assert.equal((await browser.post(page, { ...seen, ...change })).status, 303, page);
    assert.equal((await browser.post(page, { ...seen, ...change })).status, 409, page);
  }
  const taken = await browser.act('/admin/address-groups', 'add', { name: 'home', ranges: '10.0.0.0/8' });
  assert.equal(taken.status, 409);
  assert.deepEqual((await administration.addressGroupList({}))[0]?.ranges, ['198.51.100.0/24']);
});

test('the rule of a user’s conflicts is shown as it is, so that setting another thing does not take it away', async (t) => {
  const { browser, administration } = await visited(t);
  const rule = { domain: null, address: 'ann@example.org', device: null, rule: 'keep-both' } as const;
  await administration.conflictRuleSet(rule);
  const { text } = await browser.get('/admin/users/ann%40example.org');
  assert.equal(shownIn(text, 'rule').rule, 'keep-both');
});

test('a form that is sent after the sign-in ended is not done, which is said, and leads back to its page', async (t) => {
  const { browser, signIns, administration } = await visited(t);
  const page = '/admin/access?rule=new';
  const rule = shownIn((await browser.get(page)).text, 'rule');
  signIns.over.add('root.1');
  signIns.ended.push('root.r');
  const answer = await browser.post(page, { ...rule, access: 'block' });
  const to = answer.headers.get('location')!;
  assert.match(textOf((await browser.get(to)).text), /sign-in had ended, so what you sent was not done/);
  assert.equal(new URL(to, 'http://here').searchParams.get('to'), page);
  assert.deepEqual((await administration.accessShow({})).access.rules, []);
  assert.equal((await browser.post('/me/sign-out', {})).headers.get('location'), '/me/sign-in');
});

test('a wipe is confirmed by the name as a keyboard has it, or by the id, and by nothing else', async (t) => {
  const { browser, administration } = await visited(t);
  const device = { address: 'ann@example.org', device: 'PHONE1' };
  const page = '/admin/devices/ann%40example.org/PHONE1/wipe';
  assert.match(textOf((await browser.get(page)).text), /Type Ann’s <b>phone<\/b> to confirm Or its id, PHONE1\./);
  for (const confirm of ['', 'Anns phone', 'PHONE', 'phone 1']) {
    const refused = await browser.act(page, 'start', { why: 'lost', confirm });
    assert.equal(refused.status, 400, confirm);
  }
  for (const confirm of ["ann's  <B>phone</B>", 'phone1']) {
    await browser.act(page, 'start', { why: 'lost', confirm });
    assert.equal((await administration.deviceShow(device)).wipe, 'pending', confirm);
    await administration.wipeCancel({ ...device, why: 'found' });
  }
});

test('what was done is told, however long it is: no cookie is more than browsers keep', async (t) => {
  const { browser, administration } = await visited(t);
  const ranges = Array.from({ length: 900 }, (_, at) => `10.${Math.floor(at / 250)}.${at % 250}.0/24`);
  await administration.addressGroupSet({ name: 'many', ranges });
  const service = { startsAutomatically: true, maxConnections: 0, addressGroup: 'many' };
  await administration.serviceSet({ name: 'webdav', service });
  const seen = shownIn((await browser.get('/admin/address-groups')).text, 'set', { name: 'many' });
  const { headers } = await browser.post('/admin/address-groups', { ...seen, ranges: ranges.slice(1).join(' ') });
  for (const cookie of headers.getSetCookie()) assert.ok(cookie.length < 4096, `${cookie.length}`);
  const { text } = await browser.get('/admin/address-groups');
  assert.match(textOf(text), /has 899 ranges\. From now on webdav serves 10\.0\.1\.0\/24,.* …/);
});
