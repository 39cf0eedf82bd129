import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { changesOf } from '../../src/admin/config-log.ts';
import { createAdministration } from '../../src/admin/create-administration.ts';
import { DebugSwitches } from '../../src/observe/debug-switches.ts';
import { LogFiles } from '../../src/observe/files/log-files.ts';
import { inLog } from '../../src/observe/log-names.ts';
import { createPinoLog } from '../../src/observe/pino-log.ts';
import { adminBench, inFolder } from './bench.ts';
import { cliBench } from './cli-bench.ts';

const AT = Date.UTC(2026, 10, 22, 8, 30, 15);

test('a changed setting is told by its paths, from what to what; of a list of words what came and what went', () => {
  const before = { required: true, most: 3, name: 'a', gone: 1, list: ['x', 'y'], rules: [{ access: 'allow' }] };
  const after = {
    ...{ required: false, most: 3, name: 'b'.repeat(200), inner: { list: ['x'], hours: 2 } },
    ...{ list: ['y', 'z'], rules: [{ access: 'block' }, { access: 'allow' }] },
  };
  assert.deepEqual(changesOf(before, after), {
    required: 'true → false',
    name: `a → ${'b'.repeat(80)}…`,
    gone: '1 → none',
    list: '+z −x',
    'rules.0.access': 'allow → block',
    'rules.1.access': 'none → allow',
    'inner.list': '+x',
    'inner.hours': 'none → 2',
  });
  assert.deepEqual(changesOf(null, 30), { value: 'none → 30' });
});

async function filled(folder: string) {
  const files = new LogFiles({
    folder: join(folder, 'logs'),
    rotateBytes: 100_000,
    rotateDays: 30,
    keep: 2,
    now: () => AT,
    onFailure: (error) => assert.fail(String(error)),
  });
  const switches = new DebugSwitches();
  const log = createPinoLog({
    level: 'info',
    format: 'json',
    now: () => AT,
    write: () => undefined,
    sinks: [files.sink],
    switches,
  });
  const bench = adminBench();
  const administration = createAdministration({
    ...bench,
    log,
    logs: { folder: join(folder, 'logs'), files, switches },
  });
  return { ...cliBench({ ...bench, administration }), log, files, switches };
}

test('log show prints the last lines for people, those with a text, or as they are stored', async () => {
  await inFolder(async (folder) => {
    const { causeway, log, files } = await filled(folder);
    for (const user of ['ann', 'bob', 'ann']) inLog(log, 'mail').info({ user }, 'message submitted');
    const line = '2026-11-22 08:30:15 info  message submitted';
    assert.equal(
      (await causeway(['log', 'show', 'mail', '--lines', '2'])).out,
      `${line} log=mail user=bob\n${line} log=mail user=ann\n`,
    );
    assert.equal((await causeway(['log', 'show', 'mail', '--grep', 'BOB'])).out, `${line} log=mail user=bob\n`);
    const json = await causeway(['log', 'show', 'mail', '--lines', '1', '--json']);
    assert.deepEqual(JSON.parse(json.out), { level: 30, time: AT, log: 'mail', user: 'ann', msg: 'message submitted' });
    assert.deepEqual(await causeway(['log', 'clear', 'mail']), { code: 0, out: 'mail: cleared\n', err: '' });
    assert.equal((await causeway(['log', 'show', 'mail'])).out, '');
    assert.match((await causeway(['log', 'show', 'config'])).out, /log cleared .*who=cli .*name=mail/);
    files.close();
  });
});

test('log debug shows and switches categories, and the switch is a setting with its history', async () => {
  await inFolder(async (folder) => {
    const { causeway, switches, stores, files } = await filled(folder);
    assert.equal((await causeway(['log', 'debug', 'push', 'on'])).out, 'push  on\n');
    assert.deepEqual([switches.on, await stores.directory.setting('log.debug')], [['push'], ['push']]);
    assert.match((await causeway(['log', 'debug'])).out, /^activesync {2}off\n[\s\S]*push {2}on\n/);
    assert.equal((await causeway(['log', 'debug', 'push', 'off'])).code, 0);
    assert.deepEqual(
      (await stores.directory.settingHistory('log.debug')).map(({ who }) => who),
      ['cli', 'cli'],
    );
    files.close();
  });
});

test('log commands refuse wrong calls', async () => {
  const { causeway } = cliBench();
  for (const call of [
    ['show'],
    ['show', 'x'],
    ['show', 'mail', '--lines', '0'],
    ['clear'],
    ['debug', 'x', 'on'],
    ['debug', 'push', 'maybe'],
  ]) {
    assert.equal((await causeway(['log', ...call])).code, 2, call.join(' '));
  }
});
