import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { verifyPassword } from '../../src/auth/password-hash.ts';
import { WHOLE_SERVER } from '../../src/domain/admin-role.ts';
import { ANN, adminBench } from './bench.ts';
import { cliBench } from './cli-bench.ts';

/** Every command, as the overview names them. */
const COMMANDS = await (async () => {
  const { out } = await cliBench().causeway(['--help']);
  return [...out.matchAll(/^ {2}([a-z]+(?: [a-z-]+)*) {2,}\S/gm)].map((match) => match[1]!.split(' '));
})();

test('without a command the overview is shown and the exit code is 2; with --help it is 0', async () => {
  const { causeway } = cliBench();
  const [bare, asked, help] = [await causeway([]), await causeway(['--help']), await causeway(['help'])];
  assert.deepEqual([bare.code, asked.code, help.code], [2, 0, 0]);
  assert.ok(COMMANDS.length > 30, 'the overview was not read');
  for (const words of ['user add', 'import', 'device list', 'check']) {
    assert.ok(
      COMMANDS.some((command) => command.join(' ') === words),
      words,
    );
  }
});

for (const words of COMMANDS) {
  test(`"${words.join(' ')}" has help with its usage and an example`, async () => {
    const { causeway } = cliBench();
    const { code, out } = await causeway([...words, '--help']);
    assert.equal(code, 0);
    assert.match(out, new RegExp(`^Usage: causeway \\[--data DIR\\] ${words.join(' ')}`));
    assert.match(out, /Examples?:\n(?: {2}.*\n|\n)*? {2}.*causeway/);
    assert.deepEqual(await causeway(['help', ...words]), { code, out, err: '' });
  });
}

test('every command that lists or shows something has JSON for programs', async () => {
  const { causeway } = cliBench();
  const listing = COMMANDS.filter((words) => ['list', 'show', 'check'].includes(words.at(-1)!));
  assert.ok(listing.length > 10);
  for (const words of listing) {
    const { out } = await causeway([...words, '--help']);
    assert.match(out, /--json/, words.join(' '));
  }
});

test('docs/cli.md shows the help of every command as it is', async () => {
  const { causeway } = cliBench();
  const page = await readFile(join(import.meta.dirname, '../../docs/cli.md'), 'utf8');
  for (const words of COMMANDS) {
    const { out } = await causeway([...words, '--help']);
    assert.ok(
      page.includes(`### ${words.join(' ')}\n\n\`\`\`\n${out}\`\`\`\n`),
      `docs/cli.md is behind for ${words.join(' ')}`,
    );
  }
});

test('a user is added with a password from standard input, which is not printed', async () => {
  const { causeway, stores } = cliBench();
  const line = ['user', 'add', ANN.address, '--password-stdin', '--admin', '--name', 'Ann Lee'];
  const added = await causeway(line, { input: 'pass word\r\nsecond line\n' });
  assert.deepEqual(added, { code: 0, out: 'added ann@example.org\n', err: '' });
  const user = await stores.directory.user('ann', 'example.org');
  assert.equal(await verifyPassword('pass word', user!.passwordHash), true);
  assert.deepEqual([user!.role, user!.displayName], [WHOLE_SERVER, 'Ann Lee']);
});

test('a password that is not UTF-8 is refused: no client could send it', async () => {
  const { causeway, administration } = cliBench();
  const added = await causeway(['user', 'add', ANN.address, '--password-stdin'], {
    input: Buffer.from('p\xe4ss\n', 'latin1'),
  });
  assert.equal(added.code, 2);
  assert.match(added.err, /not UTF-8; convert it/);
  assert.deepEqual(await administration.userList(), []);
});

test('without --password-stdin a password is made and printed once', async () => {
  const { causeway, stores } = cliBench();
  const added = await causeway(['user', 'add', ANN.address]);
  const password = /^password: (\S+)$/m.exec(added.out)![1]!;
  const changed = await causeway(['user', 'passwd', ANN.address]);
  const second = /^password: (\S+)$/m.exec(changed.out)![1]!;
  assert.notEqual(password, second);
  const user = await stores.directory.user('ann', 'example.org');
  assert.equal(await verifyPassword(second, user!.passwordHash), true);
});

test('"user role" gives and takes a role, "user show" tells it', async () => {
  const { causeway, administration } = cliBench();
  await administration.userAdd({ ...ANN, address: 'root@example.org', isAdmin: true });
  await administration.userAdd(ANN);
  const given = await causeway(['user', 'role', ANN.address, '--scopes', 'wipe, read', '--domain', 'Example.ORG']);
  assert.deepEqual(given, { code: 0, out: 'ann@example.org: read, wipe in example.org\n', err: '' });
  const shown = await causeway(['user', 'show', ANN.address]);
  assert.match(shown.out, /^administers: {2}read, wipe in example\.org$/m);
  assert.match(shown.out, /^folders: {6}10$/m);
  const json = JSON.parse((await causeway(['user', 'show', ANN.address, '--json'])).out);
  assert.deepEqual(json, await administration.userShow({ address: ANN.address }));
  assert.equal((await causeway(['user', 'role', ANN.address, '--none'])).out, 'ann@example.org: no administrator\n');
  const last = await causeway(['user', 'role', 'root@example.org', '--none']);
  assert.equal(last.code, 2);
  assert.match(last.err, /root@example\.org stays an administrator/);
});

for (const [args, what] of [
  [[], /either --scopes or --none/],
  [['--none', '--scopes', 'read'], /either --scopes or --none/],
  [['--none', '--domain', 'example.org'], /--domain goes with --scopes/],
  [['--scopes', 'root'], /"root" is no scope; there are read, helpdesk, wipe, admin/],
] as const) {
  test(`"user role" with ${args.join(' ') || 'nothing'} changes nothing and says why`, async () => {
    const { causeway, administration } = cliBench();
    await administration.userAdd(ANN);
    const { code, err } = await causeway(['user', 'role', ANN.address, ...args]);
    assert.equal(code, 2);
    assert.match(err, what);
    assert.equal((await administration.userShow({ address: ANN.address })).role, null);
  });
}

test('users are listed as lines and as JSON', async () => {
  const { causeway, administration } = cliBench();
  await administration.userAdd(ANN);
  await administration.userAdd({ ...ANN, address: 'administrator@example.org', isAdmin: true, displayName: null });
  const { out } = await causeway(['user', 'list']);
  assert.equal(out, 'administrator@example.org  admin\nann@example.org            user   Ann\n');
  const json = JSON.parse((await causeway(['user', 'list', '--json'])).out);
  assert.deepEqual(json, await administration.userList());
});

test('removing asks on a terminal; scripts, which depend on "user remove ADDRESS" alone, are not asked', async () => {
  const { causeway, administration } = cliBench();
  await administration.userAdd(ANN);
  const remove = ['user', 'remove', ANN.address];
  const wrong = await causeway(remove, { isTerminal: true, input: 'bob@example.org\n' });
  assert.equal(wrong.code, 2);
  assert.match(wrong.err, /another address\. Nothing was removed\.\n$/);
  assert.equal((await administration.userList()).length, 1);
  assert.equal((await causeway(remove, { isTerminal: true, input: 'Ann@example.org\n' })).code, 0);
  assert.equal((await administration.userList()).length, 0);
  const removed = { code: 0, out: 'removed ann@example.org with the mailbox\n', err: '' };
  await administration.userAdd(ANN);
  assert.deepEqual(await causeway([...remove, '--yes'], { isTerminal: true }), removed);
  await administration.userAdd(ANN);
  assert.deepEqual(await causeway(remove), removed);
});

test('folders are listed as lines and as JSON', async () => {
  const { causeway, administration } = cliBench();
  await administration.userAdd(ANN);
  const { out } = await causeway(['folder', 'list', ANN.address]);
  assert.match(out, /^ *\d+ {2}mail {6}Inbox\n/);
  assert.match(out, /^ *\d+ {2}calendar {2}Calendar\n/m);
  const json = JSON.parse((await causeway(['folder', 'list', ANN.address, '--json'])).out);
  assert.deepEqual(json, await administration.folderList({ address: ANN.address }));
});

test('check prints each finding and tells by the exit code whether there is one', async () => {
  const sound = cliBench();
  assert.deepEqual(await sound.causeway(['check']), { code: 0, out: 'nothing found\n', err: '' });
  const broken = cliBench(
    adminBench({
      checks: [
        { area: 'certificate', run: async () => ['The certificate ended on 2025-01-01; replace it.'] },
        { area: 'configuration', run: () => Promise.reject(new Error('unreadable')) },
      ],
    }),
  );
  await broken.administration.userAdd(ANN);
  const { mailboxId } = (await broken.stores.directory.user('ann', 'example.org'))!;
  await broken.stores.mailboxes.removeMailbox(mailboxId);
  const { code, out } = await broken.causeway(['check']);
  assert.equal(code, 1);
  assert.deepEqual(out.trimEnd().split('\n'), [
    'certificate: The certificate ended on 2025-01-01; replace it.',
    'configuration: It could not be looked at: unreadable',
    'directory: ann@example.org has no mailbox; remove the user and add it again.',
  ]);
});

test('unlock lifts the locks where people sign in', async () => {
  let calls = 0;
  const unlockAll = () => {
    calls += 1;
  };
  const { causeway } = cliBench(adminBench({ authenticator: { unlockAll } }));
  assert.equal((await causeway(['unlock'])).code, 0);
  assert.equal(calls, 1);
});

const MISTAKES = [
  [['user', 'frobnicate'], /There is no command "user frobnicate"\. There are: user add, user list, .*--help/s],
  [['user', 'add'], /The address is missing.*Usage: causeway \[--data DIR\] user add/s],
  [['user', 'add', 'ann'], /"ann" is not an address: it has no @/],
  [['user', 'add', 'a@example.org', 'b@example.org'], /"b@example.org" is one argument too many/],
  [['user', 'add', 'a@example.org', '--password', 'x'], /Unknown option '--password'/],
  [['user', 'add', 'a@example.org', '--password-stdin'], /No password came on standard input/],
  [['user', 'passwd', 'nobody@example.org'], /There is no user nobody@example.org; "user list" shows who there is/],
  [['user', 'list', 'x'], /"x" is one argument too many/],
  [['import'], /The address is missing/],
  [['import', 'ann@example.org'], /Name at least one file or folder/],
  [['import', 'nobody@example.org', '.'], /There is no user nobody@example.org/],
  [['export', 'ann@example.org'], /Say with --to DIR where to write/],
  [['export', 'nobody@example.org', '--to', '/nonexistent/x'], /There is no user nobody@example.org/],
  [['check', 'x'], /Unexpected argument 'x'/],
  [['--data', '/nonexistent/data', 'user', 'list'], /There is no data folder \/nonexistent\/data/],
  [['user', 'list', '--data'], /--data names no folder/],
] as const;

for (const [line, message] of MISTAKES) {
  test(`the mistake "${line.join(' ')}" is told, with exit code 2`, async () => {
    const { causeway } = cliBench();
    const { code, out, err } = await causeway(line);
    assert.equal(code, 2);
    assert.match(err, message);
    assert.equal(out, '');
  });
}

test('a bar is drawn on a terminal, wiped at the end, and never elsewhere', async () => {
  const bench = adminBench();
  const slow = {
    ...bench,
    administration: {
      ...bench.administration,
      async check(_input: Record<string, never>, progress?: (done: number, total: number) => void) {
        progress?.(1, 4);
        bench.clock.advance(50);
        progress?.(2, 4);
        bench.clock.advance(50);
        progress?.(4, 4);
        return [];
      },
    },
  };
  const { err } = await cliBench(slow).causeway(['check'], { columns: 80 });
  const cells = (filled: number) => '█'.repeat(filled) + '░'.repeat(24 - filled);
  assert.equal(err, `\rchecking ${cells(6)} 25 %\x1b[K\rchecking ${cells(24)} 100 %\x1b[K\r\x1b[K`);
  assert.equal((await cliBench(slow).causeway(['check'])).err, '');
});
