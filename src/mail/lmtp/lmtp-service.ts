import { type AddressInfo, type BlockList, isIP } from 'node:net';
import { SMTPServer, type SMTPServerOptions, type SMTPServerSession } from 'smtp-server';
import type { LmtpAddress } from '../../config/lmtp-address.ts';
import { mailEvent } from '../mail-log.ts';
import type { MailServices } from '../services.ts';
import type { Arrival } from '../trace-fields.ts';
import { type AcceptedRecipient, memoryBudget, receiveMessage } from './receive-message.ts';
import { checkRecipient } from './recipient-check.ts';
import { LmtpReply } from './reply.ts';
import { openSocketFile } from './socket-file.ts';

export interface LmtpOptions {
  readonly addresses: readonly LmtpAddress[];
  /** From where messages are taken; a socket file is guarded by its folder. */
  readonly allow: BlockList;
  /** Asked for each connection that `allow` lets in, with how many there are already: why it is turned away, else null. */
  readonly refusalOf?: (address: string, connections: number) => LmtpRefusal | null;
  /** How long messages under way may take when the service ends. */
  readonly graceMs: number;
}

/** 'not-served': not from there; 'too-many': not now. */
export type LmtpRefusal = 'not-served' | 'too-many';

/** A connection that is open now. */
export interface LmtpConnection {
  readonly id: string;
  /** What the client greeted with; '' before. */
  readonly name: string;
  /** '' for a socket file. */
  readonly address: string;
  /** Milliseconds since 1970. */
  readonly since: number;
  /** Command that it is at; null: none. */
  readonly command: string | null;
}

export interface LmtpService {
  /** Where it listens, ports that the system chose filled in. */
  readonly addresses: readonly string[];
  connections(): readonly LmtpConnection[];
  close(): Promise<void>;
}

const MAX_RECIPIENTS = 1_000;
/** RFC 5321 §4.5.3.2: five minutes for a command. */
const IDLE_MS = 5 * 60_000;
/** What all messages being received may hold together; the largest one fits always. */
const BUDGET_BYTES = 256 * 1024 * 1024;

/** Takes messages for the mailboxes here by LMTP (RFC 2033). Rejects, with nothing left open, when it cannot listen. */
export async function openLmtpService(services: MailServices, options: LmtpOptions): Promise<LmtpService> {
  const opened: { address: string; close(): Promise<void> }[] = [];
  const shared: Shared = {
    budget: memoryBudget(Math.max(BUDGET_BYTES, 2 * services.maxMessageBytes)),
    open: new Map(),
    busy: new Set(),
  };
  try {
    for (const address of options.addresses) opened.push(await openOne(services, options, shared, address));
  } catch (error) {
    for (const { close } of opened) await close();
    throw error;
  }
  const addresses = opened.map(({ address }) => address);
  if (addresses.length > 0) services.log.info({ addresses }, 'LMTP is spoken');
  return {
    addresses,
    connections: () => [...shared.open].map(([id, known]) => connectionOf(id, known, shared.busy)),
    close: async () => void (await Promise.all(opened.map(({ close }) => close()))),
  };
}

/** What all listeners of the service know together. */
interface Shared {
  readonly budget: ReturnType<typeof memoryBudget>;
  readonly open: Map<string, OpenConnection>;
  /** Connections in the midst of a message. */
  readonly busy: Set<string>;
}

interface OpenConnection {
  readonly session: SMTPServerSession;
  readonly since: number;
}

function connectionOf(id: string, { session, since }: OpenConnection, busy: ReadonlySet<string>): LmtpConnection {
  const { remoteAddress: address, hostNameAppearsAs, envelope } = session;
  const isMail = envelope.mailFrom !== false;
  const command = busy.has(id) ? 'DATA' : envelope.rcptTo.length > 0 ? 'RCPT' : isMail ? 'MAIL' : null;
  return { id, name: hostNameAppearsAs || '', address, since, command };
}

async function openOne(services: MailServices, options: LmtpOptions, shared: Shared, address: LmtpAddress) {
  const server = new SMTPServer(serverOptions(services, options, shared));
  const listening = await listen(server, address);
  server.on('error', (error) => services.log.debug({ error }, 'an LMTP connection failed'));
  return {
    address: listening.address,
    async close() {
      // A mail server keeps connections for its next message: those are told at once, the others may finish.
      const done = new Promise<void>((resolve) => server.close(resolve));
      for (const connection of server.connections) {
        if (!shared.busy.has(connection.id)) connection.send(421, 'Server shutting down');
      }
      await done;
      await listening.close();
    },
  };
}

async function listen(server: SMTPServer, address: LmtpAddress) {
  if (address.kind === 'unix') return openSocketFile(server.server, address.path);
  const { host, port } = address;
  await new Promise<void>((resolve, reject) => {
    const fail = (error: Error) => reject(new Error(`cannot listen on lmtp://${host}:${port}: ${error.message}`));
    server.once('error', fail);
    server.listen(port, host, () => {
      server.removeListener('error', fail);
      resolve();
    });
  });
  const bound = (server.server.address() as AddressInfo).port;
  return { address: `lmtp://${isIP(host) === 6 ? `[${host}]` : host}:${bound}`, close: async () => undefined };
}

function serverOptions(
  services: MailServices,
  { allow, graceMs, refusalOf }: LmtpOptions,
  { budget, open, busy }: Shared,
): SMTPServerOptions {
  /** The recipients accepted in each transaction. */
  const accepted: Accepted = new WeakMap();
  return {
    lmtp: true,
    name: services.hostName,
    size: services.maxMessageBytes,
    // RFC 1870 §6.3: 552 for every recipient.
    rejectOversized: true,
    hideENHANCEDSTATUSCODES: false,
    disabledCommands: ['AUTH', 'STARTTLS', 'WIZ', 'SHELL', 'KILL'],
    authOptional: true,
    disableReverseLookup: true,
    lenientAddressParsing: true,
    socketTimeout: IDLE_MS,
    closeTimeout: Math.max(1, graceMs),
    onConnect(session, callback) {
      const { remoteAddress } = session;
      const refusal = isAllowed(allow, remoteAddress) ? (refusalOf?.(remoteAddress, open.size) ?? null) : 'not-served';
      if (refusal === null) open.set(session.id, { session, since: services.clock.now() });
      callback(refusal === null ? null : TURNED_AWAY[refusal]());
    },
    onClose(session, callback) {
      open.delete(session.id);
      callback();
    },
    onRcptTo: recipientHandler(services, accepted),
    onData(stream, session, callback) {
      busy.add(session.id);
      const recipients = accepted.get(session.envelope) ?? [];
      receiveMessage(services, budget, stream, { arrival: arrivalOf(services, session), recipients })
        .then(
          (replies) => callback(null, replies),
          (error: unknown) => callback(replyOf(services, error)),
        )
        .finally(() => busy.delete(session.id));
    },
  };
}

type Accepted = WeakMap<SMTPServerSession['envelope'], AcceptedRecipient[]>;

function recipientHandler(services: MailServices, accepted: Accepted): NonNullable<SMTPServerOptions['onRcptTo']> {
  return (recipient, session, callback) => {
    const { envelope } = session;
    const { address } = recipient;
    if ((accepted.get(envelope)?.length ?? 0) >= MAX_RECIPIENTS) {
      callback(new LmtpReply(452, 'too many recipients'));
      return;
    }
    checkRecipient(services, address, declaredSize(envelope)).then(
      (user) => {
        const list = accepted.get(envelope) ?? [];
        accepted.set(envelope, list);
        list.push({ address, user });
        // RFC 2033 §4.2: one reply for each RCPT, one that is repeated included. The library keeps an address once, so
        // each is given a name of its own there.
        recipient.address = `${list.length}:${address}`;
        callback();
      },
      (error: unknown) => {
        if (error instanceof LmtpReply) tellRefused(services, session, address, error);
        callback(replyOf(services, error));
      },
    );
  };
}

/** RFC 5321 §4.2.3: 554 as the greeting, 421 when the client should come again. */
const TURNED_AWAY: Readonly<Record<LmtpRefusal, () => LmtpReply>> = {
  'not-served': () => new LmtpReply(554, 'not for you'),
  'too-many': () => new LmtpReply(421, 'too many connections: try again'),
};

function tellRefused(
  services: MailServices,
  { envelope, remoteAddress }: SMTPServerSession,
  recipient: string,
  { responseCode, message }: LmtpReply,
): void {
  const sender = envelope.mailFrom === false ? '' : envelope.mailFrom.address;
  const fields = { sender, recipient, address: remoteAddress, code: responseCode, reason: message };
  mailEvent(services, 'refused', fields, 'recipient refused');
}

function isAllowed(allow: BlockList, address: string): boolean {
  // A socket file has no address.
  if (address === '') return true;
  return allow.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
}

function declaredSize({ mailFrom }: SMTPServerSession['envelope']): number {
  const args = mailFrom === false ? false : mailFrom.args;
  return args === false ? 0 : Number(args.SIZE ?? 0) || 0;
}

function replyOf({ log }: MailServices, error: unknown): LmtpReply {
  if (error instanceof LmtpReply) return error;
  // A client that hangs up hears no reply.
  log.warn({ error }, 'an LMTP command failed');
  return new LmtpReply(451, 'internal error: try again');
}

function arrivalOf({ clock, random, hostName }: MailServices, session: SMTPServerSession): Arrival {
  const { envelope, hostNameAppearsAs, remoteAddress } = session;
  const sender = envelope.mailFrom === false ? '' : envelope.mailFrom.address;
  const id = Buffer.from(random(8)).toString('hex');
  return {
    sender,
    client: { name: hostNameAppearsAs, address: remoteAddress },
    protocol: 'LMTP',
    id,
    hostName,
    at: clock.now(),
  };
}
