import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createPinoLog } from '../../src/observe/pino-log.ts';
import { textLine } from '../../src/observe/text-line.ts';
import { fakeClock } from '../support/fake-clock.ts';

const AT = Date.UTC(2026, 10, 22, 8, 30, 15);

function written(format: 'json' | 'text', level: 'debug' | 'info' | 'warn' | 'error' = 'debug') {
  const lines: string[] = [];
  return { lines, log: createPinoLog({ level, format, now: () => AT, write: (line) => lines.push(line) }) };
}

test('JSON lines hold level, time, message and fields', () => {
  const { lines, log } = written('json');
  log.info({ status: 207, path: '/a' }, 'request');
  assert.deepEqual(JSON.parse(lines[0] ?? ''), { level: 30, time: AT, status: 207, path: '/a', msg: 'request' });
});

test('lines below the level are not written', () => {
  const { lines, log } = written('json', 'warn');
  log.debug({}, 'a');
  log.info({}, 'b');
  log.warn({}, 'c');
  log.error({}, 'd');
  assert.equal(lines.length, 2);
});

test('an error keeps its message, stack and cause', () => {
  const { lines, log } = written('json');
  log.error({ error: new Error('outer', { cause: new Error('inner') }) }, 'failed');
  const { error } = JSON.parse(lines[0] ?? '') as { error: { message: string; stack: string } };
  assert.match(error.message, /outer.*inner/);
  assert.match(error.stack, /pino-log\.test/);
});

test('fields that are secrets by their name are left out', () => {
  const { lines, log } = written('json');
  log.info({ authorization: 'Basic x1', password: 'x2', headers: { authorization: 'x3', cookie: 'x4' } }, 'slip');
  assert.doesNotMatch(lines[0] ?? '', /x\d/);
});

test('text lines are for people: time, level, message, fields that say something', () => {
  const { lines, log } = written('text');
  log.warn({ status: 401, user: null, path: '/a/b', agent: 'My Agent/1' }, 'request');
  assert.deepEqual(lines, ['2026-11-22 08:30:15 WARN  request status=401 path=/a/b agent="My Agent/1"\n']);
});

test('a text line stays one line whatever a client writes', () => {
  const { lines, log } = written('text');
  log.info({ agent: 'x\n2026-11-22 08:30:15 ERROR forged=1', path: '\u001b[2J' }, 'request');
  assert.equal((lines[0] ?? '').split('\n').length, 2);
  assert.equal((lines[0] ?? '').includes('\u001b'), false);
});

test('the stack of an error stands indented below its text line', () => {
  const { lines, log } = written('text');
  log.error({ error: new Error('broke') }, 'failed');
  assert.match(lines[0] ?? '', /^2026-11-22 08:30:15 ERROR failed\n {4}Error: broke\n {8}at /);
});

test('what clients chose cannot command the terminal on which the text log is read', () => {
  const line = textLine(
    JSON.stringify({
      level: 30,
      time: 0,
      msg: 'request',
      userAgent: 'a\u001b[2J\u009b2J\u007f\nb',
      why: 'a\u202eb\u2066c',
    }),
  );
  assert.equal(line.trimEnd().split('\n').length, 1);
  assert.equal(
    [...line.trimEnd()].some((char) => char < ' ' || (char >= '\u007f' && char <= '\u009f')),
    false,
  );
  assert.match(line, /userAgent="a\\u001b\[2J\\u009b2J\\u007f\\nb"/);
  assert.match(line, /why="a\\u202eb\\u2066c"/);
});

test('lines are gathered for a moment and keep their order; a warning is written at once with those before it', () => {
  const writes: string[] = [];
  const clock = fakeClock(AT);
  const write = (lines: string) => writes.push(lines);
  const log = createPinoLog({ level: 'info', format: 'text', now: () => AT, after: clock.after, write });
  const said = () => writes.map((lines) => [...lines.matchAll(/said (\d)/g)].map(([, number]) => number).join(''));
  log.info({}, 'said 1');
  log.info({}, 'said 2');
  assert.deepEqual(said(), []);
  clock.advance(100);
  assert.deepEqual(said(), ['12']);
  log.info({}, 'said 3');
  log.warn({}, 'said 4');
  assert.deepEqual(said(), ['12', '34']);
  clock.advance(1_000);
  assert.deepEqual(said(), ['12', '34']);
  log.info({ long: 'x'.repeat(20_000) }, 'said 5');
  assert.deepEqual(said(), ['12', '34', '5']);
});
