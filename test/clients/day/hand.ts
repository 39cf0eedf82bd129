import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** Drives `hand.py`: python3-caldav as the DAV program, smtplib as the mail server that delivers by LMTP. */
export class Hand {
  readonly #process: ChildProcess;
  readonly #answers: AsyncIterator<string>;

  constructor() {
    this.#process = spawn('/usr/bin/python3', ['test/clients/day/hand.py'], { stdio: ['pipe', 'pipe', 'inherit'] });
    this.#answers = createInterface({ input: this.#process.stdout! })[Symbol.asyncIterator]();
  }

  /** Saves a calendar object into the calendar of this DAV name. */
  async save(name: string, text: string): Promise<void> {
    await this.#command({ do: 'save', name, text });
  }

  async read(name: string, uid: string): Promise<string> {
    return String(await this.#command({ do: 'read', name, uid }));
  }

  async replace(name: string, uid: string, text: string): Promise<void> {
    await this.#command({ do: 'replace', name, uid, text });
  }

  async remove(name: string, uid: string): Promise<void> {
    await this.#command({ do: 'remove', name, uid });
  }

  /** Every object of a calendar. */
  async everything(name: string): Promise<string[]> {
    return (await this.#command({ do: 'everything', name })) as string[];
  }

  async deliver(sender: string, recipient: string, message: string): Promise<void> {
    await this.#command({ do: 'deliver', sender, recipient, message });
  }

  close(): void {
    this.#process.stdin!.end();
  }

  async #command(command: Readonly<Record<string, string>>): Promise<unknown> {
    this.#process.stdin!.write(`${JSON.stringify(command)}\n`);
    const line = await this.#answers.next();
    if (line.done) throw new Error(`hand.py ended at ${command.do}`);
    const answer = JSON.parse(line.value) as { value?: unknown; error?: string };
    if (answer.error !== undefined) throw new Error(`${command.do}: ${answer.error}`);
    return answer.value;
  }
}
