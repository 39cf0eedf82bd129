import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseAddress } from '../../src/admin/address.ts';
import { firstStart, mailDomain } from '../../src/admin/first-start.ts';
import { verifyPassword } from '../../src/auth/password-hash.ts';
import { WHOLE_SERVER } from '../../src/domain/admin-role.ts';
import { GatewayError } from '../../src/domain/errors.ts';
import { ANN, adminBench } from './bench.ts';

test('a new user has a mailbox with every default folder and a hashed password', async () => {
  const { administration, stores } = adminBench();
  const added = await administration.userAdd({ ...ANN, address: ' Ann@Example.ORG ', isAdmin: true });
  assert.deepEqual(
    { ...added, createdAt: 0 },
    { address: ANN.address, displayName: 'Ann', isAdmin: true, role: WHOLE_SERVER, createdAt: 0 },
  );
  const roles = (await administration.folderList({ address: ANN.address })).map(({ role }) => role);
  const mail = ['inbox', 'drafts', 'sent', 'deleted', 'outbox', 'junk'];
  assert.deepEqual(roles, [...mail, 'calendar', 'contacts', 'tasks', 'notes']);
  const user = await stores.directory.user('ann', 'example.org');
  assert.equal(await verifyPassword('secret', user!.passwordHash), true);
});

test('an address that is taken is refused and leaves the first user alone', async () => {
  const { administration } = adminBench();
  await administration.userAdd(ANN);
  await assert.rejects(administration.userAdd({ ...ANN, password: 'other' }), { code: 'name-taken' });
  assert.equal((await administration.userList()).length, 1);
});

test('two who add the same address at once get one user and no mailbox too many', async () => {
  const { administration, stores } = adminBench();
  const removed: number[] = [];
  const remove = stores.mailboxes.removeMailbox.bind(stores.mailboxes);
  stores.mailboxes.removeMailbox = async (id) => {
    removed.push(id);
    await remove(id);
  };
  const results = await Promise.allSettled([administration.userAdd(ANN), administration.userAdd(ANN)]);
  assert.deepEqual(results.map(({ status }) => status).toSorted(), ['fulfilled', 'rejected']);
  assert.equal(removed.length, 1);
  assert.deepEqual(await administration.check({}), []);
});

test('a password that no client could send is refused', async () => {
  const { administration } = adminBench();
  for (const password of ['', 'a\nb', 'x'.repeat(513)]) {
    await assert.rejects(administration.userAdd({ ...ANN, password }), { code: 'name-invalid' });
  }
});

test('users are listed by address', async () => {
  const { administration } = adminBench();
  for (const address of ['c@example.org', 'a@example.org', 'b@example.net']) {
    await administration.userAdd({ ...ANN, address });
  }
  const addresses = (await administration.userList()).map(({ address }) => address);
  assert.deepEqual(addresses, ['a@example.org', 'b@example.net', 'c@example.org']);
});

test('a new password raises the version that remembered sign-ins hang on', async () => {
  const { administration, stores } = adminBench();
  await administration.userAdd(ANN);
  const before = await stores.directory.user('ann', 'example.org');
  await administration.userPasswd({ address: ANN.address, password: 'new' });
  const after = await stores.directory.user('ann', 'example.org');
  assert.ok(after!.passwordVersion > before!.passwordVersion);
  assert.equal(await verifyPassword('new', after!.passwordHash), true);
});

test('a removed user takes the mailbox along', async () => {
  const { administration, stores } = adminBench();
  await administration.userAdd(ANN);
  const { mailboxId } = (await stores.directory.user('ann', 'example.org'))!;
  await administration.userRemove({ address: ANN.address });
  assert.deepEqual(await administration.userList(), []);
  await assert.rejects(stores.mailboxes.read(mailboxId).mailbox(), { code: 'folder-not-found' });
});

test('whoever gets the address of a removed user is in none of their groups, and has none of their policies or rules', async () => {
  const { administration } = adminBench();
  const { address } = ANN;
  await administration.userAdd(ANN);
  await administration.userAdd({ ...ANN, address: 'bob@example.org' });
  await administration.groupSet({ name: 'staff', users: [address, 'bob@example.org'] });
  await administration.groupSet({ name: 'only', users: [address] });
  await administration.accessSet({ access: { rules: [{ match: { group: 'only' }, access: 'block' }] } });
  await administration.conflictRuleSet({ domain: null, address, device: null, rule: 'keep-both' });
  await administration.conflictRuleSet({ domain: 'example.org', address: null, device: null, rule: 'merge' });
  const policy = { settings: { DevicePasswordEnabled: '1' } };
  for (const scope of [{ kind: 'user', address } as const, { kind: 'device', address, device: 'phone' } as const]) {
    await administration.policySet({ scope, policy });
  }
  await administration.policySet({ scope: { kind: 'user', address: 'bob@example.org' }, policy });
  await administration.userRemove({ address: 'ANN@example.org' });
  await administration.userAdd(ANN);
  assert.deepEqual((await administration.userShow({ address })).groups, []);
  // The rule about a group that nobody is in any more stays one that can be set again.
  assert.deepEqual(await administration.groupList({}), { staff: ['bob@example.org'], only: [] });
  const { access } = await administration.accessShow({});
  await administration.accessSet({ access: { ...access, maximumPerUser: 3 } });
  const rules = (await administration.conflictRuleList({})).map(({ rule }) => rule);
  assert.deepEqual(rules, ['merge']);
  const scopes = (await administration.policyList({})).policies.map(({ scope }) => scope);
  assert.deepEqual(scopes, [{ kind: 'everybody' }, { kind: 'user', address: 'bob@example.org' }]);
});

test('a group stays while a rule, a switch of a protocol or a policy is about it', async () => {
  const { administration } = adminBench();
  await administration.userAdd(ANN);
  await administration.groupSet({ name: 'staff', users: [ANN.address] });
  const scope = { kind: 'group', name: 'staff' } as const;
  const remove = () => administration.groupSet({ name: 'staff', users: [] });
  const match = { group: 'staff' };
  await administration.accessSet({
    access: {
      rules: [
        { match: {}, access: 'allow' },
        { match, access: 'block' },
      ],
    },
  });
  await assert.rejects(remove(), { code: 'protected', message: /access rule 2 is about it/ });
  await administration.accessSet({ access: { protocols: [{ match: { ...match, protocol: 'webdav' }, on: false }] } });
  await administration.policySet({ scope, policy: { settings: {} } });
  await assert.rejects(remove(), { code: 'protected', message: /line 1 of the protocols, a policy are about it/ });
  await administration.accessSet({ access: {} });
  await administration.policySet({ scope, policy: null });
  await remove();
  assert.deepEqual(await administration.groupList({}), {});
  await assert.rejects(remove(), { code: 'item-not-found', message: /no group "staff" to be removed/ });
});

test('an address nobody has is an error that names it', async () => {
  const { administration } = adminBench();
  await assert.rejects(administration.userPasswd({ address: 'nobody@example.org', password: 'x' }), (error) => {
    assert.ok(error instanceof GatewayError);
    assert.equal(error.code, 'item-not-found');
    return error.message.includes('nobody@example.org');
  });
});

const BAD = [
  '',
  'ann',
  '@example.org',
  'ann@',
  'a b@example.org',
  'a..b@example.org',
  'ann@-x.org',
  'ann@exa mple.org',
];
for (const address of BAD) {
  test(`${JSON.stringify(address)} is not an address, and the error says why`, () => {
    assert.throws(() => parseAddress(address), { code: 'name-invalid' });
  });
}

const GOOD = ['ann@localhost', "o'brien+x@example.org", 'jörg@bücher.example', 'a.b-c_d@sub.example.org'];
for (const address of GOOD) {
  test(`${address} is an address`, () => {
    const { localPart, domain } = parseAddress(address.toUpperCase());
    assert.equal(`${localPart}@${domain}`, address);
  });
}

test('an empty directory gets an administrator with a mailbox and a generated password, once', async () => {
  const { administration, random } = adminBench();
  const first = await firstStart(administration, { hostName: 'mail.example.org', random });
  assert.ok(first.created);
  assert.equal(first.address, 'admin@example.org');
  const users = await administration.userList();
  assert.deepEqual(
    users.map(({ address, isAdmin }) => [address, isAdmin]),
    [['admin@example.org', true]],
  );
  assert.equal((await administration.folderList({ address: first.address })).length, 10);
  assert.deepEqual(await firstStart(administration, { hostName: 'mail.example.org', random }), { created: false });
});

test('a domain that is given is the first domain', async () => {
  const { administration, random } = adminBench();
  const first = await firstStart(administration, { hostName: 'x', domain: 'example.com', random });
  assert.equal(first.created && first.address, 'admin@example.com');
});

const HOSTS = [
  ['mail.example.org', 'example.org'],
  ['MAIL.example.co.uk.', 'example.co.uk'],
  ['example.org', 'example.org'],
  ['laptop', 'localhost'],
  ['192.0.2.1', 'localhost'],
  ['', 'localhost'],
] as const;
for (const [host, domain] of HOSTS) {
  test(`the machine ${JSON.stringify(host)} has addresses in ${domain}`, () => {
    assert.equal(mailDomain(host), domain);
  });
}
