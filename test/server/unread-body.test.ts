import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { fakeClock } from '../support/fake-clock.ts';
import { type Answer, fakeBackend, RIGHT } from './support/fake-backend.ts';
import { rawConnection } from './support/raw.ts';
import { start } from './support/start.ts';

const fine: Answer = async (ctx) => {
  ctx.body = 'fine';
};

const refuseUnread: Answer = async (ctx) => {
  ctx.status = 413;
  ctx.body = 'too large for us';
};

test('a 401 to a small body keeps the connection', async (t) => {
  const { port } = await start(t, fakeBackend(fine));
  const raw = await rawConnection(port(0));
  raw.send('PUT /a HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n');
  assert.doesNotMatch(await raw.until(/401 Unauthorized[\s\S]*password\.\n/), /Connection: close/i);
  raw.send(`helloGET /healthz HTTP/1.1\r\nHost: a\r\n\r\n`);
  await raw.until(/200 OK[\s\S]*ready/);
  raw.socket.destroy();
});

test('a 401 to a huge body comes at once, says close, and the body is not read to its end', async (t) => {
  const { port, logged } = await start(t, fakeBackend(fine));
  const raw = await rawConnection(port(0));
  raw.send(`PUT /a HTTP/1.1\r\nHost: a\r\nContent-Length: ${1024 ** 3}\r\n\r\nbegin`);
  assert.match(await raw.until(/401 Unauthorized[\s\S]*password\.\n/), /Connection: close/i);
  // Goes on sending like a client that does not listen; the server stops it long before the gigabyte.
  const chunk = 'x'.repeat(64 * 1024);
  let sent = 0;
  while (!raw.socket.destroyed && sent < 1024) {
    sent++;
    await new Promise((resolve) => raw.socket.write(chunk, resolve));
  }
  await raw.rest();
  assert.ok(sent < 1024, 'the server read 64 MB of a body it had refused');
  assert.ok(Number(logged.find('request')[0]?.bytesIn) < 1024 ** 2);
});

test('a 401 to an endless chunked body discards a little and then ends the connection', async (t) => {
  const { port } = await start(t, fakeBackend(fine));
  const raw = await rawConnection(port(0));
  raw.send('PUT /a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n');
  await raw.until(/401 Unauthorized/);
  const chunk = `4000\r\n${'x'.repeat(0x4000)}\r\n`;
  let sent = 0;
  while (!raw.socket.destroyed && sent < 2000) {
    sent++;
    await new Promise((resolve) => raw.socket.write(chunk, resolve));
  }
  assert.ok(sent < 2000, 'the server read an endless body');
});

test('a protocol that stops reading a body and closes still gets its answer through', async (t) => {
  const { port } = await start(
    t,
    fakeBackend(async (ctx) => {
      for await (const _chunk of ctx.req.iterator({ destroyOnReturn: false })) break;
      ctx.status = 413;
      ctx.set('Connection', 'close');
      ctx.body = 'too large for us';
    }),
  );
  const raw = await rawConnection(port(0));
  raw.send(
    `PUT /calendars/x HTTP/1.1\r\nHost: a\r\nAuthorization: ${RIGHT}\r\nContent-Length: ${1024 ** 3}\r\n\r\n${'x'.repeat(500_000)}`,
  );
  await raw.until(/413 [\s\S]*too large for us$/);
  raw.socket.destroy();
});

test('who signed in may send a refused body of many megabytes to its end, and then finds the answer', async (t) => {
  const { port } = await start(t, fakeBackend(refuseUnread));
  const bytes = 40 * 1024 ** 2;
  const raw = await rawConnection(port(0));
  raw.socket.pause();
  raw.send(`PUT /calendars/x HTTP/1.1\r\nHost: a\r\nAuthorization: ${RIGHT}\r\nContent-Length: ${bytes}\r\n\r\n`);
  const chunk = 'x'.repeat(1024 ** 2);
  for (let sent = 0; sent < bytes; sent += chunk.length) {
    await new Promise<void>((resolve, reject) =>
      raw.socket.write(chunk, (error) => (error ? reject(error) : resolve())),
    );
  }
  raw.socket.resume();
  assert.match(await raw.rest(), /^HTTP\/1\.1 413 [\s\S]*Connection: close[\s\S]*too large for us$/i);
});

test('who signed in is not waited for either, when the rest of a refused body does not come', async (t) => {
  const clock = fakeClock(Date.now());
  const { port } = await start(t, fakeBackend(refuseUnread), undefined, clock);
  const client = connect({ port: port(0), host: '127.0.0.1', allowHalfOpen: true });
  client.write(
    `PUT /calendars/x HTTP/1.1\r\nHost: a\r\nAuthorization: ${RIGHT}\r\nContent-Length: 900000\r\n\r\nbegin`,
  );
  client.resume();
  await once(client, 'end');
  let isBroken = false;
  client.on('error', () => {
    isBroken = true;
  });
  client.write('x');
  await setImmediate();
  clock.advance(4_000);
  for (let sent = 0; sent < 100_000 && !isBroken; sent++) {
    client.write('x');
    await setImmediate();
  }
  client.destroy();
  assert.ok(isBroken, 'the server went on reading');
});
