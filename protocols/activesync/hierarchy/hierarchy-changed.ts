import { CLIENT_ORIGIN } from '../../../src/domain/mailbox.ts';
import type { Principal } from '../../../src/domain/principal.ts';
import type { Device } from '../../../src/store/device-store.ts';
import type { EasEnvironment } from '../environment.ts';
import type { ShownTo } from '../translate/one-folder.ts';
import { countOf, differencesOf } from './differences.ts';
import {
  type HierarchyState,
  hasMoved,
  isShownAlike,
  noted,
  presentHierarchy,
  readHierarchy,
  writeHierarchy,
} from './state.ts';

/**
 * Whether the device has to do FolderSync: something in the hierarchy differs from what it holds. Ping answers it with
 * status 7, Sync with 12 (MS-ASCMD §2.2.3.177.11, §2.2.3.177.17). True also for a device that never did FolderSync, or
 * whose state is gone: its collection ids are from elsewhere.
 *
 * It is judged by the last answer that was given: a device whose answer was lost repeats its FolderSync, as all do.
 *
 * Idle it costs the device's document and two small rows. What moved without being seen by phones (a colour, folders of files)
 * is looked through once.
 */
export async function hierarchyChanged(
  { sync: { store } }: Pick<EasEnvironment, 'sync'>,
  { mailboxId }: Pick<Principal, 'mailboxId'>,
  device: Pick<Device, 'id'>,
  shownTo: ShownTo,
): Promise<boolean> {
  const reader = store.read(mailboxId);
  const state = await readHierarchy(reader, device);
  if (state === null || state.current.seen === null) return true;
  if (isShownAlike(state.current, shownTo) && !(await hasMoved(reader, state.current.seen))) return false;
  return store.write(mailboxId, CLIENT_ORIGIN, async (tx) => {
    const newest = await readHierarchy(tx, device);
    if (newest === null) return true;
    const { held, language } = newest.current;
    const present = await presentHierarchy(tx, shownTo, language);
    if (countOf(differencesOf(held, present.folders)) > 0) return true;
    await writeHierarchy(tx, device, seenNow(newest, shownTo, present.last));
    return false;
  });
}

function seenNow(state: HierarchyState, shownTo: ShownTo, seen: number): HierarchyState {
  const { oneFolderOf: _, ...current } = state.current;
  return { ...state, current: { ...current, ...noted(shownTo), seen } };
}
