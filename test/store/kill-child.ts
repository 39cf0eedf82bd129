/**
 * Writes to a store from several workers until it is killed, or kills itself at a named point.
 * Arguments: database file, seed, and optionally a step point with the number of its occurrence.
 * Every write is announced on standard output before it is begun, and acknowledged after it was.
 */
import { writeSync } from 'node:fs';
import { CLIENT_ORIGIN, type MailboxId } from '../../src/domain/mailbox.ts';
import type { MailboxStore, MailboxWriter } from '../../src/store/mailbox-store.ts';
import { openSqliteStores } from '../../src/store/sqlite/open.ts';
import type { StepPoint } from '../../src/store/sqlite/steps.ts';
import { newFolder, newItem } from '../contract/store-under-test.ts';
import { fakeClock } from '../support/fake-clock.ts';
import { seededRandom } from '../support/random.ts';
import {
  applied,
  contentOf,
  FOLDERS,
  type Line,
  type Operation,
  type Picture,
  randomOperation,
  WORKERS,
  workerOf,
} from './kill-history.ts';
import { readPicture } from './kill-picture.ts';

const [path, seedText, point, occurrence] = process.argv.slice(2);
const random = seededRandom(Number(seedText));
let left = Number(occurrence);

function onStep(reached: StepPoint): void {
  if (reached !== point) return;
  left -= 1;
  if (left <= 0) process.kill(process.pid, 'SIGKILL');
}

function say(line: Line): void {
  writeSync(1, `${JSON.stringify(line)}\n`);
}

async function main(): Promise<void> {
  const publish = () => undefined;
  const clock = fakeClock();
  const { mailboxes } = openSqliteStores({ path: path!, clock, random: (n) => new Uint8Array(n), publish, onStep });
  const mailboxId: MailboxId = 1;
  if ((await mailboxes.read(mailboxId).folders()).length === 0) await prepare(mailboxes);
  const picture = await readPicture(mailboxes.read(mailboxId));
  const workers = Array.from({ length: WORKERS }, (_, worker) =>
    work(mailboxes, mailboxId, worker, new Map([...picture].filter(([key]) => workerOf(key) === worker))),
  );
  await Promise.all(workers);
}

/** The first run may be killed in here as well: then the mailbox may be there without its folders. */
async function prepare(mailboxes: MailboxStore): Promise<void> {
  const known = await mailboxes
    .read(1)
    .mailbox()
    .catch(() => null);
  if (known === null) await mailboxes.createMailbox();
  await mailboxes.write(1, CLIENT_ORIGIN, async (tx) => {
    for (const name of FOLDERS) await tx.createFolder(newFolder(name));
  });
}

async function work(mailboxes: MailboxStore, mailboxId: MailboxId, worker: number, start: Picture): Promise<void> {
  let picture = start;
  for (let n = 0; ; n += 1) {
    let made = 0;
    const token = () => `${seedText}-${worker}-${n}-${made++ + random.below(6)}`;
    const operation = randomOperation(worker, picture, token, random);
    say({ kind: 'try', operation });
    try {
      const head = await mailboxes.write(mailboxId, CLIENT_ORIGIN, (tx) => perform(tx, operation));
      picture = applied(picture, operation);
      say({ kind: 'done', worker, head });
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      say({ kind: 'refused', worker });
    }
  }
}

async function perform(tx: MailboxWriter, { set, move, fails }: Operation): Promise<number> {
  for (const [key, token] of set) {
    const { folderId, name } = await place(tx, key);
    const item = await tx.itemByName(folderId, name);
    if (token === null) {
      await tx.deleteItem(item!.id);
      continue;
    }
    const fresh = {
      ...newItem(folderId, name, '', { uid: token, filterKey: token.length }),
      content: contentOf(token),
    };
    if (item === null) await tx.createItem(fresh);
    else await tx.replaceContent(item.id, fresh);
  }
  for (const [from, to] of move) {
    const [source, target] = [await place(tx, from), await place(tx, to)];
    const item = await tx.itemByName(source.folderId, source.name);
    await tx.moveItem(item!.id, target.folderId, target.name);
  }
  if (fails) throw new RangeError('on purpose');
  return (await tx.mailbox()).head;
}

async function place(tx: MailboxWriter, key: string): Promise<{ folderId: number; name: string }> {
  const [folder, name] = key.split('/') as [string, string];
  return { folderId: (await tx.folderByName('calendars', null, folder))!.id, name };
}

// A test runner that loads every file below test must not start the writing.
if (path !== undefined && process.argv[1] === import.meta.filename) await main();
