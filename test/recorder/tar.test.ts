import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { type TarFile, writeTar } from '../../src/recorder/tar.ts';

function file(name: string, content: Buffer): TarFile {
  return { name, size: content.length, read: async (start, end) => content.subarray(start, end) };
}

async function packed(files: readonly TarFile[]): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of writeTar(files, Date.UTC(2026, 10, 22))) parts.push(part);
  return Buffer.concat(parts);
}

test('an archive is unpacked by tar as it was put in: empty files, whole blocks, and more than is read at once', async () => {
  const contents = new Map([
    ['about.yaml', Buffer.from('client: x\n')],
    ['001.request', Buffer.alloc(0)],
    ['001.response', Buffer.alloc(512, 7)],
    ['002.request', Buffer.alloc(2_500_001, 'abc')],
  ]);
  const archive = await packed([...contents].map(([name, content]) => file(name, content)));
  assert.equal(archive.length % 512, 0);
  const folder = await mkdtemp(join(tmpdir(), 'causeway-tar-'));
  try {
    await writeFile(join(folder, 'all.tar'), archive);
    await promisify(execFile)('tar', ['-xf', 'all.tar'], { cwd: folder });
    for (const [name, content] of contents) assert.ok((await readFile(join(folder, name))).equals(content), name);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('a file that has become shorter breaks the archive off, instead of shifting what follows', async () => {
  const short: TarFile = { name: 'a', size: 10, read: async () => new Uint8Array(4) };
  await assert.rejects(packed([short]), /a gave 4 bytes from 0 on, where 10 were expected/);
});
