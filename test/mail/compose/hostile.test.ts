import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GatewayError } from '../../../src/domain/errors.ts';
import { indexMessage } from '../../../src/formats/mime/message-indexer.ts';
import { CannotCompose } from '../../../src/mail/compose/cannot-compose.ts';
import { composeReply } from '../../../src/mail/compose/compose-reply.ts';
import { originalMessage } from '../../../src/mail/compose/original.ts';
import { makeMessage } from '../../formats/mime/generate.ts';
import { fuzz } from '../../fuzz/fuzz.ts';
import { seededRandom } from '../../support/random.ts';

/** Between the message and its original. */
const SPLIT = '\r\n%%%\r\n';
const SEED = 11;
const COUNT = 400;

/** Mutated pairs of messages. The fuzzer itself knows readers that answer at once; this one reads streams. */
function hostilePairs(): (readonly [message: Uint8Array, source: Uint8Array])[] {
  const inputs: Buffer[] = [];
  const target = {
    name: 'compose',
    seeds: () =>
      Array.from({ length: 20 }, (_, seed) => {
        const random = seededRandom(seed + 1);
        return Buffer.concat([makeMessage(random), Buffer.from(SPLIT), makeMessage(random)]);
      }),
    dictionary: [
      SPLIT,
      'Content-Type: text/html',
      'Content-Type: multipart/signed; boundary=a',
      'Content-Type: multipart/encrypted; boundary=a',
      'Content-Transfer-Encoding: base64',
      'Bcc: hidden@x.example\r\n',
      '</body>',
      '<body>',
      '<style>',
      'cid:',
      'begin 644 a\r\n',
      '\r\n\r\n',
      'References: <',
      'format=flowed',
    ],
    run: (input: Uint8Array) => void inputs.push(Buffer.from(input)),
  };
  fuzz(target, { seed: SEED, count: COUNT });
  return inputs.map((input) => {
    const at = input.indexOf(SPLIT);
    return at < 0 ? [input, input] : [input.subarray(0, at), input.subarray(at + SPLIT.length)];
  });
}

test(`whatever is answered with whatever is refused or becomes one message that can be read (seed ${SEED})`, async () => {
  let composedOnes = 0;
  for (const [place, [message, source]] of hostilePairs().entries()) {
    for (const kind of ['reply', 'forward'] as const) {
      const composed = await tryCompose(kind, message, source);
      if (composed === null) continue;
      composedOnes += 1;
      assert.doesNotMatch(composed.toString('latin1'), /\r(?!\n)|(?<!\r)\n/, `input ${place}`);
      const { fields } = indexMessage(composed, { maxParts: 100_000, maxDepth: 200 });
      assert.ok(
        fields.some(({ name }) => name.toLowerCase() === 'mime-version'),
        `input ${place}`,
      );
    }
  }
  assert.ok(composedOnes > COUNT, 'most are messages of some kind');
});

async function tryCompose(kind: 'reply' | 'forward', message: Uint8Array, source: Uint8Array): Promise<Buffer | null> {
  try {
    const { fields: thread, ...original } = await originalMessage(source);
    return Buffer.concat(
      await composeReply({ kind, message, original, thread, now: 0, random: seededRandom(1).bytes }),
    );
  } catch (error) {
    if (error instanceof GatewayError || error instanceof CannotCompose) return null;
    throw error;
  }
}
