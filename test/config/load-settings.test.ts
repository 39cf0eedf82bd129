import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { loadSettings } from '../../src/config/load-settings.ts';
import { type Problem, SettingsError } from '../../src/config/problem.ts';
import { temporaryFolder } from '../server/support/start.ts';

interface Given {
  readonly argv?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

const load = ({ argv = [], env = {} }: Given) => loadSettings({ argv, env, cwd: '/srv' });

function problems(given: Given): readonly Problem[] {
  try {
    load(given);
  } catch (error) {
    assert.ok(error instanceof SettingsError);
    return error.problems;
  }
  throw new assert.AssertionError({ message: 'the settings were taken' });
}

function file(t: TestContext, content: unknown): string {
  const path = join(temporaryFolder(t), 'causeway.json');
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

test('without any configuration every setting has a usable default', () => {
  const { settings } = load({});
  assert.equal(settings.data, '/srv/data');
  assert.deepEqual(settings.listen, ['https://0.0.0.0:8443']);
  assert.equal(settings.tls.minVersion, 'TLSv1.2');
  assert.equal(settings.limits.graceSeconds, 10);
});

test('a flag wins over the environment, the environment over the file, the file over the default', (t) => {
  const path = file(t, {
    log: { level: 'error' },
    listen: ['http://127.0.0.1:1'],
    data: '/from-file',
    hostName: 'file.example',
  });
  const env = { CAUSEWAY_LISTEN: 'http://127.0.0.1:2', CAUSEWAY_DATA: '/from-env', CAUSEWAY_CONFIG: path };
  const { settings, sources } = load({ argv: ['--data', '/from-flag'], env });
  assert.equal(settings.data, '/from-flag');
  assert.deepEqual(settings.listen, ['http://127.0.0.1:2']);
  assert.equal(settings.log.level, 'error');
  assert.equal(settings.hostName, 'file.example');
  assert.equal(settings.log.format, 'auto');
  assert.deepEqual(
    [sources.get('data'), sources.get('listen'), sources.get('log.level')],
    ['--data', 'CAUSEWAY_LISTEN', path],
  );
});

test('--config wins over CAUSEWAY_CONFIG', (t) => {
  const named = file(t, { data: '/a' });
  const other = file(t, { data: '/b' });
  assert.equal(load({ argv: [`--config=${named}`], env: { CAUSEWAY_CONFIG: other } }).settings.data, '/a');
});

test('--listen can be repeated, and commas separate addresses in the environment', () => {
  const argv = ['--listen', 'https://[::1]:8443', '--listen=http://localhost:8080'];
  assert.deepEqual(load({ argv }).settings.listen, ['https://[::1]:8443', 'http://localhost:8080']);
  const env = { CAUSEWAY_LISTEN: 'https://a.example:1, http://127.0.0.1:2' };
  assert.deepEqual(load({ env }).settings.listen, ['https://a.example:1', 'http://127.0.0.1:2']);
});

test('paths of the file start at its folder, those of flags at the working folder', (t) => {
  const path = file(t, { tls: { cert: 'c.pem', key: 'sub/k.pem' } });
  const { settings } = load({ argv: ['--config', path, '--data', 'box'] });
  assert.equal(settings.tls.cert, join(path, '..', 'c.pem'));
  assert.equal(settings.tls.key, join(path, '..', 'sub/k.pem'));
  assert.equal(settings.data, '/srv/box');
});

test('an unknown key is refused in each place, with the name that was probably meant', (t) => {
  const path = file(t, { lisen: ['http://127.0.0.1:1'], log: { levle: 'info' } });
  const found = problems({ argv: ['--config', path, '--tls-crt', 'x'], env: { CAUSEWAY_DTAA: '/x' } });
  const told = found.map(({ key, source, remedy }) => [key, source, remedy]);
  assert.deepEqual(told, [
    ['lisen', path, 'Did you mean listen?'],
    ['log.levle', path, 'Did you mean log.level?'],
    ['CAUSEWAY_DTAA', 'environment', 'Did you mean CAUSEWAY_DATA?'],
    ['--tls-crt', 'command line', 'Did you mean --tls-cert?'],
  ]);
});

test('a bad value is told with key, source, reason and remedy', () => {
  const [problem, ...others] = problems({ env: { CAUSEWAY_LOG_LEVEL: 'loud' } });
  assert.equal(others.length, 0);
  assert.equal(problem?.key, 'log.level');
  assert.equal(problem?.source, 'CAUSEWAY_LOG_LEVEL');
  assert.match(problem?.reason ?? '', /"loud".*none of the words allowed/);
  assert.equal(problem?.remedy, 'Use one of debug, info, warn, error');
});

test('every problem is told at once', () => {
  const found = problems({
    argv: ['--limits-connections', 'many', '--listen', 'ftp://x', '--trusted-proxies', '10.0.0.0/40'],
  });
  assert.deepEqual(found.map(({ key }) => key).sort(), ['limits.connections', 'listen', 'trustedProxies']);
  assert.match(found.find(({ key }) => key === 'listen')?.reason ?? '', /not of the form https:\/\/HOST:PORT/);
  assert.match(found.find(({ key }) => key === 'trustedProxies')?.reason ?? '', /10\.0\.0\.0\/40/);
});

test('a certificate without its key is refused', () => {
  const [problem] = problems({ argv: ['--tls-cert', 'c.pem'] });
  assert.deepEqual([problem?.key, problem?.source], ['tls.cert', '--tls-cert']);
  assert.match(problem?.remedy ?? '', /--tls-key/);
});

test('one address twice is refused, port 0 twice is not', () => {
  const twice = ['--listen', 'https://127.0.0.1:9', '--listen', 'http://127.0.0.1:9'];
  assert.match(problems({ argv: twice })[0]?.reason ?? '', /named twice/);
  const free = ['--listen', 'http://127.0.0.1:0', '--listen', 'http://127.0.0.1:0'];
  assert.equal(load({ argv: free }).settings.listen.length, 2);
});

test('a flag without its value is told, and the next flag is still read', () => {
  const found = problems({ argv: ['--data', '--log-level', 'loud'] });
  assert.deepEqual(
    found.map(({ key }) => key),
    ['data', 'log.level'],
  );
});

test('a file that is missing, no JSON or no object is told with its path', (t) => {
  const folder = temporaryFolder(t);
  mkdirSync(join(folder, 'sub'));
  for (const [path, reason] of [
    [join(folder, 'none.json'), /cannot be read/],
    [file(t, '{ data: 1 }'), /is not JSON/],
    [file(t, []), /holds no JSON object/],
  ] as const) {
    const [problem] = problems({ argv: ['--config', path] });
    assert.equal(problem?.source, path);
    assert.match(problem?.reason ?? '', reason);
  }
});

test('values of the wrong type in the file are refused, not converted', (t) => {
  const found = problems({
    argv: ['--config', file(t, { limits: { connections: '5' }, listen: 'http://127.0.0.1:1', log: 'info' })],
  });
  assert.deepEqual(found.map(({ key }) => key).sort(), ['limits.connections', 'listen', 'log']);
});

test('a list written as a text, and a group written as a text, are told what they should be', (t) => {
  const found = problems({ argv: ['--config', file(t, { listen: 'http://127.0.0.1:1', log: 'info' })] });
  const reasons = new Map(found.map(({ key, reason, remedy }) => [key, `${reason}. ${remedy}`]));
  assert.match(reasons.get('listen') ?? '', /: a list, as in \["…"\], is expected\./);
  assert.match(reasons.get('log') ?? '', /^is a group of settings\. Write "log": \{ "level": … \}$/);
});

test('variables that Kubernetes adds for a service called causeway are passed over', () => {
  const env = {
    CAUSEWAY_SERVICE_HOST: '10.0.0.1',
    CAUSEWAY_PORT: 'tcp://10.0.0.1:8443',
    CAUSEWAY_PORT_8443_TCP: 'x',
    CAUSEWAY_DATA: '',
  };
  assert.equal(load({ env }).settings.data, '/srv/data');
});
