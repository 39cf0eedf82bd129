import assert from 'node:assert/strict';
import { decodeTnef } from '../../src/formats/tnef/decode-tnef.ts';
import { tnefOf } from '../formats/tnef/tnef-sample.ts';
import type { FuzzTarget } from './fuzz.ts';

/** winmail.dat: never an error, never more files or bytes than the input can hold. */
export const tnefTarget: FuzzTarget = {
  name: 'tnef',
  seeds: () => [
    tnefOf([{ title: 'a.txt', long: 'A long name.txt', mediaType: 'text/plain', data: Buffer.from('hello') }]),
    tnefOf([]),
  ],
  dictionary: [
    '\x02\x02\x90\x06\x00',
    '\x02\x0f\x80\x06\x00',
    '\x02\x05\x90\x06\x00',
    '\x1e\x00',
    '\x01\x10',
    '\xff\xff\xff\x7f',
  ],
  run(input) {
    const files = decodeTnef(input);
    assert.ok(files.length * 14 <= input.length, `${files.length} files`);
    for (const { bytes } of files) assert.ok(bytes.length <= input.length);
  },
};
