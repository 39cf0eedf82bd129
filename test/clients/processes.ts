import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';

export interface RunningServer {
  readonly process: ChildProcess;
  /** http://127.0.0.1:PORT */
  readonly url: string;
}

/** Starts a gateway as a user does, on a free port without TLS, and adds a user to it, unless the data folder has its users. */
export async function startServer(
  data: string,
  user: { address: string; password: string } | null,
  more: readonly string[] = [],
): Promise<RunningServer> {
  // Captures must not carry the name of the machine they were made on.
  const flags = ['--data', data, '--listen', 'http://127.0.0.1:0', '--host-name', 'gateway.example', ...more];
  const child = spawn(process.execPath, ['src/main.ts', ...flags], { stdio: ['ignore', 'pipe', 'inherit'] });
  const url = await printed(child, /http:\/\/127\.0\.0\.1:\d+/u);
  if (user === null) return { process: child, url };
  const added = spawnSync(
    process.execPath,
    ['src/cli.ts', '--data', data, 'user', 'add', user.address, '--password-stdin'],
    { input: user.password, encoding: 'utf8' },
  );
  if (added.status !== 0) throw new Error(`user add failed: ${added.stderr}`);
  return { process: child, url };
}

/** Starts the recorder before a server; its exchanges replace what the folder held. */
export async function startRecorder(upstream: string, folder: string): Promise<RunningServer> {
  rmSync(folder, { recursive: true, force: true });
  const port = String(20_000 + (process.pid % 10_000));
  const child = spawn(process.execPath, ['test/clients/record.ts', upstream, port, folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return { process: child, url: await printed(child, /http:\/\/127\.0\.0\.1:\d+/u) };
}

/** Resolves with all that it prints once it has ended. */
export function finished(child: ChildProcess): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  let output = '';
  child.stdout?.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  if (child.exitCode !== null || child.signalCode !== null) resolve(output);
  child.on('close', () => resolve(output));
  return promise;
}

/** Resolves with the first match in what it prints, after the line that says it is ready. */
function printed(child: ChildProcess, pattern: RegExp): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  let output = '';
  child.stdout!.on('data', (chunk: Buffer) => {
    output += chunk.toString();
    const match = pattern.exec(output);
    if (match) resolve(match[0]);
  });
  child.on('close', (code) => reject(new Error(`ended with ${code} before it was ready:\n${output}`)));
  return promise;
}
