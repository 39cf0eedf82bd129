import type { After } from '../gathered.ts';
import type { LogLine } from '../pino-log.ts';
import type { SyslogAddress } from './address.ts';
import { type Carrier, loggerCarrier, tcpCarrier, udpCarrier, unixCarrier } from './carriers.ts';
import { priorityOf, type SyslogIdentity, syslogMessage, syslogText } from './format.ts';

export interface SyslogOptions extends SyslogIdentity {
  readonly address: SyslogAddress;
  readonly after: After;
  /** Told once for every time that the server cannot be reached after it could. */
  readonly onFailure: (error: Error) => void;
}

/** A server that is away costs neither memory nor attempts without end. */
const MOST_WAITING_BYTES = 1024 * 1024;
const PAUSE_MS = 10_000;
const MOST_FIRST = 100;

/** Lines sent to a syslog server (RFC 5424). Those that come while it cannot be reached are lost; the other logs have them. */
export class Syslog {
  readonly #options: SyslogOptions;
  #carrier: Carrier | null = null;
  #isPausing = false;
  #isFailing = false;
  #isClosed = false;
  #isDatagram = false;
  /** Lines sent before it was known what kind of socket takes them. */
  readonly #first: LogLine[] = [];

  constructor(options: SyslogOptions) {
    this.#options = options;
  }

  /** A sink of the log. */
  readonly sink = (line: LogLine): void => {
    if (this.#isPausing || this.#isClosed) return;
    this.#carrier ??= this.#open();
    if (this.#carrier.waiting > MOST_WAITING_BYTES) return;
    if (this.#carrier.framing === 'lines' && this.#first.length < MOST_FIRST) this.#first.push(line);
    this.#carrier.send(this.#frame(line, this.#carrier.framing));
  };

  close(): void {
    this.#isClosed = true;
    this.#carrier?.close();
    this.#carrier = null;
  }

  #open(): Carrier {
    const { address } = this.#options;
    const events = {
      onEnd: (error: Error | null) => {
        if (isOver) return;
        isOver = true;
        this.#ended(error);
      },
    };
    let isOver = false;
    if (address.kind === 'unix') {
      return this.#isDatagram ? loggerCarrier(address.path, events) : unixCarrier(address.path, events);
    }
    return address.kind === 'udp' ? udpCarrier(address, events) : tcpCarrier(address, events);
  }

  #ended(error: Error | null): void {
    const carrier = this.#carrier;
    this.#carrier = null;
    carrier?.close();
    if (this.#isClosed) return;
    if ((error as NodeJS.ErrnoException | null)?.code === 'EPROTOTYPE' && !this.#isDatagram) {
      this.#isDatagram = true;
      for (const line of this.#first.splice(0)) this.sink(line);
      return;
    }
    if (error !== null && !this.#isFailing) this.#options.onFailure(error);
    this.#isFailing = error !== null;
    this.#isPausing = true;
    this.#options.after(PAUSE_MS, () => {
      this.#isPausing = false;
    });
  }

  #frame(line: LogLine, framing: Carrier['framing']): Buffer {
    if (framing === 'logger') return Buffer.from(`<${priorityOf(line)}>${line.log} ${syslogText(line)}\n`);
    const message = Buffer.from(syslogMessage(line, this.#options));
    if (framing === 'octets') return Buffer.concat([Buffer.from(`${message.length} `), message]);
    return framing === 'lines' ? Buffer.concat([message, Buffer.from('\n')]) : message;
  }
}
