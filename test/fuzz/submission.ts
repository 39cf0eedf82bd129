import assert from 'node:assert/strict';
import { GatewayError } from '../../src/domain/errors.ts';
import { readAddress } from '../../src/mail/mail-address.ts';
import { type PreparedMessage, prepareMessage } from '../../src/mail/prepare-message.ts';
import { readHeader } from '../../src/mail/read-header.ts';
import { makeMessage } from '../formats/mime/generate.ts';
import { seededRandom } from '../support/random.ts';
import type { FuzzTarget } from './fuzz.ts';

const PRINCIPAL = {
  userId: 1,
  localPart: 'ana',
  domain: 'example.org',
  displayName: 'Ana',
  mailboxId: 1,
  isAdmin: false,
};
const HEADER = 'From: Ana <ana@example.org>\r\nTo: b@x.example\r\nBcc: c@x.example\r\n';

/** Whatever a program sends is refused or becomes one message: no Bcc, no bare line end, one own From, the same however it is cut. */
export const submissionTarget: FuzzTarget = {
  name: 'submission',
  seeds: () =>
    Array.from({ length: 20 }, (_, seed) => Buffer.concat([Buffer.from(HEADER), makeMessage(seededRandom(seed + 1))])),
  dictionary: [
    'Bcc: x@y.example\r\n',
    'bCC :',
    'From: ',
    'ana@example.org',
    'To: a@b.example, ',
    '\r\n\r\n',
    'Date: ',
    'Message-ID: <',
    '<>',
    '@',
    'Sender: ',
    'From x',
  ],
  run(input) {
    const whole = tryPrepare([input]);
    const cut = input.length === 0 ? 0 : input[0]! % input.length;
    const pieces = tryPrepare([input.subarray(0, cut), input.subarray(cut)]);
    assert.deepEqual(pieces && joined(pieces.sent), whole && joined(whole.sent));
    if (whole === null) return;
    const outgoing = joined(whole.outgoing);
    assert.doesNotMatch(outgoing, /\r(?!\n)|(?<!\r)\n/);
    assert.ok(joined(whole.sent).endsWith(outgoing));
    const { fields } = readHeader(whole.outgoing);
    const names = fields.map(({ name }) => name.toLowerCase());
    assert.ok(!names.includes('bcc') && !names.includes('resent-bcc') && !names.includes('return-path'));
    for (const name of ['from', 'date', 'message-id']) assert.ok(names.includes(name), name);
    assert.equal(names.filter((name) => name === 'from').length, 1);
    for (const address of whole.recipients) assert.equal(typeof readAddress(address), 'object');
    // What was made is taken again as it is.
    assert.equal(joined(tryPrepare(whole.sent)!.sent), joined(whole.sent));
  },
};

function tryPrepare(chunks: readonly Uint8Array[]): PreparedMessage | null {
  try {
    return prepareMessage({ principal: PRINCIPAL, chunks, now: 0, random: (length) => new Uint8Array(length) });
  } catch (error) {
    if (error instanceof GatewayError) return null;
    throw error;
  }
}

function joined(chunks: readonly Uint8Array[]): string {
  return Buffer.concat(chunks).toString('latin1');
}
