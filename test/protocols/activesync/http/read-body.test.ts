import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingMessage, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { readBody } from '../../../../protocols/activesync/http/read-body.ts';
import { WbxmlError } from '../../../../protocols/activesync/wbxml/errors.ts';
import { seededRandom } from '../../../support/random.ts';

test('a packed body that is refused in its middle leaves the request whole, so that it can be answered', async (t) => {
  const server = createServer();
  t.after(() => server.close());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const headers = { 'Content-Encoding': 'gzip', 'Content-Length': 1_000_000 };
  const sent = request({ port, host: '127.0.0.1', method: 'POST', headers });
  t.after(() => sent.destroy());
  sent.on('error', () => undefined);
  sent.write(gzipSync(Buffer.concat([Buffer.from([9, 9, 9]), seededRandom(1).bytes(300_000)])));
  const [received] = (await once(server, 'request')) as [IncomingMessage];
  await assert.rejects(readBody(received, false, 64 * 1024 * 1024), WbxmlError);
  await new Promise(setImmediate);
  assert.equal(received.destroyed, false);
  assert.ok(received.socket);
});
