import pino from 'pino';
import type { Log } from './log.ts';
import { textLine } from './text-line.ts';

export interface PinoLogOptions {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly format: 'json' | 'text';
  /** Takes whole lines; standard output when absent. */
  readonly write?: (line: string) => void;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Calls back once after so many milliseconds. With it lines below `warn` are gathered for a moment. */
  readonly after?: (ms: number, callback: () => void) => unknown;
}

/** Names of fields that are never written, should one slip in by mistake. */
const SECRET = ['authorization', 'password', 'passwordHash', 'cookie'];

/** How long a line may wait for others: a system call for each costs an idle request a fifth of its time. */
const GATHER_MS = 100;
const MOST_GATHERED = 16 * 1024;
const WARN = pino.levels.values.warn!;

/**
 * A log of one line per call, in the order of the calls. A warning or an error is written at once, with all that was
 * gathered before it; the rest when the process ends at the latest.
 */
export function createPinoLog(options: PinoLogOptions): Log {
  const output = gathered(options.write ?? lineWriter(), options.after);
  const textual = options.format === 'json' ? (line: string) => line : textLine;
  const destination = {
    // Has pino say the level of each line beforehand.
    [Symbol.for('pino.metadata')]: true,
    lastLevel: 0,
    write(line: string) {
      output(textual(line), this.lastLevel >= WARN);
    },
  };
  return pino(
    {
      level: options.level,
      base: null,
      timestamp: () => `,"time":${options.now()}`,
      serializers: { error: pino.stdSerializers.err },
      redact: { paths: SECRET.flatMap((name) => [name, `*.${name}`]), remove: true },
    },
    destination,
  );
}

function gathered(
  write: (lines: string) => void,
  after: PinoLogOptions['after'],
): (line: string, isUrgent: boolean) => void {
  if (after === undefined) return write;
  let lines = '';
  const flush = () => {
    const gathered = lines;
    lines = '';
    if (gathered !== '') write(gathered);
  };
  process.on('exit', flush);
  return (line, isUrgent) => {
    if (lines === '' && !isUrgent) after(GATHER_MS, flush);
    lines += line;
    if (isUrgent || lines.length > MOST_GATHERED) flush();
  };
}

function lineWriter(): (line: string) => void {
  // Synchronous, so that the last line before an exit is written.
  const destination = pino.destination({ dest: 1, sync: true });
  return (line) => {
    destination.write(line);
  };
}
