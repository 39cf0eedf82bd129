import assert from 'node:assert/strict';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { checkConfig } from '../../src/config/check-config.ts';
import { createSelfSigned } from '../../src/server/certificate/self-signed.ts';
import { SYSTEM_RANDOM } from '../../src/server/system-clock.ts';
import { temporaryFolder } from '../server/support/start.ts';

const check = (argv: readonly string[]) => checkConfig({ argv, env: {}, cwd: '/' });

test('a sound configuration has no findings and nothing is created', (t) => {
  const data = join(temporaryFolder(t), 'deep', 'data');
  const { settings, findings } = check(['--data', data, '--listen', 'http://127.0.0.1:8080']);
  assert.deepEqual(findings, []);
  assert.equal(settings?.data, data);
  assert.equal(existsSync(data), false);
});

test('settings that cannot be used are findings, one each', () => {
  const { settings, findings } = check(['--lisen', 'x', '--store', 'paper']);
  assert.equal(settings, null);
  assert.equal(findings.length, 2);
  assert.match(findings.join('\n'), /Did you mean --listen\?/);
});

test('certificate files are tried: missing ones and pairs that do not match are found', async (t) => {
  const folder = temporaryFolder(t);
  const [cert, key] = [join(folder, 'c.pem'), join(folder, 'k.pem')];
  const argv = ['--data', folder, '--tls-cert', cert, '--tls-key', key];
  assert.match(check(argv).findings[0] ?? '', /c\.pem cannot be read: there is no such file/);
  const pair = await createSelfSigned(['a'], Date.now(), SYSTEM_RANDOM);
  writeFileSync(cert, pair.cert);
  writeFileSync(key, (await createSelfSigned(['a'], Date.now(), SYSTEM_RANDOM)).key);
  assert.match(check(argv).findings[0] ?? '', /is not the key of the certificate/);
  writeFileSync(key, pair.key);
  assert.deepEqual(check(argv).findings, []);
});

test('a plain listener for other machines is found, unless a front end is named', (t) => {
  const argv = ['--data', temporaryFolder(t), '--listen', 'http://0.0.0.0:8080'];
  assert.match(check(argv).findings[0] ?? '', /passwords in clear/);
  assert.deepEqual(check([...argv, '--trusted-proxies', '10.0.0.1']).findings, []);
});

test('a data folder that is a file is found', (t) => {
  const path = join(temporaryFolder(t), 'file');
  writeFileSync(path, '');
  assert.match(check(['--data', path]).findings[0] ?? '', /not a folder/);
});
