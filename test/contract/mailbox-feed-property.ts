import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Change } from '../../src/domain/changes.ts';
import type { FolderId } from '../../src/domain/folder.ts';
import type { ItemId } from '../../src/domain/item.ts';
import type { Stamp } from '../../src/domain/mailbox.ts';
import type { MailboxReader, MailboxWriter } from '../../src/store/mailbox-store.ts';
import { type Random, seededRandom, seedOf } from '../support/random.ts';
import { shown } from './mailbox-feed.ts';
import { bytes, mailboxWithFolder, newFolder, newIndex, newItem, type OpenStore } from './store-under-test.ts';

/** What the naive oracle keeps: every listing there ever was, after every single operation. */
interface Listing {
  readonly folderId: FolderId;
  readonly last: Stamp;
  /** Name → item id and revision. */
  readonly names: ReadonlyMap<string, { id: ItemId; rev: Stamp }>;
}

const NAMES = ['a', 'b', 'c', 'd', 'e', 'f'];

export function feedPropertyContract(open: OpenStore): void {
  for (const offset of [0, 1, 2, 3]) {
    const seed = seedOf(20260) + offset;
    test(`the feed equals a full comparison from every earlier cursor and at every limit (seed ${seed})`, async () => {
      const random = seededRandom(seed);
      const fixture = await mailboxWithFolder(await open());
      const other = await fixture.write((tx) => tx.createFolder(newFolder('other')));
      const folders = [fixture.folder.id, other.id];
      const history: Listing[] = [];
      for (let round = 0; round < 60; round += 1) {
        await fixture.write(async (tx) => {
          const operations = 1 + random.below(3);
          for (let n = 0; n < operations; n += 1) {
            await randomOperation(tx, folders, random);
            for (const folderId of folders) history.push(await listing(tx, folderId));
          }
        });
      }
      for (const folderId of folders) {
        const mine = history.filter((entry) => entry.folderId === folderId);
        for (let at = 0; at < mine.length; at += 1) await compareFeed(fixture.read, mine.slice(at));
        await comparePages(fixture.read, folderId, mine);
      }
    });
  }
}

async function randomOperation(tx: MailboxWriter, folders: readonly FolderId[], random: Random): Promise<void> {
  const folderId = random.pick(folders);
  const name = random.pick(NAMES);
  const item = await tx.itemByName(folderId, name);
  if (item === null) {
    await tx.createItem(newItem(folderId, name, 'x'.repeat(random.below(9))));
    return;
  }
  const action = random.next();
  if (action < 0.25) return tx.deleteItem(item.id);
  if (action < 0.45) {
    const index = newIndex({ filterKey: random.below(3) });
    await tx.replaceContent(item.id, { content: bytes(name), contentType: 'text/calendar', index });
  } else if (action < 0.55) {
    await tx.setFlags(item.id, { read: random.chance(0.5) });
  } else {
    const [to, target] = [random.pick(folders), random.pick(NAMES)];
    if ((await tx.itemByName(to, target)) === null) await tx.moveItem(item.id, to, target);
  }
}

async function listing(tx: MailboxReader, folderId: FolderId): Promise<Listing> {
  const { items } = await tx.list(folderId, { limit: 500, withContent: false });
  const names = new Map(items.map(({ item }) => [item.name, { id: item.id, rev: item.rev }]));
  return { folderId, last: (await tx.folder(folderId))!.last, names };
}

/** From the first of `listings` to the last: what must the feed say? */
async function compareFeed(read: MailboxReader, listings: readonly Listing[]): Promise<void> {
  const [first, now] = [listings[0]!, listings.at(-1)!];
  const { entries, next, more } = await read.changes(first.folderId, first.last, 1000, false);
  assert.equal(more, false);
  assert.equal(next, now.last);
  const changed = [...now.names].filter(([, { rev }]) => rev > first.last).map(([name]) => name);
  const everThere = new Set(listings.flatMap(({ names }) => [...names.keys()]));
  const removed = [...everThere].filter((name) => !now.names.has(name)).map((name) => `-${name}`);
  assert.deepEqual(shown(entries).sort(), [...changed, ...removed].sort());
  for (let at = 1; at < entries.length; at += 1) assert.ok(entries[at - 1]!.stamp < entries[at]!.stamp);
  const replica = new Map(first.names);
  for (const entry of entries) {
    if (entry.kind === 'removed') replica.delete(entry.name);
    else replica.set(entry.item.name, { id: entry.item.id, rev: entry.item.rev });
  }
  assert.deepEqual(replica, now.names);
}

/** At every limit, from several cursors, the pages joined are the feed in one piece. */
async function comparePages(read: MailboxReader, folderId: FolderId, listings: readonly Listing[]): Promise<void> {
  for (let at = 0; at < listings.length; at += 12) {
    const since = listings[at]!.last;
    const whole = (await read.changes(folderId, since, 1000, false)).entries;
    for (let limit = 1; limit <= whole.length + 1; limit += 1) {
      const joined: Change[] = [];
      let cursor = since;
      for (;;) {
        const page = await read.changes(folderId, cursor, limit, false);
        assert.ok(page.entries.length <= limit && (page.more ? page.entries.length > 0 : true));
        joined.push(...page.entries);
        cursor = page.next;
        if (!page.more) break;
      }
      assert.deepEqual(joined, whole, `since ${since}, limit ${limit}`);
      assert.equal(cursor, listings.at(-1)!.last);
    }
  }
}
