import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { Clock } from '../../src/domain/clock.ts';
import { certificateFromFiles, ownCertificate } from '../../src/server/certificate/certificate-source.ts';
import { certificateNames, settingNames } from '../../src/server/certificate/machine-names.ts';
import { createSelfSigned, DAY_MS } from '../../src/server/certificate/self-signed.ts';
import { SYSTEM_RANDOM } from '../../src/server/system-clock.ts';
import { fakeClock } from '../support/fake-clock.ts';
import { keepingLog, temporaryFolder } from './support/start.ts';

const NAMES = ['dav.example.org', 'localhost', '127.0.0.1', '::1', '2001:db8::ff00:42:8329', '10.1.2.3'];
const NOW = Date.UTC(2026, 10, 22, 8);

function own(t: TestContext, clock: Clock = fakeClock(NOW), names: readonly string[] = NAMES) {
  const folder = join(temporaryFolder(t), 'tls');
  const logged = keepingLog();
  const make = (some: readonly string[]) =>
    ownCertificate({ folder, names: some, clock, random: SYSTEM_RANDOM, log: logged.log });
  return { folder, logged, source: make(names), make };
}

test('the certificate names every host and address it was made for', async () => {
  const certificate = new X509Certificate((await createSelfSigned(NAMES, NOW, SYSTEM_RANDOM)).cert);
  assert.equal(certificate.checkHost('dav.example.org'), 'dav.example.org');
  assert.equal(certificate.checkHost('localhost'), 'localhost');
  for (const address of NAMES.slice(2)) assert.equal(certificate.checkIP(address), address);
  assert.equal(certificate.checkHost('other.example.org'), undefined);
  assert.equal(certificate.checkIP('10.1.2.4'), undefined);
});

test('the certificate is for TLS servers, is no CA, and is signed by its own RSA 2048 key', async () => {
  const pair = await createSelfSigned(NAMES, NOW, SYSTEM_RANDOM);
  const certificate = new X509Certificate(pair.cert);
  assert.deepEqual(certificate.keyUsage, ['1.3.6.1.5.5.7.3.1']);
  assert.equal(certificate.ca, false);
  assert.equal(certificate.publicKey.asymmetricKeyType, 'rsa');
  assert.equal(certificate.publicKey.asymmetricKeyDetails?.modulusLength, 2048);
  assert.ok(certificate.verify(certificate.publicKey));
  assert.ok(certificate.checkPrivateKey(createPrivateKey(pair.key)));
  assert.equal(certificate.subject, 'CN=dav.example.org');
  assert.equal(certificate.issuer, certificate.subject);
});

test('the certificate is valid from a day ago for at most 398 days', async () => {
  const certificate = new X509Certificate((await createSelfSigned(NAMES, NOW, SYSTEM_RANDOM)).cert);
  assert.equal(certificate.validFromDate.getTime(), NOW - DAY_MS);
  assert.ok(certificate.validToDate.getTime() - certificate.validFromDate.getTime() <= 398 * DAY_MS);
  assert.ok(certificate.validToDate.getTime() > NOW + 390 * DAY_MS);
});

test('RFC 5280 §4.1.2.5 dates from 2050 on are written with four digits of the year', async () => {
  const late = new X509Certificate((await createSelfSigned(['a'], Date.UTC(2049, 11, 1), SYSTEM_RANDOM)).cert);
  assert.equal(late.validFromDate.getUTCFullYear(), 2049);
  assert.equal(late.validToDate.getUTCFullYear(), 2051);
});

test('RFC 5280 §4.1.2.2 serial numbers are positive and differ', async () => {
  const high = await createSelfSigned(['a'], NOW, (length) => new Uint8Array(length).fill(255));
  const zero = await createSelfSigned(['a'], NOW, (length) => new Uint8Array(length));
  assert.equal(new X509Certificate(high.cert).serialNumber, `7F${'FF'.repeat(15)}`);
  assert.equal(new X509Certificate(zero.cert).serialNumber, `40${'00'.repeat(15)}`);
});

const openssl = spawnSync('openssl', ['version']).status === 0;

test('OpenSSL takes the certificate under its strict rules', {
  skip: openssl ? false : 'openssl is not installed',
}, async (t) => {
  const { source, folder } = own(t, fakeClock(Date.now()));
  await source.load();
  const path = join(folder, 'certificate.pem');
  const check = ['verify', '-x509_strict', '-purpose', 'sslserver', '-verify_ip', '::1', '-CAfile', path, path];
  const result = spawnSync('openssl', check, { encoding: 'utf8' });
  assert.equal(result.status, 0, result.stderr);
});

test('the files are for their owner only and stay the same over restarts', async (t) => {
  const { source, folder, make } = own(t);
  const first = await source.load();
  assert.equal(statSync(folder).mode & 0o777, 0o700);
  for (const name of ['certificate.pem', 'key.pem']) assert.equal(statSync(join(folder, name)).mode & 0o777, 0o600);
  const second = await make(NAMES).load();
  assert.equal(second.cert, first.cert);
  assert.equal(second.key, first.key);
});

test('a certificate with less than 30 days left is replaced, one with more is kept', async (t) => {
  const clock = fakeClock(NOW);
  const { source } = own(t, clock);
  const first = await source.load();
  clock.advance(first.expiresAt - 30 * DAY_MS - NOW);
  assert.equal((await source.load()).fingerprint, first.fingerprint);
  clock.advance(1000);
  const renewed = await source.load();
  assert.notEqual(renewed.fingerprint, first.fingerprint);
  assert.ok(renewed.expiresAt > first.expiresAt);
});

test('a machine that got another name keeps its certificate and says what is missing', async (t) => {
  const { source, make, logged } = own(t);
  const first = await source.load();
  const second = await make([...NAMES, 'new.example.org', '2001:db8:0:0::1']).load();
  assert.equal(second.fingerprint, first.fingerprint);
  const [warning, ...others] = logged.lines.filter(({ level }) => level === 'warn');
  assert.deepEqual(warning?.missing, ['new.example.org', '2001:db8:0:0::1']);
  assert.equal(others.length, 0);
});

test('a pair that does not match, or half a pair, is replaced by a new one', async (t) => {
  const { source, folder } = own(t);
  const first = await source.load();
  writeFileSync(join(folder, 'key.pem'), (await createSelfSigned(['a'], NOW, SYSTEM_RANDOM)).key);
  const second = await source.load();
  assert.notEqual(second.fingerprint, first.fingerprint);
  rmSync(join(folder, 'key.pem'));
  assert.notEqual((await source.load()).fingerprint, second.fingerprint);
});

test('given files that do not fit together are refused by name', async (t) => {
  const folder = temporaryFolder(t);
  const files = { cert: join(folder, 'c.pem'), key: join(folder, 'k.pem') };
  writeFileSync(files.cert, (await createSelfSigned(['a'], NOW, SYSTEM_RANDOM)).cert);
  writeFileSync(files.key, (await createSelfSigned(['a'], NOW, SYSTEM_RANDOM)).key);
  const before = readFileSync(files.key, 'utf8');
  const source = certificateFromFiles(files, fakeClock(NOW), keepingLog().log);
  await assert.rejects(
    source.load(),
    (error: Error) => error.message.includes(files.cert) && error.message.includes(files.key),
  );
  assert.equal(readFileSync(files.key, 'utf8'), before);
});

test('given files that expire soon are used, with a warning', async (t) => {
  const folder = temporaryFolder(t);
  const files = { cert: join(folder, 'c.pem'), key: join(folder, 'k.pem') };
  const pair = await createSelfSigned(['a'], NOW, SYSTEM_RANDOM);
  writeFileSync(files.cert, pair.cert);
  writeFileSync(files.key, pair.key);
  const logged = keepingLog();
  await certificateFromFiles(files, fakeClock(NOW), logged.log).load();
  assert.equal(logged.lines.length, 0);
  await certificateFromFiles(files, fakeClock(NOW + 390 * DAY_MS), logged.log).load();
  assert.equal(logged.lines[0]?.daysLeft, 6);
});

test('names for the certificate are the further ones, the host, the local ones and the addresses, once each', () => {
  const machine = { host: 'box.example.org', addresses: ['10.0.0.5', '2001:db8::5'] };
  assert.deepEqual(certificateNames(machine, ['dav.example.org', '10.0.0.5']), [
    'dav.example.org',
    '10.0.0.5',
    'box.example.org',
    'localhost',
    '127.0.0.1',
    '::1',
    '2001:db8::5',
  ]);
});

test('the certificate carries the hosts of the public URL and of the listeners, which people are told', () => {
  const names = settingNames({
    listen: ['https://0.0.0.0:8443', 'https://[::]:443', 'https://Box.lan:8443', 'https://[2001:db8::7]:8443'],
    publicUrl: 'https://dav.example.org:8443',
    tls: { names: ['a.example.org'], minVersion: 'TLSv1.2' },
  });
  assert.deepEqual(names, ['a.example.org', 'dav.example.org', 'box.lan', '2001:db8::7']);
  assert.deepEqual(
    settingNames({
      listen: ['http://0.0.0.0:80'],
      publicUrl: 'https://[::1]:1',
      tls: { names: [], minVersion: 'TLSv1.2' },
    }),
    ['::1'],
  );
});
