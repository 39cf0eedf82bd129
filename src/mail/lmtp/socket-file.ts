import { chmod, lstat, unlink } from 'node:fs/promises';
import { connect, type Server } from 'node:net';

/**
 * Listens on a socket file. One that a dead server left is replaced; one that somebody answers on is not. Whoever may enter
 * its folder may deliver, as the mail server does under its own user.
 */
export async function openSocketFile(server: Server, path: string) {
  await removeDead(path);
  await new Promise<void>((resolve, reject) => {
    const fail = (error: Error) => reject(new Error(`cannot listen on unix:${path}: ${error.message}`));
    server.once('error', fail);
    server.listen(path, () => {
      server.removeListener('error', fail);
      resolve();
    });
  });
  await chmod(path, 0o666);
  // Node takes the file away itself when the server closes.
  return { address: `unix:${path}`, close: async () => undefined };
}

async function removeDead(path: string): Promise<void> {
  const found = await lstat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if (found === null) return;
  if (!found.isSocket()) throw new Error(`cannot listen on unix:${path}: a file that is no socket is there`);
  if (await isAnswered(path)) throw new Error(`cannot listen on unix:${path}: another server answers there`);
  await unlink(path);
}

function isAnswered(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
