import type { Clock } from '../domain/clock.ts';
import type { Item, ItemId } from '../domain/item.ts';
import type { Stamp } from '../domain/mailbox.ts';
import { isStoreFailure } from '../store/refusals.ts';
import type { SyncReader } from '../store/sync-state-store.ts';
import type { Position } from './position.ts';
import type { SyncTarget } from './request.ts';
import type { Rules } from './rules.ts';
import { rulesOf, type SyncServices } from './services.ts';
import type { Source } from './source.ts';
import type { Sized, Translator } from './translator.ts';

/** What the steps of one request share. */
export interface SyncContext<C, R extends Sized> {
  readonly target: SyncTarget;
  /** As it was when the request began; which folders it has does not change. */
  readonly source: Source;
  /** The partnership's number. */
  readonly me: number;
  readonly clock: Clock;
  readonly onRenderFailure: (target: SyncTarget, itemId: ItemId, error: unknown) => void;
  readonly translator: Translator<C, R>;
  readonly rules: Rules;
  readonly retryStamp: number;
  /** Items that made the device repeat itself: not rendered in this answer. */
  readonly suspects: ReadonlySet<ItemId>;
  /** Ids that have their command in this answer already; the feed gives them none. */
  readonly settled: Set<ItemId>;
  /** Rendered whole in this request; null = refused. */
  readonly rendered: Map<ItemId, R | null>;
  /** Items whose rendering threw. */
  readonly failed: Set<ItemId>;
}

/** The context of a request in which nothing has been done yet. @param me The partnership's number. */
export function freshContext<C, R extends Sized>(
  services: Pick<SyncServices<R>, 'clock' | 'onRenderFailure' | 'rules'>,
  target: SyncTarget & { readonly retryStamp: number },
  source: Source,
  me: number,
  translator: Translator<C, R>,
  suspects: Iterable<ItemId> = [],
): SyncContext<C, R> {
  const { clock, onRenderFailure } = services;
  return {
    ...{
      target,
      source,
      me,
      clock,
      onRenderFailure,
      translator,
      rules: rulesOf(services),
      retryStamp: target.retryStamp,
    },
    ...{ suspects: new Set(suspects), settled: new Set(), rendered: new Map(), failed: new Set() },
  };
}

/** What a device lacks of an item of which it holds the present content; null refuses. */
export function renderSince<C, R extends Sized>(
  context: SyncContext<C, R>,
  reader: SyncReader,
  item: Item,
  since: Stamp,
): Promise<R | null> {
  return context.suspects.has(item.id) ? Promise.resolve(null) : renderSafely(context, reader, item, since);
}

/** Renders an item whole, once per request; null refuses. */
export async function render<C, R extends Sized>(
  context: SyncContext<C, R>,
  reader: SyncReader,
  item: Item,
): Promise<R | null> {
  const known = context.rendered.get(item.id);
  if (known !== undefined) return known;
  const made = context.suspects.has(item.id) ? null : await renderSafely(context, reader, item, null);
  context.rendered.set(item.id, made);
  return made;
}

/** One item that makes the translator fail must not stop its folder: it is refused, and the failure told. */
async function renderSafely<C, R extends Sized>(
  { translator, target, onRenderFailure, failed }: SyncContext<C, R>,
  reader: SyncReader,
  item: Item,
  since: Stamp | null,
): Promise<R | null> {
  try {
    return await translator.render(reader, item, since);
  } catch (error) {
    if (isStoreFailure(error)) throw error;
    onRenderFailure(target, item.id, error);
    failed.add(item.id);
    return null;
  }
}

/** Notes that the device does not get the present revision. */
export function quarantine<C, R extends Sized>(
  context: SyncContext<C, R>,
  position: Position,
  itemId: ItemId,
  isHeld: boolean,
): void {
  const { suspects, failed, retryStamp } = context;
  const reason = suspects.has(itemId) ? 'repeats' : failed.has(itemId) ? 'failed' : 'refused';
  position.exceptions.set(itemId, { itemId, isHeld, tried: retryStamp, reason });
}
