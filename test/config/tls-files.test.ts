import assert from 'node:assert/strict';
import { createPrivateKey } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { readTlsFiles } from '../../src/config/tls-files.ts';
import { createSelfSigned } from '../../src/server/certificate/self-signed.ts';
import { SYSTEM_RANDOM } from '../../src/server/system-clock.ts';
import { temporaryFolder } from '../server/support/start.ts';

const NOW = Date.UTC(2026, 10, 22);
const OWN = await createSelfSigned(['own.example.org'], NOW, SYSTEM_RANDOM);
const OTHER = await createSelfSigned(['other.example.org'], NOW, SYSTEM_RANDOM);

function files(t: TestContext, cert: string, key: string) {
  const folder = temporaryFolder(t);
  const paths = { cert: join(folder, 'c.pem'), key: join(folder, 'k.pem') };
  writeFileSync(paths.cert, cert);
  writeFileSync(paths.key, key);
  return paths;
}

test('a certificate with its chain and the key of the first one are read', (t) => {
  const chain = OWN.cert + OTHER.cert;
  assert.deepEqual(readTlsFiles(files(t, chain, OWN.key)), { cert: chain, key: OWN.key });
});

test('files that are swapped, no PEM or damaged are refused by name, with the remedy', (t) => {
  assert.throws(() => readTlsFiles(files(t, OWN.key, OWN.cert)), /c\.pem holds no certificate .*swapped/);
  assert.throws(() => readTlsFiles(files(t, 'junk', OWN.key)), /c\.pem holds no certificate \(not PEM\).*--tls-cert/);
  assert.throws(() => readTlsFiles(files(t, OWN.cert, 'junk')), /k\.pem holds no private key in PEM.*--tls-key/);
  const cutCert = OWN.cert.replace(/\n[^-\n]+\n/, '\n');
  assert.throws(() => readTlsFiles(files(t, cutCert, OWN.key)), /c\.pem holds a damaged certificate/);
  const cutKey = OWN.key.replace(/\n[^-\n]+\n/, '\n');
  assert.throws(() => readTlsFiles(files(t, OWN.cert, cutKey)), /k\.pem holds a damaged key/);
});

test('a file that cannot be read is named with the reason in words', (t) => {
  const given = files(t, OWN.cert, OWN.key);
  mkdirSync(`${given.key}.d`);
  assert.throws(() => readTlsFiles({ ...given, cert: `${given.cert}x` }), /c\.pemx cannot be read: there is no such/);
  assert.throws(() => readTlsFiles({ ...given, key: `${given.key}.d` }), /k\.pem\.d cannot be read: it is a folder/);
});

test('a key with a passphrase is refused and the command to take it off is told', (t) => {
  const cipher = { cipher: 'aes-128-cbc', passphrase: 'x', format: 'pem' } as const;
  for (const type of ['pkcs8', 'pkcs1'] as const) {
    const key = createPrivateKey(OWN.key)
      .export({ ...cipher, type })
      .toString();
    assert.throws(() => readTlsFiles(files(t, OWN.cert, key)), /needs a passphrase.*openssl pkey -in .*k\.pem/);
  }
});

test("another certificate's key is refused; a chain in the wrong order is told apart", (t) => {
  assert.throws(() => readTlsFiles(files(t, OTHER.cert, OWN.key)), /is not the key of .* issued for this key$/);
  assert.throws(() => readTlsFiles(files(t, OTHER.cert + OWN.cert, OWN.key)), /own certificate must come first/);
});
