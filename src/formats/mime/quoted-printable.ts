import type { TransferDecoder } from './transfer-decoder.ts';

const CR = 13;
const LF = 10;
const EQUALS = 61;

/** Blanks held back because a line end may follow; a longer run is data (RFC 2045 §6.7 allows lines of 76). */
const MAX_BLANKS = 8192;

type State = 'text' | 'cr' | 'equals' | 'hex' | 'soft-blank' | 'soft-cr';

/**
 * RFC 2045 §6.7. Blanks before a line end are dropped (rule 3), `=` before a line end is a soft break even with blanks
 * between, and what is no valid escape stays as written. A state machine by bytes, so that chunks may be cut anywhere.
 */
export class QuotedPrintableDecoder implements TransferDecoder {
  #state: State = 'text';
  #blanks: number[] = [];
  #firstHex = 0;
  #out = new Uint8Array(0);
  #length = 0;

  write(chunk: Uint8Array): Uint8Array {
    this.#out = new Uint8Array(chunk.length + this.#blanks.length + 4);
    this.#length = 0;
    for (const byte of chunk) {
      // What most of a text is needs no look at the state behind it.
      if (byte > 32 && byte !== EQUALS && this.#state === 'text' && this.#blanks.length === 0) this.#emitOne(byte);
      else this.#step(byte);
    }
    return this.#out.subarray(0, this.#length);
  }

  end(): Uint8Array {
    this.#out = new Uint8Array(this.#blanks.length + 4);
    this.#length = 0;
    if (this.#state === 'cr') this.#emit(CR);
    if (this.#state === 'hex') this.#emit(EQUALS, this.#firstHex);
    this.#state = 'text';
    this.#blanks = [];
    return this.#out.subarray(0, this.#length);
  }

  #step(byte: number): void {
    if (this.#state === 'text') this.#text(byte);
    else if (this.#state === 'cr') this.#afterCr(byte);
    else if (this.#state === 'hex') this.#secondHex(byte);
    else this.#afterEquals(byte);
  }

  #text(byte: number): void {
    if (byte === EQUALS) {
      this.#emitBlanks();
      this.#state = 'equals';
    } else if (isBlank(byte)) {
      this.#hold(byte);
    } else if (byte === CR) {
      this.#state = 'cr';
    } else if (byte === LF) {
      this.#blanks = [];
      this.#emit(LF);
    } else {
      this.#emitBlanks();
      this.#emit(byte);
    }
  }

  #afterCr(byte: number): void {
    this.#state = 'text';
    if (byte === LF) {
      this.#blanks = [];
      this.#emit(CR, LF);
      return;
    }
    this.#emitBlanks();
    this.#emit(CR);
    this.#text(byte);
  }

  #secondHex(byte: number): void {
    this.#state = 'text';
    if (hexValue(byte) >= 0) {
      this.#emit((hexValue(this.#firstHex) << 4) | hexValue(byte));
      return;
    }
    this.#emit(EQUALS, this.#firstHex);
    this.#text(byte);
  }

  /** After `=`, blanks after it, or a CR after those. */
  #afterEquals(byte: number): void {
    if (byte === LF) {
      this.#state = 'text';
      this.#blanks = [];
    } else if (this.#state === 'soft-cr') {
      this.#state = 'text';
      this.#blanks = [];
      this.#text(byte);
    } else if (byte === CR) {
      this.#state = 'soft-cr';
    } else if (isBlank(byte) && this.#blanks.length < MAX_BLANKS) {
      this.#state = 'soft-blank';
      this.#blanks.push(byte);
    } else if (this.#state === 'equals' && hexValue(byte) >= 0) {
      this.#firstHex = byte;
      this.#state = 'hex';
    } else {
      this.#state = 'text';
      this.#emit(EQUALS);
      this.#emitBlanks();
      this.#text(byte);
    }
  }

  #hold(byte: number): void {
    this.#blanks.push(byte);
    if (this.#blanks.length > MAX_BLANKS) this.#emitBlanks();
  }

  #emitBlanks(): void {
    if (this.#blanks.length === 0) return;
    for (const blank of this.#blanks) this.#emitOne(blank);
    this.#blanks = [];
  }

  #emit(...bytes: readonly number[]): void {
    for (const byte of bytes) this.#emitOne(byte);
  }

  #emitOne(byte: number): void {
    this.#out[this.#length] = byte;
    this.#length += 1;
  }
}

function isBlank(byte: number): boolean {
  return byte === 32 || byte === 9;
}

/** Lower case digits are not allowed by the RFC but written by some programs. */
function hexValue(byte: number): number {
  if (byte >= 48 && byte <= 57) return byte - 48;
  if (byte >= 65 && byte <= 70) return byte - 55;
  if (byte >= 97 && byte <= 102) return byte - 87;
  return -1;
}
