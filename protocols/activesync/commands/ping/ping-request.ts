import { EasStatusError } from '../../status.ts';
import type { WbxElement } from '../../wbxml/element.ts';
import { child, childElements, childNumber, requiredChild, textOf } from '../../wbxml/read-element.ts';

/** What a Ping says; null: as last time (MS-ASCMD §2.2.1.13). */
export interface PingRequest {
  readonly seconds: number | null;
  /** CollectionIds, each once. An empty list watches nothing but the hierarchy, as old Androids do. */
  readonly folders: readonly string[] | null;
}

/** MS-ASCMD §2.2.3.88: longest id of a collection. */
const MAX_ID_LENGTH = 64;

/**
 * The id alone names a collection, so a Class that comes with it is not looked at.
 * @throws WbxValueError, EasStatusError 103
 */
export function readPingRequest(root: WbxElement): PingRequest {
  const seconds = childNumber(root, 'Ping:HeartbeatInterval');
  const list = child(root, 'Ping:Folders');
  // Who means to repeat the last one sends no document at all.
  if (seconds === null && list === null) throw new EasStatusError(103, 'neither an interval nor folders');
  const ids = list === null ? null : childElements(list, 'Ping:Folder').map(readId);
  return { seconds, folders: ids === null ? null : [...new Set(ids)] };
}

function readId(folder: WbxElement): string {
  const id = textOf(requiredChild(folder, 'Ping:Id')).trim();
  if (id === '' || id.length > MAX_ID_LENGTH) throw new EasStatusError(103, `an id of ${id.length} characters`);
  return id;
}
