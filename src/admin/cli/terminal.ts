/** Where a command reads and writes; tests give their own. */
export interface Terminal {
  /** Results. */
  out(text: string): void;
  /** Messages and progress. */
  err(text: string): void;
  readonly stdin: AsyncIterable<Uint8Array>;
  readonly isInputTerminal: boolean;
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

/** One line from standard input without its end. */
export async function readLine(terminal: Terminal): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of terminal.stdin) {
    chunks.push(chunk);
    if (chunk.includes(10)) break;
  }
  const [line = ''] = Buffer.concat(chunks).toString('utf8').split('\n');
  return line.replace(/\r$/, '');
}
