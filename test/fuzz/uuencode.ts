import assert from 'node:assert/strict';
import { type UuBlock, UuBlockScanner } from '../../src/formats/mime/uu-blocks.ts';
import { uuencoded } from '../formats/mime/uu-sample.ts';
import type { FuzzTarget } from './fuzz.ts';

/** Any text has its list of blocks: apart, in order, no more than there are bytes, the same however it is cut. */
export const uuencodeTarget: FuzzTarget = {
  name: 'uuencode',
  seeds: () => [
    Buffer.from(`Hello\r\n${uuencoded('a.bin', Buffer.from('some bytes of a file'))}bye\r\n`),
    Buffer.from(uuencoded('b', Buffer.alloc(200, 7), '\n') + uuencoded('c', Buffer.alloc(0), '\n')),
  ],
  dictionary: ['begin 644 x\r\n', 'begin ', 'end\r\n', '`\r\n', 'M', '\r', '\n', '    '],
  run(input) {
    const limits = { maxTextBytes: 2_000, maxBytes: 8_000, maxBlocks: 3 };
    const decoded = new Map<number, number>();
    const scanner = new UuBlockScanner(limits, (start, bytes) => {
      decoded.set(start, (decoded.get(start) ?? 0) + bytes.length);
    });
    scanner.write(input);
    const blocks = scanner.end();
    let covered = 0;
    for (const { range, size } of blocks) {
      assert.ok(range.start >= covered && range.end > range.start && range.end <= input.length);
      // Blanks that were lost are data: a length and a line end may stand for 63 bytes, no less.
      assert.ok(size <= (range.end - range.start) * 32);
      assert.equal(decoded.get(range.start) ?? 0, size);
      covered = range.end;
    }
    assert.deepEqual(scanInHalves(input, limits), blocks);
  },
};

function scanInHalves(input: Uint8Array, limits: ConstructorParameters<typeof UuBlockScanner>[0]): readonly UuBlock[] {
  const scanner = new UuBlockScanner(limits);
  const middle = input.length === 0 ? 0 : input[0]! % input.length;
  scanner.write(input.subarray(0, middle));
  scanner.write(input.subarray(middle));
  return scanner.end();
}
