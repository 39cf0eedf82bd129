import { type FileHandle, open } from 'node:fs/promises';
import type { LogName } from '../log-names.ts';
import { partPath } from './rotate.ts';

/** Lines of a log, and from where to go on. */
export interface LogPage {
  /** JSON objects, oldest first. */
  readonly lines: readonly string[];
  /** Give to `readLogAfter`: names the file, which keeps its name no longer than till the next rotation, and a place in it. */
  readonly next: string;
}

const CHUNK_BYTES = 64 * 1024;
/** What one answer may hold; who follows a log asks again. */
const MOST_BYTES = 4 * 1024 * 1024;
export const MOST_LINES = 10_000;

/**
 * The last lines of a log, at most `count`, of those with `grep` in them (case does not matter). Older parts are looked
 * through as well.
 */
export async function readLogEnd(
  folder: string,
  name: LogName,
  { count, grep }: { readonly count: number; readonly grep: string | null },
): Promise<LogPage> {
  const fits = filterOf(grep);
  const wanted = Math.min(count, MOST_LINES);
  const found: string[] = [];
  let next = '';
  let bytes = 0;
  const isEnough = () => found.length >= wanted || bytes >= MOST_BYTES;
  // The present part is opened in any case: whoever follows begins at its end.
  for (let part = 0; part === 0 || !isEnough(); part += 1) {
    const file = await openPart(folder, name, part);
    if (file === null) break;
    try {
      const { size, ino } = await file.stat();
      if (part === 0) next = `${ino}:${size}`;
      if (isEnough()) break;
      for await (const line of linesBackwards(file, size)) {
        if (!fits(line)) continue;
        found.push(line);
        bytes += line.length;
        if (isEnough()) break;
      }
    } finally {
      await file.close();
    }
  }
  return { lines: found.reverse(), next };
}

/** What came after a page, in whatever part it is now. A place that is gone begins with the present file. */
export async function readLogAfter(
  folder: string,
  name: LogName,
  { after, grep }: { readonly after: string; readonly grep: string | null },
): Promise<LogPage> {
  const fits = filterOf(grep);
  const [ino = '', place = '0'] = after.split(':');
  const lines: string[] = [];
  let next = after;
  for (let part = await partOf(folder, name, ino); part >= 0; part -= 1) {
    const file = await openPart(folder, name, part);
    if (file === null) continue;
    try {
      const stat = await file.stat();
      const start = String(stat.ino) === ino && Number(place) <= stat.size ? Number(place) : 0;
      const { text, end } = await readWhole(file, start, stat.size);
      lines.push(...text.split('\n').filter((line) => line !== '' && fits(line)));
      next = `${stat.ino}:${end}`;
      // More of this part than one answer holds: the next call goes on here.
      if (end < stat.size && part > 0) break;
    } finally {
      await file.close();
    }
  }
  return { lines, next };
}

function filterOf(grep: string | null): (line: string) => boolean {
  if (grep === null || grep === '') return () => true;
  const wanted = grep.toLowerCase();
  // As it stands in JSON, too: quotes and backslashes are escaped there.
  const escaped = JSON.stringify(wanted).slice(1, -1);
  return (line) => line.toLowerCase().includes(wanted) || line.toLowerCase().includes(escaped);
}

async function openPart(folder: string, name: LogName, part: number): Promise<FileHandle | null> {
  return open(partPath(folder, name, part), 'r').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
}

/** The part that is this file now; the present one when none is. */
async function partOf(folder: string, name: LogName, ino: string): Promise<number> {
  for (let part = 0; ; part += 1) {
    const file = await openPart(folder, name, part);
    if (file === null) return 0;
    try {
      if (String((await file.stat()).ino) === ino) return part;
    } finally {
      await file.close();
    }
  }
}

/** Whole lines from `start` on, and where they end. */
async function readWhole(file: FileHandle, start: number, size: number): Promise<{ text: string; end: number }> {
  const buffer = Buffer.alloc(Math.min(size - start, MOST_BYTES));
  const { bytesRead } = await file.read(buffer, 0, buffer.length, start);
  const length = buffer.subarray(0, bytesRead).lastIndexOf(10) + 1;
  return { text: buffer.toString('utf8', 0, length), end: start + length };
}

async function* linesBackwards(file: FileHandle, size: number): AsyncGenerator<string> {
  let rest: Buffer = Buffer.alloc(0);
  for (let end = size; end > 0; ) {
    const start = Math.max(0, end - CHUNK_BYTES);
    const chunk = Buffer.alloc(end - start);
    await file.read(chunk, 0, chunk.length, start);
    const joined = Buffer.concat([chunk, rest]);
    let stop = joined.length;
    for (let at = joined.lastIndexOf(10); at >= 0; at = at === 0 ? -1 : joined.lastIndexOf(10, at - 1)) {
      if (at + 1 < stop) yield joined.toString('utf8', at + 1, stop);
      stop = at;
    }
    rest = joined.subarray(0, stop);
    end = start;
  }
  if (rest.length > 0) yield rest.toString('utf8');
}
