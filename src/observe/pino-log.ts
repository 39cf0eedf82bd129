import pino from 'pino';
import type { DebugSwitches } from './debug-switches.ts';
import { gathered } from './gathered.ts';
import type { Log } from './log.ts';
import { LEVELS, type LogName, logNameOf } from './log-names.ts';
import { textLine } from './text-line.ts';

/** One line on its way to wherever lines are kept. */
export interface LogLine {
  readonly log: LogName;
  /** pino's number: 20, 30, 40, 50. */
  readonly level: number;
  /** A JSON object with its line end. */
  readonly json: string;
}

export interface PinoLogOptions {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly format: 'json' | 'text';
  /** Takes whole lines; standard output when absent. */
  readonly write?: (line: string) => void;
  /** Where each line goes besides; must not throw. */
  readonly sinks?: readonly ((line: LogLine) => void)[];
  /** Categories of debug lines that are written whatever the level is. */
  readonly switches?: DebugSwitches;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Calls back once after so many milliseconds. With it lines below `warn` are gathered for a moment. */
  readonly after?: (ms: number, callback: () => void) => unknown;
}

/** Names of fields that are never written, should one slip in by mistake. */
const SECRET = ['authorization', 'password', 'passwordHash', 'cookie'];

/**
 * A log of one line per call, in the order of the calls. A warning or an error is written at once, with all that was
 * gathered before it; the rest when the process ends at the latest.
 */
export function createPinoLog(options: PinoLogOptions): Log {
  const { switches, sinks = [] } = options;
  const output = gathered(options.write ?? lineWriter(), options.after);
  const textual = options.format === 'json' ? (line: string) => line : textLine;
  const destination = {
    // Has pino say the level and the fields of each line beforehand.
    [Symbol.for('pino.metadata')]: true,
    lastLevel: 0,
    lastObj: null as Readonly<Record<string, unknown>> | null,
    write(json: string) {
      const level = this.lastLevel;
      output(textual(json), level >= LEVELS.warn);
      const log = logNameOf(this.lastObj?.log, level);
      for (const sink of sinks) sink({ log, level, json });
    },
  };
  const lines: Log = pino(
    {
      level: switches === undefined ? options.level : 'debug',
      base: null,
      timestamp: () => `,"time":${options.now()}`,
      serializers: { error: pino.stdSerializers.err },
      redact: { paths: SECRET.flatMap((name) => [name, `*.${name}`]), remove: true },
    },
    destination,
  );
  return switches === undefined ? lines : switched(lines, LEVELS[options.level], switches);
}

/** Level and categories decide here: pino knows levels only. */
function switched(lines: Log, least: number, switches: DebugSwitches): Log {
  const isWanted = ({ category }: Readonly<Record<string, unknown>>) =>
    category === undefined ? least <= LEVELS.debug : switches.on.some((one) => one === category);
  return {
    debug(fields, message) {
      if (isWanted(fields)) lines.debug(fields, message);
    },
    info(fields, message) {
      // Who changed and who removed what is no matter of the level.
      if (least <= LEVELS.info || fields.log !== undefined) lines.info(fields, message);
    },
    warn(fields, message) {
      if (least <= LEVELS.warn || fields.log !== undefined) lines.warn(fields, message);
    },
    error: (fields, message) => lines.error(fields, message),
  };
}

function lineWriter(): (line: string) => void {
  // Synchronous, so that the last line before an exit is written.
  const destination = pino.destination({ dest: 1, sync: true });
  return (line) => {
    destination.write(line);
  };
}
