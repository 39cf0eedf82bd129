import assert from 'node:assert/strict';
import { EasQueryError } from '../../protocols/activesync/query/error.ts';
import { parseQuery } from '../../protocols/activesync/query/parse-query.ts';
import { withHeaders } from '../../protocols/activesync/query/request-line.ts';
import type { FuzzTarget } from './fuzz.ts';

const PLAIN = 'Cmd=Sync&User=EX%5Ctest&DeviceId=Appl5K0113UN3NR&DeviceType=iPhone&CollectionId=mail%2F1&SaveInSent=T';
/** Sync, 14.1, with key, user and options. */
const BYTES = Buffer.from('8d00070407646576696365310401020304035050430101630701030803616e61', 'hex');

/** Request lines: only EasQueryError; what is read has a device with its aliases, and both alphabets say the same. */
export const easQueryTarget: FuzzTarget = {
  name: 'eas-query',
  seeds: () => [
    Buffer.from(PLAIN),
    BYTES,
    Buffer.from(BYTES.toString('base64')),
    Buffer.from('DeviceId=validate&Cmd=x'),
  ],
  dictionary: [
    'Cmd=',
    '&DeviceId=',
    '&DeviceType=',
    '%',
    '%2',
    '%C3%BC',
    '+',
    '/',
    '-',
    '_',
    '==',
    '&',
    'Options',
    '\x08\xff',
  ],
  run(input) {
    check(Buffer.from(input).toString('latin1'));
    // Short enough that no spelling passes the limit on the query's length.
    const bytes = Buffer.from(input.subarray(0, 2000));
    const base64 = bytes.toString('base64');
    const line = check(base64);
    assert.deepEqual(check(bytes.toString('base64url')), line);
    assert.deepEqual(check(encodeURIComponent(base64)), line);
  },
};

function check(raw: string): unknown {
  try {
    const line = parseQuery(raw);
    assert.ok(line.deviceIdAliases[0] === line.deviceId.toLowerCase() && line.deviceType.length > 0);
    assert.ok(line.policyKey === null || (line.policyKey > 0 && line.policyKey <= 0xffff_ffff));
    const filled = withHeaders(line, { protocolVersion: '2.5', policyKey: '1' });
    assert.equal(filled.protocolVersion, line.protocolVersion ?? '2.5');
    assert.equal(filled.policyKey, line.policyKey ?? 1);
    return line;
  } catch (error) {
    if (error instanceof EasQueryError) return { code: error.code, command: error.command };
    throw error;
  }
}
