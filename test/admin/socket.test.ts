import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { chmod, mkdir, stat, writeFile } from 'node:fs/promises';
import { createConnection } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Administration } from '../../src/admin/administration.ts';
import { connectAdministration } from '../../src/admin/socket/connect-administration.ts';
import { serveAdministration } from '../../src/admin/socket/serve-administration.ts';
import { openSocketPath, SOCKET_NAME } from '../../src/admin/socket/socket-path.ts';
import { decodeLine, encodeLine, lineSplitter, MAX_LINE_BYTES } from '../../src/admin/socket/wire.ts';
import { GatewayError } from '../../src/domain/errors.ts';
import { SILENT_LOG } from '../../src/observe/log.ts';
import { ANN, adminBench, event, inFolder } from './bench.ts';

async function connected(
  administration: Administration,
  folder: string,
  work: (client: Administration) => Promise<void>,
) {
  const server = await serveAdministration(administration, folder, SILENT_LOG);
  try {
    const client = await connectAdministration(folder);
    assert.ok(client, 'a server answers');
    try {
      await work(client.administration);
    } finally {
      await client.close();
    }
  } finally {
    await server.close();
  }
}

test('calls, results, bytes and refusals cross the socket as in process', () =>
  inFolder(async (folder) => {
    const { administration } = adminBench();
    await connected(administration, folder, async (client) => {
      await client.userAdd(ANN);
      assert.deepEqual(await client.userList(), await administration.userList());
      const folders = await client.folderList({ address: ANN.address });
      const folderId = folders.find(({ role }) => role === 'calendar')!.id;
      const content = Buffer.from(event('1', 'Gr\u00fc\u00dfe'));
      const entries = [
        { content, contentType: 'text/calendar' },
        { content: Buffer.from('nonsense'), contentType: 'text/calendar' },
      ];
      const outcomes = await client.importBatch({ address: ANN.address, folderId, entries });
      assert.deepEqual(
        outcomes.map(({ kind }) => kind),
        ['created', 'refused'],
      );
      const page = await client.exportPage({ address: ANN.address, folderId, after: null });
      assert.deepEqual(Buffer.from(page.items[0]!.content!), content);
      const { id, revision, size } = page.items[0]!;
      const chunk = { address: ANN.address, itemId: id, revision, start: 6, end: size };
      assert.deepEqual(Buffer.from(await client.exportChunk(chunk)), content.subarray(6));
      const stale = client.exportChunk({ ...chunk, revision: 'other' });
      await assert.rejects(stale, (error) => error instanceof GatewayError && error.code === 'revision-mismatch');
      await assert.rejects(client.userAdd(ANN), { code: 'name-taken', facts: { name: ANN.address } });
      assert.equal(await client.unlockAll(), null);
    });
  }));

test('progress crosses the socket, and calls at once do not mix', () =>
  inFolder(async (folder) => {
    const { administration } = adminBench();
    const checking: Administration = {
      ...administration,
      async check(_input, progress) {
        for (let done = 1; done <= 3; done += 1) progress?.(done, 3);
        return [{ area: 'store', message: 'x' }];
      },
    };
    await connected(checking, folder, async (client) => {
      const seen: (readonly [number, number])[] = [];
      const [findings, users] = await Promise.all([
        client.check({}, (done, total) => seen.push([done, total])),
        client.userList(),
      ]);
      assert.deepEqual(findings, [{ area: 'store', message: 'x' }]);
      assert.deepEqual(users, []);
      assert.deepEqual(seen, [
        [1, 3],
        [2, 3],
        [3, 3],
      ]);
    });
  }));

test('the socket is for its owner alone, and so is the folder', () =>
  inFolder(async (folder) => {
    await chmod(folder, 0o755);
    await connected(adminBench().administration, folder, async () => {
      assert.equal((await stat(join(folder, SOCKET_NAME))).mode & 0o777, 0o600);
      assert.equal((await stat(folder)).mode & 0o777, 0o700);
    });
  }));

test('closing the server removes the socket, and then nobody answers', () =>
  inFolder(async (folder) => {
    await connected(adminBench().administration, folder, async () => {});
    await assert.rejects(stat(join(folder, SOCKET_NAME)), { code: 'ENOENT' });
    assert.equal(await connectAdministration(folder), null);
  }));

test('a folder that does not exist has no server', async () => {
  assert.equal(await connectAdministration('/nonexistent/causeway'), null);
});

const LONG =
  process.platform === 'linux' ? {} : { skip: 'long socket paths are reached through /proc, which Linux has' };
test('a path longer than the system takes works', LONG, () =>
  inFolder(async (folder) => {
    const long = join(folder, 'x'.repeat(120), 'y'.repeat(60));
    await mkdir(long, { recursive: true });
    await connected(adminBench().administration, long, async (client) => {
      assert.deepEqual(await client.userList(), []);
      assert.ok((await stat(join(long, SOCKET_NAME))).isSocket());
    });
    await assert.rejects(stat(join(long, SOCKET_NAME)), { code: 'ENOENT' });
  }),
);

test('where there is no /proc too long a path is an error that says so', async () => {
  await assert.rejects(
    openSocketPath(`/${'x'.repeat(120)}`, 'darwin'),
    /longer than the 107 bytes .* shorter data folder/,
  );
});

test('the socket of a killed server is replaced', () =>
  inFolder(async (folder) => {
    const path = join(folder, SOCKET_NAME);
    const listen = `require('net').createServer().listen(${JSON.stringify(path)}, () => console.log('up'))`;
    const child = spawn(process.execPath, ['-e', listen], { stdio: ['ignore', 'pipe', 'inherit'] });
    await new Promise((resolve) => child.stdout.once('data', resolve));
    const exited = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await exited;
    assert.ok((await stat(path)).isSocket(), 'the killed process left its socket');
    assert.equal(await connectAdministration(folder), null);
    await connected(adminBench().administration, folder, async (client) => {
      assert.deepEqual(await client.userList(), []);
    });
  }));

test('a second server on the folder is refused and leaves the first one answering', () =>
  inFolder(async (folder) => {
    const { administration } = adminBench();
    await connected(administration, folder, async (client) => {
      await assert.rejects(serveAdministration(administration, folder, SILENT_LOG), /Another server is running/);
      assert.deepEqual(await client.userList(), []);
    });
  }));

test('a file in the way is not removed', () =>
  inFolder(async (folder) => {
    await writeFile(join(folder, SOCKET_NAME), 'precious');
    const serving = serveAdministration(adminBench().administration, folder, SILENT_LOG);
    await assert.rejects(serving, /is in the way: it is not a socket/);
    assert.equal((await stat(join(folder, SOCKET_NAME))).size, 8);
  }));

test('a call that ends with the server is rejected, not left waiting', () =>
  inFolder(async (folder) => {
    const { administration } = adminBench();
    const never: Administration = { ...administration, userList: () => new Promise(() => {}) };
    const server = await serveAdministration(never, folder, SILENT_LOG);
    const client = await connectAdministration(folder);
    const call = client!.administration.userList();
    const rejected = assert.rejects(call, /running server/);
    await new Promise((resolve) => setImmediate(resolve));
    await server.close();
    await rejected;
    await assert.rejects(client!.administration.userList(), /running server/);
    await client!.close();
  }));

test('a call the server does not know is answered with the remedy', () =>
  inFolder(async (folder) => {
    const server = await serveAdministration(adminBench().administration, folder, SILENT_LOG);
    const socket = createConnection(join(folder, SOCKET_NAME));
    const answer = new Promise<string>((resolve) => socket.once('data', (data) => resolve(data.toString())));
    socket.write('{"id":7,"call":"constructor"}\n');
    assert.match(await answer, /^\{"id":7,"error":\{"message":".*another version. Restart it."\}\}\n$/);
    const closed = new Promise((resolve) => socket.once('close', resolve));
    socket.write('not json\n');
    await closed;
    await server.close();
  }));

test('bytes of any kind survive a line', () => {
  const bytes = Uint8Array.from({ length: 256 }, (_, n) => n);
  const line = encodeLine({ id: 1, call: 'x', input: { entries: [{ content: bytes, name: 'a\nb' }], none: null } });
  assert.equal(line.indexOf('\n'), line.length - 1);
  const decoded = decodeLine(line) as { input: { entries: { content: Uint8Array }[] } };
  assert.deepEqual(Uint8Array.from(decoded.input.entries[0]!.content), bytes);
});

test('lines come out whole however they were cut', () => {
  const text = Buffer.from('one\n\ntwo \u00fc\u{1f600}\nthree\n');
  for (const size of [1, 2, 5, 100]) {
    const lines: string[] = [];
    const split = lineSplitter((line) => lines.push(line));
    for (let at = 0; at < text.length; at += size) split(text.subarray(at, at + size));
    assert.deepEqual(lines, ['one', '', 'two \u00fc\u{1f600}', 'three']);
  }
});

test('a line without end is refused before it fills the memory', () => {
  const split = lineSplitter(() => {});
  const chunk = Buffer.alloc(16 * 1024 * 1024, 'x');
  assert.throws(() => {
    for (let bytes = 0; bytes <= MAX_LINE_BYTES; bytes += chunk.length) split(chunk);
  }, /longer than/);
});
