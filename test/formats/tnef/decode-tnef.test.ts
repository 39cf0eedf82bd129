import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeTnef } from '../../../src/formats/tnef/decode-tnef.ts';
import { seededRandom } from '../../support/random.ts';
import { tnefOf } from './tnef-sample.ts';

const FILES = [
  { title: 'REPORT~1.TXT', long: 'Bericht für März.txt', mediaType: 'text/plain', data: Buffer.from('hello') },
  { title: 'b.bin', data: Buffer.from([0, 1, 2, 3, 4]) },
];

test('MS-OXTNEF files are found with long names, types and bytes', () => {
  const files = decodeTnef(tnefOf(FILES));
  assert.deepEqual(
    files.map(({ name, mediaType, bytes }) => [name, mediaType, [...bytes]]),
    [
      ['Bericht für März.txt', 'text/plain', [...Buffer.from('hello')]],
      ['b.bin', null, [0, 1, 2, 3, 4]],
    ],
  );
});

test('what is no TNEF has no files', () => {
  assert.deepEqual(decodeTnef(Buffer.from('hello')), []);
  assert.deepEqual(decodeTnef(new Uint8Array(0)), []);
});

test('a stream cut anywhere gives the files before the cut', () => {
  const whole = tnefOf(FILES);
  for (let length = 0; length < whole.length; length += 1) {
    assert.ok(decodeTnef(whole.subarray(0, length)).length <= 2);
  }
  assert.equal(decodeTnef(whole.subarray(0, whole.length - 4)).length, 1);
});

test('random damage never throws and never yields more bytes than there are', () => {
  const random = seededRandom(11);
  const whole = tnefOf(FILES);
  for (let round = 0; round < 5_000; round += 1) {
    const damaged = Buffer.from(whole);
    for (let hits = 0; hits < 4; hits += 1) damaged[random.below(damaged.length)] = random.below(256);
    for (const { bytes } of decodeTnef(damaged)) assert.ok(bytes.length <= damaged.length);
  }
});
