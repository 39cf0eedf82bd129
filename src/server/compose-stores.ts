import { join } from 'node:path';
import { toldDirectory } from '../admin/config-log.ts';
import type { Clock, RandomBytes } from '../domain/clock.ts';
import { DEFAULT_LIMITS } from '../domain/limits.ts';
import { createOperationsLog } from '../items/operations/operations-log.ts';
import { watchedWrite } from '../items/operations/watched-writes.ts';
import type { ItemServices } from '../items/services.ts';
import type { DebugLine } from '../observe/debug-switches.ts';
import type { Log } from '../observe/log.ts';
import { type ChangeBus, createChangeBus } from '../push/change-bus.ts';
import { createMailSearch, type MailSearch } from '../search/mail-search.ts';
import type { CommittedChange } from '../store/mailbox-store.ts';
import { lockDataFolder } from '../store/sqlite/lock-data-folder.ts';
import { openSqliteStores, type SqliteStores } from '../store/sqlite/open.ts';

/** The store's file in the data folder. */
const STORE_FILE = 'causeway.db';

export interface OpenStoresParts {
  /** The data folder; it exists. */
  readonly data: string;
  /** Largest item; the core's own limit when absent. */
  readonly itemBytes?: number;
  readonly clock: Clock;
  readonly random: RandomBytes;
  readonly log: Log;
  readonly debug: DebugLine;
  /** Whether the operations log holds subjects. */
  readonly withSubjects: boolean;
  /** Whether nothing more may be taken; absent: what fits on the disk is. */
  readonly refusesGrowth?: () => boolean;
  /** Told of every write, to be counted. */
  readonly onWrite?: (ms: number, isCommitted: boolean) => void;
}

/** The stores of one data folder and what the shared operations need. */
export interface OpenStores {
  readonly stores: SqliteStores;
  readonly services: ItemServices;
  /** Carries every commit of `stores`. */
  readonly bus: ChangeBus;
  /** Follows every commit of `stores`. */
  readonly search: MailSearch;
  /** Closes the stores and lets go of the folder. */
  close(): Promise<void>;
}

/** Opens the data folder for this process alone. @throws GatewayError 'store-unavailable' when another process has it. */
export function openStores(parts: OpenStoresParts): OpenStores {
  const { clock, random, log } = parts;
  const lock = lockDataFolder(parts.data);
  try {
    const bus = createChangeBus((error) => log.error({ error }, 'a listener to changes failed'));
    let search: MailSearch | null = null;
    const publish = (change: CommittedChange) => {
      bus.publish(change);
      parts.debug('push', () => ({ ...change, listeners: bus.listenerCount }), 'a change was published');
      search?.note(change);
    };
    const path = join(parts.data, STORE_FILE);
    const stores = watchedStores(openSqliteStores({ path, clock, random, log, publish }), parts);
    const mailSearch = createMailSearch({
      ...{ index: stores.search, store: stores.mailboxes, clock },
      onFailure: (folder, error) => log.error({ ...folder, error }, 'the words of this folder could not be indexed'),
    });
    search = mailSearch;
    const limits =
      parts.itemBytes === undefined ? DEFAULT_LIMITS : { ...DEFAULT_LIMITS, maxItemBytes: parts.itemBytes };
    return {
      stores,
      services: { store: stores.mailboxes, clock, random, limits, debug: parts.debug },
      bus,
      search: mailSearch,
      async close() {
        try {
          await mailSearch.close();
          await stores.close();
        } finally {
          lock.release();
        }
      },
    };
  } catch (error) {
    lock.release();
    throw error;
  }
}

/** The stores with all their writes under watch, for the operations log, the config log and what is measured. */
function watchedStores(stores: SqliteStores, parts: OpenStoresParts): SqliteStores {
  const { mailboxes, syncState } = stores;
  const { log, debug, clock, withSubjects, onWrite = () => undefined, refusesGrowth = () => false } = parts;
  const operations = createOperationsLog({ directory: stores.directory, log });
  const watch = { operations, debug, withSubjects, onWrite, refusesGrowth, elapsed: () => clock.elapsed() };
  return {
    ...stores,
    mailboxes: {
      read: (id) => mailboxes.read(id),
      write: watchedWrite(mailboxes, watch),
      createMailbox: () => mailboxes.createMailbox(),
      setQuota: (id, quota) => mailboxes.setQuota(id, quota),
      removeMailbox: (id) => mailboxes.removeMailbox(id),
      prune: (id, upTo) => mailboxes.prune(id, upTo),
      stampAt: (id, before) => mailboxes.stampAt(id, before),
      verify: (progress) => mailboxes.verify(progress),
      close: () => mailboxes.close(),
    },
    syncState: { read: (id) => syncState.read(id), write: watchedWrite(syncState, watch) },
    directory: toldDirectory(stores.directory, log),
  };
}
