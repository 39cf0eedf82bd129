import type { RandomBytes } from '../domain/clock.ts';
import { ABOVE_ALL, type Edge } from '../domain/edge.ts';
import type { FolderId } from '../domain/folder.ts';
import type { Generation, Partnership, SyncWriter } from '../store/sync-state-store.ts';
import { MAX_CARRIED } from './caps.ts';
import type { SyncAnswer, SyncRequest } from './request.ts';
import type { Rules } from './rules.ts';
import { foldersOf, hasItemBetween, type Source } from './source.ts';
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
  source: Source,
  request: SyncRequest<C>,
  random: RandomBytes,
  rules: Rules,
): Promise<SyncAnswer<R>> {
  const { folderId, device, options } = request;
  const before = await tx.partnership(folderId, device);
  // Phones that open a folder twice at once would otherwise take the key away from themselves, in turns.
  if (before !== null && isUntouched(before, source, options)) return startAnswer(before.current.key);
  if (before !== null) await carryAdds(tx, folderId, device, rules);
  const number = await tx.takePartnershipNumber();
  const answers = (before?.answers ?? 0) + 1;
  const edge = await edgeAtStart(tx, source, request.wantedKey);
  const position = { processed: source.last, base: source.last, ceiling: source.last, edge };
  const key = freshKey(answers, random);
  const current: Generation = { key, ...position, exceptions: [], options, ...foldersOf(source) };
  const state = { current, previous: null, repeats: 0, alone: null, suspects: [] };
  await tx.putPartnership({ folderId, device, number, answers, ...state });
  return startAnswer(current.key);
}

/**
 * Nothing was told or done since key 0: whoever has the key, and whoever asks for one, holds nothing. The edge may have moved
 * without telling, where there is no item.
 */
function isUntouched({ current, previous }: Partnership, source: Source, options: string): boolean {
  if (`${current.folders}` !== `${foldersOf(source).folders}`) return false;
  const isAtStart = previous === null && current.exceptions.length === 0;
  return isAtStart && current.options === options && current.processed >= source.pruned;
}

/**
 * Where there is nothing to fetch the edge is at its target at once: what the device adds next would else lie below it, and be
 * taken from the device and given back.
 */
async function edgeAtStart(tx: SyncWriter, source: Source, wantedKey: number): Promise<Edge> {
  const target = { key: wantedKey, id: 0 };
  return (await hasItemBetween(tx, source, { low: target, high: ABOVE_ALL })) ? ABOVE_ALL : target;
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

async function carryAdds(tx: SyncWriter, folderId: FolderId, device: string, rules: Rules): Promise<void> {
  for (const entry of await tx.commands(folderId, device, 'journal')) {
    if (entry.kind !== 'add' || !rules.isCarried(entry)) continue;
    // Put anew, so that it counts as the youngest.
    await tx.removeCommand(folderId, device, 'carried', entry.name);
    await tx.putCommand(folderId, device, 'carried', entry);
  }
  await tx.clearCommands(folderId, device, 'journal');
  const carried = await tx.commands(folderId, device, 'carried');
  for (const { name } of carried.slice(0, Math.max(0, carried.length - MAX_CARRIED))) {
    await tx.removeCommand(folderId, device, 'carried', name);
  }
}
