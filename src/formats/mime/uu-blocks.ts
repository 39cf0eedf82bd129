import { guessLatin1, latin1 } from './charset.ts';
import { LineScanner, type ScannedLine } from './line-scanner.ts';
import type { ByteRange } from './message-index.ts';
import { decodeUuLine, isUuBegin, isUuEnd, isUuLine, uuLineLength } from './uu-line.ts';

/** A uuencoded file in a text, as mail programs attached files before MIME. */
export interface UuBlock {
  /** As written; may hold path separators. */
  readonly name: string;
  /** From its `begin` up to the line after its `end`, in the text given. */
  readonly range: ByteRange;
  /** Bytes of the file. */
  readonly size: number;
}

export interface UuLimits {
  /** Bytes outside of blocks that are looked through. */
  readonly maxTextBytes: number;
  /** Bytes that are looked through at all; a block that has not ended by then is none. */
  readonly maxBytes: number;
  readonly maxBlocks: number;
}

export const DEFAULT_UU_LIMITS: UuLimits = { maxTextBytes: 128 * 1024, maxBytes: 10 * 1024 * 1024, maxBlocks: 1_000 };

interface OpenBlock {
  readonly name: string;
  readonly start: number;
  size: number;
}

const BEGIN = Buffer.from('begin ', 'latin1');
/** Enough for `begin 0644 ` and any name that a file system takes. */
const LONGEST_LINE = 300;

/**
 * Finds the uuencoded files of a text that comes in chunks. A file is what stands between `begin` and `end` with nothing
 * but data lines between; everything else is text, so that a letter that tells of `begin 644 x` loses no word. One pass;
 * of the text no more than a line is held, and how it was cut makes no difference.
 */
export class UuBlockScanner {
  readonly #limits: UuLimits;
  readonly #onData: (start: number, bytes: Uint8Array) => void;
  readonly #blocks: UuBlock[] = [];
  readonly #scanner = new LineScanner(
    (line) => this.#onLine(line),
    () => LONGEST_LINE,
  );
  #open: OpenBlock | null = null;
  #blockBytes = 0;
  #isDone = false;

  /** @param onData Told the bytes of each data line and where its block begins, which need not turn out to be one. */
  constructor(limits: Partial<UuLimits> = {}, onData: (start: number, bytes: Uint8Array) => void = () => {}) {
    this.#limits = { ...DEFAULT_UU_LIMITS, ...limits };
    this.#onData = onData;
  }

  /** True once a limit is reached: nothing after it counts. */
  get isDone(): boolean {
    return this.#isDone;
  }

  write(chunk: Uint8Array): void {
    if (!this.#isDone) this.#scanner.write(chunk);
  }

  /** To be called once. */
  end(): readonly UuBlock[] {
    if (!this.#isDone) this.#scanner.end();
    return this.#blocks;
  }

  #onLine(line: ScannedLine): void {
    this.#isDone ||= line.end > this.#limits.maxBytes;
    if (this.#isDone) return;
    if (this.#open !== null) this.#insideLine(line, this.#open);
    if (this.#open === null) this.#outsideLine(line);
    const textBytes = (this.#open?.start ?? line.end) - this.#blockBytes;
    this.#isDone =
      line.end >= this.#limits.maxBytes ||
      textBytes >= this.#limits.maxTextBytes ||
      this.#blocks.length >= this.#limits.maxBlocks;
  }

  /** Takes a block's line; a line that cannot be one ends the hope for a block and is left to be looked at as text. */
  #insideLine(line: ScannedLine, open: OpenBlock): void {
    if (line.isWhole && isUuEnd(latin1(line.bytes))) {
      const { name, start, size } = open;
      this.#blocks.push({ name, range: { start, end: line.end }, size });
      this.#blockBytes += line.end - start;
      this.#open = null;
    } else if (line.isWhole && isUuLine(line.bytes)) {
      open.size += uuLineLength(line.bytes);
      this.#onData(open.start, decodeUuLine(line.bytes));
    } else {
      this.#open = null;
    }
  }

  #outsideLine(line: ScannedLine): void {
    if (!startsWithBegin(line.bytes) || !line.isWhole) return;
    const text = latin1(line.bytes);
    const name = text.replace(/^begin [0-7]* /, '').trim();
    // A control character would let another reader end the line elsewhere.
    if (!isUuBegin(text) || name === '' || /[\x00-\x1f]/.test(text)) return;
    this.#open = { name: guessLatin1(name), start: line.start, size: 0 };
  }
}

function startsWithBegin(line: Uint8Array): boolean {
  return line[0] === BEGIN[0] && line.length > BEGIN.length && BEGIN.every((byte, at) => line[at] === byte);
}

/** The files in a text that comes in chunks; reading stops where a limit is reached. */
export async function findUuBlocks(
  source: AsyncIterable<Uint8Array>,
  limits: Partial<UuLimits> = {},
): Promise<readonly UuBlock[]> {
  const { maxTextBytes } = { ...DEFAULT_UU_LIMITS, ...limits };
  const scanner = new UuBlockScanner(limits);
  // Hardly any text has a block: as long as the word does not occur no line needs to be looked at.
  let held: Uint8Array[] = [];
  let heldBytes = 0;
  let tail = Buffer.alloc(0);
  let mayBegin = false;
  for await (const chunk of source) {
    const joined = Buffer.concat([tail, chunk]);
    tail = joined.subarray(-(BEGIN.length - 1));
    mayBegin ||= joined.includes(BEGIN);
    held.push(chunk);
    heldBytes += chunk.length;
    if (!mayBegin && heldBytes < maxTextBytes + BEGIN.length) continue;
    if (!mayBegin) return [];
    for (const piece of held) scanner.write(piece);
    held = [];
    if (scanner.isDone) break;
  }
  return scanner.end();
}

/** The bytes of one block that `findUuBlocks` found in the same text, as a stream. */
export async function* openUuBlock(source: AsyncIterable<Uint8Array>, { range }: UuBlock): AsyncGenerator<Uint8Array> {
  let decoded: Uint8Array[] = [];
  const scanner = new UuBlockScanner(
    { maxTextBytes: range.end, maxBytes: range.end, maxBlocks: Number.MAX_SAFE_INTEGER },
    (start, bytes) => {
      if (start === range.start) decoded.push(bytes);
    },
  );
  for await (const chunk of source) {
    scanner.write(chunk);
    if (decoded.length > 0) yield Buffer.concat(decoded);
    decoded = [];
    if (scanner.isDone) return;
  }
  scanner.end();
  if (decoded.length > 0) yield Buffer.concat(decoded);
}
