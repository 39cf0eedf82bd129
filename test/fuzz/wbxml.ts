import assert from 'node:assert/strict';
import { isDeepStrictEqual } from 'node:util';
import { decodeWbxml } from '../../protocols/activesync/wbxml/decode.ts';
import { isElement, type WbxElement } from '../../protocols/activesync/wbxml/element.ts';
import { encodeWbxml } from '../../protocols/activesync/wbxml/encode.ts';
import { WbxmlError } from '../../protocols/activesync/wbxml/errors.ts';
import { wbxmlToXml } from '../../protocols/activesync/wbxml/to-xml.ts';
import { HEADER } from '../../protocols/activesync/wbxml/tokens.ts';
import { comparable, cut, randomTree } from '../protocols/activesync/wbxml/generate.ts';
import { seededRandom } from '../support/random.ts';
import type { FuzzTarget } from './fuzz.ts';

const LIMITS = {
  maxBytes: 48 * 1024,
  maxDepth: 12,
  maxElements: 2000,
  maxStringBytes: 8 * 1024,
  maxOpaqueBytes: 16 * 1024,
};

/** Documents: only WbxmlError, the limits hold, any cutting says the same, and what was read is written and read again. */
export const wbxmlTarget: FuzzTarget = {
  name: 'wbxml',
  seeds() {
    const random = seededRandom(11);
    const any = { version: 'any' } as const;
    const trees = Array.from({ length: 40 }, () => encodeWbxml(randomTree(random), any)).filter(
      ({ length }) => length < 9000,
    );
    const table = Buffer.from('0300006a0474776f00454b036f6e65008300020001c3020102010283e700', 'hex');
    return [...trees, table, Buffer.from('03016a004503', 'hex'), new Uint8Array()];
  },
  dictionary: [
    '\x03\x01\x6a\x00',
    '\x00\x11',
    '\x45',
    '\x01\x01',
    '\x03abc\x00',
    '\xc3\x00',
    '\xc3\x8f\xff\xff\xff\x7f',
    '\x83\x00',
    '\x02\x87\xe7\x02',
    '\x85',
    '\x43',
    '\xf0\x9f\x8e',
  ],
  run(input) {
    check(input);
    // Behind a header that is right, more of the body is reached.
    check(Buffer.concat([Buffer.from(HEADER), input.subarray(HEADER.length)]));
  },
};

function check(input: Uint8Array): void {
  const whole = attempt(input);
  const random = seededRandom(input.length);
  const pieces = attempt(cut(input, random.pick([1, 5, 500]), random));
  if (whole instanceof WbxmlError || pieces instanceof WbxmlError) {
    assert.ok(isDeepStrictEqual(told(whole), told(pieces)), `whole: ${told(whole)}, in pieces: ${told(pieces)}`);
    return;
  }
  const { depth, count } = measure(whole);
  assert.ok(depth <= LIMITS.maxDepth && count <= LIMITS.maxElements && input.length <= LIMITS.maxBytes);
  const expected = comparable(whole);
  assert.ok(isDeepStrictEqual(comparable(pieces), expected), 'pieces gave another tree');
  assert.ok(isDeepStrictEqual(comparable(decodeWbxml(encodeWbxml(whole, { version: 'any' }))), expected), 'round trip');
  assert.ok(wbxmlToXml(whole).length > 0);
}

function attempt(input: Uint8Array | Uint8Array[]): WbxElement | WbxmlError {
  try {
    return decodeWbxml(input, LIMITS);
  } catch (error) {
    if (error instanceof WbxmlError) return error;
    throw error;
  }
}

function told(result: WbxElement | WbxmlError): string {
  return result instanceof WbxmlError ? `${result.code} at ${result.offset}` : 'a document';
}

function measure(element: WbxElement): { depth: number; count: number } {
  const inner = element.children.map((content) => (isElement(content) ? measure(content) : { depth: 0, count: 1 }));
  return {
    depth: 1 + Math.max(0, ...inner.map(({ depth }) => depth)),
    count: 1 + inner.reduce((sum, { count }) => sum + count, 0),
  };
}
