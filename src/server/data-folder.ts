import { access, chmod, constants, stat } from 'node:fs/promises';
import { folderReason } from '../config/folder-reason.ts';
import { makeFolder } from '../config/make-folder.ts';
import type { Log } from '../observe/log.ts';

/** Folder of the log files, in the data folder. */
export const LOG_FOLDER = 'logs';

/**
 * Makes the data folder, or makes sure that it can be written and that only its owner can enter.
 * @throws Error with the reason and the remedy
 */
export async function prepareDataFolder(path: string, log: Log): Promise<void> {
  try {
    makeFolder(path);
    const { mode } = await stat(path);
    if ((mode & 0o077) !== 0) {
      await chmod(path, 0o700);
      log.warn({ path, before: (mode & 0o777).toString(8) }, 'the data folder was open to others; it is 0700 now');
    }
    await access(path, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    throw new Error(`the data folder ${path} cannot be used: ${folderReason(error) ?? error}`, { cause: error });
  }
}
