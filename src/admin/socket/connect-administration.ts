import { access } from 'node:fs/promises';
import type { Socket } from 'node:net';
import { ADMINISTRATION_CALLS, type Administration } from '../administration.ts';
import type { Progress } from '../calls/check.ts';
import { tryConnect } from './connect-socket.ts';
import { openSocketPath } from './socket-path.ts';
import { decodeLine, encodeLine, fromWireError, lineSplitter, type WireAnswer } from './wire.ts';

export interface AdministrationClient {
  readonly administration: Administration;
  close(): Promise<void>;
}

interface Pending {
  resolve(result: unknown): void;
  reject(error: Error): void;
  progress: Progress | undefined;
}

/** The administration of the server that runs on this data folder, or null when none answers. */
export async function connectAdministration(dataFolder: string): Promise<AdministrationClient | null> {
  const isThere = await access(dataFolder).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return false;
      throw error;
    },
  );
  if (!isThere) return null;
  const socketPath = await openSocketPath(dataFolder);
  const socket = await tryConnect(socketPath.path).finally(() => socketPath.close());
  return socket === null ? null : clientOver(socket);
}

function clientOver(socket: Socket): AdministrationClient {
  const pending = new Map<number, Pending>();
  let lastId = 0;
  let lost: Error | null = null;

  const lose = (error: Error) => {
    lost ??= error;
    for (const { reject } of pending.values()) reject(lost);
    pending.clear();
  };
  const split = lineSplitter((line) => take(pending, decodeLine(line) as WireAnswer));
  socket.on('data', (chunk) => {
    try {
      split(chunk);
    } catch (error) {
      socket.destroy(error instanceof Error ? error : new Error(String(error)));
    }
  });
  socket.on('error', (error) => lose(new Error(`The connection to the running server broke: ${error.message}.`)));
  socket.on('close', () => lose(new Error('The running server ended the connection; see its log.')));

  const call = (name: string, input: unknown, progress: Progress | undefined): Promise<unknown> =>
    new Promise((resolve, reject) => {
      if (lost !== null) {
        reject(lost);
        return;
      }
      lastId += 1;
      pending.set(lastId, { resolve, reject, progress });
      socket.write(encodeLine({ id: lastId, call: name, input: input ?? {} }));
    });

  const calls = ADMINISTRATION_CALLS.map((name) => [
    name,
    (input?: unknown, progress?: Progress) => call(name, input, progress),
  ]);
  return {
    administration: Object.fromEntries(calls) as unknown as Administration,
    close: () =>
      new Promise((resolve) => {
        if (socket.closed) return resolve();
        socket.once('close', () => resolve());
        socket.end();
        socket.destroySoon();
      }),
  };
}

function take(pending: Map<number, Pending>, answer: WireAnswer): void {
  const waiting = pending.get(answer.id);
  if (waiting === undefined) return;
  if ('progress' in answer) {
    waiting.progress?.(answer.progress[0], answer.progress[1]);
    return;
  }
  pending.delete(answer.id);
  if ('error' in answer) waiting.reject(fromWireError(answer.error));
  else waiting.resolve(answer.result);
}
