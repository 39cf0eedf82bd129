import { parseArgs } from 'node:util';
import { DEBUG_CATEGORIES, type DebugCategory, isDebugCategory } from '../../observe/debug-switches.ts';
import { isLogName, LOG_NAMES, type LogName } from '../../observe/log-names.ts';
import { shownLine } from '../../observe/text-line.ts';
import type { Command, CommandContext } from './command.ts';
import { UsageError } from './terminal.ts';

const FOLLOW_MS = 500;
const DEFAULT_LINES = 50;

export const logShow: Command = {
  words: ['log', 'show'],
  usage: 'NAME [--lines N] [--follow] [--grep TEXT] [--json]',
  summary: 'show the last lines of a log',
  help: `NAME is one of ${LOG_NAMES.join(', ')}.
Times are UTC. docs/logs.md tells what is in which log.

  --lines N    so many lines (default: ${DEFAULT_LINES}, at most 10000)
  --follow     go on with what comes, until Ctrl-C
  --grep TEXT  only lines with this text in them; capitals do not matter
  --json       the lines as they are stored, one object a line

Examples:
  causeway log show operations --grep ann@example.org
  causeway log show mail --follow`,
  prepare(args) {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: {
        lines: { type: 'string' },
        follow: { type: 'boolean' },
        grep: { type: 'string' },
        json: { type: 'boolean' },
      },
      allowPositionals: true,
    });
    const name = oneLog(positionals);
    const lines = linesOf(values.lines);
    const grep = values.grep ?? null;
    const text = values.json === true ? (line: string) => `${line}\n` : (line: string) => `${shownLine(line)}\n`;
    return async (context) => {
      const { administration, terminal } = context;
      const page = await administration.logShow({ name, lines, grep, after: null });
      for (const line of page.lines) terminal.out(text(line));
      if (values.follow === true) await follow(context, { name, grep, text, after: page.next });
      return 0;
    };
  },
};

export const logClear: Command = {
  words: ['log', 'clear'],
  usage: 'NAME',
  summary: 'empty a log',
  help: `Empties the log and removes its older parts. NAME is one of ${LOG_NAMES.join(', ')}.
Who did it stands in the config log afterwards.

Example:
  causeway log clear debug`,
  prepare(args) {
    const name = oneLog(parseArgs({ args: [...args], options: {}, allowPositionals: true }).positionals);
    return async ({ administration, terminal }) => {
      await administration.logClear({ name });
      terminal.out(`${name}: cleared\n`);
      return 0;
    };
  },
};

export const logDebug: Command = {
  words: ['log', 'debug'],
  usage: '[CATEGORY on|off] [--json]',
  summary: 'show or switch what the debug log is told',
  help: `Without arguments: one category a line, and whether it is on. A switch works at once and stays after a restart.
CATEGORY is one of ${DEBUG_CATEGORIES.join(', ')}.

  --json  an array of all categories, as they are then

Examples:
  causeway log debug
  causeway log debug activesync on`,
  prepare(args) {
    const options = { json: { type: 'boolean' } } as const;
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
    const wanted = readSwitch(positionals);
    return async ({ administration, terminal }) => {
      const states = await administration.logDebug(wanted);
      if (values.json) {
        terminal.out(`${JSON.stringify(states, null, 2)}\n`);
        return 0;
      }
      for (const { category, isOn } of states) {
        if (wanted.category === null || wanted.category === category)
          terminal.out(`${category}  ${isOn ? 'on' : 'off'}\n`);
      }
      return 0;
    };
  },
};

interface Following {
  readonly name: LogName;
  readonly grep: string | null;
  readonly text: (line: string) => string;
  readonly after: string;
}

/** Never ends by itself: the process is told to. */
async function follow({ administration, terminal, clock }: CommandContext, following: Following): Promise<never> {
  const { name, grep, text } = following;
  for (let { after } = following; ; ) {
    await new Promise<void>((resolve) => void clock.after(FOLLOW_MS, resolve));
    const page = await administration.logShow({ name, lines: 0, grep, after });
    for (const line of page.lines) terminal.out(text(line));
    after = page.next;
  }
}

function oneLog(positionals: readonly string[]): LogName {
  const [name, ...more] = positionals;
  if (isLogName(name) && more.length === 0) return name;
  throw new UsageError(`Name one log: ${LOG_NAMES.join(', ')}.`);
}

function linesOf(text: string | undefined): number {
  if (text === undefined) return DEFAULT_LINES;
  const lines = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (lines >= 1 && lines <= 10_000) return lines;
  throw new UsageError('--lines takes a number from 1 to 10000.');
}

function readSwitch(positionals: readonly string[]): { category: DebugCategory | null; isOn: boolean } {
  const [category, state, ...more] = positionals;
  if (category === undefined) return { category: null, isOn: false };
  if (!isDebugCategory(category))
    throw new UsageError(`There is no such category; there are: ${DEBUG_CATEGORIES.join(', ')}.`);
  if ((state !== 'on' && state !== 'off') || more.length > 0)
    throw new UsageError(`Say "${category} on" or "${category} off".`);
  return { category, isOn: state === 'on' };
}
