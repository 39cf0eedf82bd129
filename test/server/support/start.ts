import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { loadSettings } from '../../../src/config/load-settings.ts';
import type { Clock } from '../../../src/domain/clock.ts';
import type { Log } from '../../../src/observe/log.ts';
import type { Backend } from '../../../src/server/backend.ts';
import { type Gateway, startGateway } from '../../../src/server/gateway.ts';
import { SYSTEM_CLOCK, SYSTEM_RANDOM } from '../../../src/server/system-clock.ts';
import { openFake } from './fake-backend.ts';

export interface LogLine extends Record<string, unknown> {
  readonly level: string;
  readonly message: string;
}

/** A log that keeps its lines. */
export function keepingLog(): { log: Log; lines: LogLine[]; find(message: string): LogLine[] } {
  const lines: LogLine[] = [];
  const keep = (level: string) => (fields: Readonly<Record<string, unknown>>, message: string) => {
    lines.push({ ...fields, level, message });
  };
  const log = { debug: keep('debug'), info: keep('info'), warn: keep('warn'), error: keep('error') };
  return { log, lines, find: (message) => lines.filter((line) => line.message === message) };
}

/** A folder that goes away with the test. */
export function temporaryFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'causeway-test-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export interface StartedGateway {
  readonly gateway: Gateway;
  readonly folder: string;
  readonly logged: ReturnType<typeof keepingLog>;
  /** Port of the listener at this place. */
  port(index: number): number;
}

/** Starts a gateway in this process with flags; it is closed with the test. */
export async function start(
  t: TestContext,
  backend: Backend,
  argv: readonly string[] = ['--listen', 'http://127.0.0.1:0'],
  clock: Clock = SYSTEM_CLOCK,
): Promise<StartedGateway> {
  const folder = join(temporaryFolder(t), 'data');
  const { settings } = loadSettings({ argv: ['--data', folder, ...argv], env: {}, cwd: '/' });
  const logged = keepingLog();
  const parts = { settings, clock, random: SYSTEM_RANDOM, log: logged.log, openBackend: openFake(backend) };
  const gateway = await startGateway(parts);
  t.after(() => gateway.close());
  return { gateway, folder, logged, port: (index) => gateway.listeners[index]!.port };
}
