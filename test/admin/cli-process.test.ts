import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { serveAdministration } from '../../src/admin/socket/serve-administration.ts';
import { SILENT_LOG } from '../../src/observe/log.ts';
import { createSelfSigned } from '../../src/server/certificate/self-signed.ts';
import { SYSTEM_RANDOM } from '../../src/server/system-clock.ts';
import { ANN, adminBench, event, inFolder } from './bench.ts';

const selfSigned = () => createSelfSigned(['a.example.org'], Date.now(), SYSTEM_RANDOM);
const CLI = join(import.meta.dirname, '../../src/cli.ts');

/** The command line as people run it: a process of its own. */
async function causeway(data: string, line: readonly string[], input = '', variables = {}) {
  const env = { ...process.env, ...variables };
  const child = spawn(process.execPath, [CLI, '--data', data, ...line], { stdio: 'pipe', env });
  let out = '';
  let err = '';
  child.stdout.on('data', (chunk) => {
    out += chunk;
  });
  child.stderr.on('data', (chunk) => {
    err += chunk;
  });
  child.stdin.end(input);
  const code = await new Promise((resolve) => child.once('close', resolve));
  return { code, out, err };
}

test('without a server the command works in the data folder itself, which user add begins', () =>
  inFolder(async (folder) => {
    const data = join(folder, 'data');
    const missing = await causeway(data, ['user', 'list']);
    assert.equal(missing.code, 2);
    assert.match(missing.err, /There is no data folder/);
    const added = await causeway(data, ['user', 'add', ANN.address, '--password-stdin'], 'secret\n');
    assert.deepEqual(added, { code: 0, out: 'added ann@example.org\n', err: '' });
    await writeFile(join(folder, 'a.ics'), event('1'));
    const line = ['import', ANN.address, join(folder, 'a.ics')];
    assert.match((await causeway(data, line)).out, /^imported 1: 1 new/);
    assert.match((await causeway(data, line)).out, /^imported 1: 0 new, 0 replaced, 1 unchanged/);
    assert.deepEqual(await causeway(data, ['check']), { code: 0, out: 'nothing found\n', err: '' });
  }));

test('with a server the command goes through it, so that its caches and waiting clients know', () =>
  inFolder(async (folder) => {
    const { administration } = adminBench();
    const server = await serveAdministration(administration, folder, SILENT_LOG);
    try {
      const added = await causeway(folder, ['user', 'add', ANN.address, '--password-stdin'], 'secret');
      assert.deepEqual(added, { code: 0, out: 'added ann@example.org\n', err: '' });
      assert.deepEqual(
        (await administration.userList()).map(({ address }) => address),
        [ANN.address],
      );
      await writeFile(join(folder, 'a.ics'), event('1'));
      const imported = await causeway(folder, ['import', ANN.address, join(folder, 'a.ics')]);
      assert.match(imported.out, /^imported 1: 1 new/);
      const again = await causeway(folder, ['user', 'add', ANN.address]);
      assert.equal(again.code, 2);
      assert.match(again.err, /There is a user ann@example.org already/);
    } finally {
      await server.close();
    }
  }));

test('a data folder that another process has open without answering is an error that names it', () =>
  inFolder(async (folder) => {
    const { openLocalAdministration } = await import('../../src/server/compose-admin.ts');
    const open = await openLocalAdministration(folder);
    try {
      const { code, err } = await causeway(folder, ['user', 'list']);
      assert.equal(code, 2);
      assert.match(err, new RegExp(`The data folder .* is in use by process ${process.pid}`));
    } finally {
      await open.close();
    }
  }));

test('a data folder that cannot be opened or made is told with the reason and the remedy', () =>
  inFolder(async (folder) => {
    const file = join(folder, 'file');
    await writeFile(file, '');
    for (const data of [join(file, 'data'), file]) {
      for (const line of [
        ['user', 'add', ANN.address],
        ['user', 'list'],
      ]) {
        const { code, out, err } = await causeway(data, line);
        assert.deepEqual([code, out], [2, ''], line.join(' '));
        assert.match(
          err,
          /^causeway: The data folder .*file.* cannot be used: .*file.*; choose another with --data\.\n$/,
        );
      }
    }
  }));

test('without a server, check finds a key that is not the one of its certificate', () =>
  inFolder(async (folder) => {
    const data = join(folder, 'data');
    await causeway(data, ['user', 'add', ANN.address]);
    const [own, other] = [await selfSigned(), await selfSigned()];
    const files = { CAUSEWAY_TLS_CERT: join(folder, 'c.pem'), CAUSEWAY_TLS_KEY: join(folder, 'k.pem') };
    await writeFile(files.CAUSEWAY_TLS_CERT, own.cert);
    await writeFile(files.CAUSEWAY_TLS_KEY, other.key);
    const wrong = await causeway(data, ['check'], '', files);
    assert.equal(wrong.code, 1);
    assert.match(wrong.out, /^configuration: .*k\.pem is not the key of the certificate in .*c\.pem\./);
    await writeFile(files.CAUSEWAY_TLS_KEY, own.key);
    assert.equal((await causeway(data, ['check'], '', files)).out, 'nothing found\n');
  }));
