import { folderNotFound } from '../store/refusals.ts';
import type { Partnership, SyncWriter } from '../store/sync-state-store.ts';
import { applyCommands } from './apply-commands.ts';
import { MAX_JOURNAL, SUSPICIOUS_REPEATS } from './caps.ts';
import { commitAnswer } from './commit.ts';
import { freshContext } from './context.ts';
import { Journal, nameOfCommand } from './journal.ts';
import { lookAhead } from './look-ahead.ts';
import { type OpenedGeneration, openGeneration } from './open-generation.ts';
import { positionOf } from './position.ts';
import { putRight } from './put-right.ts';
import { START_KEY, type SyncOutcome, type SyncRequest } from './request.ts';
import { type PageLimits, serverCommands } from './server-commands.ts';
import { rulesOf, type SyncServices } from './services.ts';
import { openSource, type Source } from './source.ts';
import { startPartnership } from './start.ts';
import type { Sized, Translator } from './translator.ts';

/**
 * One Sync of one collection, in one transaction: the device's commands, its state, the journal and the log are
 * committed together. A parallel request of the same device waits for it and is then a repeat. What the answer will hold
 * is rendered before, so that the transaction is short.
 * @throws GatewayError 'folder-not-found', 'store-unavailable', 'storage-full'
 */
export async function synchronise<C, R extends Sized>(
  services: SyncServices<R>,
  request: SyncRequest<C>,
  translator: Translator<C, R>,
): Promise<SyncOutcome<R>> {
  if (request.windowSize < 1) throw new TypeError(`A window holds at least one command, not ${request.windowSize}.`);
  const { store, answers } = services;
  const { mailboxId, folderId, device } = request;
  services.onSynchronise?.(request);
  const reader = store.read(mailboxId);
  const known = await reader.partnership(folderId, device);
  const prepared = request.wantsChanges
    ? await lookAhead(services, reader, known, { ...request, limits: limitsOf(request) }, translator)
    : translator;
  // The origin names the partnership, so that its own waiters sleep on.
  const origin = { kind: 'client', by: known?.number ?? null } as const;
  const done = await store.write(mailboxId, origin, (tx) => inTransaction(services, tx, request, prepared));
  if (done.outcome.kind === 'answer' && !done.isCached && !done.outcome.isEmpty) {
    answers.keep(request, request.fingerprint, done.outcome);
  }
  return done.outcome;
}

interface Done<R> {
  readonly outcome: SyncOutcome<R>;
  readonly isCached: boolean;
}

async function inTransaction<C, R extends Sized>(
  services: SyncServices<R>,
  tx: SyncWriter,
  request: SyncRequest<C>,
  translator: Translator<C, R>,
): Promise<Done<R>> {
  const rules = rulesOf(services);
  const source = await openSource(tx, request);
  if (source === null) throw folderNotFound(request.folderId);
  if (request.key === START_KEY) {
    const outcome = await startPartnership<C, R>(tx, source, request, services.random, rules);
    return { outcome, isCached: false };
  }
  const partnership = await tx.partnership(request.folderId, request.device);
  const opened = await openGeneration(tx, partnership, source, request.key, rules);
  if (partnership === null || opened.kind === 'lost') return LOST;
  const repeats = opened.kind === 'next' ? 0 : countRepeats(services, request, partnership);
  if (opened.kind === 'repeat' && request.fingerprint !== null && repeats < SUSPICIOUS_REPEATS) {
    const outcome = services.answers.take(request, partnership.current.key, request.fingerprint);
    if (outcome !== null) return { outcome, isCached: true };
  }
  return answerRequest(services, tx, request, translator, { partnership, opened, source, repeats });
}

const LOST = { outcome: { kind: 'lost' }, isCached: false } as const;

interface Opened {
  readonly partnership: Partnership;
  readonly opened: Exclude<OpenedGeneration, { kind: 'lost' }>;
  readonly source: Source;
  readonly repeats: number;
}

async function answerRequest<C, R extends Sized>(
  services: SyncServices<R>,
  tx: SyncWriter,
  request: SyncRequest<C>,
  translator: Translator<C, R>,
  { partnership, opened, source, repeats }: Opened,
): Promise<Done<R>> {
  const { clock, random } = services;
  const rules = rulesOf(services);
  const isRepeat = opened.kind === 'repeat';
  const hasAdds = request.commands.some(({ kind }) => kind === 'add');
  const journal = await Journal.open(tx, request, isRepeat, hasAdds);
  const fresh = request.commands.filter((command) => journal.get(nameOfCommand(command)) === undefined);
  if (journal.size + fresh.length > MAX_JOURNAL) return LOST;
  const suspects = isRepeat ? suspectsOf(partnership) : [];
  const context = freshContext(services, request, source, partnership.number, translator, suspects);
  const position = positionOf(opened.from);
  const { outcomes, used } = await applyCommands(context, tx, journal, position, request);
  // What the commands wrote is not yet rendered, so that nothing old is sent.
  const corrections = isRepeat ? await putRight(context, tx, journal, position, used) : [];
  const page = request.wantsChanges
    ? await serverCommands(context, tx, (await openSource(tx, request)) ?? source, position, {
        ...limitsOf(request),
        windowSize: narrowed(request.windowSize, repeats),
      })
    : { commands: [], position, hasMore: false };
  const computed = {
    now: clock.now(),
    ...{ partnership, opened, journal, options: request.options, outcomes, repeats, suspects },
    ...{ position: page.position, commands: [...corrections, ...page.commands], hasMore: page.hasMore },
  };
  return { outcome: await commitAnswer(tx, computed, random, rules), isCached: false };
}

function limitsOf({ windowSize, maxBytes, wantedKey }: SyncRequest<unknown>): PageLimits {
  return { windowSize, maxBytes: maxBytes ?? Number.POSITIVE_INFINITY, target: { key: wantedKey, id: 0 } };
}

/** Which repeat of its key this is, those answered from the cache included. */
function countRepeats<R extends Sized>(
  { answers }: SyncServices<R>,
  request: SyncRequest<unknown>,
  partnership: Partnership,
): number {
  return partnership.repeats + answers.served(request, partnership.current.key) + 1;
}

/** The item that came alone and yet made the device repeat itself joins those that did so before. */
function suspectsOf({ alone, suspects }: Partnership): readonly number[] {
  return alone === null || suspects.includes(alone) ? suspects : [...suspects, alone];
}

/** Half the window for each repeat from the third on: what a device cannot take is found by asking for less. */
function narrowed(windowSize: number, repeats: number): number {
  if (repeats < SUSPICIOUS_REPEATS) return windowSize;
  return Math.max(1, Math.floor(windowSize / 2 ** (repeats - SUSPICIOUS_REPEATS + 1)));
}
