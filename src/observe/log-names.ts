import type { Log } from './log.ts';

/**
 * The logs, each line being in one. `config`: who changed what. `mail`: what became of messages. `security`: sign-ins that
 * failed, locks, devices. `operations`: what was removed or moved. `server`: requests, start and stop. The other three take
 * the lines of their level that name no log.
 */
export const LOG_NAMES = ['config', 'mail', 'security', 'warning', 'error', 'operations', 'debug', 'server'] as const;

export type LogName = (typeof LOG_NAMES)[number];

/** The logs that a line must name. */
export type NamedLog = 'config' | 'mail' | 'security' | 'operations';

/** pino's numbers of the levels. */
export const LEVELS = { debug: 20, info: 30, warn: 40, error: 50 } as const;

export function isLogName(text: unknown): text is LogName {
  return (LOG_NAMES as readonly unknown[]).includes(text);
}

/** The same log, whose lines are in the one named; errors stay in the error log. */
export function inLog(log: Log, name: NamedLog): Log {
  return {
    debug: (fields, message) => log.debug({ log: name, ...fields }, message),
    info: (fields, message) => log.info({ log: name, ...fields }, message),
    warn: (fields, message) => log.warn({ log: name, ...fields }, message),
    error: (fields, message) => log.error(fields, message),
  };
}

/** Which log a line is in, by its field `log`, else by its level. */
export function logNameOf(field: unknown, level: number): LogName {
  if (isLogName(field)) return field;
  if (level >= LEVELS.error) return 'error';
  if (level >= LEVELS.warn) return 'warning';
  return level < LEVELS.info ? 'debug' : 'server';
}
