import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Turn } from '../../src/domain/turn.ts';

test('a turn passes on after 10 ms of computing, and not before', async () => {
  let elapsed = 5;
  let others = 0;
  const turn = new Turn({ elapsed: () => elapsed });
  const passed = async () => {
    const before = others;
    setImmediate(() => {
      others += 1;
    });
    await turn.pass();
    return others > before;
  };
  elapsed += 9;
  assert.equal(await passed(), false);
  elapsed += 1;
  assert.equal(await passed(), true);
  assert.equal(await passed(), false, 'a new turn begins');
});

test('between the chunks of a large item others have their turn', async () => {
  let elapsed = 0;
  const order: string[] = [];
  async function* chunks() {
    for (const chunk of ['a', 'b']) yield chunk;
  }
  for await (const chunk of new Turn({ elapsed: () => elapsed }).between(chunks())) {
    order.push(chunk);
    setImmediate(() => order.push(`after ${chunk}`));
    elapsed += 20;
  }
  assert.deepEqual(order, ['a', 'after a', 'b', 'after b']);
});
