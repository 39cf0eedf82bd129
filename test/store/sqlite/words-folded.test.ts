import assert from 'node:assert/strict';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { Connection } from '../../../src/store/sqlite/connection.ts';
import { MIGRATIONS, migrate } from '../../../src/store/sqlite/migrate.ts';
import { WORDS_FOLDED } from '../../../src/store/sqlite/migrations/0013-words-folded.ts';
import { openAt, tempFolder } from './sqlite-fixture.ts';

test('words that an earlier version kept are forgotten, and their messages are pending again', async (t) => {
  const path = join(tempFolder(t), 'old.db');
  const db = new DatabaseSync(path);
  const before = MIGRATIONS.indexOf(WORDS_FOLDED);
  migrate(new Connection(db), 1, MIGRATIONS.slice(0, before));
  db.exec(`INSERT INTO mailbox (mailbox_id, head) VALUES (1, 9)`);
  db.exec(`INSERT INTO folder (mailbox_id, folder_id, parent_id, item_class, home, name, components, created_at, rev, last, pruned)
    VALUES (1, 2, 0, 'mail', 'mail', 'inbox', '[]', 0, 1, 7, 0)`);
  db.exec(`INSERT INTO item (mailbox_id, item_id, folder_id, name, size, content_type, kind, range_start, range_end,
      filter_key, entered, rev, content_rev, created_at, modified_at, flags)
    VALUES (1, 3, 2, 'm', 0, 'message/rfc822', 'MESSAGE', 0, 0, 0, 7, 7, 7, 0, 0, '{}')`);
  db.exec(`INSERT INTO message_text (rowid, words) VALUES ((1 << 40) | 3, '1\ue000møller')`);
  db.exec('INSERT INTO message_words (mailbox_id, item_id, content_rev, thread) VALUES (1, 3, 7, NULL)');
  db.exec('INSERT INTO search_position VALUES (1, 2, 7)');
  db.close();
  const { search } = openAt(t, path).stores;
  const find = async (word: string) => {
    const query = { folders: [2], words: [word], thread: null, after: null, before: null, offset: 0, limit: 10 };
    return (await search.find(1, query)).items.map(({ id }) => id);
  };
  assert.deepEqual(await find('møller'), []);
  const { items, upTo } = await search.pending(1, 2, 10);
  assert.deepEqual(
    items.map(({ id, contentRev }) => [id, contentRev]),
    [[3, 7]],
  );
  await search.put(1, 2, upTo, [{ itemId: 3, contentRev: 7, words: ['moller'], thread: null }]);
  assert.deepEqual([await find('moller'), await find('møller')], [[3], []]);
  assert.deepEqual((await search.pending(1, 2, 10)).items, []);
});
