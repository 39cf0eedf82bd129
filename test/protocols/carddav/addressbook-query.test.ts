import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { CARDDAV } from '../../../protocols/webdav/xml/element.ts';
import { putCard, report, serve } from '../caldav/support.ts';
import { CALENDAR, CONTACTS, readError, readMultistatus } from '../webdav/support.ts';

const card = (uid: string, ...lines: string[]) =>
  ['BEGIN:VCARD', 'VERSION:3.0', `UID:${uid}`, ...lines, 'END:VCARD', ''].join('\r\n');
const ANNA = card('a', 'N:Adler;Anna;;;', 'FN:Anna Adler', 'EMAIL;TYPE=WORK:anna@example.org', 'item1.TEL:+49 1');
const BERT = card('b', 'N:Bär;Bert;;;', 'FN:Bert Bär', 'EMAIL:bert@example.com');
const CARL = card('c', 'N:Conrad;Carl;;;', 'FN:Carl Conrad', 'NOTE:no address');

async function serveCards(t: TestContext, limits = {}) {
  const server = await serve(t, limits);
  await putCard(server, 'anna.vcf', ANNA);
  await putCard(server, 'bert.vcf', BERT);
  await putCard(server, 'carl.vcf', CARL);
  return server;
}

const DATA = '<D:prop><D:getetag/><CR:address-data/></D:prop>';
const ETAG = '<D:prop><D:getetag/></D:prop>';
const EVERYTHING = '<CR:filter/>';
const named = (text: string) =>
  `<CR:filter><CR:prop-filter name="FN"><CR:text-match>${text}</CR:text-match></CR:prop-filter></CR:filter>`;
const names = (answer: Parameters<typeof readMultistatus>[0]) =>
  readMultistatus(answer)
    .responses.map(({ href }) => href.slice(CONTACTS.length))
    .sort();

test('RFC 6352 §8.6 a query gives the cards with the bytes that were stored', async (t) => {
  const server = await serveCards(t);
  const answer = await report(server, CONTACTS, 'CR:addressbook-query', DATA + named('BÄR'));
  assert.deepEqual(names(answer), ['bert.vcf']);
  assert.equal(readMultistatus(answer).text(`${CONTACTS}bert.vcf`, 'address-data', CARDDAV), BERT);
});

test('an empty filter and a missing Depth give every card', async (t) => {
  const server = await serveCards(t);
  const answer = await report(server, CONTACTS, 'CR:addressbook-query', ETAG + EVERYTHING, null);
  assert.deepEqual(names(answer), ['anna.vcf', 'bert.vcf', 'carl.vcf']);
});

test('a query on one card judges that card', async (t) => {
  const server = await serveCards(t);
  const hit = await report(server, `${CONTACTS}anna.vcf`, 'CR:addressbook-query', ETAG + named('anna'), '0');
  assert.deepEqual(names(hit), ['anna.vcf']);
  const miss = await report(server, `${CONTACTS}anna.vcf`, 'CR:addressbook-query', ETAG + named('bert'), '0');
  assert.deepEqual(names(miss), []);
});

test('RFC 6352 §8.6.2 nresults gives so many and 507 for the request-URI', async (t) => {
  const server = await serveCards(t);
  const limit = '<CR:limit><CR:nresults>2</CR:nresults></CR:limit>';
  const answer = await report(server, CONTACTS, 'CR:addressbook-query', ETAG + EVERYTHING + limit);
  const { responses, at } = readMultistatus(answer);
  assert.equal(responses.length, 3);
  assert.equal(at(CONTACTS).status, 507);
  assert.match(answer.body, /number-of-matches-within-limits/);
});

test('nresults that are just enough are no truncation', async (t) => {
  const server = await serveCards(t);
  const limit = '<CR:limit><CR:nresults>3</CR:nresults></CR:limit>';
  const answer = await report(server, CONTACTS, 'CR:addressbook-query', ETAG + EVERYTHING + limit);
  assert.deepEqual(names(answer), ['anna.vcf', 'bert.vcf', 'carl.vcf']);
});

test('the limit of the server holds as well', async (t) => {
  const server = await serveCards(t, { maxResults: 1 });
  const answer = await report(server, CONTACTS, 'CR:addressbook-query', ETAG + EVERYTHING);
  assert.equal(readMultistatus(answer).at(CONTACTS).status, 507);
});

test('RFC 6352 §10.4 properties are selected, VERSION stays, and a group can be named', async (t) => {
  const server = await serveCards(t);
  const wanted =
    '<D:prop><CR:address-data><CR:prop name="fn"/><CR:prop name="ITEM1.TEL"/><CR:prop name="EMAIL" novalue="yes"/>' +
    '</CR:address-data></D:prop>';
  const answer = await report(server, CONTACTS, 'CR:addressbook-query', wanted + named('anna'));
  assert.equal(
    readMultistatus(answer).text(`${CONTACTS}anna.vcf`, 'address-data', CARDDAV),
    ['BEGIN:VCARD', 'VERSION:3.0', 'FN:Anna Adler', 'EMAIL;TYPE=WORK:', 'item1.TEL:+49 1', 'END:VCARD', ''].join(
      '\r\n',
    ),
  );
});

test('RFC 6352 §10.4 a card of another version is converted, in the answer alone', async (t) => {
  const server = await serveCards(t);
  const wanted = '<D:prop><CR:address-data content-type="text/vcard" version="4.0"/></D:prop>';
  const answer = await report(server, CONTACTS, 'CR:addressbook-query', wanted + named('anna'));
  const data = readMultistatus(answer).text(`${CONTACTS}anna.vcf`, 'address-data', CARDDAV) ?? '';
  assert.match(data, /^BEGIN:VCARD\r\nVERSION:4\.0\r\n/);
  assert.match(data, /FN:Anna Adler/);
  assert.equal((await server.request('GET', `${CONTACTS}anna.vcf`)).body, ANNA);
});

test('RFC 6352 §10.4 without version a 4.0 card is given as 3.0, and asked for 4.0 byte for byte', async (t) => {
  const server = await serve(t);
  const modern = 'BEGIN:VCARD\r\nVERSION:4.0\r\nUID:m\r\nFN:Mona\r\nTEL;VALUE=uri:tel:+1-555\r\nEND:VCARD\r\n';
  await putCard(server, 'm.vcf', modern);
  const plain = await report(server, CONTACTS, 'CR:addressbook-query', DATA + EVERYTHING);
  const converted = readMultistatus(plain).text(`${CONTACTS}m.vcf`, 'address-data', CARDDAV) ?? '';
  assert.match(converted, /\r\nVERSION:3\.0\r\n/);
  const wanted = '<D:prop><CR:address-data version="4.0"/></D:prop>';
  const asked = await report(server, CONTACTS, 'CR:addressbook-query', wanted + EVERYTHING);
  assert.equal(readMultistatus(asked).text(`${CONTACTS}m.vcf`, 'address-data', CARDDAV), modern);
});

test('bytes that are not UTF-8 come as text that XML can hold', async (t) => {
  const server = await serve(t);
  const latin = Buffer.from(card('l', 'N:M;K;;;', 'FN:K\u00e4the'), 'latin1');
  const answer = await server.request('PUT', `${CONTACTS}l.vcf`, {
    headers: { 'Content-Type': 'text/vcard' },
    body: latin,
  });
  assert.equal(answer.status, 201);
  const found = readMultistatus(await report(server, CONTACTS, 'CR:addressbook-query', DATA + EVERYTHING));
  assert.match(found.text(`${CONTACTS}l.vcf`, 'address-data', CARDDAV) ?? '', /FN:Käthe\r\n/);
});

const REFUSED: readonly [title: string, status: number, condition: string | null, inner: string][] = [
  ['no filter', 400, null, DATA],
  ['a limit that is no number', 400, null, `${ETAG}${EVERYTHING}<CR:limit><CR:nresults>all</CR:nresults></CR:limit>`],
  ['a misplaced condition', 403, 'valid-filter', `${DATA}<CR:filter><CR:text-match>a</CR:text-match></CR:filter>`],
  [
    'an unknown collation',
    403,
    'supported-collation',
    `${DATA}<CR:filter><CR:prop-filter name="FN"><CR:text-match collation="i;x">a</CR:text-match></CR:prop-filter></CR:filter>`,
  ],
  [
    'an unknown version',
    403,
    'supported-address-data',
    `<D:prop><CR:address-data version="2.1"/></D:prop>${EVERYTHING}`,
  ],
];
for (const [title, status, condition, inner] of REFUSED) {
  test(`RFC 6352 §8.6 refused: ${title}`, async (t) => {
    const server = await serve(t);
    const answer = await report(server, CONTACTS, 'CR:addressbook-query', inner);
    assert.equal(answer.status, status);
    assert.deepEqual(readError(answer).conditions, condition === null ? [] : [`{${CARDDAV}}${condition}`]);
  });
}

test('the address books of somebody else are not there', async (t) => {
  const server = await serve(t);
  const answer = await report(server, CONTACTS.replace('anna', 'bert'), 'CR:addressbook-query', DATA + EVERYTHING);
  assert.equal(answer.status, 404);
});

test('addressbook-query on a calendar is not served', async (t) => {
  const server = await serve(t);
  const answer = await report(server, CALENDAR, 'CR:addressbook-query', DATA + EVERYTHING);
  assert.deepEqual(readError(answer).conditions, ['{DAV:}supported-report']);
});

test('RFC 6352 §8.7 multiget gives each card, 404 for what is not there', async (t) => {
  const server = await serveCards(t);
  const inner = `${DATA}<D:href>${CONTACTS}anna.vcf</D:href><D:href>${CONTACTS}zoe.vcf</D:href>`;
  const found = readMultistatus(await report(server, CONTACTS, 'CR:addressbook-multiget', inner));
  assert.equal(found.text(`${CONTACTS}anna.vcf`, 'address-data', CARDDAV), ANNA);
  assert.equal(found.at(`${CONTACTS}zoe.vcf`).status, 404);
});

test('a filter of more conditions than any program sends is refused', async (t) => {
  const server = await serveCards(t);
  const filter = `<CR:filter>${'<CR:prop-filter name="FN"/>'.repeat(200)}</CR:filter>`;
  const answer = await report(server, CONTACTS, 'CR:addressbook-query', ETAG + filter);
  assert.equal(answer.status, 403);
  assert.match(answer.body, /CR:valid-filter/);
});
