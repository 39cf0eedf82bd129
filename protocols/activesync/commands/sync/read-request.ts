import type { EasLimits } from '../../environment.ts';
import { EasStatusError } from '../../status.ts';
import type { WbxElement } from '../../wbxml/element.ts';
import {
  boolOf,
  child,
  childBool,
  childElements,
  childNumber,
  childText,
  requiredChild,
  textOf,
} from '../../wbxml/read-element.ts';
import type { AskedCollection, AskedSync, AskedWait } from './asked.ts';
import { checkedId, hashOf, readCommands } from './read-commands.ts';
import { readOptions } from './read-options.ts';
import { SyncRefusal } from './refusal.ts';

/** MS-ASCMD §2.2.3.199. */
const DEFAULT_WINDOW = 100;
const LARGEST_WINDOW = 512;

/** What a Sync document says (MS-ASCMD §2.2.1.21); a partial one is to be filled up from the request before it. */
export interface SyncDocument extends AskedSync {
  readonly isPartial: boolean;
}

/** @throws WbxValueError, EasStatusError, SyncRefusal 14 and 15 */
export function readSyncRequest(root: WbxElement, limits: EasLimits): SyncDocument {
  const isPartial = child(root, 'AirSync:Partial') !== null;
  const windowSize = childNumber(root, 'AirSync:WindowSize', { min: 0 });
  const wait = readWait(root, limits);
  const list = child(root, 'AirSync:Collections');
  if (isPartial && list === null && windowSize === null && wait === null) {
    // MS-ASCMD §2.2.3.131: never alone.
    throw new EasStatusError(103, 'Partial and nothing else');
  }
  const elements = list === null ? [] : childElements(list, 'AirSync:Collection');
  if (elements.length === 0 && !isPartial) throw new EasStatusError(103, 'no collection');
  const { maxSyncCollections, maxSyncCommands } = limits;
  if (elements.length > maxSyncCollections) {
    throw new SyncRefusal(15, `${elements.length} collections`, maxSyncCollections);
  }
  const collections = elements.map(readCollection);
  checkOnce(collections);
  const commands = collections.reduce((sum, collection) => sum + collection.commands.length, 0);
  // MS-ASCMD §3.1.5.10
  if (commands > maxSyncCommands) throw new EasStatusError(103, `${commands} commands, at most ${maxSyncCommands}`);
  return { collections, windowSize: windowSize === null ? null : clampedWindow(windowSize), wait, isPartial };
}

function readCollection(element: WbxElement): AskedCollection {
  const supported = child(element, 'AirSync:Supported');
  const deletesAsMoves = childBool(element, 'AirSync:DeletesAsMoves');
  const windowSize = childNumber(element, 'AirSync:WindowSize', { min: 0 });
  const getChanges = child(element, 'AirSync:GetChanges');
  return {
    id: checkedId(textOf(requiredChild(element, 'AirSync:CollectionId'))),
    easClass: childText(element, 'AirSync:Class'),
    key: checkedId(textOf(requiredChild(element, 'AirSync:SyncKey')).trim()),
    getChanges: getChanges === null ? null : boolOf(getChanges),
    saysConversationMode: child(element, 'AirSync:ConversationMode') !== null,
    deletesAsMoves: deletesAsMoves ?? true,
    windowSize: windowSize === null ? DEFAULT_WINDOW : clampedWindow(windowSize),
    options: readOptions(element),
    supported: supported === null ? null : [...new Set(childElements(supported).map(({ name }) => name))],
    commands: readCommands(element),
    fingerprint: () => hashOf(element),
  };
}

function clampedWindow(size: number): number {
  return size === 0 || size > LARGEST_WINDOW ? LARGEST_WINDOW : size;
}

/** One collection twice would be two answers to one key. */
function checkOnce(collections: readonly AskedCollection[]): void {
  const ids = new Set(collections.map(({ id }) => id));
  if (ids.size < collections.length) throw new EasStatusError(103, 'a collection comes twice');
}

/** @throws EasStatusError 103 when both are there; SyncRefusal 14 out of range (MS-ASCMD §2.2.3.97) */
function readWait(root: WbxElement, limits: EasLimits): AskedWait | null {
  const minutes = childNumber(root, 'AirSync:Wait');
  const seconds = childNumber(root, 'AirSync:HeartbeatInterval');
  if (minutes !== null && seconds !== null) throw new EasStatusError(103, 'Wait and HeartbeatInterval');
  if (minutes === null && seconds === null) return null;
  const wait: AskedWait = seconds === null ? { unit: 'minutes', value: minutes! } : { unit: 'seconds', value: seconds };
  const least = Math.ceil(limits.minHeartbeatSeconds / secondsPer(wait));
  const most = Math.floor(limits.maxHeartbeatSeconds / secondsPer(wait));
  const nearest = Math.min(most, Math.max(least, wait.value));
  if (nearest !== wait.value) throw new SyncRefusal(14, `a wait of ${wait.value} ${wait.unit}`, nearest);
  return wait;
}

export function waitSeconds(wait: AskedWait): number {
  return wait.value * secondsPer(wait);
}

function secondsPer({ unit }: AskedWait): number {
  return unit === 'minutes' ? 60 : 1;
}
