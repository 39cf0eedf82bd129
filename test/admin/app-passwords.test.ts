import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeQR } from 'qr/decode.js';
import { qrSvg, qrTerminal } from '../../src/admin/qr.ts';
import { appPasswordDigest } from '../../src/auth/app-password-secret.ts';
import { CLIENT_ORIGIN } from '../../src/domain/mailbox.ts';
import { actingFor } from '../../src/observe/acting.ts';
import type { Log } from '../../src/observe/log.ts';
import { type Device, NO_POLICY } from '../../src/store/device-store.ts';
import { ANN, adminBench } from './bench.ts';
import { cliBench } from './cli-bench.ts';

const PHONE = { address: ANN.address, label: 'phone', protocols: null };

async function benchOfAnn(more: Parameters<typeof adminBench>[0] = {}) {
  const bench = adminBench(more);
  await bench.administration.userAdd(ANN);
  const { mailboxId } = (await bench.stores.directory.user('ann', 'example.org'))!;
  const device: Device = {
    ...{ id: 'abc', protocol: 'activesync', aliases: ['abc'], shownId: 'ABC', type: '', agent: '', version: null },
    ...{ information: {}, firstSeenAt: 1, lastSeenAt: 1, remoteAddress: '', policy: NO_POLICY },
  };
  /** As if this password had let the device in. */
  const bind = (id: string) =>
    bench.stores.syncState.write(mailboxId, CLIENT_ORIGIN, async (tx) => {
      await tx.putDevice({ ...device, credential: `app:${id}` });
      const bound = { protocol: 'activesync', id: 'abc', kin: null };
      await tx.putAppPassword({
        ...(await tx.appPassword(id))!,
        device: bound,
        lastUsedAt: 0,
        lastUsedFrom: '192.0.2.1',
      });
    });
  return { ...bench, mailboxId, bind };
}

test('an app password is made, shown once and kept as a digest', async () => {
  const { administration, stores, mailboxId, clock } = await benchOfAnn();
  const acting = { protocol: 'pages', user: ANN.address, address: null };
  const { entry, password } = await actingFor(acting, () => administration.appPasswordAdd(PHONE));
  const made = { id: entry.id, label: 'phone', protocols: null, createdAt: clock.now(), createdBy: ANN.address };
  const expected = { ...made, device: null, lastUsedAt: null, lastUsedFrom: null, revokedAt: null };
  assert.deepEqual(entry, expected);
  assert.deepEqual(await administration.appPasswordList({ address: ANN.address }), [expected]);
  const kept = await stores.syncState.read(mailboxId).appPassword(entry.id);
  assert.equal(kept?.digest, appPasswordDigest(password));
  assert.doesNotMatch(JSON.stringify(kept), new RegExp(`${password}|${password.replaceAll('-', '')}`));
});

test('what to type is told for each kind of program of the protocols chosen', async () => {
  const { administration } = await benchOfAnn({ publicUrl: 'https://sync.example.org:8443/' });
  const all = (await administration.appPasswordAdd(PHONE)).setup;
  assert.deepEqual(new Set(all.programs.map(({ protocol }) => protocol)), new Set(['activesync', 'webdav']));
  const { setup, password } = await administration.appPasswordAdd({ ...PHONE, protocols: ['ActiveSync'] });
  assert.deepEqual(
    setup.programs.map(({ fields }) => fields),
    [
      [
        { name: 'Server', value: 'sync.example.org:8443' },
        { name: 'User name', value: ANN.address },
        { name: 'Password', value: password },
      ],
    ],
  );
  assert.equal(setup.text, `Server: https://sync.example.org:8443\nUser name: ${ANN.address}\nPassword: ${password}`);
});

test('the server is the one the caller knows, else the setting’s, else left to the reader', async () => {
  const { administration } = await benchOfAnn({ publicUrl: 'https://a.example.org' });
  const told = await administration.appPasswordAdd({ ...PHONE, server: 'https://b.example.org/me' });
  assert.equal(told.setup.server, 'https://b.example.org');
  assert.equal((await administration.appPasswordAdd(PHONE)).setup.server, 'https://a.example.org');
  const { setup } = await (await benchOfAnn()).administration.appPasswordAdd(PHONE);
  assert.equal(setup.server, null);
  assert.doesNotMatch(setup.text, /Server/);
});

test('a label, a protocol or a server that cannot be is refused with the reason', async () => {
  const { administration } = await benchOfAnn();
  const refused = (more: object, message: RegExp) =>
    assert.rejects(administration.appPasswordAdd({ ...PHONE, ...more }), { message });
  for (const label of ['', '  ', 'a\nb', 'x'.repeat(101)]) await refused({ label }, /1 to 100 characters on one line/);
  await refused(
    { protocols: ['caldav'] },
    /"caldav" is no protocol; there are activesync and webdav \(webdav is CalDAV/,
  );
  await refused({ protocols: [] }, /no protocol is named/);
  for (const server of ['sync.example.org', 'javascript:alert(1)', 'ftp://x'])
    await refused({ server }, /no address of a server/);
  await assert.rejects(administration.appPasswordAdd({ ...PHONE, address: 'x@example.org' }), {
    code: 'item-not-found',
  });
  assert.deepEqual(await administration.appPasswordList({ address: ANN.address }), []);
});

test('a user has at most a hundred at a time', async () => {
  const { administration } = await benchOfAnn();
  for (let n = 0; n < 100; n += 1) await administration.appPasswordAdd(PHONE);
  await assert.rejects(administration.appPasswordAdd(PHONE), { message: /there are 100 app passwords already/ });
  assert.equal(await administration.appPasswordRevoke({ address: ANN.address, id: null }), 100);
  await administration.appPasswordAdd(PHONE);
});

test('revoking ends it once, answers what waits, and leaves the others', async () => {
  const ended: unknown[] = [];
  const { administration, bind, mailboxId, clock } = await benchOfAnn({ endRequests: (...what) => ended.push(what) });
  const { entry } = await administration.appPasswordAdd(PHONE);
  const { entry: other } = await administration.appPasswordAdd({ ...PHONE, label: 'tablet' });
  await bind(entry.id);
  const revoke = { address: ANN.address, id: entry.id };
  assert.equal(await administration.appPasswordRevoke(revoke), 1);
  assert.equal(await administration.appPasswordRevoke(revoke), 0);
  assert.deepEqual(ended, [[mailboxId, 'abc']]);
  const list = await administration.appPasswordList({ address: ANN.address });
  assert.deepEqual(
    list.map(({ id, revokedAt }) => [id, revokedAt]),
    [
      [other.id, null],
      [entry.id, clock.now()],
    ],
  );
  await assert.rejects(administration.appPasswordRevoke({ ...revoke, id: 'none' }), { code: 'item-not-found' });
});

for (const [title, act, count] of [
  ['removed', 'remove', 1],
  ['blocked by an administrator', 'block', 1],
  ['allowed', 'allow', 0],
] as const) {
  test(`the app password of a device that is ${title} ${count === 1 ? 'ends' : 'stays'}`, async () => {
    const bench = await benchOfAnn();
    const { administration } = bench;
    const { entry } = await administration.appPasswordAdd(PHONE);
    await administration.appPasswordAdd({ ...PHONE, label: 'tablet' });
    await bench.bind(entry.id);
    assert.equal((await cliBench(bench).causeway(['device', act, ANN.address, 'ABC'])).code, 0);
    const list = await administration.appPasswordList({ address: ANN.address });
    const revoked = list.filter(({ revokedAt }) => revokedAt !== null).map(({ id }) => id);
    assert.deepEqual(revoked, count === 1 ? [entry.id] : []);
  });
}

test('every change is in the config log with who made it, and no log has the password', async () => {
  const lines: [Readonly<Record<string, unknown>>, string][] = [];
  const write: Log['info'] = (fields, message) => void lines.push([fields, message]);
  const { administration } = await benchOfAnn({ log: { debug: write, info: write, warn: write, error: write } });
  const { entry, password } = await administration.appPasswordAdd({ ...PHONE, protocols: ['webdav'] });
  await administration.appPasswordRevoke({ address: ANN.address, id: null });
  const told = lines.filter(([, message]) => message.startsWith('app password'));
  assert.deepEqual(
    told.map(([{ appPassword, label }, message]) => [appPassword, label, message]),
    [
      [entry.id, 'phone', 'app password added'],
      [entry.id, 'phone', 'app password revoked'],
    ],
  );
  const digest = appPasswordDigest(password)!;
  for (const secret of [password, digest]) assert.equal(JSON.stringify(lines).includes(secret), false);
});

test('"app-password add" prints the password once, and with --qr a code that reads as server, name and password', async () => {
  const bench = await benchOfAnn({ publicUrl: 'https://sync.example.org' });
  const { causeway } = cliBench(bench);
  const { out, code } = await causeway(['app-password', 'add', ANN.address, '--label', 'phone', '--qr']);
  assert.equal(code, 0);
  const [, id, password] = /^added (\S+)\npassword: (\S+)\n/.exec(out) ?? [];
  assert.equal((await bench.administration.appPasswordList({ address: ANN.address }))[0]?.id, id);
  const drawn = out.split('\n').filter((line) => /^[█▀▄ ]{25,}$/.test(line));
  assert.equal(scanned(drawn), `Server: https://sync.example.org\nUser name: ${ANN.address}\nPassword: ${password}`);
  assert.doesNotMatch((await causeway(['app-password', 'list', ANN.address, '--json'])).out, new RegExp(`${password}`));
});

test('"app-password list" shows state, protocols, device and last use; "revoke" ends one or all', async () => {
  const bench = await benchOfAnn();
  const { causeway } = cliBench(bench);
  const line = ['app-password', 'add', ANN.address, '--label', 'phone', '--protocol', 'activesync', '--json'];
  const { entry } = JSON.parse((await causeway(line)).out) as { entry: { id: string } };
  await causeway(['app-password', 'add', ANN.address, '--label', 'laptop']);
  await bench.bind(entry.id);
  const { out } = await causeway(['app-password', 'list', ANN.address]);
  assert.match(
    out,
    new RegExp(`^${entry.id}  valid  phone   activesync  abc            1970-01-01 00:00  192\\.0\\.2\\.1$`, 'm'),
  );
  assert.match(out, /^\S+ {2}valid {2}laptop {2}all {9}no device yet {2}never used$/m);
  const revoke = ['app-password', 'revoke', ANN.address];
  assert.equal((await causeway([...revoke, entry.id])).out, `revoked 1 app password of ${ANN.address}\n`);
  assert.equal((await causeway([...revoke, '--all'])).out, `revoked 1 app password of ${ANN.address}\n`);
  for (const wrong of [revoke, [...revoke, entry.id, '--all'], [...revoke, 'a', 'b']]) {
    assert.equal((await causeway(wrong)).code, 2);
  }
});

test('a page’s code is an SVG without script or size', () => {
  const svg = qrSvg('Password: x');
  assert.match(svg, /^<svg [^>]*viewBox/);
  assert.doesNotMatch(svg, /<script|\son\w+=|style=/i);
});

test('a code of the longest name and server still fits', () => {
  const text = `Server: https://${'a'.repeat(250)}\nUser name: ${'ü'.repeat(30)}@${'b'.repeat(250)}\nPassword: x`;
  assert.equal(scanned(qrTerminal(text).trimEnd().split('\n')), text);
});

/** What a phone's camera reads of half blocks. */
function scanned(lines: readonly string[]): string {
  const isLight = (cell: string, half: 0 | 1) => cell === '█' || cell === (half === 0 ? '▀' : '▄');
  const rows = lines.flatMap((line) => ([0, 1] as const).map((half) => [...line].map((cell) => isLight(cell, half))));
  const width = rows[0]!.length;
  const scale = 4;
  const data = new Uint8Array(width * scale * width * scale * 3);
  for (let y = 0; y < width * scale; y += 1) {
    for (let x = 0; x < width * scale; x += 1) {
      const value = rows[Math.floor(y / scale)]![Math.floor(x / scale)] ? 255 : 0;
      data.fill(value, (y * width * scale + x) * 3, (y * width * scale + x) * 3 + 3);
    }
  }
  return decodeQR({ width: width * scale, height: width * scale, data });
}
