import { chmodSync, closeSync, openSync } from 'node:fs';
import { backup, DatabaseSync } from 'node:sqlite';
import type { Clock, RandomBytes } from '../../domain/clock.ts';
import { type Log, SILENT_LOG } from '../../observe/log.ts';
import type { CommittedChange } from '../mailbox-store.ts';
import type { Stores } from '../stores.ts';
import { Connection, type StoreStats } from './connection.ts';
import { createSqliteDeviceActivity } from './device-activity.ts';
import { createSqliteDeviceRegister } from './device-register.ts';
import { SqliteDirectory } from './directory.ts';
import { translateError } from './errors.ts';
import { SqliteMailboxes } from './mailboxes.ts';
import { migrate } from './migrate.ts';
import { unfinishedRemovals } from './remove-mailbox.ts';
import { createSqliteSearchIndex } from './search-index.ts';
import { createSqliteSignIns } from './sign-ins.ts';
import type { OnStep } from './steps.ts';
import { createSqliteSyncState } from './sync-state.ts';
import { createSqliteUsage } from './usage.ts';
import { WriteQueue } from './write-queue.ts';

export interface SqliteStoreOptions {
  /** The database file; made when it is missing. The caller holds the lock of its folder (`lockDataFolder`). */
  readonly path: string;
  readonly clock: Clock;
  readonly random: RandomBytes;
  /** Called after each commit, once per folder touched. */
  readonly publish: (change: CommittedChange) => void;
  readonly log?: Log;
  /** For tests that end the process at named points. */
  readonly onStep?: OnStep;
}

export interface SqliteStores extends Stores {
  readonly stats: StoreStats;
  /** Writes that wait for their turn now, and commits made so far. */
  readonly writes: () => { readonly waiting: number; readonly commits: number };
  /** Devices of all mailboxes. Goes through all of them. */
  readonly deviceCount: () => number;
  /** Statements prepared so far, for tests that look at query plans. */
  readonly statements: () => readonly string[];
  /** Copies the whole database into a new file while work goes on. */
  readonly backup: (path: string) => Promise<void>;
  /** Waits for the writes under way. */
  readonly close: () => Promise<void>;
}

/**
 * Opens the embedded store: one writing connection behind a queue, one for reading.
 * Throws 'storage-full', or 'store-unavailable' when the file cannot be opened or was written by a newer program.
 */
export function openSqliteStores(options: SqliteStoreOptions): SqliteStores {
  const { clock, log = SILENT_LOG, onStep = () => undefined } = options;
  const stats: StoreStats = { rowsRead: 0 };
  const opened: DatabaseSync[] = [];
  try {
    const writerDb = openFile(options.path, opened);
    const writer = new Connection(writerDb, stats);
    migrate(writer, clock.now());
    const storeId = readStoreId(writer, options.random);
    const readerDb = openFile(options.path, opened);
    const reader = new Connection(readerDb, stats);
    const queue = new WriteQueue(writer, onStep);
    const close = async (): Promise<void> => {
      await queue.close();
      reader.close();
      writer.close();
    };
    const publish = guarded(options.publish, log);
    const mailboxes = new SqliteMailboxes({ writer, reader, queue, clock, step: onStep, publish, close });
    for (const id of unfinishedRemovals(reader)) {
      mailboxes.removeMailbox(id).catch((error: unknown) => log.error({ error, mailbox: id }, 'removal not finished'));
    }
    return {
      mailboxes,
      syncState: createSqliteSyncState(mailboxes, reader),
      directory: new SqliteDirectory({ writer, reader, queue, clock }),
      search: createSqliteSearchIndex({ writer, reader, queue }),
      devices: createSqliteDeviceRegister(reader),
      deviceActivity: createSqliteDeviceActivity({ writer, reader, queue }),
      signIns: createSqliteSignIns({ writer, reader, queue }),
      usage: createSqliteUsage({ writer, reader, queue }),
      storeId,
      stats,
      writes: () => queue.stats,
      deviceCount: () => Number(reader.get('SELECT count(*) FROM device')?.[0]),
      statements: () => [...writer.statements(), ...reader.statements()],
      backup: (path) => copyTo(readerDb, path),
      close,
    };
  } catch (error) {
    for (const db of opened) db.close();
    throw translateError(error);
  }
}

function openFile(path: string, opened: DatabaseSync[]): DatabaseSync {
  // Made by us first: SQLite would leave the mode to the umask, and gives the -wal and -shm files the mode of this one.
  closeSync(openSync(path, 'a', 0o600));
  chmodSync(path, 0o600);
  const db = new DatabaseSync(path, { timeout: 5_000 });
  opened.push(db);
  // 8 KiB pages keep a usual calendar object on its leaf page. FULL: an acknowledged write survives a power failure.
  db.exec(`PRAGMA page_size = 8192; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -32768;
    PRAGMA temp_store = MEMORY; PRAGMA journal_size_limit = 67108864;`);
  return db;
}

function readStoreId(writer: Connection, random: RandomBytes): string {
  const sql = "INSERT INTO store_fact (name, value) VALUES ('store_id', ?) ON CONFLICT (name) DO NOTHING";
  writer.run(sql, Buffer.from(random(8)).toString('hex'));
  return String(writer.get("SELECT value FROM store_fact WHERE name = 'store_id'")?.[0]);
}

/** A commit stands whatever a listener does, so its failure is logged and reaches nobody who wrote. */
function guarded(publish: SqliteStoreOptions['publish'], log: Log): SqliteStoreOptions['publish'] {
  return (change) => {
    try {
      publish(change);
    } catch (error) {
      log.error({ error, mailbox: change.mailboxId, folder: change.folderId }, 'a listener failed');
    }
  };
}

async function copyTo(db: DatabaseSync, path: string): Promise<void> {
  closeSync(openSync(path, 'wx', 0o600));
  await backup(db, path).catch((error: unknown) => {
    throw translateError(error);
  });
}
