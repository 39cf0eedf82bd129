import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { test } from 'node:test';
import type { SMTPServerDataStream } from 'smtp-server';
import { ChunkCollector } from '../../src/mail/chunk-collector.ts';
import { toCrlf } from '../../src/mail/line-ends.ts';
import { memoryBudget, receiveMessage } from '../../src/mail/lmtp/receive-message.ts';
import { seededRandom, seedOf } from '../support/random.ts';
import { MailWorld } from './world.ts';

const ARRIVAL = { sender: 'a@b.example', client: null, protocol: 'LMTP', id: '1', hostName: 'h', at: 0 } as const;

function dataStream(): SMTPServerDataStream {
  return Object.assign(new PassThrough(), { byteLength: 0, sizeExceeded: false });
}

test('more messages at once than memory is meant for are asked to come again; one alone always fits', async (t) => {
  const world = new MailWorld(t, 'memory');
  const ana = await world.user('ana@example.org');
  const recipients = [{ address: 'ana@example.org', user: ana }];
  const budget = memoryBudget(1000);
  const [first, second] = [dataStream(), dataStream()];
  const receive = (stream: SMTPServerDataStream) =>
    receiveMessage(world.services, budget, stream, { arrival: ARRIVAL, recipients });
  const [one, two] = [receive(first), receive(second)];
  first.write(Buffer.alloc(900, 'x'));
  await world.settle();
  second.end(Buffer.alloc(900, 'y'));
  const [refused] = await two;
  assert.equal((refused as { responseCode: number }).responseCode, 451);
  first.end();
  assert.match(String((await one)[0]), /delivered$/);
  const large = dataStream();
  large.end(Buffer.alloc(5000, 'z'));
  assert.match(String((await receive(large))[0]), /delivered$/);
  assert.equal((await world.held(ana.mailboxId, 'inbox')).length, 2);
});

test('bytes are gathered as they come, in whatever pieces', () => {
  const seed = seedOf(5);
  const random = seededRandom(seed);
  const whole = Buffer.from(random.bytes(300_000));
  const collector = new ChunkCollector();
  for (let at = 0; at < whole.length; ) {
    const end = at + random.below(random.pick([3, 1000, 200_000]));
    collector.write(whole.subarray(at, end));
    at = Math.min(end, whole.length);
  }
  const blocks = collector.end();
  assert.deepEqual(Buffer.concat(blocks), whole, `seed ${seed}`);
  assert.equal(blocks.length, Math.ceil(whole.length / 65_536));
  assert.deepEqual(new ChunkCollector().end(), []);
});

test('line ends: those that are CRLF cost no copy, others become so', () => {
  const right = [Buffer.from('a\r'), Buffer.from('\nb\r\n')];
  assert.equal(toCrlf(right), right);
  const mixed = ['a\n', '\nb\r', 'c\r', '\n\r'].map((text) => Buffer.from(text));
  assert.equal(Buffer.concat(toCrlf(mixed)).toString(), 'a\r\n\r\nb\r\nc\r\n\r\n');
});
