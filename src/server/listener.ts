import { createServer, type RequestListener, type Server, type ServerOptions } from 'node:http';
import { createServer as createTlsServer, type Server as TlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { SecureContextOptions } from 'node:tls';
import { type ListenAddress, listenUrl } from '../config/listen-address.ts';
import type { Settings } from '../config/settings-schema.ts';
import type { Log } from '../observe/log.ts';
import type { LoadedCertificate } from './certificate/certificate-source.ts';

/** A server that is listening. */
export interface Listener {
  readonly url: string;
  readonly port: number;
  readonly server: Server | TlsServer;
  /** Connections open now, those in a TLS handshake included. */
  readonly sockets: ReadonlySet<Socket>;
  /** Serves new connections with another certificate; a plain listener does nothing. */
  useCertificate(certificate: LoadedCertificate): void;
}

export interface ListenerParts {
  readonly settings: Settings;
  readonly onRequest: RequestListener;
  /** Told of each connection that may carry requests. */
  readonly onConnection?: (socket: Socket, isSecure: boolean) => void;
  readonly log: Log;
}

const LIMITS: ServerOptions = {
  maxHeaderSize: 32 * 1024,
  headersTimeout: 30_000,
  // Bodies have a guard of their own (slow-body.ts), which does not count the time we take ourselves.
  requestTimeout: 0,
  // Longer than the 60 s for which usual front ends keep theirs, so that they are the ones who close.
  keepAliveTimeout: 75_000,
  connectionsCheckingInterval: 10_000,
  noDelay: true,
  keepAlive: true,
};

/** TLS as offered to clients, whole, since changing the certificate replaces all of it. */
function secureContext(
  certificate: LoadedCertificate,
  minVersion: Settings['tls']['minVersion'],
): SecureContextOptions {
  // OpenSSL 3 forbids TLS before 1.2 from security level 1 on.
  const isOld = minVersion === 'TLSv1' || minVersion === 'TLSv1.1';
  return {
    cert: certificate.cert,
    key: certificate.key,
    minVersion,
    ...(isOld ? { ciphers: 'DEFAULT@SECLEVEL=0' } : {}),
  };
}

/** What Node's parser refuses, where another status than 400 says it better. */
const REFUSALS: Readonly<Record<string, string>> = {
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
};

/** What Node's parser tells of what it refused. */
interface ParserError extends NodeJS.ErrnoException {
  readonly rawPacket?: Buffer;
}

/** RFC 9110 §9.1: a method nobody knows is 501. The parser knows no others either, and says the same of what is no HTTP at all. */
function isUnknownMethod({ code, rawPacket }: ParserError): boolean {
  if (code !== 'HPE_INVALID_METHOD' || rawPacket === undefined) return false;
  return /^[\w!#$%&'*+.^`|~-]+ \S+ HTTP\/1\.[01]\r\n/.test(rawPacket.toString('latin1', 0, 2_000));
}

/** Bytes that are no HTTP cost their sender the connection and nobody else anything. */
function survive(server: Server | TlsServer, log: Log): void {
  server.on('clientError', (error: ParserError, socket: Socket) => {
    log.debug({ remote: socket.remoteAddress, code: error.code }, 'refused what is no HTTP');
    if (error.code === 'ECONNRESET' || !socket.writable) {
      socket.destroy();
      return;
    }
    const status = isUnknownMethod(error) ? '501 Not Implemented' : (REFUSALS[error.code ?? ''] ?? '400 Bad Request');
    socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`, () => socket.destroy());
  });
  server.on('tlsClientError', (error: NodeJS.ErrnoException, socket: Socket) => {
    log.debug({ remote: socket.remoteAddress, code: error.code }, 'TLS handshake failed');
    socket.destroy();
  });
  server.on('drop', (facts) =>
    log.warn({ remote: facts?.remoteAddress }, 'connection closed: limits.connections is reached'),
  );
}

function listenProblem(address: ListenAddress, error: NodeJS.ErrnoException): Error {
  const url = listenUrl(address);
  const words: Readonly<Record<string, string>> = {
    EADDRINUSE: 'another program listens there. Stop it or choose another port with --listen',
    EACCES: 'ports below 1024 need a privilege. Choose a higher port with --listen, or grant CAP_NET_BIND_SERVICE',
    EADDRNOTAVAIL: 'this machine does not have that address. Correct --listen',
    ENOTFOUND: 'the host name is unknown. Correct --listen',
  };
  return new Error(`cannot listen on ${url}: ${words[error.code ?? ''] ?? error.message}`, { cause: error });
}

/** Starts one server. Rejects with a sentence that names the address, the reason and the remedy. */
export async function openListener(
  address: ListenAddress,
  certificate: LoadedCertificate | null,
  parts: ListenerParts,
): Promise<Listener> {
  const { settings, onRequest, onConnection, log } = parts;
  const { minVersion } = settings.tls;
  let tls: TlsServer | null = null;
  if (address.scheme === 'https') {
    if (!certificate) throw new TypeError('an https listener needs a certificate');
    const context = secureContext(certificate, minVersion);
    tls = createTlsServer({ ...LIMITS, ...context, ALPNProtocols: ['http/1.1'], handshakeTimeout: 20_000 }, onRequest);
  }
  const server = tls ?? createServer(LIMITS, onRequest);
  const sockets = new Set<Socket>();
  // Node would answer 100 before the sign-in; the router does it after.
  server.on('checkContinue', onRequest);
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  if (onConnection !== undefined) {
    // Under TLS requests come on another socket, which there is from the end of the handshake on.
    const event = tls === null ? 'connection' : 'secureConnection';
    server.on(event, (socket: Socket) => onConnection(socket, tls !== null));
  }
  server.maxConnections = settings.limits.connections;
  survive(server, log);
  await new Promise<void>((resolve, reject) => {
    const fail = (error: Error) => reject(listenProblem(address, error));
    server.once('error', fail);
    server.listen({ host: address.host, port: address.port }, () => {
      server.off('error', fail);
      resolve();
    });
  });
  // After listening: accepting a connection failed, usually for want of file descriptors. Others go on.
  server.on('error', (error) => log.error({ error }, 'a connection could not be accepted'));
  const { port } = server.address() as AddressInfo;
  return {
    url: listenUrl({ ...address, port }),
    port,
    server,
    sockets,
    useCertificate: (fresh) => tls?.setSecureContext(secureContext(fresh, minVersion)),
  };
}
