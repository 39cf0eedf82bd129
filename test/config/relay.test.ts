import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { checkConfig } from '../../src/config/check-config.ts';
import { loadSettings } from '../../src/config/load-settings.ts';
import { relayAddress } from '../../src/config/relay-password.ts';
import { temporaryFolder } from '../server/support/start.ts';

const findings = (argv: readonly string[]) => checkConfig({ argv, env: {}, cwd: '/' }).findings;

test('the password of the relay is in no message about it', (t) => {
  const data = ['--data', temporaryFolder(t)];
  for (const url of ['smtp://user:hunter2@host:99999', 'http://user:hunter2@host', 'smtp://user:hunter2%@host']) {
    const [finding, ...more] = findings([...data, '--relay-url', url]);
    assert.match(finding!, /^relay\.url \(--relay-url\): /);
    assert.equal(more.length, 0);
    assert.doesNotMatch(finding!, /hunter2/);
  }
  assert.deepEqual(findings([...data, '--relay-url', 'smtp://user:hunter2@host']), []);
});

test('a password file: its first line, with a user and beside no other password', (t) => {
  const folder = temporaryFolder(t);
  const file = join(folder, 'password');
  writeFileSync(file, 'hunter 2\r\nmore');
  const argv = (url: string, path = file) => ['--data', folder, '--relay-url', url, '--relay-password-file', path];
  const { settings } = loadSettings({ argv: argv('smtps://user@host'), env: {}, cwd: '/' });
  assert.deepEqual(relayAddress(settings.relay), {
    host: 'host',
    port: 465,
    isSecure: true,
    user: 'user',
    password: 'hunter 2',
  });
  assert.match(findings(argv('smtp://host'))[0]!, /without a user/);
  assert.match(findings(argv('smtp://user:x@host'))[0]!, /beside a password/);
  assert.match(findings(argv('smtp://user@host', join(folder, 'none')))[0]!, /none cannot be read/);
  writeFileSync(file, '\n');
  assert.match(findings(argv('smtp://user@host'))[0]!, /no password on its first line/);
});

test('yes-or-no settings are true or false in every source', (t) => {
  const data = ['--data', temporaryFolder(t)];
  const load = (argv: readonly string[], env: Record<string, string> = {}) =>
    loadSettings({ argv: [...data, ...argv], env, cwd: '/' }).settings.relay.allowInvalidCertificate;
  assert.equal(load([]), false);
  assert.equal(load(['--relay-allow-invalid-certificate', 'TRUE']), true);
  assert.equal(load([], { CAUSEWAY_RELAY_ALLOW_INVALID_CERTIFICATE: 'false' }), false);
  assert.match(findings([...data, '--relay-allow-invalid-certificate', 'yes'])[0]!, /a boolean is expected/);
});

test('where LMTP should listen on a socket in no folder is found', (t) => {
  const data = temporaryFolder(t);
  assert.match(
    findings(['--data', data, '--lmtp-listen', 'unix:/no/such/folder/lmtp'])[0]!,
    /there is no folder \/no\/such\/folder/,
  );
  assert.deepEqual(findings(['--data', data, '--lmtp-listen', `unix:${join(data, 'lmtp')}`]), []);
  assert.match(findings(['--data', data, '--lmtp-listen', 'smtp://x'])[0]!, /lmtp:\/\/HOST:PORT/);
});
