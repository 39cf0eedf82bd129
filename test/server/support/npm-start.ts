import assert from 'node:assert/strict';
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** The repository's root. */
export const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
/** Settings of the tests are none of the server's. */
const ENV = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('CAUSEWAY_')));

export interface StartedProcess {
  readonly npm: ChildProcess;
  readonly url: string;
  readonly output: string;
  /** Ends npm, its shell and the server at once, as a power cut would. */
  kill(): Promise<void>;
}

/** Starts the server as people do. Its own process group, so that nothing of it survives the kill. */
export async function npmStart(data: string, flags: readonly string[] = []): Promise<StartedProcess> {
  const argv = ['start', '--silent', '--', '--data', data, '--listen', 'http://127.0.0.1:0', ...flags];
  const child = spawn('npm', argv, { cwd: ROOT, env: ENV, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  const kill = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    // npm may be gone before its server is, which holds the data folder: what both write to closes with the last of them.
    const closed = once(child, 'close');
    process.kill(-child.pid!, 'SIGKILL');
    await closed;
  };
  let output = '';
  let errors = '';
  child.stderr.on('data', (chunk) => {
    errors += chunk;
  });
  for await (const chunk of child.stdout.iterator({ destroyOnReturn: false })) {
    output += chunk;
    const url = /^Causeway is ready\n(http:\S+)\n/m.exec(output)?.[1];
    if (url === undefined) continue;
    child.stdout.resume();
    return { npm: child, url, output, kill };
  }
  throw new assert.AssertionError({ message: `it ended before it was ready: ${output}${errors}` });
}

/** The first user and the password that the first start shows. */
export function firstUser({ output }: StartedProcess): { local: string; domain: string; password: string } {
  const [, local, domain] = /User name +(\S+)@(\S+)/.exec(output) ?? [];
  const password = /Password +(\S+)/.exec(output)?.[1];
  assert.ok(local && domain && password, output);
  return { local, domain, password };
}

/** Holds the data folder of a server that does not run to `causeway check`. */
export function checkFolder(data: string): void {
  const argv = ['run', '--silent', 'causeway', '--', '--data', data, 'check'];
  const { status, stdout, stderr } = spawnSync('npm', argv, { cwd: ROOT, env: ENV, encoding: 'utf8' });
  assert.equal(status, 0, `${stdout}${stderr}`);
}
