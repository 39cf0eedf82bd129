import { EasStatusError } from '../../status.ts';
import type { WbxElement } from '../../wbxml/element.ts';
import { child, childElements, childNumber, requiredChild, textOf } from '../../wbxml/read-element.ts';
import { checkIdLength } from '../id-length.ts';

/** What a Ping says; null: as last time (MS-ASCMD §2.2.1.13). */
export interface PingRequest {
  readonly seconds: number | null;
  /** CollectionIds, each once. An empty list watches nothing but the hierarchy, as old Androids do. */
  readonly folders: readonly string[] | null;
}

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
  if (id === '') throw new EasStatusError(103, 'a folder without an id');
  checkIdLength('Ping:Id', id);
  return id;
}
