import { Readable } from 'node:stream';
import { createTransport } from 'nodemailer';
import type { RelayAddress } from '../config/relay-url.ts';
import type { Log } from '../observe/log.ts';
import { addressKey, asciiDomain } from './mail-address.ts';
import type { Relay, RelayRequest, Verdict } from './relay.ts';
import { type Asking, abilitiesOf, askAbilities, type RelayAbilities } from './relay-abilities.ts';
import { needsAbilities, type RelayForm, relayForm } from './relay-form.ts';

export interface SmtpRelayOptions {
  readonly address: RelayAddress;
  /** How this server calls itself (EHLO). */
  readonly hostName: string;
  readonly allowInvalidCertificate: boolean;
  readonly log: Log;
}

/** RFC 5321 §4.5.3.2: long for the end of a message, which some relays take through all their filters first. */
const CONNECT_MS = 30_000;
const GREETING_MS = 60_000;
const IDLE_MS = 10 * 60_000;
const CONNECTIONS = 5;
const LOOPBACK = /^(?:localhost|127\..*|::1)$/i;

/** What the SMTP client says of a failure, as far as it matters here. */
interface SmtpFailure extends Error {
  readonly code?: string;
  readonly response?: string;
  readonly responseCode?: number;
  /** Present when the envelope was refused, one for each recipient. */
  readonly rejectedErrors?: readonly SmtpFailure[];
  readonly recipient?: string;
}

/**
 * Sends through an SMTP submission server, over connections that are kept for the next message. TLS with a certificate that
 * is right is a must, except to a relay on this very machine, where nobody listens, or where the settings allow otherwise.
 */
export function createSmtpRelay(options: SmtpRelayOptions): Relay {
  return new SmtpRelay(options);
}

class SmtpRelay implements Relay {
  readonly #options: SmtpRelayOptions;
  readonly #transport;
  /** What the relay said last that it takes; null before it was asked, and after trouble. */
  #abilities: RelayAbilities | null = null;
  readonly #asking = new Set<Asking>();

  constructor(options: SmtpRelayOptions) {
    this.#options = options;
    this.#transport = createTransport({ ...connectionOptions(options), ...POOL });
  }

  async send(request: RelayRequest): Promise<ReadonlyMap<string, Verdict>> {
    try {
      const form = await this.#formOf(request);
      if (form.request.recipients.length === 0) return form.refused;
      return new Map([...form.refused, ...(await this.#sendAsItIs(form.request))]);
    } catch (error) {
      return this.#failed(request, error as SmtpFailure);
    }
  }

  close(): void {
    for (const asking of this.#asking) asking.close();
    this.#transport.close({ force: true });
  }

  /** Nothing is asked for messages that every relay takes. */
  async #formOf(request: RelayRequest): Promise<RelayForm> {
    const known = this.#abilities;
    if (known?.takes8Bit === true && known.takesUtf8) return relayForm(request, known);
    if (!(await needsAbilities(request))) return { request, refused: new Map() };
    this.#abilities ??= await this.#ask();
    return relayForm(request, this.#abilities);
  }

  async #ask(): Promise<RelayAbilities> {
    const asking = askAbilities(connectionOptions(this.#options));
    this.#asking.add(asking);
    try {
      return await asking.abilities;
    } finally {
      this.#asking.delete(asking);
    }
  }

  async #sendAsItIs(request: RelayRequest): Promise<ReadonlyMap<string, Verdict>> {
    const { sender, recipients, size } = request;
    const message = {
      raw: Readable.from(request.content(), { objectMode: false }),
      // As objects, so that nothing is read out of them; 8BITMIME promises nothing about the bytes there are.
      envelope: { from: inEnvelope(sender), to: recipients.map(inEnvelope), size, use8BitMime: true },
    };
    try {
      const { accepted, rejectedErrors = [], ehlo = [] } = await this.#transport.sendMail(message);
      this.#abilities = abilitiesOf(ehlo);
      return verdicts(request, accepted, rejectedErrors as readonly SmtpFailure[], unknownFailure());
    } catch (error) {
      return this.#failed(request, error as SmtpFailure);
    }
  }

  #failed(request: RelayRequest, failure: SmtpFailure): ReadonlyMap<string, Verdict> {
    this.#abilities = null;
    if (failure.code === 'EAUTH') {
      const fields = { relay: this.#options.address.host, reason: reasonOf(failure) };
      this.#options.log.error(fields, 'the relay does not take the user name and password');
    }
    return verdicts(request, [], failure.rejectedErrors ?? [], failure);
  }
}

const POOL = {
  pool: true as const,
  maxConnections: CONNECTIONS,
  // When to try again is decided by the Outbox, which remembers it.
  maxRequeues: 0,
  ...{ disableFileAccess: true, disableUrlAccess: true },
};

function connectionOptions({ address, hostName, allowInvalidCertificate }: SmtpRelayOptions) {
  const { host, port, isSecure, user, password } = address;
  const isHere = LOOPBACK.test(host);
  // With a password TLS is a must wherever it goes: allowing any certificate does not allow none.
  const requireTLS = !isSecure && !isHere && (user !== null || !allowInvalidCertificate);
  return {
    ...{ host, port, secure: isSecure, requireTLS, ignoreTLS: !isSecure && isHere },
    ...(user === null ? {} : { auth: { user, pass: password ?? '' } }),
    name: hostName,
    // Else a machine that is alone knows no address of its own.
    allowInternalNetworkInterfaces: isHere,
    tls: { rejectUnauthorized: !allowInvalidCertificate },
    ...{ connectionTimeout: CONNECT_MS, greetingTimeout: GREETING_MS, socketTimeout: IDLE_MS },
  };
}

/** RFC 6531 §3.7.1: a domain goes out in its ASCII form. */
function inEnvelope(address: string) {
  const at = address.lastIndexOf('@');
  return { name: '', address: at < 0 ? address : `${address.slice(0, at)}@${asciiDomain(address.slice(at + 1))}` };
}

/** @param rest What those got who are neither accepted nor refused by themselves. */
function verdicts(
  { recipients }: RelayRequest,
  accepted: readonly string[],
  each: readonly SmtpFailure[],
  rest: SmtpFailure,
): ReadonlyMap<string, Verdict> {
  const taken = new Set(accepted.map(addressKey));
  const failures = new Map(each.map((failure) => [addressKey(failure.recipient ?? ''), failure]));
  return new Map(
    recipients.map((address) => {
      const key = addressKey(address);
      return [address, taken.has(key) ? { kind: 'accepted' } : verdictFor(failures.get(key) ?? rest)];
    }),
  );
}

function verdictFor(failure: SmtpFailure): Verdict {
  const { code, responseCode = 0 } = failure;
  const isTooLarge = code === 'EMESSAGE' && responseCode === 0;
  // Wrong credentials or certificates are the administrator's affair, not a fault of the message.
  const isRefused = isTooLarge || (responseCode >= 500 && (code === 'EENVELOPE' || code === 'EMESSAGE'));
  const enhanced = /^\d{3}[ -](\d\.\d{1,3}\.\d{1,3})\b/.exec(failure.response ?? '')?.[1];
  if (isRefused)
    return { kind: 'refused', status: isTooLarge ? '5.3.4' : (enhanced ?? '5.0.0'), reason: reasonOf(failure) };
  return { kind: 'later', status: enhanced?.startsWith('4') ? enhanced : '4.4.1', reason: reasonOf(failure) };
}

function reasonOf(failure: SmtpFailure): string {
  return failure.response === undefined ? failure.message : `the relay said ${failure.response.split('\r\n')[0]}`;
}

function unknownFailure(): SmtpFailure {
  return new Error('the relay said nothing about this recipient');
}
