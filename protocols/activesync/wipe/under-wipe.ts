import { wipeUnderWay } from '../../../src/devices/wipe.ts';
import { addressOf } from '../../../src/domain/address.ts';
import { drainedStore } from '../../../src/items/drained/drained-store.ts';
import type { Drain } from '../../../src/items/drained/explanation.ts';
import type { DeviceWipe } from '../../../src/store/device-store.ts';
import { drainedState, isToldEmptied } from '../../../src/sync/drained-state.ts';
import type { EasBody, EasContext } from '../command.ts';
import type { CommandName } from '../query/commands.ts';
import { EasStatusError } from '../status.ts';
import type { WbxElement } from '../wbxml/element.ts';
import { childElements, childText } from '../wbxml/read-element.ts';

/** What a device may do whose folders are shown to it as emptied: what it needs to see that. */
const IN_DRAIN: ReadonlySet<CommandName> = new Set<CommandName>(['FolderSync', 'Sync', 'Ping', 'GetItemEstimate']);

/** In which a device with a wipe under way goes on. */
export interface UnderWipe {
  readonly context: EasContext;
  /** Null where the device is to come by Provision. */
  readonly drain: Drain | null;
}

/**
 * A command of a device with a wipe under way. One that knows policies is sent to Provision for it, whatever it wants
 * (MS-ASCMD §2.2.2: 140, by HTTP 449); one that knows none goes on with emptied folders.
 * @throws EasStatusError 140; 130 for what it may not do any more
 */
export async function underWipe(context: EasContext, command: CommandName, remoteAddress: string): Promise<UnderWipe> {
  if (command === 'Provision') return { context, drain: null };
  const { environment, principal, device } = context;
  const target = { mailboxId: principal.mailboxId, device: device.id, remoteAddress };
  const wipe = await environment.wipes.told(target);
  if (wipe === null) throw new EasStatusError(111, 'the wipe of the device ended in this moment');
  if (wipe.method !== 'drain') throw new EasStatusError(140, 'the device is to be wiped');
  if (!IN_DRAIN.has(command)) throw new EasStatusError(130, 'the device was emptied and may only read that');
  if ((await environment.wipes.sent(target, 'drain')) === null) {
    throw new EasStatusError(111, 'the wipe of the device ended in this moment');
  }
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

/**
 * Whether the device, as its request shows, has all it synchronises as emptied: then it is wiped, and this request is answered
 * as that of a device that was. What it was told last and asks for once more, it did not get.
 * @throws EasStatusError 129
 */
export async function checkEmptied(
  context: EasContext,
  { drain, body, remoteAddress }: { readonly drain: Drain; readonly body: EasBody; readonly remoteAddress: string },
): Promise<void> {
  const { environment, principal, device } = context;
  if (wipeUnderWay(device)?.sentAt === null) return;
  const shown = body.kind === 'document' ? keysIn(body.root) : [];
  const partnerships = await environment.sync.store.read(principal.mailboxId).partnerships();
  const own = partnerships.filter((one) => one.device === device.id || one.device.startsWith(`${device.id}/`));
  const keys = new Set(own.map(({ current }) => current.key));
  const isEveryKeyPresent = shown.every((key) => keys.has(key));
  if (!isEveryKeyPresent || !own.every((partnership) => isToldEmptied(partnership, drain))) return;
  const target = { mailboxId: principal.mailboxId, device: device.id, remoteAddress };
  await environment.wipes.answered(target, true);
  throw new EasStatusError(129, 'the device was emptied');
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
