import { chmod, lstat, mkdir, unlink } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { GatewayError } from '../../domain/errors.ts';
import { actingFor, COMMAND_LINE } from '../../observe/acting.ts';
import type { Log } from '../../observe/log.ts';
import { ADMINISTRATION_CALLS, type Administration, type AdministrationCall } from '../administration.ts';
import type { Progress } from '../calls/check.ts';
import { tryConnect } from './connect-socket.ts';
import { openSocketPath } from './socket-path.ts';
import { decodeLine, encodeLine, lineSplitter, toWireError, type WireAnswer, type WireRequest } from './wire.ts';

export interface AdministrationServer {
  /** Stops listening, ends connections and removes the socket. */
  close(): Promise<void>;
}

/**
 * Answers administration calls on `causeway.sock` in the data folder. Whoever may open the folder is the administrator:
 * the folder is made 0700 and the socket 0600. A socket that a killed server left is replaced.
 * @throws Error when another server answers there, or the socket cannot be made
 */
export async function serveAdministration(
  administration: Administration,
  dataFolder: string,
  log: Log,
): Promise<AdministrationServer> {
  await mkdir(dataFolder, { recursive: true, mode: 0o700 });
  await chmod(dataFolder, 0o700);
  const socketPath = await openSocketPath(dataFolder);
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    serveConnection(administration, socket, log);
  });
  try {
    await removeStaleSocket(socketPath.path, dataFolder);
    await listen(server, socketPath.path);
    await chmod(socketPath.path, 0o600);
  } catch (error) {
    server.close();
    await socketPath.close();
    throw error;
  }
  return {
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const socket of sockets) socket.destroy();
      await closed;
      await socketPath.close();
    },
  };
}

function listen(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, () => {
      server.removeListener('error', reject);
      resolve();
    });
  });
}

async function removeStaleSocket(path: string, dataFolder: string): Promise<void> {
  const found = await lstat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if (found === null) return;
  if (!found.isSocket()) throw new Error(`${path} is in the way: it is not a socket. Move it elsewhere.`);
  const other = await tryConnect(path);
  if (other !== null) {
    other.destroy();
    throw new Error(`Another server is running on the data folder ${dataFolder}; stop it first.`);
  }
  await unlink(path);
}

function serveConnection(administration: Administration, socket: Socket, log: Log): void {
  const send = (answer: WireAnswer) => {
    if (socket.writable) socket.write(encodeLine(answer));
  };
  const onLine = (line: string) => {
    const request = readRequest(line);
    const progress: Progress = (done, total) => send({ id: request.id, progress: [done, total] });
    answerCall(administration, request, progress).then(
      (result) => send({ id: request.id, result: result ?? null }),
      (error: unknown) => {
        if (!(error instanceof GatewayError)) log.error({ call: request.call, error }, 'administration call failed');
        send({ id: request.id, error: toWireError(error) });
      },
    );
  };
  const split = lineSplitter(onLine);
  socket.on('data', (chunk) => {
    try {
      split(chunk);
    } catch (error) {
      log.warn({ error }, 'administration connection ended: not a request');
      socket.destroy();
    }
  });
  // A client that goes away in the middle is no error of ours.
  socket.on('error', (error) => log.debug({ error }, 'administration connection broke'));
}

function readRequest(line: string): WireRequest {
  const message = decodeLine(line);
  if (typeof message !== 'object' || message === null) throw new Error('a request is an object');
  if (!('id' in message) || typeof message.id !== 'number') throw new Error('a request has a number as id');
  if (!('call' in message) || typeof message.call !== 'string') throw new Error('a request names a call');
  return { id: message.id, call: message.call, input: 'input' in message ? message.input : {} };
}

type AnyCall = (input: unknown, progress: Progress) => Promise<unknown>;

async function answerCall(administration: Administration, request: WireRequest, progress: Progress): Promise<unknown> {
  if (!isCall(request.call)) {
    throw new Error(`The running server does not know the call ${request.call}: it is of another version. Restart it.`);
  }
  // Both ends are the same program and the folder's owner; the calls check the values they are given.
  const call = administration[request.call] as unknown as AnyCall;
  return actingFor(COMMAND_LINE, () => call(request.input, progress));
}

function isCall(name: string): name is AdministrationCall {
  return (ADMINISTRATION_CALLS as readonly string[]).includes(name);
}
