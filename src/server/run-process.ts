import { hostname } from 'node:os';
import { join } from 'node:path';
import { checkConfig } from '../config/check-config.ts';
import { loadSettings } from '../config/load-settings.ts';
import { describeProblem, SettingsError } from '../config/problem.ts';
import { CONFIG_FLAG, SETTING_KEYS } from '../config/setting-keys.ts';
import type { Settings } from '../config/settings-schema.ts';
import { parseSyslogAddress } from '../config/syslog-address.ts';
import type { Log } from '../observe/log.ts';
import { openLogs } from '../observe/open-logs.ts';
import type { OpenBackend } from './backend.ts';
import { LOG_FOLDER } from './data-folder.ts';
import { type Gateway, startGateway } from './gateway.ts';
import { SYSTEM_CLOCK, SYSTEM_RANDOM } from './system-clock.ts';

/** Exit codes: the settings are wrong (sysexits EX_CONFIG), or starting or running failed. */
const EXIT_SETTINGS = 78;
const EXIT_FAILED = 1;

function help(): string {
  const width = Math.max(...SETTING_KEYS.map(({ flag }) => flag.length));
  const line = (flag: string, text: string) => `  ${flag.padEnd(width)}  ${text}\n`;
  const settings = SETTING_KEYS.map(({ flag, description }) =>
    line(flag, (description.split(/(?<=[.:]) /)[0] ?? '').replace(/:$/, '.')),
  );
  return `npm start -- [flags]\n\n${line(CONFIG_FLAG, 'JSON file with settings.')}${settings.join('')}\ndocs/configuration.md tells everything.\n`;
}

function readSettings(argv: readonly string[]): Settings | null {
  try {
    return loadSettings({ argv, env: process.env, cwd: process.cwd() }).settings;
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    for (const problem of error.problems) process.stderr.write(`${describeProblem(problem)}\n`);
    return null;
  }
}

/** Ends the process when told to; a second signal does not wait for the first. */
function stopOnSignals(gateway: Gateway, log: Log): void {
  let isStopping = false;
  const stop = (reason: string, exitCode: number) => {
    if (isStopping) {
      log.warn({ reason }, 'told to stop again: not waiting any longer');
      process.exit(EXIT_FAILED);
    }
    isStopping = true;
    log.info({ reason }, 'stopping');
    gateway.close().then(
      () => process.exit(exitCode),
      (error: unknown) => {
        log.error({ error }, 'stopping failed');
        process.exit(EXIT_FAILED);
      },
    );
  };
  process.on('SIGTERM', () => stop('SIGTERM', 0));
  process.on('SIGINT', () => stop('SIGINT', 0));
  process.on('SIGHUP', () => void gateway.reloadCertificate());
  process.on('unhandledRejection', (error) => log.error({ error }, 'a failure nobody waited for'));
  process.on('uncaughtException', (error) => {
    // Nobody knows what was left half done: others finish, then the supervisor starts anew.
    log.error({ error }, 'uncaught exception');
    stop('uncaught exception', EXIT_FAILED);
  });
}

function openProcessLogs(settings: Settings, format: 'json' | 'text') {
  const { syslog } = settings.log;
  return openLogs({
    settings: settings.log,
    format,
    folder: join(settings.data, LOG_FOLDER),
    syslog: syslog === undefined ? null : parseSyslogAddress(syslog),
    hostName: settings.hostName ?? hostname(),
    now: SYSTEM_CLOCK.now,
    after: SYSTEM_CLOCK.after,
    complain: (text) => void process.stderr.write(text),
  });
}

/** The whole life of the server process. Ends by `process.exit`. */
export async function runProcess(argv: readonly string[], openBackend: OpenBackend): Promise<void> {
  if (argv.includes('--help') || argv.includes('-h')) {
    process.stdout.write(help());
    return;
  }
  const settings = readSettings(argv);
  if (!settings) process.exit(EXIT_SETTINGS);
  const isTerminal = process.stdout.isTTY === true;
  const format = settings.log.format === 'auto' ? (isTerminal ? 'text' : 'json') : settings.log.format;
  const logs = openProcessLogs(settings, format);
  const { log } = logs;
  let gateway: Gateway;
  try {
    gateway = await startGateway({
      settings,
      clock: SYSTEM_CLOCK,
      random: SYSTEM_RANDOM,
      log,
      logs,
      openBackend,
      configurationFindings: () => checkConfig({ argv, env: process.env, cwd: process.cwd() }).findings,
    });
  } catch (error) {
    // A person reads the sentence; the stack is for those who collect the log.
    if (format === 'json') log.error({ error }, 'cannot start');
    process.stderr.write(`Causeway cannot start: ${(error as Error).message.replace(/\.$/, '')}.\n`);
    process.exit(EXIT_FAILED);
  }
  stopOnSignals(gateway, log);
  // Scripts wait for these lines: the words, then one URL a line.
  const ready = ['Causeway is ready', ...gateway.listeners.map(({ url }) => url)].join('\n');
  process.stdout.write(`${gateway.firstStart ? `\n${gateway.firstStart.text}\n` : ''}${ready}\n`);
}
