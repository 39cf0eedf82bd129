import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FolderId } from '../../src/domain/folder.ts';
import type { ItemId } from '../../src/domain/item.ts';
import { CLIENT_ORIGIN, type MailboxId } from '../../src/domain/mailbox.ts';
import type { MailboxWriter } from '../../src/store/mailbox-store.ts';
import type { SearchQuery } from '../../src/store/search-index.ts';
import { newFolder, newItem, type OpenStore, type StoreUnderTest } from './store-under-test.ts';

const MAIL = { itemClass: 'mail', components: [] } as const;

/** What every `SearchIndex` must do. The words of a message here are its content, split at blanks. */
export function searchIndexContract(adapter: string, open: OpenStore): void {
  const contract = (title: string, body: (mailbox: SearchedMailbox, store: StoreUnderTest) => Promise<void>): void => {
    test(`${adapter}: ${title}`, async () => {
      const store = await open();
      await body(await searchedMailbox(store), store);
    });
  };

  contract('a message is found by beginnings of its words, all of which must occur', async ({ add, find }) => {
    const one = await add('meeting about budget');
    const two = await add('meeting about lunch');
    assert.deepEqual(await find('meet'), [two, one]);
    assert.deepEqual(await find('meet bud'), [one]);
    assert.deepEqual(await find('udget'), []);
    assert.deepEqual(await find('meeting dinner'), []);
  });

  contract('words beyond ASCII, digits and single characters are found', async ({ add, find }) => {
    const one = await add('straße 2026 日 本');
    assert.deepEqual(await find('straß'), [one]);
    assert.deepEqual(await find('202'), [one]);
    assert.deepEqual(await find('本'), [one]);
    assert.deepEqual(await find('s'), [one]);
  });

  contract('nothing but the mailbox asked is searched, and in it only the folders named', async (mailbox, store) => {
    const { add, find, folderId, write } = mailbox;
    const other = await searchedMailbox(store);
    const one = await add('secret');
    const theirs = await other.add('secret');
    const archive = await write((tx) => tx.createFolder(newFolder('archive', MAIL)));
    assert.deepEqual(await find('secret'), [one]);
    assert.deepEqual(await other.find('secret'), [theirs]);
    assert.deepEqual(await find('secret', { folders: [archive.id] }), []);
    assert.deepEqual(await find('secret', { folders: [archive.id, folderId] }), [one]);
    assert.deepEqual(await find('secret', { folders: [] }), []);
  });

  contract('a message that was moved is found where it lies, without being read again', async (mailbox, store) => {
    const { add, find, write, mailboxId } = mailbox;
    const id = await add('contract');
    const archive = await write((tx) => tx.createFolder(newFolder('archive', MAIL)));
    await write((tx) => tx.moveItem(id, archive.id, 'm'));
    assert.deepEqual((await store.search.pending(mailboxId, archive.id, 10)).items, []);
    assert.deepEqual(await find('contract'), []);
    assert.deepEqual(await find('contract', { folders: [archive.id] }), [id]);
  });

  contract('a message that was removed is found no more, nor is a folder’s mail after the folder', async (mailbox) => {
    const { add, find, write, folderId } = mailbox;
    const one = await add('gone');
    const two = await add('gone');
    await write((tx) => tx.deleteItem(one));
    assert.deepEqual(await find('gone'), [two]);
    await write((tx) => tx.deleteFolder(folderId));
    assert.deepEqual(await find('gone'), []);
  });

  contract('a message written anew is pending, and found by its new words alone', async (mailbox, store) => {
    const { add, find, write, index, folderId, mailboxId } = mailbox;
    const id = await add('draft');
    await write((tx) => tx.replaceContent(id, message(folderId, 'm', 'final')));
    const { items } = await store.search.pending(mailboxId, folderId, 10);
    assert.deepEqual(
      items.map((item) => item.id),
      [id],
    );
    await index();
    assert.deepEqual(await find('draft'), []);
    assert.deepEqual(await find('final'), [id]);
  });

  contract('text read of a content that was replaced or removed meanwhile is not kept', async (mailbox, store) => {
    const { create, find, write, folderId, mailboxId } = mailbox;
    const [one, two] = [await create('early'), await create('early')];
    const { items, upTo } = await store.search.pending(mailboxId, folderId, 10);
    await write((tx) => tx.replaceContent(one, message(folderId, 'm', 'late')));
    await write((tx) => tx.deleteItem(two));
    const texts = items.map(({ id, contentRev }) => ({ itemId: id, contentRev, words: ['early'], thread: null }));
    await store.search.put(mailboxId, folderId, upTo, texts);
    assert.deepEqual(await find('early'), []);
    assert.deepEqual(
      (await store.search.pending(mailboxId, folderId, 10)).items.map((item) => item.id),
      [one],
    );
  });

  contract('pending gives what is lacking in slices, and nothing for changes of flags', async (mailbox, store) => {
    const { create, write, folderId, mailboxId } = mailbox;
    const ids = [await create('a'), await create('b'), await create('c')];
    const seen: ItemId[] = [];
    for (let more = true; more; ) {
      const pending = await store.search.pending(mailboxId, folderId, 2);
      assert.ok(pending.items.length <= 2);
      seen.push(...pending.items.map(({ id }) => id));
      const texts = pending.items.map(({ id, contentRev }) => ({ itemId: id, contentRev, words: ['x'], thread: null }));
      await store.search.put(mailboxId, folderId, pending.upTo, texts);
      more = pending.more;
    }
    assert.deepEqual(seen, ids);
    await write((tx) => tx.setFlags(ids[0]!, { read: true }));
    const { items, more } = await store.search.pending(mailboxId, folderId, 2);
    assert.deepEqual({ items, more }, { items: [], more: false });
  });

  contract(
    'items that are no messages are neither pending nor found',
    async ({ write, find, folderId, mailboxId }, store) => {
      await write((tx) => tx.createItem(newItem(folderId, 'e', 'event')));
      assert.deepEqual((await store.search.pending(mailboxId, folderId, 10)).items, []);
      assert.deepEqual(await find('', { folders: [folderId] }), []);
    },
  );

  contract('a folder that is not for mail has nothing pending', async ({ write, mailboxId }, store) => {
    const calendar = await write((tx) => tx.createFolder(newFolder('work')));
    await write((tx) => tx.createItem(message(calendar.id, 'm', 'words')));
    const { items, more } = await store.search.pending(mailboxId, calendar.id, 10);
    assert.deepEqual({ items, more }, { items: [], more: false });
  });

  contract(
    'hits come newest first, in pages with their total, between two times',
    async ({ add, find, search }, store) => {
      const ids: ItemId[] = [];
      const times: number[] = [];
      for (let n = 0; n < 5; n += 1) {
        store.clock.advance(1000);
        times.push(Math.floor(store.clock.now() / 1000));
        ids.push(await add(`report ${n}`));
      }
      const newest = ids.toReversed();
      const page = await search('report', { offset: 1, limit: 2 });
      assert.deepEqual([page.items.map(({ id }) => id), page.total], [newest.slice(1, 3), 5]);
      assert.deepEqual((await search('report', { offset: 9, limit: 2 })).total, 5);
      assert.deepEqual(await find('report', { after: times[1]!, before: times[4]! }), [ids[3], ids[2]]);
      assert.deepEqual(await find('', { after: times[3]! }), [ids[4]]);
    },
  );

  contract('messages of a thread are found, with words and without', async ({ add, find }) => {
    const one = await add('plan first', 't1');
    const two = await add('plan second', 't1');
    await add('plan third', 't2');
    assert.deepEqual(await find('', { thread: 't1' }), [two, one]);
    assert.deepEqual(await find('plan fi', { thread: 't1' }), [one]);
    assert.deepEqual(await find('plan', { thread: 't3' }), []);
  });

  contract('a mailbox that was removed has no words, and its folders nothing pending', async (mailbox, store) => {
    const { add, find, folderId, mailboxId } = mailbox;
    await add('words');
    await store.mailboxes.removeMailbox(mailboxId);
    assert.deepEqual(await find('words'), []);
    await assert.rejects(store.search.pending(mailboxId, folderId, 1), { code: 'folder-not-found' });
    assert.deepEqual(await store.mailboxes.verify(), []);
  });

  contract('the store is sound with an index in it', async ({ add, write }, store) => {
    const id = await add('some words');
    await add('more words');
    await write((tx) => tx.deleteItem(id));
    assert.deepEqual(await store.mailboxes.verify(), []);
  });
}

type SearchedMailbox = Awaited<ReturnType<typeof searchedMailbox>>;

/** A mailbox with one mail folder. */
async function searchedMailbox(store: StoreUnderTest) {
  const mailboxId: MailboxId = await store.mailboxes.createMailbox();
  const write = <T>(work: (tx: MailboxWriter) => Promise<T>): Promise<T> =>
    store.mailboxes.write(mailboxId, CLIENT_ORIGIN, work);
  const folderId = (await write((tx) => tx.createFolder(newFolder('inbox', MAIL)))).id;
  const threads = new Map<ItemId, string>();
  let count = 0;
  const time = (): number => Math.floor(store.clock.now() / 1000);
  const create = async (content: string, thread?: string): Promise<ItemId> => {
    count += 1;
    const { id } = await write((tx) => tx.createItem(message(folderId, `${count}.eml`, content, time())));
    if (thread !== undefined) threads.set(id, thread);
    return id;
  };
  const index = async (): Promise<void> => {
    const { items, upTo } = await store.search.pending(mailboxId, folderId, 1_000);
    const texts = [];
    for (const { id, contentRev } of items) {
      let content = '';
      for await (const chunk of store.mailboxes.read(mailboxId).content(id)) content += Buffer.from(chunk).toString();
      texts.push({ itemId: id, contentRev, words: content.split(' '), thread: threads.get(id) ?? null });
    }
    await store.search.put(mailboxId, folderId, upTo, texts);
  };
  const search = (text: string, more: Partial<SearchQuery> = {}) => {
    const words = text.split(' ').filter((word) => word !== '');
    const open = { thread: null, after: null, before: null, offset: 0, limit: 100 };
    return store.search.find(mailboxId, { folders: [folderId], words, ...open, ...more });
  };
  const find = async (text: string, more: Partial<SearchQuery> = {}) =>
    (await search(text, more)).items.map(({ id }) => id);
  const add = async (content: string, thread?: string): Promise<ItemId> => {
    const id = await create(content, thread);
    await index();
    return id;
  };
  return { mailboxId, folderId, write, create, add, index, search, find };
}

function message(folderId: FolderId, name: string, content: string, filterKey = 0) {
  return newItem(folderId, name, content, { kind: 'MESSAGE', filterKey });
}
