import type { DirectoryStore } from '../../../src/store/directory-store.ts';

/** Where the run-time setting is kept: an administrator or an upgrade raises it. */
const RETRY_STAMP_SETTING = 'sync.retryStamp';

/** Items in quarantine that were tried at a lower stamp are tried again. */
export async function retryStampOf(directory: Pick<DirectoryStore, 'setting'>): Promise<number> {
  const stamp = await directory.setting(RETRY_STAMP_SETTING);
  return typeof stamp === 'number' && Number.isSafeInteger(stamp) && stamp > 0 ? stamp : 0;
}
