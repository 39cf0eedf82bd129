import { wipeUnderWay } from '../../../src/devices/wipe.ts';
import { addressOf } from '../../../src/domain/address.ts';
import { drainedStore } from '../../../src/items/drained/drained-store.ts';
import type { Drain } from '../../../src/items/drained/explanation.ts';
import type { DeviceWipe } from '../../../src/store/device-store.ts';
import { drainedState, isToldEmptied } from '../../../src/sync/drained-state.ts';
import type { EasBody, EasContext, EasResponse } from '../command.ts';
import type { CommandName } from '../query/commands.ts';
import { factsOf, quirksOf } from '../quirks.ts';
import { statusDocument } from '../roots.ts';
import { EasStatusError } from '../status.ts';
import type { WbxElement } from '../wbxml/element.ts';
import { childElements, childText } from '../wbxml/read-element.ts';

/** What a device may do whose folders are shown to it as emptied: what it needs to see that. */
const SHOWN_EMPTIED: ReadonlySet<CommandName> = new Set<CommandName>(['FolderSync', 'Sync', 'Ping', 'GetItemEstimate']);

/** Of FolderSync (MS-ASCMD §2.2.3.177.4): the key is unknown, the device begins with key 0. */
const BEGIN_ANEW = 9;
const FIRST_KEY = '0';

/** In which a device with a wipe under way goes on. */
export interface UnderWipe {
  readonly context: EasContext;
  /** Null where the device is to come by Provision. */
  readonly drain: Drain | null;
}

/**
 * A command of a device with a wipe under way. One that knows policies is sent to Provision for it, whatever it wants
 * (MS-ASCMD §2.2.2: 140, by HTTP 449); one that knows none goes on with emptied folders. Before those it may say what it is:
 * some clients do so first each time, and stop when they may not. One that takes policies but follows no directive gets its policy.
 * @throws EasStatusError 140; 130 for what it may not do any more
 */
export async function underWipe(context: EasContext, command: CommandName, remoteAddress: string): Promise<UnderWipe> {
  const isForPolicy = wipeUnderWay(context.device)?.method === 'drain' && isBegunAnew(context);
  if (command === 'Provision' && !isForPolicy) return { context, drain: null };
  const { environment, principal, device } = context;
  const target = { mailboxId: principal.mailboxId, device: device.id, remoteAddress };
  const wipe = await environment.wipes.told(target);
  if (wipe === null) throw new EasStatusError(111, 'the wipe of the device ended in this moment');
  if (wipe.method !== 'drain') throw new EasStatusError(140, 'the device is to be wiped');
  if (SHOWN_EMPTIED.has(command)) {
    if ((await environment.wipes.sent(target, 'drain')) === null) {
      throw new EasStatusError(111, 'the wipe of the device ended in this moment');
    }
  } else if (command !== 'Settings' && command !== 'Provision') throw onlyRead();
  const drain = drainOf(context, wipe);
  return { context: { ...context, environment: drainedEnvironment(context.environment, drain) }, drain };
}

function drainOf({ device, principal }: EasContext, { at }: DeviceWipe): Drain {
  const client = device.information.FriendlyName ?? device.information.Model ?? (device.type || device.shownId);
  return { mailboxId: principal.mailboxId, owner: addressOf(principal), client, at };
}

function drainedEnvironment(environment: EasContext['environment'], drain: Drain): EasContext['environment'] {
  const { items, sync } = environment;
  return {
    ...environment,
    items: { ...items, store: drainedStore(items.store, drain, () => undefined) },
    sync: { ...sync, store: drainedState(sync.store, drain) },
  };
}

/** A request of a device whose folders are shown to it as emptied. */
interface Drained {
  readonly drain: Drain;
  readonly body: EasBody;
  readonly remoteAddress: string;
}

/**
 * What such a request is answered instead of what it asks for; null: it is answered as ever. Where it shows that the device has all
 * that it synchronises as emptied, the device is wiped, and this request is answered as that of a device that was.
 * @throws EasStatusError 129; 130 for settings other than what the device is
 */
export async function answerInDrain(context: EasContext, asked: Drained): Promise<EasResponse | null> {
  const { environment, principal, device } = context;
  const root = asked.body.kind === 'document' ? asked.body.root : null;
  const hierarchyKey = isBegunAnew(context) ? hierarchyKeyIn(root) : null;
  if (hierarchyKey === FIRST_KEY || (await isEmptied(context, asked))) {
    const { remoteAddress } = asked;
    await environment.wipes.answered({ mailboxId: principal.mailboxId, device: device.id, remoteAddress }, true);
    throw new EasStatusError(129, 'the device was emptied');
  }
  // Makes it drop everything; it then comes with key 0.
  if (hierarchyKey !== null) return { kind: 'document', root: statusDocument('FolderSync', BEGIN_ANEW) };
  if (root?.name === 'Settings:Settings' && !saysOnlyWhatItIs(root)) throw onlyRead();
  return null;
}

/** Whether the client is emptied by having it begin with the folders anew. */
function isBegunAnew({ device, version }: EasContext): boolean {
  return quirksOf(factsOf(device, version)).holdsNothingAtKeyZero === true;
}

/** The key of a FolderSync; null for what is none. */
function hierarchyKeyIn(root: WbxElement | null): string | null {
  if (root?.name !== 'FolderHierarchy:FolderSync') return null;
  return childText(root, 'FolderHierarchy:SyncKey')?.trim() ?? null;
}

/** Settings that read nothing, and write nothing but what the device says of itself (MS-ASCMD §2.2.3.45). */
function saysOnlyWhatItIs(root: WbxElement): boolean {
  return childElements(root).every(({ name }) => name === 'Settings:DeviceInformation');
}

function onlyRead(): EasStatusError {
  return new EasStatusError(130, 'the device was emptied and may only read that');
}

/** What the device was told last and asks for once more, it did not get. */
async function isEmptied({ environment, principal, device }: EasContext, { drain, body }: Drained): Promise<boolean> {
  if (wipeUnderWay(device)?.sentAt === null) return false;
  const shown = body.kind === 'document' ? keysIn(body.root) : [];
  const partnerships = await environment.sync.store.read(principal.mailboxId).partnerships();
  const own = partnerships.filter((one) => one.device === device.id || one.device.startsWith(`${device.id}/`));
  const keys = new Set(own.map(({ current }) => current.key));
  return shown.every((key) => keys.has(key)) && own.every((partnership) => isToldEmptied(partnership, drain));
}

/** The keys of a Sync's collections: one that is not the last that was given asks for something again. */
function keysIn(root: WbxElement): readonly string[] {
  if (root.name !== 'AirSync:Sync') return [];
  const keys: string[] = [];
  for (const collections of childElements(root, 'AirSync:Collections')) {
    for (const collection of childElements(collections, 'AirSync:Collection')) {
      keys.push(childText(collection, 'AirSync:SyncKey') ?? '');
    }
  }
  return keys;
}
