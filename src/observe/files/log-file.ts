import {
  closeSync,
  existsSync,
  fchmodSync,
  fstatSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readSync,
  writeSync,
} from 'node:fs';
import { partPath, removeBeyond, rotate } from './rotate.ts';

export interface LogFileOptions {
  readonly folder: string;
  /** A file that would grow beyond so many bytes is put aside. */
  readonly rotateBytes: number;
  /** So is one whose first line is older. */
  readonly rotateDays: number;
  /** How many old files stay of each log. */
  readonly keep: number;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

const DAY_MS = 86_400_000;
const FIRST_LINE_BYTES = 512;

/** The file that a log is written to now. It is made at its first line, for its owner only. */
export class LogFile {
  readonly #name: string;
  readonly #options: LogFileOptions;
  #fd: number | null = null;
  #bytes = 0;
  #begunAt = 0;

  constructor(name: string, options: LogFileOptions) {
    this.#name = name;
    this.#options = options;
  }

  /** Appends whole lines. @throws the system's error when that cannot be done */
  append(lines: string): void {
    const bytes = Buffer.from(lines);
    const { folder, rotateBytes, rotateDays, keep, now } = this.#options;
    let fd = this.#open();
    const isOld = this.#bytes > 0 && now() - this.#begunAt >= rotateDays * DAY_MS;
    if (this.#bytes > 0 && (this.#bytes + bytes.length > rotateBytes || isOld)) {
      this.close();
      rotate(folder, this.#name, keep);
      fd = this.#open();
    }
    for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at);
    this.#bytes += bytes.length;
  }

  /** Empties it and removes the older parts. */
  clear(): void {
    ftruncateSync(this.#open());
    this.#bytes = 0;
    this.#begunAt = this.#options.now();
    removeBeyond(this.#options.folder, this.#name, 0);
  }

  close(): void {
    if (this.#fd !== null) closeSync(this.#fd);
    this.#fd = null;
  }

  #open(): number {
    if (this.#fd !== null) return this.#fd;
    const { folder, keep, now } = this.#options;
    if (!existsSync(folder)) mkdirSync(folder, { mode: 0o700 });
    const fd = openSync(partPath(folder, this.#name, 0), 'a+', 0o600);
    this.#fd = fd;
    fchmodSync(fd, 0o600);
    removeBeyond(folder, this.#name, keep);
    this.#bytes = fstatSync(fd).size;
    this.#begunAt = firstTime(fd) ?? now();
    return fd;
  }
}

/** When the first line was written; the file's own times tell of the last, or of a copy. */
function firstTime(fd: number): number | null {
  const head = Buffer.alloc(FIRST_LINE_BYTES);
  const length = readSync(fd, head, 0, FIRST_LINE_BYTES, 0);
  const time = /^\{"level":\d+,"time":(\d+)/.exec(head.toString('utf8', 0, length))?.[1];
  return time === undefined ? null : Number(time);
}
