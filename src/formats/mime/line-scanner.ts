import type { LineBreaks } from './header-fields.ts';

export type LineEnd = '' | '\n' | '\r' | '\r\n';

/** One physical line. Offsets count from the first byte of the message. */
export interface ScannedLine {
  /** The line without its end; only the first bytes of a long one. */
  readonly bytes: Uint8Array;
  /** False when `bytes` was cut short. */
  readonly isWhole: boolean;
  readonly start: number;
  readonly end: number;
  /** What ended it; '' for a last line without end. */
  readonly lineEnd: LineEnd;
}

const CR = 13;
const LF = 10;

/**
 * Cuts chunks into lines, holding of each no more than asked for, so that memory does not grow with the message. How
 * the bytes were cut into chunks makes no difference.
 */
export class LineScanner {
  readonly #onLine: (line: ScannedLine) => void;
  /** How many bytes of the present line are worth keeping. */
  readonly #keep: () => number;
  #breaks: LineBreaks | null = null;
  #position = 0;
  #lineStart = 0;
  #kept: Uint8Array[] = [];
  #keptLength = 0;
  #lastByte = -1;
  #isCrPending = false;

  constructor(onLine: (line: ScannedLine) => void, keep: () => number) {
    this.#onLine = onLine;
    this.#keep = keep;
  }

  /** Bytes read so far. */
  get position(): number {
    return this.#position;
  }

  /** How lines end, known once the first one ended; LF until then. */
  get breaks(): LineBreaks {
    return this.#breaks ?? 'lf';
  }

  write(chunk: Uint8Array): void {
    let at = 0;
    while (at < chunk.length) {
      if (this.#isCrPending) {
        at += this.#settleCr(chunk[at]!);
        continue;
      }
      const found = this.#findBreak(chunk, at);
      const stop = found < 0 ? chunk.length : found;
      // The common case, a line that lies whole in this chunk, is handed on without a copy.
      this.#take(chunk.subarray(at, stop), stop >= chunk.length - 1);
      if (found < 0) return;
      at = stop + 1;
      this.#position += 1;
      if (chunk[stop] === CR) this.#isCrPending = true;
      else this.#endOfLine(this.#lastByte === CR ? '\r\n' : '\n', this.#lastByte === CR);
    }
  }

  end(): void {
    if (this.#isCrPending) this.#settleCr(-1);
    if (this.#position > this.#lineStart) this.#endOfLine('', false);
  }

  #findBreak(chunk: Uint8Array, from: number): number {
    if (this.#breaks === 'lf') return chunk.indexOf(LF, from);
    // One pass for both: a search for each would look through the whole chunk again for every line.
    for (let at = from; at < chunk.length; at += 1) if (chunk[at] === CR || chunk[at] === LF) return at;
    return -1;
  }

  /** Decides what a CR is by the byte after it; returns how many bytes that takes. */
  #settleCr(next: number): number {
    this.#isCrPending = false;
    const isPair = next === LF;
    this.#breaks ??= isPair || next < 0 ? 'lf' : 'any';
    if (isPair) this.#position += 1;
    this.#endOfLine(isPair ? '\r\n' : '\r', false);
    return isPair ? 1 : 0;
  }

  #take(bytes: Uint8Array, mustCopy: boolean): void {
    if (bytes.length === 0) return;
    this.#position += bytes.length;
    this.#lastByte = bytes[bytes.length - 1]!;
    const room = this.#keep() - this.#keptLength;
    if (room <= 0) return;
    const piece = bytes.subarray(0, room);
    this.#kept.push(mustCopy ? new Uint8Array(piece) : piece);
    this.#keptLength += piece.length;
  }

  #endOfLine(lineEnd: LineEnd, isCrKept: boolean): void {
    if (lineEnd !== '') this.#breaks ??= 'lf';
    const start = this.#lineStart;
    const length = this.#position - start - lineEnd.length;
    let bytes = this.#kept.length === 1 ? this.#kept[0]! : Buffer.concat(this.#kept);
    if (isCrKept && bytes.length > length) bytes = bytes.subarray(0, length);
    this.#lineStart = this.#position;
    this.#kept = [];
    this.#keptLength = 0;
    this.#lastByte = -1;
    this.#onLine({ bytes, isWhole: bytes.length === length, start, end: this.#position, lineEnd });
  }
}
