import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeTnef } from '../../../src/formats/tnef/decode-tnef.ts';
import { readMapiProperties } from '../../../src/formats/tnef/mapi-properties.ts';
import { TnefReader } from '../../../src/formats/tnef/tnef-reader.ts';
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

test('MS-OXCDATA §2.11.1 a list of nulls is passed over at once, however long it says it is', () => {
  const nulls = [...[0x01, 0x10, 0x01, 0x37], ...[0xff, 0xff, 0xff, 0xff]];
  const index = [...[0x03, 0x00, 0x05, 0x37], ...[7, 0, 0, 0]];
  const read = readMapiProperties(new TnefReader(Buffer.from([...[2, 0, 0, 0], ...nulls, ...index])));
  assert.deepEqual([read.get(0x3701)?.value.length, read.get(0x3705)?.value[0]], [0, 7]);
});
