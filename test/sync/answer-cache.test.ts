import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Item } from '../../src/domain/item.ts';
import { AnswerCache } from '../../src/sync/answer-cache.ts';
import type { SyncAnswer } from '../../src/sync/request.ts';
import type { Sized } from '../../src/sync/translator.ts';

const target = (device: string) => ({ mailboxId: 1, folderId: 2, device });

function answerOf(key: string, size: number): SyncAnswer<Sized> {
  const facts = { kind: 'answer', key, outcomes: [], hasMore: false, isEmpty: false } as const;
  const commands = [{ kind: 'add', itemId: 1, item: {} as Item, rendered: { size } }] as const;
  return { ...facts, commands, quarantined: 0, isQuarantineAlarm: false };
}

test('an answer is given again for the same bytes while its key is the current one', () => {
  const cache = new AnswerCache<Sized>();
  const answer = answerOf('k', 10);
  cache.keep(target('p'), 'f', answer);
  assert.equal(cache.take(target('p'), 'k', 'f'), answer);
  assert.equal(cache.take(target('p'), 'k', 'g'), null);
  assert.equal(cache.take(target('p'), 'l', 'f'), null);
  assert.equal(cache.take(target('q'), 'k', 'f'), null);
  assert.deepEqual([cache.served(target('p'), 'k'), cache.served(target('p'), 'l')], [1, 0]);
});

test('a request without a fingerprint leaves no answer, and takes the one before away', () => {
  const cache = new AnswerCache<Sized>();
  cache.keep(target('p'), 'f', answerOf('k', 10));
  cache.keep(target('p'), null, answerOf('l', 10));
  assert.equal(cache.take(target('p'), 'k', 'f'), null);
});

test('the oldest answers go when there is no room, and one that is too large is not kept', () => {
  const cache = new AnswerCache<Sized>(80_000);
  for (let n = 0; n < 20; n += 1) cache.keep(target(`p${n}`), 'f', answerOf('k', 9_000));
  const kept = Array.from({ length: 20 }, (_, n) => n).filter((n) => cache.take(target(`p${n}`), 'k', 'f') !== null);
  assert.deepEqual(kept, [12, 13, 14, 15, 16, 17, 18, 19]);
  cache.keep(target('p19'), 'f', answerOf('k', 50_000));
  assert.equal(cache.take(target('p19'), 'k', 'f'), null);
  cache.clear();
  assert.equal(cache.take(target('p15'), 'k', 'f'), null);
});
