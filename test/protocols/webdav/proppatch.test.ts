import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { APPLE_ICAL, CALDAV, clark } from '../../../protocols/webdav/xml/element.ts';
import { childElements, childNamed, childrenNamed, textOf } from '../../../protocols/webdav/xml/query.ts';
import {
  CALENDAR,
  CALENDAR_HOME,
  CONTACTS,
  NAMESPACES,
  PRINCIPAL,
  propfindBody,
  putEvent,
  readError,
  readMultistatus,
  startServer,
  type TestServer,
} from './support.ts';

let dav: TestServer;
before(async () => {
  dav = await startServer({ limits: { maxPropertyBytes: 2000 } });
  await putEvent(dav, 'a');
});
after(() => dav.close());

const patchBody = (inner: string) => `<D:propertyupdate ${NAMESPACES}>${inner}</D:propertyupdate>`;
const set = (inner: string) => `<D:set><D:prop>${inner}</D:prop></D:set>`;
const remove = (inner: string) => `<D:remove><D:prop>${inner}</D:prop></D:remove>`;
const patch = (path: string, inner: string, headers: Record<string, string> = {}) =>
  dav.request('PROPPATCH', path, { body: patchBody(inner), headers });

async function read(path: string, ...names: string[]) {
  return readMultistatus(
    await dav.request('PROPFIND', path, { headers: { Depth: '0' }, body: propfindBody(...names) }),
  );
}

test('name, colour and description are set, changed and removed', async () => {
  const answer = readMultistatus(
    await patch(
      CALENDAR,
      set(
        '<D:displayname>Arbeit &amp; mehr</D:displayname><A:calendar-color symbolic-color="red">#FF0000FF</A:calendar-color>',
      ) + set('<C:calendar-description>Zeile 1&#13;\nZeile 2</C:calendar-description>'),
    ),
  );
  assert.deepEqual([...answer.at(CALENDAR).properties.keys()], [200]);
  assert.equal(answer.at(CALENDAR).properties.get(200)!.size, 3);
  let now = await read(CALENDAR, 'D:displayname', 'A:calendar-color', 'C:calendar-description');
  assert.equal(now.text(CALENDAR, 'displayname'), 'Arbeit & mehr');
  assert.equal(now.text(CALENDAR, 'calendar-color', APPLE_ICAL), '#FF0000FF');
  assert.equal(now.text(CALENDAR, 'calendar-description', CALDAV), 'Zeile 1\r\nZeile 2');
  await patch(CALENDAR, remove('<A:calendar-color/><D:displayname/>') + remove('<C:calendar-description/>'));
  now = await read(CALENDAR, 'D:displayname', 'A:calendar-color', 'C:calendar-description');
  assert.equal(now.text(CALENDAR, 'displayname'), 'Calendar');
  assert.equal(now.property(CALENDAR, 'calendar-color', APPLE_ICAL), null);
  assert.equal(now.property(CALENDAR, 'calendar-description', CALDAV), null);
});

test('RFC 4918 §4.3 dead properties keep namespaces, attributes, order and xml:lang', async () => {
  const value = '<z:deep xmlns:z="urn:z" z:k="&lt;1&gt;" k="2">mixed <D:b/> text<q xmlns="urn:q"/></z:deep>';
  await patch(CONTACTS, `<D:set xml:lang="de-CH"><D:prop><z:dead xmlns:z="urn:z">${value}</z:dead></D:prop></D:set>`);
  const body = `<D:propfind ${NAMESPACES}><D:prop><y:dead xmlns:y="urn:z"/></D:prop></D:propfind>`;
  const answer = readMultistatus(await dav.request('PROPFIND', CONTACTS, { headers: { Depth: '0' }, body }));
  const dead = answer.property(CONTACTS, 'dead', 'urn:z')!;
  const [deep] = childElements(dead);
  assert.equal(clark(deep!), '{urn:z}deep');
  assert.deepEqual(
    [...deep!.attributes],
    [
      ['{urn:z}k', '<1>'],
      ['k', '2'],
    ],
  );
  assert.deepEqual(
    deep!.children.map((child) => (typeof child === 'string' ? child : clark(child))),
    ['mixed ', '{DAV:}b', ' text', '{urn:q}q'],
  );
  assert.equal(dead.attributes.get('{http://www.w3.org/XML/1998/namespace}lang'), 'de-CH');
  const all = readMultistatus(await dav.request('PROPFIND', CONTACTS, { headers: { Depth: '0' } }));
  assert.ok(all.property(CONTACTS, 'dead', 'urn:z'));
  assert.equal(
    (await dav.request('PROPFIND', CONTACTS, { headers: { Depth: '0' } })).body.includes('#xml:lang'),
    false,
  );
  await patch(CONTACTS, set('<z:dead xmlns:z="urn:z">plain</z:dead>'));
  const again = readMultistatus(await dav.request('PROPFIND', CONTACTS, { headers: { Depth: '0' }, body }));
  assert.equal(again.property(CONTACTS, 'dead', 'urn:z')!.attributes.size, 0);
});

test('RFC 4918 §9.2 one refusal and nothing is done: 403 for it, 424 for the rest', async () => {
  const answer = readMultistatus(
    await patch(
      CALENDAR,
      set('<D:displayname>No</D:displayname>') +
        set('<D:getetag>"x"</D:getetag>') +
        set('<A:calendar-order>3</A:calendar-order>'),
    ),
  );
  const { properties, element } = answer.at(CALENDAR);
  assert.deepEqual([...properties.get(403)!.keys()], ['{DAV:}getetag']);
  assert.deepEqual([...properties.get(424)!.keys()], ['{DAV:}displayname', `{${APPLE_ICAL}}calendar-order`]);
  assert.match(JSON.stringify(element), /cannot-modify-protected-property/);
  const now = await read(CALENDAR, 'D:displayname', 'A:calendar-order');
  assert.equal(now.text(CALENDAR, 'displayname'), 'Calendar');
  assert.equal(now.property(CALENDAR, 'calendar-order', APPLE_ICAL), null);
});

test('every live property without a setter is protected', async () => {
  const names = [
    'resourcetype',
    'getcontentlength',
    'sync-token',
    'owner',
    'current-user-privilege-set',
    'quota-used-bytes',
    'supported-report-set',
    'supportedlock',
  ];
  for (const name of names) {
    const answer = readMultistatus(await patch(CALENDAR, set(`<D:${name}/>`)));
    assert.deepEqual([...answer.at(CALENDAR).properties.keys()], [403], name);
  }
});

test('instructions are done in order', async () => {
  await patch(
    CALENDAR,
    set('<A:calendar-order>1</A:calendar-order>') +
      remove('<A:calendar-order/>') +
      set('<A:calendar-order>2</A:calendar-order>'),
  );
  assert.equal((await read(CALENDAR, 'A:calendar-order')).text(CALENDAR, 'calendar-order', APPLE_ICAL), '2');
});

test('only collections keep what clients set; a property of calendars does not go on a book', async () => {
  for (const path of ['/', PRINCIPAL, CALENDAR_HOME, `${CALENDAR}a.ics`]) {
    const answer = readMultistatus(await patch(path, set('<D:displayname>x</D:displayname><z xmlns="urn:z"/>')));
    assert.deepEqual([...answer.at(path).properties.keys()], [403], path);
  }
  const book = readMultistatus(await patch(CONTACTS, set('<C:calendar-description>x</C:calendar-description>')));
  assert.deepEqual([...book.at(CONTACTS).properties.keys()], [403]);
});

test('RFC 4918 §15 live properties that are not served are protected too, so no client reads back its own words', async () => {
  for (const name of ['D:acl', 'D:group', 'D:resource-id', 'D:supported-method-set']) {
    const answer = readMultistatus(await patch(CALENDAR, set(`<${name}>x</${name}>`)));
    const refused = [...(answer.at(CALENDAR).properties.get(403)?.keys() ?? [])];
    assert.deepEqual(refused, [name.replace('D:', '{DAV:}')]);
    const body = propfindBody(name);
    const read = readMultistatus(await dav.request('PROPFIND', CALENDAR, { headers: { Depth: '0' }, body }));
    assert.equal(read.at(CALENDAR).properties.get(404)?.size, 1, name);
  }
});

test('RFC 4918 §9.2.1 on homes and principals every live property is protected, with the rest 424', async () => {
  for (const path of ['/', PRINCIPAL, CALENDAR_HOME]) {
    const answer = readMultistatus(await patch(path, set('<D:displayname>x</D:displayname>') + set('<D:getetag/>')));
    assert.equal(answer.at(path).properties.get(403)?.size, 2, path);
    const conditions = childrenNamed(answer.at(path).element, 'propstat').map((propstat) =>
      childElements(childNamed(propstat, 'error')!).map(({ name }) => name),
    );
    assert.deepEqual(conditions, [['cannot-modify-protected-property'], ['cannot-modify-protected-property']]);
  }
});

test('RFC 8144 §2.2 return=minimal is answered without a body', async () => {
  const answer = await patch(CALENDAR, set('<A:calendar-order>9</A:calendar-order>'), { Prefer: 'return=minimal' });
  assert.equal(answer.status, 200);
  assert.equal(answer.body, '');
  assert.equal(answer.headers['preference-applied'], 'return=minimal');
});

test('properties that are too large, bodies that say nothing, and failed conditions change nothing', async () => {
  const large = await patch(CALENDAR, set(`<A:calendar-order>${'9'.repeat(3000)}</A:calendar-order>`));
  assert.equal(large.status, 403);
  assert.ok(readError(large).sentence);
  for (const body of ['', '<a/>', patchBody(''), patchBody('<D:set/>'), patchBody(set(''))]) {
    assert.equal((await dav.request('PROPPATCH', CALENDAR, { body })).status, 400, body);
  }
  const order = set('<A:calendar-order>7</A:calendar-order>');
  assert.equal((await patch(CALENDAR, order, { 'If-Match': '"x"' })).status, 412);
  assert.equal((await patch(CALENDAR, order, { If: '(<opaquelocktoken:x>)' })).status, 412);
  assert.equal((await read(CALENDAR, 'A:calendar-order')).text(CALENDAR, 'calendar-order', APPLE_ICAL), '9');
  assert.equal((await patch(`${CALENDAR_HOME}none/`, order)).status, 404);
});

test('a name of white space is none, one of more than 1024 bytes is refused', async () => {
  await patch(CALENDAR, set('<D:displayname> \n </D:displayname>'));
  assert.equal((await read(CALENDAR, 'D:displayname')).text(CALENDAR, 'displayname'), 'Calendar');
  const long = readMultistatus(await patch(CALENDAR, set(`<D:displayname>${'ü'.repeat(513)}</D:displayname>`)));
  assert.deepEqual([...long.at(CALENDAR).properties.keys()], [409]);
});

test('a display name is kept in NFC, without its markup', async () => {
  await patch(CALENDAR, set('<D:displayname>u\u0308<b>x</b></D:displayname>'));
  assert.equal((await read(CALENDAR, 'D:displayname')).text(CALENDAR, 'displayname'), 'ü');
  assert.equal(textOf((await read(CALENDAR, 'D:displayname')).property(CALENDAR, 'displayname')!), 'ü');
});
