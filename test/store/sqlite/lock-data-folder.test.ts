import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { lockDataFolder } from '../../../src/store/sqlite/lock-data-folder.ts';
import { tempFolder } from './sqlite-fixture.ts';

test('a data folder is locked for one opener until it is released', (t) => {
  const dir = join(tempFolder(t), 'made', 'on the way');
  const lock = lockDataFolder(dir);
  assert.throws(
    () => lockDataFolder(dir),
    (error: Error) => error.message.includes(dir) && error.message.includes(`process ${process.pid}`),
  );
  assert.throws(() => lockDataFolder(dir), { code: 'store-unavailable' });
  lock.release();
  lock.release();
  lockDataFolder(dir).release();
});

test('the lock of another process holds, names it, and ends when it is killed', async (t) => {
  const dir = tempFolder(t);
  const module = pathToFileURL(join(import.meta.dirname, '../../../src/store/sqlite/lock-data-folder.ts')).href;
  const code = `import { lockDataFolder } from ${JSON.stringify(module)};
    globalThis.lock = lockDataFolder(${JSON.stringify(dir)}); console.log('locked'); setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', code], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  assert.throws(() => lockDataFolder(dir), new RegExp(`process ${child.pid}`));
  child.kill('SIGKILL');
  await once(child, 'exit');
  lockDataFolder(dir).release();
});
