import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Koa from 'koa';
import { CALDAV_PLUGIN } from '../../protocols/caldav/plugin.ts';
import { createWebdavHandler } from '../../protocols/webdav/http.ts';
import { DEFAULT_LIMITS } from '../../src/domain/limits.ts';
import type { Principal } from '../../src/domain/principal.ts';
import { createMailboxWithDefaults } from '../../src/items/default-folders.ts';
import type { ItemServices } from '../../src/items/services.ts';
import { readWhole } from '../../src/items/whole-content.ts';
import { SILENT_LOG } from '../../src/observe/log.ts';
import type { DirectoryStore } from '../../src/store/directory-store.ts';
import type { MailboxStore } from '../../src/store/mailbox-store.ts';
import { createMemoryStores } from '../../src/store/memory/open.ts';
import { openSqliteStores } from '../../src/store/sqlite/open.ts';
import { fakeClock } from '../support/fake-clock.ts';
import { seededRandom } from '../support/random.ts';
import type { HistoryGateway } from './history.ts';

/** Changes a store before it is served, to see that the histories notice. */
export type Mutation = (store: MailboxStore) => MailboxStore;

interface Opened {
  readonly mailboxes: MailboxStore;
  readonly directory: DirectoryStore;
  readonly storeId: string;
}

interface Shelf {
  open(): Opened;
  /** Ends one opening; what it stored stays for the next. */
  close(opened: Opened): Promise<void>;
  remove(): void;
}

const clock = fakeClock();
const services = (store: MailboxStore): ItemServices => ({
  store,
  clock,
  random: seededRandom(1).bytes,
  limits: DEFAULT_LIMITS,
});

/** Serves CalDAV over loopback HTTP on a store of its own; a restart really closes and opens it again. */
export async function openHistoryGateway(adapter: 'memory' | 'sqlite', mutate?: Mutation): Promise<HistoryGateway> {
  const shelf = adapter === 'memory' ? memoryShelf() : sqliteShelf();
  let opened = shelf.open();
  const mailboxId = await createMailboxWithDefaults(services(opened.mailboxes));
  const principal: Principal = {
    userId: 1,
    localPart: 'ana',
    domain: 'example.com',
    displayName: null,
    mailboxId,
    isAdmin: false,
  };
  let server = await serve(opened, principal, mutate);
  const home = '/calendars/example.com/ana/';

  const folderOf = (collection: string) =>
    opened.mailboxes.read(mailboxId).folderByName('calendars', null, collection.slice(home.length, -1));

  return {
    home,
    port: () => (server.address() as AddressInfo).port,
    async restart() {
      await stop(server);
      await shelf.close(opened);
      opened = shelf.open();
      server = await serve(opened, principal, mutate);
    },
    async prune(fraction) {
      const { head } = await opened.mailboxes.read(mailboxId).mailbox();
      await opened.mailboxes.prune(mailboxId, Math.floor(head * fraction));
    },
    async contents(collection) {
      const folder = await folderOf(collection);
      if (!folder) return null;
      const reader = opened.mailboxes.read(mailboxId);
      const { items } = await reader.list(folder.id, { limit: 500, withContent: true });
      const pairs = items.map(async ({ item, content }) => {
        return [item.name, Buffer.from(content ?? (await readWhole(reader, item))).toString()] as const;
      });
      return new Map(await Promise.all(pairs));
    },
    async close() {
      await stop(server);
      await shelf.close(opened);
      shelf.remove();
    },
  };
}

function memoryShelf(): Shelf {
  const stores = createMemoryStores({ clock, random: seededRandom(2).bytes, publish: () => {} });
  return { open: () => stores, close: async () => {}, remove: () => {} };
}

function sqliteShelf(): Shelf {
  // Memory where there is some: thousands of histories would only wait for the disk.
  const folder = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'causeway-history-'));
  const path = join(folder, 'causeway.db');
  return {
    open: () => openSqliteStores({ path, clock, random: seededRandom(2).bytes, publish: () => {} }),
    close: ({ mailboxes }) => mailboxes.close(),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

async function serve(opened: Opened, principal: Principal, mutate: Mutation = (store) => store): Promise<Server> {
  const handler = createWebdavHandler({
    services: services(mutate(opened.mailboxes)),
    directory: opened.directory,
    storeId: opened.storeId,
    freeBytes: async () => 1e9,
    log: { ...SILENT_LOG, error: (fields, message) => console.error(message, fields) },
    plugins: [CALDAV_PLUGIN],
  });
  const app = new Koa();
  app.use((ctx) => handler.handle(ctx, principal));
  const server = createServer(app.callback());
  const { promise, resolve } = Promise.withResolvers<void>();
  server.listen(0, '127.0.0.1', resolve);
  await promise;
  return server;
}

function stop(server: Server): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  server.close(() => resolve());
  server.closeAllConnections();
  return promise;
}
