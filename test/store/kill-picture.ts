import assert from 'node:assert/strict';
import type { MailboxReader } from '../../src/store/mailbox-store.ts';
import { contentOf } from './kill-history.ts';

/** What a store holds, as tokens by 'folder/name'; every byte of content is compared on the way. */
export async function readPicture(read: MailboxReader): Promise<Map<string, string>> {
  const picture = new Map<string, string>();
  for (const folder of await read.folders()) {
    const { items, next } = await read.list(folder.id, { limit: 500, withContent: true });
    assert.equal(next, null);
    for (const { item, content } of items) {
      const token = item.uid ?? '';
      assert.ok(
        contentOf(token).equals(content!),
        `the content of ${folder.name}/${item.name} is not that of ${token}`,
      );
      picture.set(`${folder.name}/${item.name}`, token);
    }
  }
  return picture;
}
