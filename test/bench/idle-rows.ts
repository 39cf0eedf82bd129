import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CLIENT_ORIGIN } from '../../src/domain/mailbox.ts';
import { openSqliteStores } from '../../src/store/sqlite/open.ts';
import { startEas } from '../protocols/activesync/support.ts';
import { fakeClock } from '../support/fake-clock.ts';
import { seededRandom } from '../support/random.ts';
import { FolderSession } from './eas-phone.ts';

const RUNS = 100;
/** Items that one transaction brings in. */
const BATCH = 1_000;

/**
 * Rows of the store that one idle Sync of an inbox with so many mails reads. The gateway runs in this process, since only its
 * store can count them; mails are short, as an idle Sync reads none of them.
 */
export async function idleRowsOfMail(size: number): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'causeway-bench-'));
  const opened = { rowsRead: () => 0, close: async () => {} };
  const server = await startEas({
    openStores(publish) {
      const seeded = seededRandom(1);
      const random = (length: number) => seeded.bytes(length);
      const stores = openSqliteStores({ path: join(folder, 'rows.db'), clock: fakeClock(), random, publish });
      opened.rowsRead = () => stores.stats.rowsRead;
      opened.close = () => stores.close();
      return stores;
    },
  });
  try {
    const { id, mailboxId } = await server.folder('inbox');
    for (let from = 0; from < size; from += BATCH) {
      await server.environment.items.store.write(mailboxId, { kind: 'import', by: null }, async (tx) => {
        for (let n = from; n < Math.min(size, from + BATCH); n += 1) await tx.createItem(mailOf(id, n));
      });
    }
    const inbox = new FolderSession(server.phone(), String(id), null);
    await inbox.prime();
    let held = 0;
    for (let more = true; more; ) {
      const page = await inbox.sync();
      held += page.commands;
      more = page.more;
    }
    if (held !== size) throw new Error(`${held} of ${size} mails came`);
    await inbox.sync();
    const before = opened.rowsRead();
    for (let run = 0; run < RUNS; run += 1) await inbox.sync();
    const rows = (opened.rowsRead() - before) / RUNS;
    await server.environment.items.store.write(mailboxId, CLIENT_ORIGIN, (tx) => tx.setFlags(1, { read: true }));
    const idle = opened.rowsRead();
    await inbox.sync();
    if (opened.rowsRead() === idle) throw new Error('rows are not counted');
    return rows;
  } finally {
    await server.close();
    await opened.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

function mailOf(folderId: number, n: number) {
  const content = Buffer.from(`From: a@example.org\r\nSubject: Mail ${n}\r\n\r\nHello\r\n`);
  const index = { kind: 'MESSAGE', uid: null, rangeStart: n, rangeEnd: n, filterKey: n } as const;
  return { folderId, name: `m${n}`, content, contentType: 'message/rfc822', index };
}
