import type { Item, ItemId } from '../domain/item.ts';
import type { Stamp } from '../domain/mailbox.ts';
import { ENDLESS_TURN, type Turns } from '../domain/turns.ts';
import type { MailboxReader, MailboxWriter } from '../store/mailbox-store.ts';
import { isStoreFailure } from '../store/refusals.ts';
import type { Partnership, SyncReader } from '../store/sync-state-store.ts';
import { freshContext } from './context.ts';
import { openGeneration } from './open-generation.ts';
import { positionOf } from './position.ts';
import type { SyncTarget } from './request.ts';
import type { Rules } from './rules.ts';
import { type PageLimits, serverCommands } from './server-commands.ts';
import { rulesOf, type SyncServices } from './services.ts';
import { openSource } from './source.ts';
import type { Sized, Translator } from './translator.ts';

/** What rendering an item gave, or how it failed. */
type Made<R> = { readonly rendered: R | null } | { readonly error: unknown };

interface Prepared<R> {
  /** The item's last stamp when it was read; every write gives another. */
  readonly rev: Stamp;
  /** As `Translator.render` was given it. */
  readonly since: Stamp | null;
  readonly made: Made<R>;
}

/** So few items are written down in no time. */
const SMALL_PAGE = 32;

/** Where the glance begins. */
export interface Ahead extends SyncTarget {
  readonly key: string;
  readonly retryStamp: number;
}

/**
 * Computes the server's part of an answer once without the lock, only to render what it will hold: with turns in between, so
 * that nobody waits for it. The translator it gives has that at hand under the lock, where the answer is computed as ever;
 * what was written in the meantime has another revision and is rendered there.
 */
export async function lookAhead<C, R extends Sized>(
  services: SyncServices<R>,
  reader: SyncReader,
  partnership: Partnership | null,
  { limits, ...ahead }: Ahead & { readonly limits: PageLimits },
  translator: Translator<C, R>,
): Promise<Translator<C, R>> {
  const rules = rulesOf(services);
  const source = await openSource(reader, ahead);
  const opened = source === null ? null : await openGeneration(reader, partnership, source, ahead.key, rules);
  if (source === null || partnership === null || opened === null || opened.kind === 'lost') return translator;
  const turns = services.turns?.() ?? ENDLESS_TURN;
  const preparing = new PreparingTranslator(translator, turns);
  // A failure is told under the lock, if it still is one.
  const quiet = { ...services, onRenderFailure: () => undefined };
  const context = freshContext(quiet, ahead, source, partnership.number, preparing);
  await serverCommands(context, reader, source, positionOf(opened.from), limits);
  // The transaction is one turn.
  if (preparing.prepared.size > SMALL_PAGE) await turns.give();
  return new PreparedTranslator(translator, preparing.prepared, rules);
}

/** A translator of which the engine reads, and which writes nothing. */
class PreparingTranslator<C, R extends Sized> implements Translator<C, R> {
  readonly prepared = new Map<ItemId, Prepared<R>>();
  readonly #translator: Translator<C, R>;
  readonly #turns: Turns;

  constructor(translator: Translator<C, R>, turns: Turns) {
    this.#translator = translator;
    this.#turns = turns;
  }

  includes(item: Item): boolean {
    return this.#translator.includes(item);
  }

  async render(reader: MailboxReader, item: Item, since: Stamp | null): Promise<R | null> {
    if (this.#turns.isOver) await this.#turns.give();
    const made = await this.#make(reader, item, since);
    this.prepared.set(item.id, { rev: item.rev, since, made });
    return 'rendered' in made ? made.rendered : null;
  }

  /** The item may be written to, or removed, while it is read: whatever comes of that is of no revision that the lock will see. */
  async #make(reader: MailboxReader, item: Item, since: Stamp | null): Promise<Made<R>> {
    try {
      return { rendered: await this.#translator.render(reader, item, since) };
    } catch (error) {
      if (isStoreFailure(error)) throw error;
      return { error };
    }
  }

  readonly create = unused;
  readonly change = unused;
  readonly replace = unused;
  readonly remove = unused;
  readonly merge = unused;
  readonly keepCopy = unused;
  readonly losing = unused;
}

function unused(): never {
  throw new TypeError('Nothing is written ahead.');
}

/** A translator that has items at hand as they were rendered before. */
class PreparedTranslator<C, R extends Sized> implements Translator<C, R> {
  readonly #translator: Translator<C, R>;
  readonly #prepared: ReadonlyMap<ItemId, Prepared<R>>;
  readonly #rules: Rules;

  constructor(translator: Translator<C, R>, prepared: ReadonlyMap<ItemId, Prepared<R>>, rules: Rules) {
    this.#translator = translator;
    this.#prepared = prepared;
    this.#rules = rules;
  }

  includes(item: Item): boolean {
    return this.#translator.includes(item);
  }

  async render(reader: MailboxReader, item: Item, since: Stamp | null): Promise<R | null> {
    const known = this.#prepared.get(item.id);
    if (known === undefined || !this.#rules.isPresentRevision(known, item, since)) {
      return this.#translator.render(reader, item, since);
    }
    if ('error' in known.made) throw known.made.error;
    return known.made.rendered;
  }

  create(tx: MailboxWriter, data: C): Promise<Item> {
    return this.#translator.create(tx, data);
  }

  change(tx: MailboxWriter, item: Item, data: C): Promise<void> {
    return this.#translator.change(tx, item, data);
  }

  replace(tx: MailboxWriter, item: Item, data: C): Promise<void> {
    return this.#translator.replace(tx, item, data);
  }

  remove(tx: MailboxWriter, item: Item, data: C): Promise<void> {
    return this.#translator.remove(tx, item, data);
  }

  merge(tx: MailboxWriter, item: Item, data: C): Promise<boolean> {
    return this.#translator.merge(tx, item, data);
  }

  keepCopy(tx: MailboxWriter, item: Item, data: C): Promise<void> {
    return this.#translator.keepCopy(tx, item, data);
  }

  losing(reader: MailboxReader, item: Item, data: C, side: 'client' | 'server') {
    return this.#translator.losing(reader, item, data, side);
  }
}
