import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ClockTurns, inTurns } from '../../src/domain/turns.ts';

test('a turn is over after 10 ms of computing, and the next one begins when it is given', async () => {
  let elapsed = 1_000;
  const turns = new ClockTurns({ elapsed: () => elapsed }, async () => {
    elapsed += 500;
  });
  elapsed += 9;
  assert.equal(turns.isOver, false);
  elapsed += 1;
  assert.equal(turns.isOver, true);
  await turns.give();
  assert.equal(turns.isOver, false);
});

test('between the chunks of a large item others have their turn', async () => {
  let elapsed = 0;
  const order: string[] = [];
  const turns = new ClockTurns({ elapsed: () => elapsed }, async () => order.push('others'));
  async function* chunks() {
    yield* ['a', 'b', 'c'];
  }
  for await (const chunk of inTurns(chunks(), turns)) {
    order.push(chunk);
    elapsed += 6;
  }
  assert.deepEqual(order, ['a', 'b', 'others', 'c']);
});
