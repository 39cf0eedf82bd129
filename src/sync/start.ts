import type { RandomBytes } from '../domain/clock.ts';
import { ABOVE_ALL, type Edge } from '../domain/edge.ts';
import type { Folder } from '../domain/folder.ts';
import type { Generation, Partnership, SyncWriter } from '../store/sync-state-store.ts';
import { MAX_CARRIED } from './caps.ts';
import type { SyncAnswer, SyncRequest } from './request.ts';
import type { Rules } from './rules.ts';
import type { Sized } from './translator.ts';

/** A key that was never given before: a count and 72 random bits, at most 64 characters. */
export function freshKey(answers: number, random: RandomBytes): string {
  return `${answers.toString(36)}-${Buffer.from(random(9)).toString('base64url')}`;
}

/**
 * Key 0: a new incarnation, which holds nothing. Adds whose answer the device never acknowledged are carried over: it
 * would send them again and make second items.
 */
export async function startPartnership<C, R extends Sized>(
  tx: SyncWriter,
  folder: Folder,
  request: SyncRequest<C>,
  random: RandomBytes,
  rules: Rules,
): Promise<SyncAnswer<R>> {
  const { device, options } = request;
  const before = await tx.partnership(folder.id, device);
  // Phones that open a folder twice at once would otherwise take the key away from themselves, in turns.
  if (before !== null && isUntouched(before, folder, options)) return startAnswer(before.current.key);
  if (before !== null) await carryAdds(tx, folder, device, rules);
  const number = await tx.takePartnershipNumber();
  const answers = (before?.answers ?? 0) + 1;
  const edge = await edgeAtStart(tx, folder, request.wantedKey);
  const position = { processed: folder.last, base: folder.last, ceiling: folder.last, edge };
  const current: Generation = { key: freshKey(answers, random), ...position, exceptions: [], options };
  const state = { current, previous: null, repeats: 0, alone: null, suspects: [] };
  await tx.putPartnership({ folderId: folder.id, device, number, answers, ...state });
  return startAnswer(current.key);
}

/**
 * Nothing was told or done since key 0: whoever has the key, and whoever asks for one, holds nothing. The edge may have moved
 * without telling, where there is no item.
 */
function isUntouched({ current, previous }: Partnership, folder: Folder, options: string): boolean {
  const isAtStart = previous === null && current.exceptions.length === 0;
  return isAtStart && current.options === options && current.processed >= folder.pruned;
}

/**
 * Where there is nothing to fetch the edge is at its target at once: what the device adds next would else lie below it, and be
 * taken from the device and given back.
 */
async function edgeAtStart(tx: SyncWriter, { id }: Folder, wantedKey: number): Promise<Edge> {
  const target = { key: wantedKey, id: 0 };
  return (await tx.hasItemBetween(id, { low: target, high: ABOVE_ALL })) ? ABOVE_ALL : target;
}

function startAnswer<R extends Sized>(key: string): SyncAnswer<R> {
  return {
    kind: 'answer',
    key,
    outcomes: [],
    commands: [],
    hasMore: true,
    isEmpty: false,
    quarantined: 0,
    isQuarantineAlarm: false,
  };
}

async function carryAdds(tx: SyncWriter, folder: Folder, device: string, rules: Rules): Promise<void> {
  for (const entry of await tx.commands(folder.id, device, 'journal')) {
    if (entry.kind !== 'add' || !rules.isCarried(entry)) continue;
    // Put anew, so that it counts as the youngest.
    await tx.removeCommand(folder.id, device, 'carried', entry.name);
    await tx.putCommand(folder.id, device, 'carried', entry);
  }
  await tx.clearCommands(folder.id, device, 'journal');
  const carried = await tx.commands(folder.id, device, 'carried');
  for (const { name } of carried.slice(0, Math.max(0, carried.length - MAX_CARRIED))) {
    await tx.removeCommand(folder.id, device, 'carried', name);
  }
}
