import { access } from 'node:fs/promises';
import { resolve } from 'node:path';
import { folderReason } from '../../config/folder-reason.ts';
import type { Clock, RandomBytes } from '../../domain/clock.ts';
import { GatewayError } from '../../domain/errors.ts';
import { actingFor, COMMAND_LINE } from '../../observe/acting.ts';
import type { Administration } from '../administration.ts';
import { connectAdministration } from '../socket/connect-administration.ts';
import { accessSet, accessShow, groupList, groupSet } from './access-commands.ts';
import { addressGroupList, addressGroupSet } from './address-group-commands.ts';
import { appPasswordAdd, appPasswordList, appPasswordRevoke } from './app-password-commands.ts';
import { check, folderList, unlock } from './check-commands.ts';
import type { Command, CommandContext, ExitCode, StandaloneCommand } from './command.ts';
import { conflictList, conflictRestore, conflictRules } from './conflict-commands.ts';
import { deviceList, deviceRemove } from './device-commands.ts';
import {
  deviceAllow,
  deviceApprove,
  deviceBlock,
  deviceByRules,
  deviceConflictRule,
  deviceResync,
} from './device-decision-commands.ts';
import { deviceShow } from './device-show-command.ts';
import { exportCommand } from './export-command.ts';
import { importCommand } from './import-command.ts';
import { connectionList, folderOpen, overviewCommand } from './live-commands.ts';
import { logClear, logDebug, logShow } from './log-commands.ts';
import { outboxList, outboxRetry } from './outbox-commands.ts';
import { plainTerminal } from './plain-terminal.ts';
import { policyList, policyOf, policyRemove, policySet, policyShow } from './policy-commands.ts';
import { quarantineClear, quarantineList, quarantineRetry } from './quarantine-commands.ts';
import { recordList, recordRemove, recordSave, recordStart, recordStop } from './record-commands.ts';
import { deviceRecoveryPassword } from './recovery-password-command.ts';
import { type ReplayServices, replayCommand } from './replay-command.ts';
import { userRole, userShow } from './role-commands.ts';
import { serviceList, serviceSet, serviceStart, serviceStop } from './service-commands.ts';
import { type Terminal, UsageError } from './terminal.ts';
import { usageCommand, userQuota } from './usage-commands.ts';
import { userAdd, userList, userPasswd, userRemove } from './user-commands.ts';
import { watchSet, watchShow } from './watch-commands.ts';
import {
  deviceWipe,
  deviceWipeCancel,
  deviceWipeClear,
  deviceWipeConsent,
  deviceWipeForecast,
} from './wipe-commands.ts';
import { deviceWipeSettings, deviceWipes } from './wipe-list-commands.ts';

type AnyCommand = Command | StandaloneCommand;

const COMMANDS: readonly AnyCommand[] = [
  userAdd,
  userList,
  userShow,
  userRole,
  userPasswd,
  userRemove,
  userQuota,
  usageCommand,
  appPasswordAdd,
  appPasswordList,
  appPasswordRevoke,
  importCommand,
  exportCommand,
  folderList,
  folderOpen,
  deviceList,
  deviceShow,
  deviceAllow,
  deviceApprove,
  deviceBlock,
  deviceByRules,
  deviceResync,
  deviceConflictRule,
  deviceRemove,
  deviceRecoveryPassword,
  deviceWipeForecast,
  deviceWipe,
  deviceWipeConsent,
  deviceWipeCancel,
  deviceWipeClear,
  deviceWipes,
  deviceWipeSettings,
  accessShow,
  accessSet,
  groupList,
  groupSet,
  conflictList,
  conflictRestore,
  conflictRules,
  quarantineList,
  quarantineRetry,
  quarantineClear,
  policyList,
  policyShow,
  policySet,
  policyRemove,
  policyOf,
  outboxList,
  outboxRetry,
  overviewCommand,
  watchShow,
  watchSet,
  serviceList,
  serviceStart,
  serviceStop,
  serviceSet,
  addressGroupList,
  addressGroupSet,
  connectionList,
  logShow,
  logClear,
  logDebug,
  recordStart,
  recordList,
  recordStop,
  recordSave,
  recordRemove,
  replayCommand,
  check,
  unlock,
];

export interface OpenAdministration {
  readonly administration: Administration;
  close(): Promise<void>;
}

export interface CliParts {
  readonly terminal: Terminal;
  readonly clock: Clock;
  readonly random: RandomBytes;
  /** Data folder where `--data` does not say. */
  readonly defaultData: string;
  /** Opens the data folder in this process; rejects when another process has it. */
  openLocal(dataFolder: string): Promise<OpenAdministration>;
  /** What `replay` needs; loaded only then. */
  replay(): Promise<ReplayServices>;
}

/** Runs one command line (without the program's name) and gives the exit code. Never rejects for wrong input. */
export async function runCli(argv: readonly string[], given: CliParts): Promise<ExitCode> {
  const parts = { ...given, terminal: plainTerminal(given.terminal) };
  const { terminal } = parts;
  let command: AnyCommand | null = null;
  try {
    const { dataFolder, rest, wantsHelp } = readGlobalOptions(argv, parts.defaultData);
    command = findCommand(rest);
    if (command === null && (wantsHelp || rest.length === 0)) {
      terminal.out(overview());
      return rest.length === 0 && !wantsHelp ? 2 : 0;
    }
    if (command === null) throw new UsageError(noCommand(rest));
    if (wantsHelp) {
      terminal.out(helpOf(command));
      return 0;
    }
    const args = rest.slice(command.words.length);
    if ('standsAlone' in command) {
      const { clock, random, replay } = parts;
      return await command.prepare(args)({ terminal, clock, random, replay });
    }
    const run = command.prepare(args);
    return await withAdministration(parts, dataFolder, command, run);
  } catch (error) {
    terminal.err(`causeway: ${messageOf(error)}\n`);
    if (isUsage(error)) {
      terminal.err(command === null ? 'See causeway --help.\n' : `Usage: ${usageOf(command)}\n`);
    }
    return 2;
  }
}

async function withAdministration(
  parts: CliParts,
  dataFolder: string,
  command: Command,
  run: (context: CommandContext) => Promise<ExitCode>,
): Promise<ExitCode> {
  if (command.createsData !== true) await requireFolder(dataFolder);
  // A running server has the caches and the waiting clients, so it must be the one that writes.
  const open = await openAdministration(parts, dataFolder);
  try {
    const { terminal, clock, random } = parts;
    // Without a server the work is done here; with one it knows by itself who calls over its socket.
    return await actingFor(COMMAND_LINE, () => run({ terminal, clock, random, administration: open.administration }));
  } finally {
    await open.close();
  }
}

async function openAdministration(parts: CliParts, dataFolder: string): Promise<OpenAdministration> {
  try {
    return (await connectAdministration(dataFolder)) ?? (await parts.openLocal(dataFolder));
  } catch (error) {
    const reason = folderReason(error);
    if (reason === null) throw error;
    throw new Error(`The data folder ${dataFolder} cannot be used: ${reason}.`, { cause: error });
  }
}

async function requireFolder(dataFolder: string): Promise<void> {
  await access(dataFolder).catch((error: NodeJS.ErrnoException) => {
    // Another reason than its absence is told when it is opened.
    if (error.code !== 'ENOENT') return;
    throw new UsageError(`There is no data folder ${dataFolder}; name the server's with --data DIR.`);
  });
}

/** `--data` and `--help` may stand anywhere before `--`. */
function readGlobalOptions(argv: readonly string[], defaultData: string) {
  const rest: string[] = [];
  let data = defaultData;
  let wantsHelp = false;
  for (let at = 0; at < argv.length; at += 1) {
    const word = argv[at]!;
    if (word === '--') {
      rest.push(...argv.slice(at));
      break;
    }
    if (word === '--help' || word === '-h') wantsHelp = true;
    else if (word.startsWith('--data=')) data = word.slice('--data='.length);
    else if (word === '--data') {
      at += 1;
      data = argv[at] ?? '';
    } else rest.push(word);
  }
  if (data === '') throw new UsageError('--data names no folder.');
  const isHelp = rest[0] === 'help';
  return { dataFolder: resolve(data), rest: isHelp ? rest.slice(1) : rest, wantsHelp: wantsHelp || isHelp };
}

function findCommand(rest: readonly string[]): AnyCommand | null {
  return COMMANDS.find((command) => command.words.every((word, at) => rest[at] === word)) ?? null;
}

function noCommand(rest: readonly string[]): string {
  const near = COMMANDS.filter(({ words }) => words.length > 1 && words[0] === rest[0]).map(({ words }) =>
    words.join(' '),
  );
  const told = near.length > 0 ? ` There are: ${near.join(', ')}.` : '';
  return `There is no command "${rest.slice(0, near.length > 0 ? 2 : 1).join(' ')}".${told}`;
}

function usageOf({ words, usage }: AnyCommand): string {
  return `causeway [--data DIR] ${[...words, usage].join(' ')}`.trimEnd();
}

function helpOf(command: AnyCommand): string {
  return `Usage: ${usageOf(command)}\n\n${command.help}\n`;
}

function overview(): string {
  const width = Math.max(...COMMANDS.map(({ words }) => words.join(' ').length));
  const lines = COMMANDS.map(({ words, summary }) => `  ${words.join(' ').padEnd(width)}  ${summary}`);
  return `Usage: causeway [--data DIR] COMMAND

Administers a Causeway server: through the running server where there is one, else in its data folder.

${lines.join('\n')}

  --data DIR  the server's data folder (default: CAUSEWAY_DATA, else ./data)
  --help      after a command: all about it

Examples:
  causeway --data /var/lib/causeway user add ann@example.org
  causeway import --help
`;
}

function isUsage(error: unknown): boolean {
  if (error instanceof UsageError) return true;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return code.startsWith('ERR_PARSE_ARGS');
}

function messageOf(error: unknown): string {
  if (error instanceof GatewayError || error instanceof UsageError) return error.message;
  if (!(error instanceof Error)) return String(error);
  // An error of ours that names no input is a bug: its place helps whoever reads the report.
  return error instanceof TypeError && !isUsage(error) ? (error.stack ?? error.message) : error.message;
}
