import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { makeFolder } from '../../src/config/make-folder.ts';

test('a folder is made with those above it, for its owner only, and may be there already', (t) => {
  const top = mkdtempSync(join(tmpdir(), 'causeway-'));
  t.after(() => rmSync(top, { recursive: true }));
  const path = join(top, 'a', 'b', 'c');
  makeFolder(path);
  makeFolder(path);
  makeFolder(`${path}/`);
  assert.equal(statSync(path).mode & 0o777, 0o700);
  assert.equal(statSync(join(top, 'a')).mode & 0o777, 0o700);
});

test('a file of that name, or in the path, is the system’s error', (t) => {
  const top = mkdtempSync(join(tmpdir(), 'causeway-'));
  t.after(() => rmSync(top, { recursive: true }));
  const file = join(top, 'file');
  writeFileSync(file, '');
  assert.throws(() => makeFolder(file), { code: 'EEXIST' });
  assert.throws(() => makeFolder(join(file, 'below')), { code: 'ENOTDIR' });
});

const PROC = '/proc/causeway/data';

test('where nothing can be made the answer comes at once', {
  skip: existsSync('/proc/self') ? false : 'there is no /proc',
}, () => {
  const call = `import { makeFolder } from ${JSON.stringify(new URL('../../src/config/make-folder.ts', import.meta.url).href)};
    try { makeFolder(${JSON.stringify(PROC)}); } catch (error) { process.stdout.write(error.code); }`;
  // In a process of its own, since the mistake this is for never comes back.
  const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', call], { timeout: 60_000 });
  assert.equal(String(stdout), 'ENOENT');
});
