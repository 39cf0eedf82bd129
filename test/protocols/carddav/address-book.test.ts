import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CARDDAV, DAV } from '../../../protocols/webdav/xml/element.ts';
import { childElements, childrenNamed, textOf } from '../../../protocols/webdav/xml/query.ts';
import { propfind, putCard, serve } from '../caldav/support.ts';
import { CONTACTS, NAMESPACES, PRINCIPAL, readError, readMultistatus } from '../webdav/support.ts';

const HOME = '/addressbooks/example.org/anna/';
const FRIENDS = `${HOME}Friends/`;
const card = (uid: string) => `BEGIN:VCARD\r\nVERSION:3.0\r\nUID:${uid}\r\nN:X;;;;\r\nFN:X\r\nEND:VCARD\r\n`;
const mkcolBody = (props: string, type = '<CR:addressbook/>') =>
  `<D:mkcol ${NAMESPACES}><D:set><D:prop><D:resourcetype><D:collection/>${type}</D:resourcetype>${props}</D:prop></D:set></D:mkcol>`;

test('RFC 6352 §7.1.1 the principal names its address book home', async (t) => {
  const server = await serve(t);
  const found = readMultistatus(await propfind(server, PRINCIPAL, ['CR:addressbook-home-set']));
  const hrefs = childrenNamed(found.property(PRINCIPAL, 'addressbook-home-set', CARDDAV)!, 'href').map(textOf);
  assert.deepEqual(hrefs, [HOME]);
});

test('RFC 6352 §6.2 an address book tells what it takes', async (t) => {
  const server = await serve(t, { maxItemBytes: 4321 });
  const names = ['CR:supported-address-data', 'CR:max-resource-size', 'CR:supported-collation-set', 'D:resourcetype'];
  const found = readMultistatus(await propfind(server, CONTACTS, names));
  const data = childElements(found.property(CONTACTS, 'supported-address-data', CARDDAV)!);
  assert.deepEqual(
    data.map((type) => [type.name, type.attributes.get('content-type'), type.attributes.get('version')]),
    [
      ['address-data-type', 'text/vcard', '3.0'],
      ['address-data-type', 'text/vcard', '4.0'],
    ],
  );
  assert.equal(found.text(CONTACTS, 'max-resource-size', CARDDAV), '4321');
  const collations = childElements(found.property(CONTACTS, 'supported-collation-set', CARDDAV)!).map(textOf);
  assert.ok(collations.includes('i;unicode-casemap'));
  const types = childElements(found.property(CONTACTS, 'resourcetype')!).map(({ ns, name }) => ns + name);
  assert.deepEqual(types.sort(), [`${DAV}collection`, `${CARDDAV}addressbook`].sort());
});

test('RFC 6352 §6.3.1 extended MKCOL makes an address book with its properties', async (t) => {
  const server = await serve(t);
  const props = '<D:displayname>Friends</D:displayname><CR:addressbook-description>Near</CR:addressbook-description>';
  assert.equal((await server.request('MKCOL', FRIENDS, { body: mkcolBody(props) })).status, 201);
  const found = readMultistatus(await propfind(server, FRIENDS, ['D:displayname', 'CR:addressbook-description']));
  assert.equal(found.text(FRIENDS, 'displayname'), 'Friends');
  assert.equal(found.text(FRIENDS, 'addressbook-description', CARDDAV), 'Near');
  assert.equal((await server.folder('Friends', 'addressbooks')).itemClass, 'contacts');
});

test('an address book cannot be made in the calendar home', async (t) => {
  const server = await serve(t);
  const path = '/calendars/example.org/anna/Friends/';
  const answer = await server.request('MKCOL', path, { body: mkcolBody('') });
  assert.equal(answer.status, 403);
  assert.deepEqual(readError(answer).conditions, [`{${CARDDAV}}addressbook-collection-location-ok`]);
});

test('a property that is refused means that no address book is made', async (t) => {
  const server = await serve(t);
  const props = '<CR:addressbook-description><b/></CR:addressbook-description>';
  const answer = await server.request('MKCOL', FRIENDS, { body: mkcolBody(props) });
  assert.equal(answer.status, 403);
  assert.match(answer.body, /mkcol-response/);
  assert.equal((await propfind(server, FRIENDS, ['D:resourcetype'])).status, 404);
});

test('GET on an address book gives all cards one after another', async (t) => {
  const server = await serve(t);
  await putCard(server, 'a.vcf', card('a').trimEnd());
  await putCard(server, 'b.vcf', card('b'));
  const answer = await server.request('GET', CONTACTS);
  assert.match(answer.headers['content-type'] ?? '', /^text\/vcard/);
  assert.equal(answer.body, card('a') + card('b'));
});

test('a calendar object has no place in an address book', async (t) => {
  const server = await serve(t);
  const answer = await server.request('PUT', `${CONTACTS}e.ics`, {
    headers: { 'Content-Type': 'text/calendar' },
    body: 'BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nEND:VCALENDAR\r\n',
  });
  assert.ok(answer.status === 415 || answer.status === 403);
  assert.match(readError(answer).conditions.join(), new RegExp(`{${CARDDAV}}(supported|valid)-address-data`));
});

test('RFC 6352 §10.4 address-data is no property: PROPFIND does not have it', async (t) => {
  const server = await serve(t);
  await putCard(server, 'a.vcf', card('a'));
  const found = readMultistatus(await propfind(server, `${CONTACTS}a.vcf`, ['CR:address-data']));
  assert.equal(found.at(`${CONTACTS}a.vcf`).properties.get(404)?.size, 1);
});
