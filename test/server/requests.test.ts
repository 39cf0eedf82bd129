import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { type TestContext, test } from 'node:test';
import { GatewayError } from '../../src/domain/errors.ts';
import { type Answer, fakeBackend, RIGHT } from './support/fake-backend.ts';
import { rawConnection } from './support/raw.ts';
import { start } from './support/start.ts';

const CHALLENGE = 'Basic realm="Causeway", charset="UTF-8"';
const SIGNED = { authorization: RIGHT };

async function serve(
  t: TestContext,
  answer: Answer = async (ctx) => {
    ctx.body = 'fine';
  },
) {
  const backend = fakeBackend(answer);
  const started = await start(t, backend);
  const url = `http://127.0.0.1:${started.port(0)}`;
  return {
    ...started,
    backend,
    url,
    get: (path: string, init: RequestInit = {}) => fetch(url + path, { redirect: 'manual', ...init }),
  };
}

test('GET /healthz answers 200 without a sign-in', async (t) => {
  const { get, backend } = await serve(t);
  const response = await get('/healthz');
  assert.equal(response.status, 200);
  assert.equal(await response.text(), 'ready\n');
  assert.deepEqual(backend.events, []);
});

test('every other path and method is challenged with one realm, OPTIONS and unknown paths included', async (t) => {
  const { get } = await serve(t);
  for (const [method, path] of [
    ['GET', '/'],
    ['OPTIONS', '/'],
    ['PROPFIND', '/principals/'],
    ['OPTIONS', '/calendars/x/'],
    ['GET', '/caldav'],
    ['GET', '/.well-known/other'],
    ['PROPFIND', '/caldav'],
    ['PUT', '/nowhere'],
    ['POST', '/healthz'],
    ['REPORT', '/addressbooks/'],
  ] as const) {
    const response = await get(path, { method });
    assert.equal(response.status, 401, `${method} ${path}`);
    assert.equal(response.headers.get('www-authenticate'), CHALLENGE);
    await response.text();
  }
});

test('a locked-out client gets 429 with Retry-After and no challenge', async (t) => {
  const { get, logged } = await serve(t);
  const response = await get('/', { headers: { authorization: 'Basic locked' } });
  assert.equal(response.status, 429);
  assert.equal(response.headers.get('retry-after'), '90');
  assert.equal(response.headers.get('www-authenticate'), null);
  await response.text();
  assert.equal(logged.find('request')[0]?.refused, 'locked');
});

test('RFC 6764 §5 well-known and bare protocol addresses lead to the root', async (t) => {
  const { get } = await serve(t);
  for (const path of ['/.well-known/caldav', '/.well-known/carddav', '/.well-known/carddav/', '/caldav', '/carddav/']) {
    const response = await get(path, { method: 'PROPFIND', headers: SIGNED });
    assert.equal(response.status, 301, path);
    assert.equal(response.headers.get('location'), '/');
  }
});

test('RFC 9110 §15.4.8 a request with a body is led on with 307, but for the well-known ones', async (t) => {
  const { get } = await serve(t);
  for (const [path, status] of [
    ['/caldav', 307],
    ['/carddav/', 307],
    ['/.well-known/caldav', 301],
  ] as const) {
    const response = await get(path, { method: 'PROPFIND', headers: SIGNED, body: '<propfind xmlns="DAV:"/>' });
    assert.deepEqual([response.status, response.headers.get('location')], [status, '/'], path);
  }
});

test('RFC 6764 §5 the well-known addresses lead on before sign-in', async (t) => {
  const { get, backend } = await serve(t);
  for (const path of ['/.well-known/caldav', '/.well-known/carddav/']) {
    const response = await get(path, { method: 'PROPFIND' });
    assert.deepEqual([response.status, response.headers.get('location')], [301, '/'], path);
  }
  assert.deepEqual(backend.events, []);
});

test('a signed-in browser sees at / how to use the address, a DAV client the protocol', async (t) => {
  const { get } = await serve(t);
  const page = await get('/', { headers: { ...SIGNED, accept: 'text/html,*/*' } });
  assert.match(page.headers.get('content-type') ?? '', /text\/html/);
  const text = await page.text();
  assert.match(text, /signed in as <b>ada@example\.org<\/b>/);
  assert.match(text, /<dt>Address<\/dt><dd><code>http:\/\/127\.0\.0\.1:\d+\/<\/code>/);
  assert.match(text, /<dt>Server<\/dt><dd><code>127\.0\.0\.1<\/code>.*<dt>Port<\/dt><dd><code>\d+<\/code>/);
  assert.match(text, /connection is not encrypted/);
  assert.equal(await (await get('/', { headers: SIGNED })).text(), 'fine');
});

test('the page at / does not run what a Host header says', async (t) => {
  const { port } = await serve(t);
  const raw = await rawConnection(port(0));
  raw.send(
    `GET / HTTP/1.1\r\nHost: "><script>\r\nAccept: text/html\r\nAuthorization: ${RIGHT}\r\nConnection: close\r\n\r\n`,
  );
  assert.doesNotMatch(await raw.rest(), /<script>/);
});

test("a path that is no protocol's is 404 after the sign-in", async (t) => {
  const { get } = await serve(t);
  assert.equal((await get('/nowhere', { headers: SIGNED })).status, 404);
});

test('every answer says nosniff and sandbox, and names the server without a version', async (t) => {
  const { get } = await serve(t);
  const { headers } = await get('/calendars/x', { headers: SIGNED });
  assert.equal(headers.get('x-content-type-options'), 'nosniff');
  assert.match(headers.get('content-security-policy') ?? '', /sandbox/);
  assert.equal(headers.get('server'), 'Causeway');
});

test("one log line per request, with the facts and the protocol's fields, and no secret", async (t) => {
  const answer: Answer = async (ctx) => {
    for await (const _chunk of ctx.req) {
      /* read to the end */
    }
    (ctx.state as { logFields: Record<string, unknown> }).logFields.rows = 4;
    ctx.body = 'twelve bytes';
  };
  const { get, logged } = await serve(t, answer);
  const headers = { ...SIGNED, 'user-agent': 'probe/1' };
  const response = await get('/calendars/a%20b?token=hidden-query', { method: 'PUT', headers, body: 'hidden-body' });
  await response.text();
  const [line, ...others] = logged.find('request');
  assert.equal(others.length, 0);
  const { ms, request, ...facts } = line!;
  assert.equal(typeof ms, 'number');
  assert.equal(request, response.headers.get('x-request-id'));
  assert.deepEqual(facts, {
    level: 'info',
    message: 'request',
    rows: 4,
    remote: '127.0.0.1',
    user: 'ada@example.org',
    protocol: 'fake',
    method: 'PUT',
    path: '/calendars/a%20b',
    status: 200,
    bytesIn: 11,
    bytesOut: 12,
    userAgent: 'probe/1',
  });
  const everything = JSON.stringify(logged.lines);
  for (const secret of ['hidden', RIGHT.slice(6), 's3cret']) assert.equal(everything.includes(secret), false, secret);
});

test("an error nobody caught is 500 with the request's id, one error line, and the server lives on", async (t) => {
  let isBroken = true;
  const { get, logged } = await serve(t, async (ctx) => {
    if (isBroken) throw new TypeError('a mistake of ours');
    ctx.body = 'fine';
  });
  const response = await get('/calendars/x', { headers: SIGNED });
  assert.equal(response.status, 500);
  const id = response.headers.get('x-request-id');
  const text = await response.text();
  assert.ok(id && text.includes(id));
  assert.equal(text.includes('mistake'), false);
  const errors = logged.lines.filter(({ level }) => level === 'error');
  assert.deepEqual(
    errors.map(({ request }) => request),
    [id],
  );
  assert.equal((errors[0]?.error as Error | undefined)?.message, 'a mistake of ours');
  isBroken = false;
  assert.equal((await get('/calendars/x', { headers: SIGNED })).status, 200);
});

test('an error of the sign-in itself is 500 too', async (t) => {
  const { get } = await serve(t);
  assert.equal((await get('/', { headers: { authorization: 'Basic broken' } })).status, 500);
});

test('a store that cannot answer is 503 with Retry-After, one without space 507', async (t) => {
  let failure: Error = new GatewayError('store-unavailable', { reason: 'locked' });
  const { get } = await serve(t, () => Promise.reject(failure));
  const response = await get('/calendars/x', { headers: SIGNED });
  assert.equal(response.status, 503);
  assert.equal(response.headers.get('retry-after'), '30');
  failure = new GatewayError('storage-full', { reason: 'full' });
  assert.equal((await get('/calendars/x', { headers: SIGNED })).status, 507);
});

test('an error after the answer began cuts the connection, so that half an answer is not taken for a whole one', async (t) => {
  const { port, logged } = await serve(t, async (ctx) => {
    ctx.respond = false;
    ctx.res.writeHead(207, { 'Content-Type': 'text/xml' });
    await new Promise((resolve) => ctx.res.write('<half', resolve));
    throw new Error('row broke');
  });
  const raw = await rawConnection(port(0));
  raw.send(`PROPFIND / HTTP/1.1\r\nHost: a\r\nAuthorization: ${RIGHT}\r\n\r\n`);
  const text = await raw.rest();
  assert.match(text, /<half/);
  assert.doesNotMatch(text, /\r\n0\r\n/);
  assert.equal(logged.lines.filter(({ level }) => level === 'error').length, 1);
});

test('RFC 9110 §10.1.1 whoever waits for 100 gets it after the sign-in only', async (t) => {
  const { port } = await serve(t, async (ctx) => {
    let text = '';
    for await (const chunk of ctx.req) text += chunk;
    ctx.body = `got ${text}`;
  });
  const head = 'PUT /calendars/x HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 5\r\n';
  const refused = await rawConnection(port(0));
  refused.send(`${head}\r\n`);
  const answer = await refused.rest();
  assert.match(answer, /^HTTP\/1\.1 401 /);
  assert.match(answer, /Connection: close/i);
  const taken = await rawConnection(port(0));
  taken.send(`${head}Authorization: ${RIGHT}\r\n\r\n`);
  await taken.until(/^HTTP\/1\.1 100 Continue\r\n\r\n/);
  taken.send('hello');
  await taken.until(/got hello/);
  taken.socket.destroy();
});

test('bytes that are no HTTP get 400, headers without end 431, and the server lives on', async (t) => {
  const { port, get } = await serve(t);
  const noise = await rawConnection(port(0));
  noise.send('\x16\x03\x01\x02\x00garbage\r\n\r\n');
  assert.match(await noise.rest(), /^HTTP\/1\.1 400 /);
  const large = await rawConnection(port(0));
  large.send(`GET / HTTP/1.1\r\nHost: a\r\nX: ${'y'.repeat(40_000)}\r\n\r\n`);
  assert.match(await large.rest(), /^HTTP\/1\.1 431 /);
  const both = await rawConnection(port(0));
  both.send('PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n');
  assert.match(await both.rest(), /^HTTP\/1\.1 400 /);
  assert.equal((await get('/healthz')).status, 200);
});

test('RFC 9110 §9.1 a method that nobody knows is 501', async (t) => {
  const { port } = await serve(t);
  for (const method of ['FOO', 'VERSION-CONTROL', 'propfind']) {
    const raw = await rawConnection(port(0));
    raw.send(`${method} /a HTTP/1.1\r\nHost: a\r\n\r\n`);
    assert.match(await raw.rest(), /^HTTP\/1\.1 501 /, method);
  }
});

test('headers of 20 KB are taken: some clients send many cookies and long tokens', async (t) => {
  const { get } = await serve(t);
  assert.equal((await get('/calendars/x', { headers: { ...SIGNED, 'x-long': 'y'.repeat(20_000) } })).status, 200);
});

test('a client that leaves in the middle is logged as aborted, not as an error', async (t) => {
  const { port, logged, gateway } = await serve(t, async (ctx) => {
    for await (const _chunk of ctx.req) {
      /* read */
    }
    ctx.body = 'done';
  });
  const raw = await rawConnection(port(0));
  raw.send(`PUT /calendars/x HTTP/1.1\r\nHost: a\r\nAuthorization: ${RIGHT}\r\nContent-Length: 100\r\n\r\nhalf`);
  raw.socket.end();
  await raw.rest();
  raw.socket.destroy();
  await gateway.close();
  const [line, ...others] = logged.find('request');
  assert.deepEqual([line?.aborted, line?.status, others.length], [true, null, 0]);
  assert.deepEqual(
    logged.lines.filter(({ level }) => level === 'error'),
    [],
  );
});

test('a body stream that fails in the middle cuts the connection, with one error line', async (t) => {
  const { port, logged } = await serve(t, async (ctx) => {
    async function* rows() {
      yield '<half';
      throw new Error('row broke');
    }
    ctx.body = Readable.from(rows(), { objectMode: false });
  });
  const raw = await rawConnection(port(0));
  raw.send(`GET /calendars/x HTTP/1.1\r\nHost: a\r\nAuthorization: ${RIGHT}\r\n\r\n`);
  assert.doesNotMatch(await raw.rest(), /\r\n0\r\n/);
  assert.equal(logged.lines.filter(({ level }) => level === 'error').length, 1);
});

test('a mistake after a finished answer is still an error line, and the answer arrives', async (t) => {
  const { get, logged } = await serve(t, async (ctx) => {
    ctx.respond = false;
    ctx.res.end('whole');
    throw new TypeError('afterthought');
  });
  assert.equal(await (await get('/calendars/x', { headers: SIGNED })).text(), 'whole');
  assert.equal(logged.lines.filter(({ level }) => level === 'error').length, 1);
});

test('RFC 9112 §3.2.2 a target in absolute form is answered as its path', async (t) => {
  const { port } = await serve(t);
  for (const target of ['http://a/healthz', 'HTTPS://b:99999/healthz', 'http://[::1/healthz', 'http://a b/healthz']) {
    const connection = await rawConnection(port(0));
    connection.send(`GET ${target} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`);
    const isTarget = !target.includes(' ');
    assert.match(await connection.rest(), isTarget ? /^HTTP\/1\.1 200 / : /^HTTP\/1\.1 400 /, target);
  }
});

test('a target that is none costs its sender a 400 and nobody else anything', async (t) => {
  const { get, port, logged } = await serve(t);
  for (const target of [
    'http:\\\\[',
    'ftp://[::1',
    'javascript:\\[',
    'calendars/x',
    '?',
    '#',
    '[',
    '\\\\[',
    'http:',
    '*x',
  ]) {
    const connection = await rawConnection(port(0));
    connection.send(`GET ${target} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`);
    assert.match(await connection.rest(), /^HTTP\/1\.1 400 /, target);
  }
  for (const target of ['/\\[', '/\\\\[#\xa0', '//[::1', '///[', 'http://[::1', '/%', '/\xff']) {
    const connection = await rawConnection(port(0));
    connection.send(`GET ${target} HTTP/1.1\r\nHost: [\r\nConnection: close\r\n\r\n`);
    assert.match(await connection.rest(), /^HTTP\/1\.1 40[01] /, target);
  }
  assert.equal((await get('/healthz')).status, 200);
  assert.deepEqual(
    logged.lines.filter(({ level }) => level === 'error'),
    [],
  );
});
