/** Where a command reads and writes; tests give their own. */
export interface Terminal {
  /** Results. */
  out(text: string): void;
  /** Messages and progress. */
  err(text: string): void;
  readonly stdin: AsyncIterable<Uint8Array>;
  readonly isInputTerminal: boolean;
  /** Whether a person reads what `out` writes. */
  readonly isOutputTerminal: boolean;
  /** Columns of the terminal that `err` writes to; null when it is none. */
  readonly columns: number | null;
}

/** A mistake in how a command was called; the usage line is shown with it. */
export class UsageError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'UsageError';
  }
}

/** One line from standard input without its end. Throws UsageError when it is not UTF-8. */
export async function readLine(terminal: Terminal): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of terminal.stdin) {
    chunks.push(chunk);
    if (chunk.includes(10)) break;
  }
  const bytes = Buffer.concat(chunks);
  const end = bytes.indexOf(10);
  try {
    const line = new TextDecoder('utf-8', { fatal: true }).decode(end < 0 ? bytes : bytes.subarray(0, end));
    return line.replace(/\r$/, '');
  } catch {
    // Clients send UTF-8 (RFC 7617 §2.1): a password of other bytes would let nobody in.
    throw new UsageError('Standard input is not UTF-8; convert it, e.g. with iconv -t UTF-8.');
  }
}
