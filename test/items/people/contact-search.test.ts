import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DEFAULT_LIMITS } from '../../../src/domain/limits.ts';
import { CLIENT_ORIGIN, type MailboxId } from '../../../src/domain/mailbox.ts';
import { createMailboxWithDefaults } from '../../../src/items/default-folders.ts';
import { describeContent } from '../../../src/items/describe-content.ts';
import { createContactSearch } from '../../../src/items/people/contact-search.ts';
import type { MailboxReader, MailboxStore } from '../../../src/store/mailbox-store.ts';
import { createMemoryStores } from '../../../src/store/memory/open.ts';
import { fakeClock } from '../../support/fake-clock.ts';
import { seededRandom } from '../../support/random.ts';

interface Counts {
  contents: number;
  changes: number;
}

async function open(maxBytes = 1_000_000) {
  const clock = fakeClock();
  const seeded = seededRandom(1);
  const random = (length: number) => seeded.bytes(length);
  const { mailboxes } = createMemoryStores({ clock, random, publish: () => {} });
  const services = { store: mailboxes, clock, random, limits: DEFAULT_LIMITS };
  const counts: Counts = { contents: 0, changes: 0 };
  const search = createContactSearch({ read: (id) => counted(mailboxes.read(id), counts) }, { maxBytes });
  const names = async (mailboxId: MailboxId, text: string) =>
    (await search.find(mailboxId, text)).map(({ displayName }) => displayName).sort();
  return { mailboxes, search, names, counts, mailbox: () => createMailboxWithDefaults(services) };
}

function counted(reader: MailboxReader, counts: Counts): MailboxReader {
  return new Proxy(reader, {
    get(target, name) {
      const value = Reflect.get(target, name) as unknown;
      if (typeof value !== 'function') return value;
      return (...args: unknown[]) => {
        if (name === 'changes') counts.changes += 1;
        if (name === 'content') counts.contents += 1;
        if (name === 'itemsByNames') counts.contents += (args[1] as readonly string[]).length;
        return value.apply(target, args);
      };
    },
  });
}

function card(name: string, more = ''): Uint8Array {
  const text = `BEGIN:VCARD\r\nVERSION:3.0\r\nUID:${name}\r\nFN:${name}\r\nEMAIL:${name.replaceAll(' ', '.')}@example.net\r\n${more}END:VCARD\r\n`;
  return Buffer.from(text);
}

async function contactsFolder(store: MailboxStore, mailboxId: MailboxId) {
  return (await store.read(mailboxId).folders()).find(({ role }) => role === 'contacts')!;
}

async function add(store: MailboxStore, mailboxId: MailboxId, contents: readonly Uint8Array[], folderId?: number) {
  const home = await contactsFolder(store, mailboxId);
  const folder = folderId === undefined ? home : { ...home, id: folderId };
  return store.write(mailboxId, CLIENT_ORIGIN, async (tx) => {
    const ids: number[] = [];
    for (const content of contents) {
      const name = `${(await tx.mailbox()).head}.vcf`;
      const described = describeContent(folder, content, '');
      ids.push((await tx.createItem({ ...described, content, folderId: folder.id, name })).id);
    }
    return ids;
  });
}

test('the first question reads the folder once, later ones only what changed', async () => {
  const { mailboxes, names, counts, mailbox } = await open();
  const mailboxId = await mailbox();
  const [first] = await add(
    mailboxes,
    mailboxId,
    Array.from({ length: 450 }, (_, at) => card(`Ann ${at}`)),
  );
  assert.equal((await names(mailboxId, 'ann')).length, 450);
  assert.deepEqual(counts, { contents: 450, changes: 3 });
  assert.deepEqual(await names(mailboxId, 'ann 7'), [...names7()]);
  assert.deepEqual(counts, { contents: 450, changes: 3 }, 'nothing changed, nothing is read');
  await mailboxes.write(mailboxId, CLIENT_ORIGIN, (tx) => tx.deleteItem(first!));
  await add(mailboxes, mailboxId, [card('Zoe')]);
  assert.equal((await names(mailboxId, 'ann')).length, 449);
  assert.deepEqual(await names(mailboxId, 'zoe'), ['Zoe']);
  assert.deepEqual(counts, { contents: 451, changes: 4 });
});

function names7(): string[] {
  return Array.from({ length: 450 }, (_, at) => `Ann ${at}`)
    .filter((name) => name.startsWith('Ann 7'))
    .sort();
}

test('all folders of contacts are searched, and a removed one no more', async () => {
  const { mailboxes, names, search, mailbox } = await open();
  const mailboxId = await mailbox();
  const home = await contactsFolder(mailboxes, mailboxId);
  const { id } = await mailboxes.write(mailboxId, CLIENT_ORIGIN, (tx) =>
    tx.createFolder({ ...home, role: null, name: 'more' }),
  );
  await add(mailboxes, mailboxId, [card('Ann One')]);
  assert.deepEqual(await names(mailboxId, 'ann'), ['Ann One']);
  const held = search.heldBytes;
  await add(mailboxes, mailboxId, [card('Ann Two')], id);
  assert.deepEqual(await names(mailboxId, 'ann'), ['Ann One', 'Ann Two']);
  await mailboxes.write(mailboxId, CLIENT_ORIGIN, (tx) => tx.deleteFolder(id));
  assert.deepEqual(await names(mailboxId, 'ann'), ['Ann One']);
  assert.equal(search.heldBytes, held);
});

test('a folder whose log was pruned beyond the index is read anew', async () => {
  const { mailboxes, names, mailbox } = await open();
  const mailboxId = await mailbox();
  const ids = await add(mailboxes, mailboxId, [card('Ann One'), card('Ann Two')]);
  assert.equal((await names(mailboxId, 'ann')).length, 2);
  await mailboxes.write(mailboxId, CLIENT_ORIGIN, (tx) => tx.deleteItem(ids[0]!));
  await add(mailboxes, mailboxId, [card('Ann Three')]);
  await mailboxes.prune(mailboxId, (await mailboxes.read(mailboxId).mailbox()).head);
  assert.deepEqual(await names(mailboxId, 'ann'), ['Ann Three', 'Ann Two']);
});

test('one mailbox never sees what is another’s', async () => {
  const { mailboxes, names, mailbox } = await open();
  const [one, other] = [await mailbox(), await mailbox()];
  await add(mailboxes, one, [card('Ann One')]);
  await add(mailboxes, other, [card('Ann Other')]);
  assert.deepEqual(await names(one, 'ann'), ['Ann One']);
  assert.deepEqual(await names(other, 'ann'), ['Ann Other']);
});

test('what is held is bounded: the mailbox that nobody asked about for longest goes, and is read anew', async () => {
  const { mailboxes, names, search, counts, mailbox } = await open(70_000);
  const boxes = [await mailbox(), await mailbox(), await mailbox()];
  for (const box of boxes) {
    await add(
      mailboxes,
      box,
      Array.from({ length: 90 }, (_, at) => card(`Ann ${at}`)),
    );
    assert.equal((await names(box, 'ann')).length, 90);
    assert.ok(search.heldBytes <= 70_000, `${search.heldBytes} bytes are held`);
  }
  assert.ok(search.heldBytes > 30_000, 'two of them have room');
  counts.contents = 0;
  await names(boxes[2]!, 'ann');
  assert.equal(counts.contents, 0);
  assert.equal((await names(boxes[0]!, 'ann')).length, 90);
  assert.equal(counts.contents, 90);
});

test('a mailbox that is larger than all that may be held is searched all the same', async () => {
  const { mailboxes, names, search, mailbox } = await open(1_000);
  const mailboxId = await mailbox();
  await add(
    mailboxes,
    mailboxId,
    Array.from({ length: 90 }, (_, at) => card(`Ann ${at}`)),
  );
  assert.equal((await names(mailboxId, 'ann')).length, 90);
  assert.equal(search.heldBytes, 0);
});

test('questions at once read the folder once', async () => {
  const { mailboxes, names, counts, mailbox } = await open();
  const mailboxId = await mailbox();
  await add(
    mailboxes,
    mailboxId,
    Array.from({ length: 250 }, (_, at) => card(`Ann ${at}`)),
  );
  const found = await Promise.all(['ann 1', 'ann 2', 'ann 3'].map((text) => names(mailboxId, text)));
  assert.deepEqual(
    found.map(({ length }) => length > 0),
    [true, true, true],
  );
  assert.equal(counts.contents, 250);
});

test('contacts with large photos are read one by one and found like others; groups and bytes that are no card are not', async () => {
  const { mailboxes, names, search, mailbox } = await open();
  const mailboxId = await mailbox();
  const photo = `PHOTO;ENCODING=b:${Buffer.alloc(100_000, 1).toString('base64')}\r\n`;
  await add(mailboxes, mailboxId, [card('Ann Large', photo), card('Ann Small')]);
  const home = await contactsFolder(mailboxes, mailboxId);
  const index = { kind: 'VCARD', uid: null, rangeStart: 0, rangeEnd: 0, filterKey: 0 } as const;
  const odd = { folderId: home.id, contentType: 'text/vcard', index };
  await mailboxes.write(mailboxId, CLIENT_ORIGIN, async (tx) => {
    await tx.createItem({ ...odd, name: 'odd', content: Buffer.from('ann ann ann') });
    await tx.createItem({
      ...odd,
      name: 'group',
      content: Buffer.from('BEGIN:VCARD\r\nVERSION:4.0\r\nKIND:group\r\nFN:Ann and others\r\nEND:VCARD\r\n'),
    });
  });
  assert.deepEqual(await names(mailboxId, 'ann'), ['Ann Large', 'Ann Small']);
  const [large] = await search.find(mailboxId, 'large');
  assert.equal(large!.hasPhoto, true);
});

test('a name is FN, else given and family name, else the first address; the preferred address stands first', async () => {
  const { mailboxes, search, mailbox } = await open();
  const mailboxId = await mailbox();
  const cards = [
    'FN:\r\nN:Lee;Ann;;;\r\nEMAIL:b@x.example\r\nEMAIL;TYPE=PREF:a@x.example\r\nEMAIL:nonsense\r\n',
    'FN:\r\nNICKNAME:annie\r\nEMAIL:mailto:ann@y.example\r\n',
  ];
  const contents = cards.map((text) =>
    Buffer.from(`BEGIN:VCARD\r\nVERSION:3.0\r\nUID:${text.length}\r\n${text}END:VCARD\r\n`),
  );
  await add(mailboxes, mailboxId, contents);
  const found = (await search.find(mailboxId, 'ann')).map(({ displayName, addresses }) => [displayName, addresses]);
  assert.deepEqual(found, [
    ['Ann Lee', ['a@x.example', 'b@x.example']],
    ['ann@y.example', ['ann@y.example']],
  ]);
});
