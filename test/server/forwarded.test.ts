import assert from 'node:assert/strict';
import type { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { test } from 'node:test';
import { createClientReader } from '../../src/server/forwarded.ts';

function request(peer: string, headers: Readonly<Record<string, string>>): IncomingMessage {
  const socket = new Socket();
  Object.defineProperty(socket, 'remoteAddress', { value: peer });
  return { socket, headers } as unknown as IncomingMessage;
}

const read = createClientReader(['10.0.0.0/8', '2001:db8::1', '192.0.2.7']);

test('without trusted front ends the headers are ignored', () => {
  const headers = { 'x-forwarded-for': '1.2.3.4', 'x-forwarded-proto': 'https' };
  assert.deepEqual(createClientReader([])(request('10.0.0.1', headers)), {
    remoteAddress: '10.0.0.1',
    isSecure: false,
  });
  assert.deepEqual(read(request('203.0.113.9', headers)), { remoteAddress: '203.0.113.9', isSecure: false });
});

test('a trusted front end tells address and scheme', () => {
  const headers = { 'x-forwarded-for': '1.2.3.4', 'x-forwarded-proto': 'https' };
  assert.deepEqual(read(request('10.1.1.1', headers)), { remoteAddress: '1.2.3.4', isSecure: true });
  assert.deepEqual(read(request('::ffff:10.1.1.1', headers)), { remoteAddress: '1.2.3.4', isSecure: true });
  assert.deepEqual(read(request('2001:db8::1', headers)), { remoteAddress: '1.2.3.4', isSecure: true });
});

test('what the client itself wrote to the left is not believed', () => {
  const headers = { 'x-forwarded-for': '127.0.0.1, 198.51.100.5, 192.0.2.7' };
  assert.equal(read(request('10.1.1.1', headers)).remoteAddress, '198.51.100.5');
});

test('entries with ports and brackets are read, others end the chain', () => {
  assert.equal(read(request('10.1.1.1', { 'x-forwarded-for': '[2001:db8::9]:443' })).remoteAddress, '2001:db8::9');
  assert.equal(read(request('10.1.1.1', { 'x-forwarded-for': '1.2.3.4:5' })).remoteAddress, '1.2.3.4');
  assert.equal(read(request('10.1.1.1', { 'x-forwarded-for': '1.2.3.4, unknown' })).remoteAddress, '10.1.1.1');
  assert.equal(read(request('10.1.1.1', {})).remoteAddress, '10.1.1.1');
});
