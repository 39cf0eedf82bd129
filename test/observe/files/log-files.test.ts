import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { DebugSwitches } from '../../../src/observe/debug-switches.ts';
import { LogFiles } from '../../../src/observe/files/log-files.ts';
import { readLogAfter, readLogEnd } from '../../../src/observe/files/read-log.ts';
import { inLog } from '../../../src/observe/log-names.ts';
import { createPinoLog } from '../../../src/observe/pino-log.ts';

const DAY_MS = 86_400_000;

function bench(t: TestContext, rotation: { rotateBytes?: number; keep?: number } = {}) {
  const parent = mkdtempSync(join(tmpdir(), 'causeway-logs-'));
  const folder = join(parent, 'logs');
  const time = { now: Date.UTC(2026, 10, 22) };
  const failures: unknown[] = [];
  const files = new LogFiles({
    ...{ folder, rotateBytes: 100_000, rotateDays: 30, keep: 2, ...rotation },
    now: () => time.now,
    onFailure: (error) => failures.push(error),
  });
  const switches = new DebugSwitches();
  const options = { level: 'info', format: 'json', now: () => time.now, write: () => undefined } as const;
  const log = createPinoLog({ ...options, sinks: [files.sink], switches });
  t.after(() => {
    files.close();
    rmSync(parent, { recursive: true, force: true });
  });
  const messages = (name: string) =>
    readFileSync(join(folder, `${name}.log`), 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => (JSON.parse(line) as { msg: string }).msg);
  return { parent, folder, files, log, switches, time, failures, messages };
}

test('a line is in the log it names, else in that of its level', (t) => {
  const { log, messages, folder } = bench(t);
  log.info({}, 'request');
  log.warn({}, 'odd');
  log.error({}, 'broke');
  inLog(log, 'security').warn({}, 'sign-in failed');
  inLog(log, 'config').info({}, 'user added');
  assert.deepEqual(['server', 'warning', 'error', 'security', 'config'].map(messages), [
    ['request'],
    ['odd'],
    ['broke'],
    ['sign-in failed'],
    ['user added'],
  ]);
  assert.equal(statSync(join(folder, 'config.log')).mode & 0o777, 0o600);
  assert.equal(statSync(folder).mode & 0o777, 0o700);
});

test('named logs are kept whatever the level is; a category of the debug log while it is on', (t) => {
  const { files, switches, messages, folder } = bench(t);
  const log = createPinoLog({
    ...{ level: 'error', format: 'json' },
    now: () => 1,
    write: () => undefined,
    sinks: [files.sink],
    switches,
  });
  inLog(log, 'operations').info({}, 'kept');
  log.info({}, 'not kept');
  log.debug({ category: 'push' }, 'off');
  switches.set(['push', 'no category']);
  log.debug({ category: 'push' }, 'on');
  log.debug({ category: 'store' }, 'another');
  log.debug({}, 'below the level');
  assert.deepEqual([messages('operations'), messages('debug')], [['kept'], ['on']]);
  assert.equal(existsSync(join(folder, 'server.log')), false);
});

test('a file that would grow beyond its size is put aside, and only so many old ones stay', (t) => {
  const { log, folder, messages } = bench(t, { rotateBytes: 300, keep: 2 });
  for (let number = 0; number < 40; number += 1) log.info({ text: 'x'.repeat(60) }, `line ${number}`);
  assert.equal(messages('server').at(-1), 'line 39');
  assert.ok(statSync(join(folder, 'server.1.log')).size <= 300);
  assert.ok(existsSync(join(folder, 'server.2.log')));
  assert.equal(existsSync(join(folder, 'server.3.log')), false);
});

test('a file whose first line is old is put aside, also one of an earlier run', (t) => {
  const { log, time, files, messages } = bench(t);
  log.info({}, 'first');
  time.now += 29 * DAY_MS;
  log.info({}, 'second');
  files.close();
  time.now += DAY_MS;
  log.info({}, 'third');
  assert.deepEqual([messages('server'), messages('server.1')], [['third'], ['first', 'second']]);
});

test('the end of a log is read over its parts, by a text that capitals do not matter to', async (t) => {
  const { log, folder } = bench(t, { rotateBytes: 300, keep: 5 });
  for (let number = 0; number < 12; number += 1)
    log.info({ user: `Ann${number % 2}`, text: 'ü'.repeat(40) }, `line ${number}`);
  const read = async (grep: string | null, count: number) => {
    const { lines } = await readLogEnd(folder, 'server', { grep, count });
    return lines.map((line) => (JSON.parse(line) as { msg: string }).msg);
  };
  assert.deepEqual(await read(null, 3), ['line 9', 'line 10', 'line 11']);
  assert.deepEqual(await read('ANN1', 2), ['line 9', 'line 11']);
  assert.deepEqual(await read('nobody', 5), []);
});

test('who follows a log gets each later line once, over a rotation and a clearing', async (t) => {
  const { log, folder, files } = bench(t, { rotateBytes: 300, keep: 5 });
  log.info({}, 'before');
  let { next } = await readLogEnd(folder, 'server', { grep: null, count: 0 });
  const more = async () => {
    const page = await readLogAfter(folder, 'server', { after: next, grep: null });
    next = page.next;
    return page.lines.map((line) => (JSON.parse(line) as { msg: string }).msg);
  };
  assert.deepEqual(await more(), []);
  for (let number = 0; number < 6; number += 1) log.info({ text: 'x'.repeat(60) }, `line ${number}`);
  assert.deepEqual(
    await more(),
    [0, 1, 2, 3, 4, 5].map((number) => `line ${number}`),
  );
  files.clear('server');
  assert.deepEqual(await more(), []);
  log.info({}, 'after');
  assert.deepEqual(await more(), ['after']);
});

test('a log that nobody wrote to is empty, and can be followed from its first line', async (t) => {
  const { log, folder } = bench(t);
  const { lines, next } = await readLogEnd(folder, 'mail', { grep: null, count: 10 });
  assert.deepEqual(lines, []);
  inLog(log, 'mail').info({}, 'first');
  assert.equal((await readLogAfter(folder, 'mail', { after: next, grep: null })).lines.length, 1);
});

test('files that cannot be written are told once and end nothing', (t) => {
  const { log, folder, failures } = bench(t);
  writeFileSync(folder, 'in the way');
  log.warn({}, 'a');
  log.warn({}, 'b');
  assert.equal(failures.length, 1);
});
