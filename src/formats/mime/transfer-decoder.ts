import { latin1 } from './charset.ts';
import { LineScanner, type ScannedLine } from './line-scanner.ts';
import type { TransferEncoding } from './message-index.ts';
import { QuotedPrintableDecoder } from './quoted-printable.ts';
import { decodeUuLine, isUuBegin, isUuEnd, MAX_UU_LINE } from './uu-line.ts';

/** Undoes a transfer encoding chunk by chunk. The result does not depend on how the input was cut. Never throws. */
export interface TransferDecoder {
  write(chunk: Uint8Array): Uint8Array;
  end(): Uint8Array;
}

const NOTHING = new Uint8Array(0);
const IDENTITY: TransferDecoder = { write: (chunk) => chunk, end: () => NOTHING };

/** 7bit, 8bit, binary and unknown encodings pass through (RFC 2045 §6.4). */
export function createTransferDecoder(encoding: TransferEncoding): TransferDecoder {
  if (encoding === 'base64') return new Base64Decoder();
  if (encoding === 'quoted-printable') return new QuotedPrintableDecoder();
  if (encoding === 'x-uuencode') return new UuDecoder();
  return IDENTITY;
}

/** RFC 2045 §6.8: characters outside the alphabet are skipped; data may go on after padding (joined encodings). */
class Base64Decoder implements TransferDecoder {
  #carry = '';

  write(chunk: Uint8Array): Uint8Array {
    const text = this.#carry + latin1(chunk).replace(/[^A-Za-z0-9+/=]+/g, '');
    const runs = text.split(/=+/);
    const last = runs.pop()!;
    const whole = last.length - (last.length % 4);
    this.#carry = last.slice(whole);
    runs.push(last.slice(0, whole));
    return Buffer.concat(runs.map((run) => Buffer.from(run, 'base64')));
  }

  end(): Uint8Array {
    const rest = Buffer.from(this.#carry, 'base64');
    this.#carry = '';
    return rest;
  }
}

class UuDecoder implements TransferDecoder {
  #isInside = false;
  #decoded: Uint8Array[] = [];
  readonly #scanner = new LineScanner(
    (line) => this.#onLine(line),
    () => MAX_UU_LINE,
  );

  write(chunk: Uint8Array): Uint8Array {
    this.#scanner.write(chunk);
    return this.#take();
  }

  end(): Uint8Array {
    this.#scanner.end();
    return this.#take();
  }

  #take(): Uint8Array {
    const bytes = Buffer.concat(this.#decoded);
    this.#decoded = [];
    return bytes;
  }

  #onLine(line: ScannedLine): void {
    const text = latin1(line.bytes);
    if (!this.#isInside) this.#isInside = isUuBegin(text);
    else if (isUuEnd(text)) this.#isInside = false;
    else if (text !== '') this.#decoded.push(decodeUuLine(line.bytes));
  }
}
