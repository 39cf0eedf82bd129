import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { folderReason } from '../../src/config/folder-reason.ts';
import { SILENT_LOG } from '../../src/observe/log.ts';
import { prepareDataFolder } from '../../src/server/data-folder.ts';
import { temporaryFolder } from '../server/support/start.ts';

test('what the system says is told in words with a remedy; other errors are not folders', (t) => {
  const file = join(temporaryFolder(t), 'file');
  writeFileSync(file, '');
  const told = (path: string): string | null => {
    try {
      mkdirSync(path, { recursive: true });
    } catch (error) {
      return folderReason(error);
    }
    return 'it was made';
  };
  assert.match(told(file) ?? '', /^it is a file; choose/);
  assert.match(told(join(file, 'below')) ?? '', /^a file is in its path; choose/);
  const denied = Object.assign(new Error('EACCES: permission denied'), { code: 'EACCES', syscall: 'open' });
  assert.match(folderReason(denied) ?? '', /run as its owner/);
  assert.equal(folderReason(new Error('a bug')), null);
});

test('a server says so when its data folder is a file', async (t) => {
  const file = join(temporaryFolder(t), 'file');
  writeFileSync(file, '');
  await assert.rejects(
    prepareDataFolder(file, SILENT_LOG),
    /the data folder .*file cannot be used: it is a file; choose/,
  );
});
