import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';

export const SOCKET_NAME = 'causeway.sock';

/** sun_path of unix(7) has 108 bytes, the last of them zero. */
const MAX_PATH_BYTES = 107;

/** A path for listen and connect; `close` it when the socket is closed. */
export interface SocketPath {
  readonly path: string;
  close(): Promise<void>;
}

/**
 * The socket's path in the data folder. A longer one than the system takes is reached through the folder's open
 * descriptor, which Linux shows under /proc; a link elsewhere would be one more thing to tidy up.
 */
export async function openSocketPath(dataFolder: string, platform: string = process.platform): Promise<SocketPath> {
  const path = join(dataFolder, SOCKET_NAME);
  if (Buffer.byteLength(path) <= MAX_PATH_BYTES) return { path, close: async () => {} };
  if (platform !== 'linux') {
    throw new Error(
      `${path} is longer than the ${MAX_PATH_BYTES} bytes a socket's path may have; use a shorter data folder.`,
    );
  }
  const folder: FileHandle = await open(dataFolder, constants.O_RDONLY | constants.O_DIRECTORY);
  return { path: `/proc/self/fd/${folder.fd}/${SOCKET_NAME}`, close: () => folder.close() };
}
