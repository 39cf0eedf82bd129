import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { connect as connectTls, type TLSSocket } from 'node:tls';

/** A connection on which a test writes what it likes and reads what comes. */
export interface RawConnection {
  readonly socket: Socket;
  send(text: string): void;
  /** Everything received so far, once it matches. Rejects when the connection ends before. */
  until(pattern: RegExp): Promise<string>;
  /** Everything received until the other side ended. */
  rest(): Promise<string>;
}

function wrap(socket: Socket): RawConnection {
  let text = '';
  let isOver = false;
  let wake: () => void = () => {};
  socket.on('data', (chunk) => {
    text += chunk.toString('latin1');
    wake();
  });
  const end = () => {
    isOver = true;
    wake();
  };
  socket.on('end', end);
  socket.on('close', end);
  socket.on('error', end);
  const change = () =>
    new Promise<void>((resolve) => {
      wake = resolve;
    });
  return {
    socket,
    send: (out) => socket.write(out, 'latin1'),
    async until(pattern) {
      while (!pattern.test(text)) {
        if (isOver) throw new Error(`connection ended before ${pattern}; received: ${text}`);
        await change();
      }
      return text;
    },
    async rest() {
      while (!isOver) await change();
      return text;
    },
  };
}

/** Opens a plain connection. */
export async function rawConnection(port: number): Promise<RawConnection> {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  return wrap(socket);
}

/** Opens a TLS connection without looking at the certificate. */
export async function tlsConnection(port: number): Promise<RawConnection & { socket: TLSSocket }> {
  const socket = connectTls({ port, host: '127.0.0.1', rejectUnauthorized: false });
  await once(socket, 'secureConnect');
  return { ...wrap(socket), socket };
}
