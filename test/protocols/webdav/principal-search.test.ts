import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  CALENDAR,
  NAMESPACES,
  PRINCIPAL,
  parseDocument,
  readMultistatus,
  startServer,
  type TestServer,
} from './support.ts';

let dav: TestServer;
before(async () => {
  dav = await startServer();
});
after(() => dav.close());

const search = (text: string, property = 'D:displayname') =>
  `<D:property-search><D:prop><${property}/></D:prop><D:match>${text}</D:match></D:property-search>`;

async function find(searches: string, test = '') {
  const body = `<D:principal-property-search ${NAMESPACES}${test}>${searches}<D:prop><D:displayname/></D:prop></D:principal-property-search>`;
  const answer = readMultistatus(await dav.request('REPORT', '/principals/', { headers: { Depth: '0' }, body }));
  return answer.responses.map(({ href }) => href);
}

test('RFC 3744 §9.4 a part of the name in any case finds the principal', async () => {
  assert.deepEqual(await find(search('ANN')), [PRINCIPAL]);
  assert.deepEqual(await find(search('a &lt;&amp;')), [PRINCIPAL]);
  assert.deepEqual(await find(search('x')), []);
  assert.deepEqual(await find(search('ann') + search('x')), []);
  assert.deepEqual(await find(search('ann') + search('x'), ' test="anyof"'), [PRINCIPAL]);
});

test('nobody else is found, and other properties are not searched', async () => {
  assert.deepEqual(await find(search('bert')), []);
  assert.deepEqual(await find(search('principals', 'D:principal-URL')), []);
});

test('a search that says nothing is 400; it belongs to principals, not to calendars', async () => {
  const empty = `<D:principal-property-search ${NAMESPACES}/>`;
  assert.equal((await dav.request('REPORT', '/principals/', { body: empty })).status, 400);
  const half = `<D:principal-property-search ${NAMESPACES}><D:property-search/></D:principal-property-search>`;
  assert.equal((await dav.request('REPORT', '/principals/', { body: half })).status, 400);
  assert.equal((await dav.request('REPORT', CALENDAR, { body: empty })).status, 403);
});

test('RFC 3744 §9.5 the searchable properties are listed', async () => {
  const body = '<D:principal-search-property-set xmlns:D="DAV:"/>';
  const answer = await dav.request('REPORT', '/principals/', { headers: { Depth: '0' }, body });
  assert.equal(answer.status, 200);
  assert.equal(parseDocument(answer.body as string).name, 'principal-search-property-set');
  assert.match(answer.body as string, /<D:prop><D:displayname\/><\/D:prop>/);
  assert.doesNotMatch(answer.body as string, /calendar-user-address-set/);
});
