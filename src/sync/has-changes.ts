import { compareEdges, type Edge } from '../domain/edge.ts';
import type { Generation, Partnership, SyncReader, SyncWriter } from '../store/sync-state-store.ts';
import { moveInPlace } from './commit.ts';
import { freshContext } from './context.ts';
import { lookAhead } from './look-ahead.ts';
import { openGeneration } from './open-generation.ts';
import { generationOf, positionOf } from './position.ts';
import type { SyncTarget } from './request.ts';
import { type PageLimits, serverCommands } from './server-commands.ts';
import { rulesOf, type SyncServices } from './services.ts';
import { hasItemBetween, openSource, type Source } from './source.ts';
import type { Sized, Translator } from './translator.ts';

export interface ChangesQuery extends SyncTarget {
  /** The filter key from which on items are wanted, under the options of the last request. */
  wantedKeyOf(options: string): number;
  readonly retryStamp: number;
}

/**
 * Whether a Sync would have something for the device (Ping, a parked Sync). An idle partnership costs two small rows
 * and one index probe; a changed folder is looked through as a Sync would, and what turns out to be nothing is not
 * looked at again. True for a device that never synchronised the folder, or has to start again.
 */
export async function hasChanges<C, R extends Sized>(
  services: SyncServices<R>,
  query: ChangesQuery,
  translator: Translator<C, R>,
): Promise<boolean> {
  const { mailboxId } = query;
  const reader = services.store.read(mailboxId);
  const { answer, known } = await glance(services, reader, query);
  if (answer !== null || known === null) return answer ?? true;
  const { partnership, current } = known;
  const ahead = { ...query, key: current.key, limits: limitsOf(query, current) };
  const prepared = await lookAhead(services, reader, partnership, ahead, translator);
  // Looked through under the lock, so that all reads see one state.
  const origin = { kind: 'client', by: null } as const;
  return services.store.write(mailboxId, origin, (tx) => lookThrough(services, tx, query, prepared));
}

/**
 * Whether nothing at all was written since the device's last answer: two small rows and one index probe. False says
 * only that a Sync has to look.
 */
export async function isIdle<R extends Sized>(services: SyncServices<R>, query: ChangesQuery): Promise<boolean> {
  const { answer } = await glance(services, services.store.read(query.mailboxId), query);
  return answer === false;
}

interface Glance {
  /** Null when only looking through can tell. */
  readonly answer: boolean | null;
  /** Null when the device has to begin, or to begin again. */
  readonly known: { readonly partnership: Partnership; readonly current: Generation; readonly source: Source } | null;
}

async function glance<R extends Sized>(
  services: SyncServices<R>,
  reader: SyncReader,
  query: ChangesQuery,
): Promise<Glance> {
  const rules = rulesOf(services);
  const partnership = await reader.partnership(query.folderId, query.device);
  const source = await openSource(reader, query);
  if (partnership === null || source === null) return { answer: true, known: null };
  const opened = await openGeneration(reader, partnership, source, partnership.current.key, rules);
  if (opened.kind === 'lost') return { answer: true, known: null };
  const current = opened.from;
  const isRetryDue = current.exceptions.some(({ tried }) => rules.isRetried(tried, query.retryStamp));
  const isNews = source.last > current.processed || isRetryDue;
  const isIdle =
    !isNews && !(rules.looksAtStrip && (await hasStrip(reader, source, current, targetOf(query, current))));
  return { answer: isIdle ? false : null, known: { partnership, current, source } };
}

async function lookThrough<C, R extends Sized>(
  services: SyncServices<R>,
  tx: SyncWriter,
  query: ChangesQuery,
  translator: Translator<C, R>,
): Promise<boolean> {
  const { answer, known } = await glance(services, tx, query);
  if (answer !== null || known === null) return answer ?? true;
  const { partnership, current, source } = known;
  const context = freshContext(services, query, source, partnership.number, translator);
  const limits = limitsOf(query, current);
  let position = positionOf(current);
  for (;;) {
    const page = await serverCommands(context, tx, source, position, limits);
    if (page.commands.length > 0 || (page.hasMore && page.position.processed === position.processed)) return true;
    position = page.position;
    if (!page.hasMore) break;
  }
  const { key, options } = current;
  await moveInPlace(tx, partnership, generationOf(position, key, options));
  return false;
}

function limitsOf(query: ChangesQuery, current: Generation): PageLimits {
  return { windowSize: 1, maxBytes: Number.POSITIVE_INFINITY, target: targetOf(query, current) };
}

function targetOf(query: ChangesQuery, { options }: Generation): Edge {
  return { key: query.wantedKeyOf(options), id: 0 };
}

async function hasStrip(reader: SyncReader, source: Source, { edge }: Generation, target: Edge): Promise<boolean> {
  const order = compareEdges(edge, target);
  if (order === 0) return false;
  return hasItemBetween(reader, source, order < 0 ? { low: edge, high: target } : { low: target, high: edge });
}
