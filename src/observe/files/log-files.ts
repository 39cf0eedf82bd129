import type { After } from '../gathered.ts';
import { LEVELS, LOG_NAMES, type LogName } from '../log-names.ts';
import type { LogLine } from '../pino-log.ts';
import { LogFile, type LogFileOptions } from './log-file.ts';

export interface LogFilesOptions extends LogFileOptions {
  /** With it lines below `warn` are gathered for a moment. */
  readonly after?: After;
  /** Told once for every time that writing fails after it went well. */
  readonly onFailure: (error: unknown) => void;
}

const GATHER_MS = 100;
const MOST_GATHERED = 64 * 1024;

/** The logs as files of one folder, which is made at the first line; the one above it is there. */
export class LogFiles {
  readonly #options: LogFilesOptions;
  readonly #files: ReadonlyMap<LogName, LogFile>;
  readonly #gathered = new Map<LogName, string>();
  #isFailing = false;

  constructor(options: LogFilesOptions) {
    this.#options = options;
    this.#files = new Map(LOG_NAMES.map((name) => [name, new LogFile(name, options)]));
    process.on('exit', this.flush);
  }

  /** A sink of the log. Never throws: a full disk must not end the server that it is told about. */
  readonly sink = ({ log, level, json }: LogLine): void => {
    const { after } = this.#options;
    const isUrgent = after === undefined || level >= LEVELS.warn;
    if (this.#gathered.size === 0 && !isUrgent) after(GATHER_MS, this.flush);
    const lines = `${this.#gathered.get(log) ?? ''}${json}`;
    this.#gathered.set(log, lines);
    if (isUrgent || lines.length > MOST_GATHERED) this.flush();
  };

  /** Writes what was gathered. */
  readonly flush = (): void => {
    const all = [...this.#gathered];
    this.#gathered.clear();
    for (const [name, lines] of all) {
      try {
        this.#files.get(name)?.append(lines);
        this.#isFailing = false;
      } catch (error) {
        if (!this.#isFailing) this.#options.onFailure(error);
        this.#isFailing = true;
      }
    }
  };

  /** Empties a log and removes its older parts. @throws the system's error when that cannot be done */
  clear(name: LogName): void {
    this.flush();
    this.#files.get(name)?.clear();
  }

  /** Flushes and closes the files; a later line opens them again. */
  close(): void {
    this.flush();
    process.removeListener('exit', this.flush);
    for (const file of this.#files.values()) file.close();
  }
}
