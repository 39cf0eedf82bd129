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
}

/** Names of fields that are never written, should one slip in by mistake. */
const SECRET = ['authorization', 'password', 'passwordHash', 'cookie'];

/** A log that writes one line per call, at once, so that nothing is lost when the process ends. */
export function createPinoLog(options: PinoLogOptions): Log {
  const output = options.write ?? lineWriter();
  const write = options.format === 'json' ? output : (line: string) => output(textLine(line));
  return pino(
    {
      level: options.level,
      base: null,
      timestamp: () => `,"time":${options.now()}`,
      serializers: { error: pino.stdSerializers.err },
      redact: { paths: SECRET.flatMap((name) => [name, `*.${name}`]), remove: true },
    },
    { write },
  );
}

function lineWriter(): (line: string) => void {
  // Synchronous: it keeps the order with what is printed, and the last line before an exit.
  const destination = pino.destination({ dest: 1, sync: true });
  return (line) => {
    destination.write(line);
  };
}
