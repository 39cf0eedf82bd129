import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { after, before, test } from 'node:test';
import type { DavPlugin } from '../../../protocols/webdav/registry.ts';
import { refusalOf, STATUS } from '../../../protocols/webdav/status.ts';
import { clark } from '../../../protocols/webdav/xml/element.ts';
import { childElements } from '../../../protocols/webdav/xml/query.ts';
import type { ErrorCode } from '../../../src/domain/errors.ts';
import { GatewayError } from '../../../src/domain/errors.ts';
import {
  CALENDAR,
  parseDocument,
  propfindBody,
  rawRequest,
  readError,
  startServer,
  TEST_PLUGIN,
  type TestServer,
} from './support.ts';

let failure: unknown = new TypeError('a bug');
let responses = 0;
let written = 0;
let isFailingLate = false;
let finished: (error: unknown) => void = () => {};

/** Reports that fail, early or in the middle of a long answer. */
const FAILING: DavPlugin = {
  name: 'failing',
  davTokens: [],
  reports: [
    { ns: 'urn:t', name: 'fail', appliesTo: () => true, run: () => Promise.reject(failure) },
    {
      ns: 'urn:t',
      name: 'long',
      appliesTo: () => true,
      run: async (context) => {
        const out = context.multistatus();
        try {
          for (written = 0; written < responses; written += 1) {
            if (isFailingLate && written === responses - 1) throw new TypeError('late');
            if (out.response(`<D:response><D:href>/${'x'.repeat(1000)}</D:href></D:response>`)) await out.flush();
          }
          await out.end();
          finished(null);
        } catch (error) {
          finished(error);
          throw error;
        }
      },
    },
  ],
};

let dav: TestServer;
before(async () => {
  dav = await startServer({ plugins: [TEST_PLUGIN, FAILING] });
});
after(() => dav.close());

const long = `REPORT / HTTP/1.1\r\nHost: h\r\nContent-Length: 24\r\n\r\n<t:long xmlns:t="urn:t"/`;
const LONG = `${long.replace('24', '25')}>`;

test('a bug is 500 with the request id, logged once; what was sent is not told', async () => {
  failure = new TypeError('secret detail');
  const answer = await dav.request('REPORT', '/', { body: '<t:fail xmlns:t="urn:t"/>' });
  assert.equal(answer.status, 500);
  assert.match(readError(answer).sentence, /r-1/);
  assert.doesNotMatch(answer.body as string, /secret detail/);
  assert.deepEqual(
    dav.lines.map(({ level, fields }) => [level, fields.requestId, fields.error]),
    [['error', 'r-1', failure]],
  );
  dav.lines.length = 0;
});

test('every refusal of the core has its status, a body with a sentence, and no log line', async () => {
  const facts: Record<ErrorCode, unknown> = {
    'folder-not-found': { folder: 'f' },
    'item-not-found': { item: 'i' },
    'access-denied': { right: 'write' },
    'revision-mismatch': { expected: 'a', actual: null },
    'cursor-expired': { cursor: 'c' },
    'uid-conflict': { uid: 'u', name: 'n <&>.ics' },
    'name-taken': { name: 'n' },
    'name-invalid': { name: 'n', reason: 'r' },
    'content-invalid': { reason: 'r' },
    'object-invalid': { reason: 'r' },
    'content-unsupported': { contentType: 'c' },
    'component-unsupported': { component: 'c', allowed: [] },
    'item-too-large': { size: 2, limit: 1 },
    'quota-exceeded': { limit: 1, unit: 'bytes' },
    'filter-unsupported': { reason: 'r', kind: 'collation' },
    'too-many-results': { limit: 1 },
    protected: { what: 'w', reason: 'r' },
    'wipe-refused': { device: 'x', reason: 'x' },
    'storage-full': { reason: 'r' },
    'message-invalid': { reason: 'r' },
    'no-recipient': { fields: ['To'] },
    'recipient-invalid': { address: 'a', reason: 'r' },
    'submission-refused': { reason: 'r' },
    'store-unavailable': { reason: 'r' },
  };
  for (const code of Object.keys(STATUS) as ErrorCode[]) {
    failure = new GatewayError(code, facts[code] as never, `Sentence <about> ${code}\u0000.`);
    const answer = await dav.request('REPORT', CALENDAR, { body: '<t:fail xmlns:t="urn:t"/>' });
    assert.equal(answer.status, STATUS[code].status, code);
    assert.equal(readError(answer).sentence, `Sentence <about> ${code}\ufffd.`);
  }
  assert.equal(dav.lines.length, 0);
});

test('a store that cannot answer now says when to try again', async () => {
  failure = new GatewayError('store-unavailable', { reason: 'locked' });
  const answer = await dav.request('REPORT', '/', { body: '<t:fail xmlns:t="urn:t"/>' });
  assert.equal(answer.status, 503);
  assert.match(answer.headers['retry-after']!, /^\d+$/);
});

test('errors are told apart: a bug has no refusal', () => {
  const scope = { conditions: null, href: '/', collectionHref: '/' };
  assert.equal(refusalOf(new Error('x'), scope), null);
  assert.equal(refusalOf(new GatewayError('protected', { what: 'a', reason: 'b' }), scope)?.status, 403);
});

test('a long answer is streamed whole', async () => {
  responses = 5000;
  const text = await rawRequest(dav.server, LONG, (got) => got.endsWith('\r\n0\r\n\r\n'));
  assert.match(text, /^HTTP\/1\.1 207 /);
  assert.match(text, /Transfer-Encoding: chunked/i);
  assert.equal(text.match(/<D:response>/g)!.length, 5000);
  assert.match(text, /<\/D:multistatus>/);
});

test('a failure in the middle cuts the connection, so that nobody takes the part for the whole', async () => {
  responses = 500;
  isFailingLate = true;
  const text = await rawRequest(dav.server, LONG);
  isFailingLate = false;
  assert.match(text, /^HTTP\/1\.1 207 /);
  assert.equal(text.endsWith('0\r\n\r\n'), false);
  assert.equal(dav.lines.length, 1);
  dav.lines.length = 0;
});

test('a client that does not read holds the writer back, and one that leaves stops it', async () => {
  responses = 100_000;
  const end = new Promise<unknown>((resolve) => {
    finished = resolve;
  });
  const socket = connect((dav.server.address() as { port: number }).port, '127.0.0.1');
  socket.pause();
  socket.write(LONG);
  let last = -1;
  while (written === 0 || written !== last) {
    last = written;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  assert.ok(written < 50_000, `${written} responses were made for a client that reads nothing`);
  socket.destroy();
  assert.equal(((await end) as Error).name, 'ClientGone');
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(dav.lines.length, 0);
  assert.equal(dav.requestFields.at(-1)!.aborted, true);
});

test('RFC 4918 §14.5 DAV:error holds conditions only; the sentence for people is in another namespace', async () => {
  const answer = await dav.request('PROPFIND', CALENDAR, { headers: { Depth: 'infinity' } });
  const root = parseDocument(answer.body as string);
  const names = childElements(root).map(clark);
  assert.deepEqual(names, [
    '{DAV:}propfind-finite-depth',
    '{http://twistedmatrix.com/xml_namespace/dav/}error-description',
  ]);
});

test('RFC 4918 §8.2 a body that says it is no XML, and is none, is 415; broken XML is 400', async () => {
  const statusOf = async (method: string, type: string, body: string): Promise<number> =>
    (await dav.request(method, CALENDAR, { headers: { 'Content-Type': type }, body })).status;
  for (const method of ['PROPFIND', 'PROPPATCH', 'REPORT']) {
    assert.equal(await statusOf(method, 'text/plain', 'hello'), 415, method);
    assert.equal(await statusOf(method, 'application/json', '{}'), 415, method);
    assert.equal(await statusOf(method, 'text/xml; charset=utf-8', '<a'), 400, method);
  }
  // XML under a wrong name is read: curl and scripts send it so.
  const body = '<propfind xmlns="DAV:"><allprop/></propfind>';
  assert.equal(await statusOf('PROPFIND', 'application/x-www-form-urlencoded', body), 207);
});

test('hostile XML is 400 or 413, never more', async () => {
  const laughs = `<!DOCTYPE l [<!ENTITY a "${'ha'.repeat(100)}"><!ENTITY b "&a;&a;&a;">]><propfind xmlns="DAV:"><prop>&b;</prop></propfind>`;
  const external = '<!DOCTYPE l SYSTEM "http://127.0.0.1:1/x"><propfind xmlns="DAV:"><allprop/></propfind>';
  const bodies = [
    laughs,
    external,
    '<a>'.repeat(20_000),
    `<a ${'b="1" '.repeat(100)}/>`,
    '<a',
    '\0',
    '<a>\u0001</a>',
    '<a xmlns:b="x" b:c="1" b:c="2"/>',
  ];
  for (const method of ['PROPFIND', 'PROPPATCH', 'REPORT', 'MKCOL']) {
    for (const body of bodies) {
      const path = method === 'MKCOL' ? '/calendars/example.org/anna/new/' : CALENDAR;
      const answer = await dav.request(method, path, { headers: { Depth: '0' }, body });
      assert.equal(answer.status, 400, `${method} ${body.slice(0, 40)}`);
    }
  }
  const small = await startServer({ limits: { maxXmlBytes: 200 } });
  const told = await small.request('PROPFIND', '/', {
    headers: { Depth: '0' },
    body: propfindBody('D:getetag').padEnd(500),
  });
  assert.equal(told.status, 413);
  const chunk = ' '.repeat(150);
  const raw = await rawRequest(
    small.server,
    `PROPFIND / HTTP/1.1\r\nHost: h\r\nDepth: 0\r\nTransfer-Encoding: chunked\r\n\r\n96\r\n${chunk}\r\n96\r\n${chunk}\r\n`,
  );
  assert.match(raw, /^HTTP\/1\.1 413 /);
  await small.close();
});

test('paths that cannot be one are 400 for every method', async () => {
  for (const path of [
    '/calendars/%zz/',
    '/calendars/example.org/anna/a%2Fb/',
    '/calendars/example.org/anna/%2e%2e/x',
    '/principals/%ff/',
  ]) {
    for (const method of ['PROPFIND', 'GET', 'PUT', 'MKCOL', 'OPTIONS']) {
      assert.equal((await dav.request(method, path, { headers: { Depth: '0' } })).status, 400, `${method} ${path}`);
    }
  }
});
