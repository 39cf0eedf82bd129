import { spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { connect, isIP } from 'node:net';
import type { Writable } from 'node:stream';
import type { SyslogAddress } from './address.ts';

/** One connection to a syslog server, as long as it lasts. */
export interface Carrier {
  /** How a message is framed, since not every carrier keeps messages apart. */
  readonly framing: 'none' | 'octets' | 'lines' | 'logger';
  send(bytes: Buffer): void;
  /** Bytes that wait to go. */
  readonly waiting: number;
  close(): void;
}

export interface CarrierEvents {
  /** It is over; whoever wants another opens it. */
  readonly onEnd: (error: Error | null) => void;
}

type NetworkAddress = Extract<SyslogAddress, { port: number }>;

/** RFC 5426: a message is a datagram. */
export function udpCarrier({ host, port }: NetworkAddress, { onEnd }: CarrierEvents): Carrier {
  const socket = createSocket(isIP(host) === 6 ? 'udp6' : 'udp4');
  socket.on('error', onEnd);
  socket.unref();
  const close = () => {
    socket.removeAllListeners('error').on('error', () => undefined);
    socket.close();
  };
  return {
    framing: 'none',
    send: (bytes) => socket.send(bytes, port, host, (error) => error && onEnd(error)),
    waiting: 0,
    close,
  };
}

/** RFC 6587 §3.4.1: over TCP every message says its length first. */
export function tcpCarrier({ host, port }: NetworkAddress, events: CarrierEvents): Carrier {
  const socket = connect({ host, port });
  socket.unref();
  return streamCarrier(socket, 'octets', events, () => socket.destroy());
}

/** A stream socket file. Datagram sockets, which most `/dev/log` are, refuse with EPROTOTYPE. */
export function unixCarrier(path: string, events: CarrierEvents): Carrier {
  const socket = connect({ path });
  socket.unref();
  return streamCarrier(socket, 'lines', events, () => socket.destroy());
}

/**
 * Node has no datagram sockets of the Unix kind, so the system's own `logger` (util-linux) carries the lines: each with its
 * priority before it.
 */
export function loggerCarrier(path: string, events: CarrierEvents): Carrier {
  const options = ['--socket', path, '--tag', 'causeway', '--prio-prefix', '--size', '16KiB', '--rfc5424=notq'];
  const child = spawn('logger', options, { stdio: ['pipe', 'ignore', 'ignore'] });
  child.on('error', events.onEnd);
  child.on('exit', (code) => events.onEnd(new Error(`logger ended with ${code}`)));
  child.unref();
  // A pipe of a child has unref, which its type does not say.
  (child.stdin as Writable & { unref?(): void }).unref?.();
  return streamCarrier(child.stdin, 'logger', events, () => child.stdin.end());
}

function streamCarrier(
  stream: Writable,
  framing: Carrier['framing'],
  { onEnd }: CarrierEvents,
  close: () => void,
): Carrier {
  stream.on('error', onEnd);
  stream.on('close', () => onEnd(null));
  return {
    framing,
    send: (bytes) => void stream.write(bytes),
    get waiting() {
      return stream.writableLength;
    },
    close,
  };
}
