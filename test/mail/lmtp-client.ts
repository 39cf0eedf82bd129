import { connect, type Socket } from 'node:net';

/** Speaks LMTP byte by byte as told, and reads replies. */
export class LmtpClient {
  readonly #socket: Socket;
  #text = '';
  #isEnded = false;
  #wake: () => void = () => undefined;

  constructor(where: { port: number; host?: string } | { path: string }) {
    this.#socket = connect(where);
    this.#socket.on('data', (chunk: Buffer) => {
      this.#text += chunk.toString('latin1');
      this.#wake();
    });
    for (const event of ['end', 'close', 'error'] as const) {
      this.#socket.on(event, () => {
        this.#isEnded = true;
        this.#wake();
      });
    }
  }

  /** The next reply with all its lines, or '' when the server hung up. */
  async reply(): Promise<string> {
    for (;;) {
      const found = /^(?:\d{3}-[^\r\n]*\r\n)*\d{3}(?: [^\r\n]*)?\r\n/.exec(this.#text);
      if (found !== null) {
        this.#text = this.#text.slice(found[0].length);
        return found[0].trimEnd();
      }
      if (this.#isEnded) return '';
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  write(bytes: string | Uint8Array): void {
    this.#socket.write(typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes);
  }

  /** Sends a line and gives its reply. */
  send(line: string): Promise<string> {
    this.write(`${line}\r\n`);
    return this.reply();
  }

  /** Greeting, LHLO, MAIL; gives the reply to LHLO. */
  async begin(sender = 'them@elsewhere.example', parameters = ''): Promise<string> {
    await this.reply();
    const features = await this.send('LHLO mx.example.org');
    await this.send(`MAIL FROM:<${sender}>${parameters}`);
    return features;
  }

  /** DATA with these bytes, dots stuffed; gives so many replies. */
  async data(bytes: string, replies: number): Promise<string[]> {
    const go = await this.send('DATA');
    if (!go.startsWith('354')) return [go];
    this.write(`${bytes.replace(/(^|\r\n)\./g, '$1..')}.\r\n`);
    const answers: string[] = [];
    for (let n = 0; n < replies; n += 1) answers.push(await this.reply());
    return answers;
  }

  destroy(): void {
    this.#socket.destroy();
  }
}
