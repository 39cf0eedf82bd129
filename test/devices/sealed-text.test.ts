import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createTextSeal } from '../../src/devices/sealed-text.ts';
import { seededRandom } from '../support/random.ts';

const KEY = Buffer.alloc(32, 1);
const OF_PHONE = ['recovery-password', 7, 'phone'];

function sealWith(key: Uint8Array = KEY) {
  return createTextSeal(key, seededRandom(4).bytes);
}

test('what is sealed is opened for the same thing alone, with the same key alone', () => {
  const { seal, open } = sealWith();
  for (const text of ['7134605529', 'Grüße 🎉 "', 'x'.repeat(255), '']) {
    const sealed = seal(text, OF_PHONE);
    assert.equal(open(sealed, OF_PHONE), text);
    assert.equal(sealWith(Buffer.alloc(32, 2)).open(sealed, OF_PHONE), null);
    for (const other of [
      ['recovery-password', 8, 'phone'],
      ['recovery-password', 7, 'tablet'],
      ['recovery-password', '7', 'phone'],
      ['recovery-password', 7],
      [],
    ]) {
      assert.equal(open(sealed, other), null, JSON.stringify(other));
    }
  }
});

test('every changed or missing byte is noticed', () => {
  const { seal, open } = sealWith();
  const bytes = Buffer.from(seal('7134605529', OF_PHONE), 'base64');
  for (const at of bytes.keys()) {
    const changed = Buffer.from(bytes);
    changed[at]! ^= 1;
    assert.equal(open(changed.toString('base64'), OF_PHONE), null, `byte ${at}`);
    assert.equal(open(bytes.subarray(0, at).toString('base64'), OF_PHONE), null, `cut at ${at}`);
  }
});

test('the same text is sealed differently each time, and is not to be seen', () => {
  const { seal } = sealWith();
  const all = Array.from({ length: 20 }, () => seal('correct horse', OF_PHONE));
  assert.equal(new Set(all.map((sealed) => sealed.slice(0, 16))).size, all.length);
  for (const sealed of all) assert.ok(!Buffer.from(sealed, 'base64').includes('correct'));
});

test('a key of another length is refused', () => {
  assert.throws(() => sealWith(Buffer.alloc(16)).seal('x', OF_PHONE), /Invalid key length/);
});
