import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { NO_QUOTA } from '../../src/domain/quota.ts';
import type { UseQuery } from '../../src/store/usage-store.ts';
import { bytes, mailboxWithFolder, newItem, type OpenStore } from './store-under-test.ts';

/** Four mailboxes with 50 of 100 bytes, 1 of 1 items, 50 bytes of no quota, and nothing of nothing. */
async function fixture(open: OpenStore) {
  const store = await open();
  const { usage } = store;
  const boxes = [];
  for (const content of ['x'.repeat(50), 'x', 'x'.repeat(50), null]) {
    const box = await mailboxWithFolder(store);
    if (content !== null) await box.add('a', content);
    boxes.push(box);
  }
  const [half, full, free, nothing] = boxes.map(({ mailboxId }) => mailboxId) as [number, number, number, number];
  await usage.setOwn(half, { bytes: 100, items: null }, NO_QUOTA);
  await usage.setOwn(full, { bytes: null, items: 1 }, { bytes: 100, items: 7 });
  await usage.setOwn(nothing, { bytes: 0, items: null }, NO_QUOTA);
  const list = async (query: Partial<UseQuery> = {}) => {
    const page = await usage.list({ after: null, limit: 500, ...query });
    return page.uses.map(({ mailboxId }) => mailboxId);
  };
  return { store, usage, boxes, half, full, free, nothing, list };
}

/** Everything a UsageStore must do, run whole over every adapter. */
export function usageStoreContract(name: string, open: OpenStore): void {
  describe(`${name}: UsageStore`, () => {
    test('lists the fullest first, by the greater of the two shares, and those without a quota last', async () => {
      const { list, half, full, free, nothing } = await fixture(open);
      assert.deepEqual(await list(), [full, nothing, half, free]);
      assert.deepEqual(await list({ leastShare: 501 }), [full, nothing]);
      assert.deepEqual(await list({ leastShare: 500 }), [full, nothing, half]);
      assert.deepEqual(await list({ among: [free, half, 999] }), [half, free]);
    });

    test('gives what a mailbox holds, may hold, and has of its own', async () => {
      const { usage, full, half } = await fixture(open);
      assert.deepEqual(await usage.of(full), {
        ...{ mailboxId: full, usedBytes: 1, items: 1, share: 1000 },
        ...{ quota: { bytes: 100, items: 1 }, own: { bytes: null, items: 1 } },
      });
      const { uses } = await usage.list({ after: null, limit: 500, among: [half] });
      assert.deepEqual(uses, [await usage.of(half)]);
      await assert.rejects(usage.of(999), { code: 'folder-not-found' });
      await assert.rejects(usage.setOwn(999, { bytes: 1, items: 1 }, NO_QUOTA), { code: 'folder-not-found' });
    });

    test('what holds for others changes only where a mailbox has nothing of its own, and is refused by at once', async () => {
      const { usage, boxes, half, full, free } = await fixture(open);
      await usage.setOwn(half, { bytes: 'none', items: null }, NO_QUOTA);
      await usage.setOthers([half, full, free, 999], { bytes: 60, items: 2 });
      const quotas = await Promise.all([half, full, free].map(async (id) => (await usage.of(id)).quota));
      assert.deepEqual(quotas, [
        { bytes: null, items: 2 },
        { bytes: 60, items: 1 },
        { bytes: 60, items: 2 },
      ]);
      await assert.rejects(boxes[2]!.add('b', 'x'.repeat(11)), { code: 'quota-exceeded' });
      await usage.setOthers([free], NO_QUOTA);
      assert.deepEqual((await usage.of(free)).quota, NO_QUOTA);
      await boxes[2]!.add('b', 'x'.repeat(11));
    });

    test('the order follows each write, also one that shrinks, and a mailbox that goes', async () => {
      const { store, usage, boxes, half, full, free, nothing, list } = await fixture(open);
      const item = await boxes[1]!.read.itemByName(boxes[1]!.folder.id, 'a');
      await boxes[1]!.write((tx) => tx.deleteItem(item!.id));
      assert.deepEqual(await list(), [nothing, half, full, free]);
      assert.equal(await usage.count(500), 2);
      await store.mailboxes.removeMailbox(half);
      assert.deepEqual(await list(), [nothing, full, free]);
      assert.equal(await usage.count(500), 1);
    });

    test('pages follow one another without a gap, also between equals and those without a quota', async () => {
      const { store, usage, list } = await fixture(open);
      for (let count = 0; count < 5; count += 1) await store.mailboxes.createMailbox();
      const whole = await list();
      const paged: number[] = [];
      for (let after: string | null = null; ; ) {
        const page = await usage.list({ after, limit: 2 });
        paged.push(...page.uses.map(({ mailboxId }) => mailboxId));
        if (page.next === null) break;
        after = page.next;
      }
      assert.deepEqual(paged, whole);
    });

    test('refuses a cursor that is none, and a limit out of range', async () => {
      const { list } = await fixture(open);
      for (const after of ['x', '1', '-2.1', '1.1.1'])
        await assert.rejects(list({ after }), { code: 'content-invalid' });
      for (const limit of [0, 501, 1.5]) await assert.rejects(list({ limit }), TypeError);
    });

    test('a notice of the server is kept also where the quota is used up', async () => {
      const { boxes, usage, full } = await fixture(open);
      const box = boxes[1]!;
      const item = { ...newItem(box.folder.id, 'b'), content: bytes('full') };
      await assert.rejects(
        box.write((tx) => tx.createItem(item)),
        { code: 'quota-exceeded' },
      );
      await box.write((tx) => tx.createItem({ ...item, exceeds: 'quota' }));
      assert.equal((await usage.of(full)).share, 2000);
    });
  });
}
