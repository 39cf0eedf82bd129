import { fromLatin1, latin1 } from './charset.ts';
import { LineScanner, type ScannedLine } from './line-scanner.ts';
import { type MailFlags, readStatusFields } from './mail-flags.ts';
import { readMessageHeader } from './message-indexer.ts';
import { MimeError } from './mime-error.ts';

export interface MboxMessage {
  /** Number of its first line after the separator, from 1. */
  readonly line: number;
  readonly message: Uint8Array;
  readonly flags: MailFlags;
}

export interface MboxOptions {
  readonly maxMessageBytes?: number;
}

/** `From sender … 10:00:00 … 2004`: a separator names a time and a year, which keeps sentences of a body apart. */
const SEPARATOR = /^From .{0,200}\d{1,2}:\d{2}.{0,200}\b\d{4}\b/;
/** mboxrd puts one `>` before every body line that begins with `From `, whatever `>` it has already. */
const QUOTED = /^>+From /;
const DEFAULT_MAX_BYTES = 256 * 1024 * 1024;

/**
 * Cuts an mbox file into its messages, holding one of them at a time. Tolerant: a file that begins without separator
 * begins with a message, the blank line before a separator may be missing, any line ends. Throws MimeError
 * 'message-too-large'.
 */
export async function* splitMbox(
  chunks: AsyncIterable<Uint8Array>,
  options: MboxOptions = {},
): AsyncGenerator<MboxMessage> {
  const cutter = new MboxCutter(options);
  for await (const chunk of chunks) {
    cutter.scanner.write(chunk);
    yield* cutter.take();
  }
  cutter.end();
  yield* cutter.take();
}

class MboxCutter {
  readonly scanner: LineScanner;
  readonly #limit: number;
  #ready: MboxMessage[] = [];
  #bytes = new Uint8Array(0);
  #length = 0;
  #line = 0;
  #firstLine = 1;
  #isAfterSeparator = false;
  /** A blank line that may belong to the separator after it. */
  #blank = '';

  constructor(options: MboxOptions) {
    this.#limit = options.maxMessageBytes ?? DEFAULT_MAX_BYTES;
    this.scanner = new LineScanner(
      (line) => this.#onLine(line),
      () => this.#limit + 1,
    );
  }

  take(): MboxMessage[] {
    const ready = this.#ready;
    this.#ready = [];
    return ready;
  }

  end(): void {
    this.scanner.end();
    this.#finish();
  }

  #onLine({ bytes, lineEnd, isWhole }: ScannedLine): void {
    this.#line += 1;
    if (!isWhole) throw this.#tooLarge();
    const start = latin1(bytes.subarray(0, 2000));
    if (SEPARATOR.test(start) || (this.#line === 1 && start.startsWith('From '))) {
      this.#finish();
      this.#firstLine = this.#line + 1;
      this.#isAfterSeparator = true;
      return;
    }
    if (bytes.length === 0 && this.#blank === '') {
      this.#blank = lineEnd;
      return;
    }
    this.#append(fromLatin1(this.#blank));
    this.#blank = '';
    if (bytes.length === 0) {
      this.#blank = lineEnd;
      return;
    }
    this.#append(QUOTED.test(start) ? bytes.subarray(1) : bytes);
    this.#append(fromLatin1(lineEnd));
  }

  #append(bytes: Uint8Array): void {
    const length = this.#length + bytes.length;
    if (length > this.#limit) throw this.#tooLarge();
    if (length > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(4096, length, this.#bytes.length * 2));
      larger.set(this.#bytes.subarray(0, this.#length));
      this.#bytes = larger;
    }
    this.#bytes.set(bytes, this.#length);
    this.#length = length;
  }

  #finish(): void {
    // The blank line that ends a message's header is its own; one before a separator or the end is the file's.
    const message = this.#bytes.subarray(0, this.#length);
    if (this.#isAfterSeparator || message.length > 0) {
      const { fields } = readMessageHeader(message, { maxHeaderBytes: Number.POSITIVE_INFINITY });
      this.#ready.push({ line: this.#firstLine, message, flags: readStatusFields(fields) });
    }
    this.#bytes = new Uint8Array(0);
    this.#length = 0;
    this.#blank = '';
  }

  #tooLarge(): MimeError {
    return new MimeError('message-too-large', this.#firstLine, `message exceeds ${this.#limit} bytes`);
  }
}
