import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';

/** `causeway import`, as a user runs it beside the running server. */
export async function importFile(data: string, address: string, file: string, folder?: string): Promise<void> {
  const into = folder === undefined ? [] : ['--folder', folder];
  const words = ['src/cli.ts', '--data', data, 'import', address, ...into, file];
  const child = spawn(process.execPath, words, { stdio: ['ignore', 'ignore', 'inherit'] });
  const [code] = (await once(child, 'close')) as [number];
  if (code !== 0) throw new Error(`import ended with ${code}`);
}

export function addUser(data: string, address: string, password: string): void {
  const words = ['src/cli.ts', '--data', data, 'user', 'add', address, '--password-stdin'];
  const added = spawnSync(process.execPath, words, { input: password, encoding: 'utf8' });
  if (added.status !== 0) throw new Error(`user add failed: ${added.stderr}`);
}
