import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../domain/clock.ts';
import type { Log } from '../observe/log.ts';
import { formatAbout } from './about.ts';
import { type CapturedMessage, exchangeFiles, paddedNumber } from './capture.ts';
import { createMasker } from './masker.ts';
import { readableForms } from './readable-forms.ts';
import type { RecordedExchange, RecordingBounds, RecordingChoice, RecordingSummary } from './recording-types.ts';
import { type Redaction, redactMessage, redactRequest, targetOf, withoutSecrets } from './redact/redact-message.ts';
import type { WireFormat } from './wire-format.ts';

export interface RecordingParts {
  readonly id: string;
  readonly folder: string;
  readonly choice: RecordingChoice;
  readonly bounds: RecordingBounds;
  readonly clock: Clock;
  readonly log: Log;
  /** Of this recording alone, kept nowhere. */
  readonly secret: Uint8Array;
  readonly formats: readonly WireFormat[];
  /** Told when it ended and everything is written. */
  readonly onEnd: () => void;
}

/** Why a recording ended. */
export type EndReason = 'time' | 'exchanges' | 'bytes' | 'stopped' | 'user removed' | 'server stopped' | 'error';

/** One recording that goes on: takes exchanges, writes them one after the other, and ends by itself. */
export class Recording {
  readonly #parts: RecordingParts;
  readonly #startedAt: number;
  readonly #redaction: Redaction | null;
  readonly #cancelTimer: () => void;
  #writing: Promise<void> = Promise.resolve();
  #begun = 0;
  #exchanges = 0;
  #bytes = 0;
  #unanswered = 0;
  #ended: { readonly at: number; readonly reason: EndReason } | null = null;

  constructor(parts: RecordingParts) {
    this.#parts = parts;
    const { clock, choice, secret, formats, bounds } = parts;
    this.#startedAt = clock.now();
    const own = choice.address.toLowerCase();
    const plainSteps = [own, ...own.split('@')];
    this.#redaction = choice.withContents ? null : { masker: createMasker(secret, own), formats, plainSteps };
    this.#cancelTimer = clock.after(bounds.minutes * 60_000, () => void this.end('time'));
  }

  get isOn(): boolean {
    return this.#ended === null;
  }

  get begunExchanges(): number {
    return this.#begun;
  }

  isFor(address: string): boolean {
    return this.isOn && this.#parts.choice.address === address;
  }

  /** Begins the folder. */
  async open(): Promise<void> {
    await mkdir(this.#parts.folder, { recursive: true, mode: 0o700 });
    await this.#writeAbout();
  }

  /** The number of an exchange that begins now. */
  begin(): number {
    this.#begun += 1;
    return this.#begun;
  }

  /** Takes one that is over. It is written behind those that came before; when it would be too much, the recording ends. */
  take(number: number, exchange: RecordedExchange): void {
    if (!this.isOn || !this.#isOfDevice(exchange)) return;
    if (exchange.response === null) {
      this.#unanswered += 1;
      return;
    }
    const bytes = exchange.request.body.length + exchange.response.body.length;
    if (this.#bytes + bytes > this.#parts.bounds.bytes) {
      void this.end('bytes');
      return;
    }
    this.#bytes += bytes;
    this.#exchanges += 1;
    const { response } = exchange;
    const parkedUntil = exchange.wasParked && this.#begun > number ? this.#begun : null;
    this.#queue(() => this.#write(number, exchange, response, parkedUntil));
    if (this.#exchanges >= this.#parts.bounds.exchanges) void this.end('exchanges');
  }

  /** Ends it, once what was taken is written. */
  async end(reason: EndReason): Promise<void> {
    if (this.#ended === null) {
      this.#ended = { at: this.#parts.clock.now(), reason };
      this.#cancelTimer();
      const { id, choice, log } = this.#parts;
      log.info({ recording: id, user: choice.address, reason, exchanges: this.#exchanges }, 'recording ended');
      this.#queue(() => this.#writeAbout());
      void this.#writing.then(this.#parts.onEnd);
    }
    await this.#writing;
  }

  summary(): RecordingSummary {
    const { id, choice, bounds } = this.#parts;
    return {
      id,
      ...{ address: choice.address, device: choice.device, withContents: choice.withContents },
      startedAt: this.#startedAt,
      endsAt: this.#startedAt + bounds.minutes * 60_000,
      endedAt: this.#ended?.at ?? null,
      reason: this.#ended?.reason ?? null,
      ...{ exchanges: this.#exchanges, bytes: this.#bytes, unanswered: this.#unanswered },
    };
  }

  /** Either the id that the protocol found, or a part of the program's name. */
  #isOfDevice({ device, userAgent }: RecordedExchange): boolean {
    const wanted = this.#parts.choice.device?.toLowerCase() ?? null;
    return wanted === null || device?.toLowerCase() === wanted || userAgent.toLowerCase().includes(wanted);
  }

  #queue(work: () => Promise<void>): void {
    this.#writing = this.#writing.then(work).catch((error: unknown) => {
      this.#parts.log.error({ recording: this.#parts.id, error }, 'a recording could not be written: it ends');
      void this.end('error');
    });
  }

  async #write(number: number, exchange: RecordedExchange, response: CapturedMessage, parkedUntil: number | null) {
    const { path } = targetOf(exchange.request.startLine);
    const redaction = this.#redaction;
    const { formats } = this.#parts;
    const sent =
      redaction === null ? withoutSecrets(exchange.request, path, formats) : redactRequest(exchange.request, redaction);
    const answered =
      redaction === null ? withoutSecrets(response, path, formats) : redactMessage(response, path, redaction);
    const files = [
      ...exchangeFiles(number, sent, answered, parkedUntil),
      ...readableForms(`${paddedNumber(number)}.request`, sent, path, formats),
      ...readableForms(`${paddedNumber(number)}.response`, answered, path, formats),
    ];
    for (const { name, content } of files) {
      await writeFile(join(this.#parts.folder, name), content, { mode: 0o600 });
    }
  }

  async #writeAbout(): Promise<void> {
    const about = aboutOf(this.summary(), new Date(this.#startedAt).toISOString());
    await writeFile(join(this.#parts.folder, 'about.yaml'), about, { mode: 0o600 });
  }
}

function aboutOf(summary: RecordingSummary, recorded: string): string {
  const { address, withContents } = summary;
  return formatAbout({
    client: 'every program of this person, or the one named as device; each request tells its User-Agent',
    recorded: recorded.slice(0, 10),
    source: 'recorded by Causeway',
    user: address,
    mailboxes: address,
    contents: withContents ? 'kept' : 'masked',
    expected: 'every answer as recorded, after mapping what servers make up',
    redacted: withContents
      ? 'credentials, passwords of devices'
      : 'credentials, policy keys, and every value that a person wrote, by stand-ins of the same length',
    id: summary.id,
    ...(summary.device === null ? {} : { device: summary.device }),
    started: recorded,
    ends: new Date(summary.endsAt).toISOString(),
    ...(summary.endedAt === null ? {} : { ended: new Date(summary.endedAt).toISOString() }),
    ...(summary.reason === null ? {} : { reason: summary.reason }),
    exchanges: summary.exchanges,
    bytes: summary.bytes,
    unanswered: summary.unanswered,
  });
}
