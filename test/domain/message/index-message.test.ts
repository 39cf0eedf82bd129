import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isGatewayError } from '../../../src/domain/errors.ts';
import { indexMailItem } from '../../../src/domain/message/index-message.ts';

test('a message is indexed by its Message-ID and Date', () => {
  const message = Buffer.from('Date: Fri, 21 Nov 1997 09:55:06 -0600\r\nMessage-ID: <1234@local.test>\r\n\r\nbody');
  const time = 880127706;
  assert.deepEqual(indexMailItem(message), {
    kind: 'MESSAGE',
    uid: '1234@local.test',
    rangeStart: time,
    rangeEnd: time,
    filterKey: time,
  });
});

test('without a readable date the time of receipt counts, without Message-ID there is no uid', () => {
  const index = indexMailItem(Buffer.from('Date: soon\r\n\r\nbody'), 1000);
  assert.deepEqual([index.uid, index.filterKey], [null, 1000]);
  assert.equal(indexMailItem(new Uint8Array(0)).filterKey, 0);
});

test('a header beyond the limit is refused as content-invalid', () => {
  const huge = Buffer.from(`A: b\n${'X: y\n'.repeat(1_000_000)}`);
  assert.throws(
    () => indexMailItem(huge),
    (error) => isGatewayError(error, 'content-invalid'),
  );
});
