import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { fakeClock } from '../support/fake-clock.ts';
import { type Answer, fakeBackend, RIGHT } from './support/fake-backend.ts';
import { rawConnection } from './support/raw.ts';
import { start } from './support/start.ts';

const HEAD = `PUT /calendars/x HTTP/1.1\r\nHost: a\r\nAuthorization: ${RIGHT}\r\nContent-Length: 100000\r\n\r\n`;

async function upload(t: TestContext, answer: Answer) {
  const clock = fakeClock();
  const started = await start(t, fakeBackend(answer), undefined, clock);
  const raw = await rawConnection(started.port(0));
  t.after(() => raw.socket.destroy());
  return { ...started, clock, raw };
}

/** A handler that reads the whole body and tells how far it is. */
function reader() {
  let bytes = 0;
  let wake: () => void = () => {};
  const answer: Answer = async (ctx) => {
    for await (const chunk of ctx.req as AsyncIterable<Uint8Array>) {
      bytes += chunk.length;
      wake();
    }
    ctx.body = 'whole';
  };
  const until = async (least: number) => {
    while (bytes < least)
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
  };
  return { answer, until };
}

test('a body that stops coming is answered 408 and its connection closed', async (t) => {
  const { answer, until } = reader();
  const { raw, clock, logged } = await upload(t, answer);
  raw.send(`${HEAD}${'x'.repeat(2000)}`);
  await until(2000);
  clock.advance(10_000);
  clock.advance(9_999);
  assert.equal(logged.find('request').length, 0);
  clock.advance(1);
  const text = await raw.rest();
  assert.match(text, /^HTTP\/1\.1 408 /);
  assert.match(text, /Connection: close/i);
  assert.equal(logged.find('request')[0]?.status, 408);
  assert.deepEqual(
    logged.lines.filter(({ level }) => level === 'error'),
    [],
  );
});

test('a body that drips but goes on is taken', async (t) => {
  const { answer, until } = reader();
  const { raw, clock } = await upload(t, answer);
  raw.send(HEAD);
  for (let sent = 0; sent < 100_000; sent += 5000) {
    raw.send('x'.repeat(5000));
    await until(sent + 5000);
    clock.advance(10_000);
  }
  assert.match(await raw.until(/whole$/), /200 OK/);
});

test('time that the server takes itself is not held against the client', async (t) => {
  const { promise: waiting, resolve: answerNow } = Promise.withResolvers<void>();
  const { promise: begun, resolve: arrived } = Promise.withResolvers<void>();
  const { raw, clock } = await upload(t, async (ctx) => {
    arrived();
    await waiting;
    for await (const _chunk of ctx.req) {
      /* read */
    }
    ctx.body = 'whole';
  });
  raw.send(`${HEAD}${'x'.repeat(50_000)}`);
  await begun;
  clock.advance(120_000);
  answerNow();
  raw.send('x'.repeat(50_000));
  assert.match(await raw.until(/whole$/), /200 OK/);
});

test('an answer may take as long as it likes once the body is complete', async (t) => {
  const { promise: waiting, resolve: answerNow } = Promise.withResolvers<void>();
  const { promise: begun, resolve: arrived } = Promise.withResolvers<void>();
  const { raw, clock } = await upload(t, async (ctx) => {
    arrived();
    await waiting;
    ctx.body = 'late';
  });
  raw.send(`GET /calendars/x HTTP/1.1\r\nHost: a\r\nAuthorization: ${RIGHT}\r\n\r\n`);
  await begun;
  clock.advance(3_600_000);
  answerNow();
  assert.match(await raw.until(/late$/), /200 OK/);
});

test('a refused body that drips in for ever ends with its connection', async (t) => {
  const { raw, clock } = await upload(t, async () => {});
  raw.send('PUT /a HTTP/1.1\r\nHost: a\r\nContent-Length: 60000\r\n\r\nx');
  await raw.until(/401 Unauthorized/);
  clock.advance(10_000);
  clock.advance(10_000);
  await raw.rest();
});

test('a request that was destroyed while it was read does no harm to the others', async (t) => {
  const { raw, clock, logged, port } = await upload(t, async (ctx) => {
    if (ctx.method !== 'PUT') {
      ctx.body = 'still here';
      return;
    }
    const body = ctx.req.iterator({ destroyOnReturn: false });
    await body.next();
    // What a pipeline does that breaks: Node takes the socket from the request.
    await assert.rejects(async () => body.throw?.(new Error('broken')));
    ctx.status = 400;
    ctx.set('Connection', 'close');
  });
  raw.send(`${HEAD}x`);
  await raw.rest();
  clock.advance(20_000);
  const other = await rawConnection(port(0));
  t.after(() => other.socket.destroy());
  other.send(`GET /calendars/x HTTP/1.1\r\nHost: a\r\nAuthorization: ${RIGHT}\r\n\r\n`);
  assert.match(await other.until(/still here$/), /200 OK/);
  assert.deepEqual(
    logged.lines.filter(({ level }) => level === 'error'),
    [],
  );
});
