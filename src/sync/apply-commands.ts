import { GatewayError } from '../domain/errors.ts';
import type { Item, ItemId } from '../domain/item.ts';
import { isStoreFailure } from '../store/refusals.ts';
import type { JournalEntry, SyncWriter } from '../store/sync-state-store.ts';
import { deleteWins, settleChange } from './conflict.ts';
import type { SyncContext } from './context.ts';
import { type Journal, nameOfCommand } from './journal.ts';
import { hasRevision, isSameStay } from './known-revision.ts';
import { exceptionFor, noteException, noteLetGo, type Position, restoreException } from './position.ts';
import type { ClientCommand, ConflictRule, ItemOutcome } from './request.ts';
import { isOfSource } from './source.ts';
import type { Sized } from './translator.ts';

export interface AppliedCommands {
  readonly outcomes: readonly ItemOutcome[];
  /** Names of the journal's entries that this request contains in their latest form. */
  readonly used: ReadonlySet<string>;
}

interface Work<C, R extends Sized> {
  readonly context: SyncContext<C, R>;
  readonly tx: SyncWriter;
  readonly journal: Journal;
  readonly position: Position;
  readonly rule: ConflictRule;
  readonly used: Set<string>;
  /** Items that this request wrote after a conflict: its next command about them is none. */
  readonly written: Set<ItemId>;
}

type Status = ItemOutcome['status'];
type Add<C> = Extract<ClientCommand<C>, { kind: 'add' }>;
type Change<C> = Extract<ClientCommand<C>, { kind: 'change' }>;
type Delete<C> = Extract<ClientCommand<C>, { kind: 'delete' }>;

/** Does the client's commands, each once however often it comes, and says what became of each. */
export async function applyCommands<C, R extends Sized>(
  context: SyncContext<C, R>,
  tx: SyncWriter,
  journal: Journal,
  position: Position,
  request: { readonly commands: readonly ClientCommand<C>[]; readonly conflictRule: ConflictRule },
): Promise<AppliedCommands> {
  const used = new Set<string>();
  const work = { context, tx, journal, position, rule: request.conflictRule, used, written: new Set<ItemId>() };
  const outcomes: ItemOutcome[] = [];
  for (const command of request.commands) outcomes.push(await applyCommand(work, command));
  return { outcomes, used };
}

async function applyCommand<C, R extends Sized>(work: Work<C, R>, command: ClientCommand<C>): Promise<ItemOutcome> {
  const clientId = command.kind === 'add' ? command.clientId : null;
  const itemId = command.kind === 'add' ? null : command.itemId;
  work.used.add(nameOfCommand(command));
  try {
    if (command.kind === 'add') {
      const made = await applyAdd(work, command);
      work.context.settled.add(made);
      return { kind: 'add', clientId, itemId: made, status: 'done', error: null };
    }
    const status = await (command.kind === 'change' ? applyChange(work, command) : applyDelete(work, command));
    return { kind: command.kind, clientId, itemId, status, error: null };
  } catch (error) {
    if (!(error instanceof GatewayError) || isStoreFailure(error)) throw error;
    if (command.kind === 'add') {
      // What an earlier form of it made is there all the same, and the device is told of it: put right like an Add that is missing.
      work.used.delete(nameOfCommand(command));
      return { kind: 'add', clientId, itemId, status: 'refused', error };
    }
    const item = work.context.rules.isGivenBack ? await itemHere(work, command.itemId) : null;
    if (item !== null && command.kind === 'delete') letGo(work, item);
    else if (item !== null) comesBack(work, item);
    return { kind: command.kind, clientId, itemId, status: 'refused', error };
  }
}

async function applyAdd<C, R extends Sized>(work: Work<C, R>, command: Add<C>): Promise<ItemId> {
  const { context, tx, journal, position } = work;
  const name = nameOfCommand(command);
  const entry = journal.get(name) ?? (await takeCarried(work, name));
  if (entry === null) {
    const item = await context.translator.create(tx.signed(context.me), command.data);
    const facts = { itemId: item.id, stay: item.entered, hashes: [command.hash] };
    await journal.put({ name, kind: 'add', ...facts, status: 'done', isApplied: true, by: context.me });
    return item.id;
  }
  const before = position.exceptions.get(entry.itemId);
  if (entry.by !== context.me) noteException(position, entry.itemId, true);
  try {
    await repeatAdd(work, command, entry);
  } catch (error) {
    if (context.rules.isTakenBack) restoreException(position, entry.itemId, before);
    throw error;
  }
  return entry.itemId;
}

/**
 * An Add that made its item already. With other content than then it replaces what it said before, of which the device has not
 * heard; that nothing of it stays is what the device shows.
 */
async function repeatAdd<C, R extends Sized>(work: Work<C, R>, command: Add<C>, entry: JournalEntry): Promise<void> {
  const { context, tx, journal, position, written } = work;
  const { hash, data } = command;
  const item = await itemHere(work, entry.itemId);
  if (item === null || !(await isSameStay(context, tx, item, entry))) return;
  if (context.rules.isSuperseded(entry, hash)) return giveBack(work, item);
  if (context.rules.isDone(entry, hash)) return;
  const isOwn = !written.has(item.id) && (await hasRevision(context, tx, item, position));
  if (isOwn && context.rules.isReplaced(entry, hash))
    await context.translator.replace(tx.signed(context.me), item, data);
  else await changeItem(work, item, data);
  await journal.put({ ...entry, hashes: [...entry.hashes, hash] });
}

/**
 * An Add that was done before the device started again: the answer names the item that it made. That the device holds it
 * cannot be told from the edge, and somebody may have changed it since; so it is an exception, settled in the next answer.
 */
async function takeCarried<C, R extends Sized>(work: Work<C, R>, name: string): Promise<JournalEntry | null> {
  const { journal } = work;
  const entry = journal.carried(name);
  if (entry === undefined) return null;
  const item = await itemHere(work, entry.itemId);
  await journal.dropCarried(name);
  const taken = { ...entry, stay: item?.entered ?? entry.stay };
  await journal.put(taken);
  if (item?.by === entry.by) work.written.add(item.id);
  return taken;
}

async function applyChange<C, R extends Sized>(work: Work<C, R>, command: Change<C>): Promise<Status> {
  const { context, journal, used, rule, position } = work;
  const name = nameOfCommand(command);
  const entry = journal.get(name);
  if (entry !== undefined && context.rules.isSuperseded(entry, command.hash)) {
    // What is in force came after it: put right like a command that is missing.
    used.delete(name);
    position.altered.add(command.itemId);
    return 'done';
  }
  const isReplaced = entry !== undefined && context.rules.isReplaced(entry, command.hash);
  // What lost is done when the client now says that it wins.
  const isWon = entry?.status === 'conflict' && rule === 'client-wins';
  if (entry !== undefined && !isWon && context.rules.isDone(entry, command.hash)) {
    if (entry.status === 'conflict') position.altered.add(command.itemId);
    return entry.status;
  }
  const item = await itemHere(work, command.itemId);
  const status = item === null ? 'not-found' : await changeItem(work, item, command.data);
  if (item !== null && status === 'done' && isReplaced) await work.tx.restamp(item.id);
  const hashes = [...(entry?.hashes ?? []), command.hash];
  const isApplied = status === 'done' || (entry?.isApplied ?? false);
  const facts = { itemId: command.itemId, stay: item?.entered ?? 0, hashes };
  await journal.put({ name, kind: 'change', ...facts, status, isApplied, by: context.me });
  return status;
}

async function changeItem<C, R extends Sized>(work: Work<C, R>, item: Item, data: C): Promise<'done' | 'conflict'> {
  const { context, tx, position, rule, written } = work;
  if (written.has(item.id)) {
    await context.translator.change(tx.signed(null), item, data);
    return 'done';
  }
  if (await hasRevision(context, tx, item, position)) {
    await context.translator.change(tx.signed(context.me), item, data);
    return 'done';
  }
  const status = await settleChange(context, tx, item, data, rule);
  if (status === 'done') written.add(item.id);
  else position.altered.add(item.id);
  return status;
}

/**
 * The device shows what was refused: the item comes back to it, whole, and nobody else hears of it. What it does not hold anyway
 * needs nothing.
 */
function comesBack<C, R extends Sized>({ position }: Work<C, R>, item: Item): void {
  if (exceptionFor(position, item.id) === null) noteException(position, item.id, true);
}

/** The device shows something that was not written: the item comes back to it, whole. */
async function giveBack<C, R extends Sized>({ tx, position }: Work<C, R>, item: Item): Promise<void> {
  await tx.restamp(item.id);
  position.altered.add(item.id);
}

async function applyDelete<C, R extends Sized>(work: Work<C, R>, command: Delete<C>): Promise<Status> {
  const { context, journal } = work;
  const name = nameOfCommand(command);
  const entry = journal.get(name);
  const item = await itemHere(work, command.itemId);
  if (entry !== undefined && context.rules.isDone(entry, '')) {
    if (item !== null && entry.status === 'conflict') letGo(work, item);
    return entry.status;
  }
  const status = item === null ? await letGoElsewhere(work, command) : await removeItem(work, item, command.data);
  const facts = { itemId: command.itemId, stay: item?.entered ?? 0, hashes: [''] };
  await journal.put({ name, kind: 'delete', ...facts, status, isApplied: status === 'done', by: context.me });
  if (item !== null && status === 'conflict') letGo(work, item);
  return status;
}

/** The device deleted an item that stays. Where one of this request's Adds is answered by the item, the device holds it all the same. */
function letGo<C, R extends Sized>({ context, position }: Work<C, R>, item: Item): void {
  if (context.settled.has(item.id)) noteException(position, item.id, true);
  else noteLetGo(position, item);
}

/**
 * The item is not here. Where folders are read as one, the folder in which it lies by now may yet join them: then its departure is
 * none, and what tells that the device has let go of it is this alone.
 */
async function letGoElsewhere<C, R extends Sized>(
  { context, tx, position }: Work<C, R>,
  { itemId }: Delete<C>,
): Promise<'not-found'> {
  const item = context.target.merged === undefined ? null : await tx.item(itemId);
  if (item !== null && item.rev > position.processed) noteException(position, itemId, false);
  return 'not-found';
}

async function removeItem<C, R extends Sized>(work: Work<C, R>, item: Item, data: C): Promise<'done' | 'conflict'> {
  const { context, tx, position, rule, written } = work;
  const isKnown = written.has(item.id) || (await hasRevision(context, tx, item, position));
  if (!isKnown && !(await deleteWins(context, tx, item, data, rule))) return 'conflict';
  // Named as what an Add of this request made, the device holds it again: it must hear of the removal as of anybody's.
  const isNamed = context.settled.has(item.id);
  if (isNamed) noteException(position, item.id, true);
  await context.translator.remove(tx.signed(isNamed ? null : context.me), item, data);
  return 'done';
}

/** The item, if it lies in these folders and in the device's view of it: others are none of its business. */
async function itemHere<C, R extends Sized>({ context, tx }: Work<C, R>, itemId: ItemId): Promise<Item | null> {
  const item = await tx.item(itemId);
  if (item === null || !isOfSource(context.source, item.folderId)) return null;
  return context.translator.includes(item) ? item : null;
}
