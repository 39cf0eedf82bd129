import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CALDAV } from '../../../protocols/webdav/xml/element.ts';
import { childElements, childrenNamed, textOf } from '../../../protocols/webdav/xml/query.ts';
import { DEFAULT_LIMITS } from '../../../src/domain/limits.ts';
import { CALENDAR, CALENDAR_HOME, CONTACTS, NAMESPACES, PRINCIPAL, readMultistatus } from '../webdav/support.ts';
import { propfind, serve } from './support.ts';

const proppatchBody = (set: string) =>
  `<D:propertyupdate ${NAMESPACES}><D:set><D:prop>${set}</D:prop></D:set></D:propertyupdate>`;

test('RFC 4791 §6.2.1 the principal names its calendar home and its addresses', async (t) => {
  const server = await serve(t);
  const names = ['C:calendar-home-set', 'C:calendar-user-address-set'];
  const found = readMultistatus(await propfind(server, PRINCIPAL, names));
  const hrefsOf = (name: string) => childrenNamed(found.property(PRINCIPAL, name, CALDAV)!, 'href').map(textOf);
  assert.deepEqual(hrefsOf('calendar-home-set'), [CALENDAR_HOME]);
  assert.deepEqual(hrefsOf('calendar-user-address-set'), ['mailto:anna@example.org', PRINCIPAL]);
});

test('RFC 4791 §5.2 a calendar tells what it takes and what its limits are', async (t) => {
  const server = await serve(t, { maxItemBytes: 12345 });
  const names = ['supported-calendar-component-set', 'supported-calendar-data', 'max-resource-size', 'max-instances'];
  const found = readMultistatus(
    await propfind(
      server,
      CALENDAR,
      names.map((name) => `C:${name}`),
    ),
  );
  const children = (name: string) => childElements(found.property(CALENDAR, name, CALDAV)!);
  assert.deepEqual(
    children('supported-calendar-component-set').map((comp) => comp.attributes.get('name')),
    ['VEVENT', 'VTODO'],
  );
  const [data] = children('supported-calendar-data');
  assert.equal(data?.attributes.get('content-type'), 'text/calendar');
  assert.equal(data?.attributes.get('version'), '2.0');
  assert.equal(found.text(CALENDAR, 'max-resource-size', CALDAV), '12345');
  assert.equal(found.text(CALENDAR, 'max-instances', CALDAV), String(DEFAULT_LIMITS.maxOccurrences));
});

test('RFC 4791 §7.5.1 a calendar tells its collations', async (t) => {
  const server = await serve(t);
  const found = readMultistatus(await propfind(server, CALENDAR, ['C:supported-collation-set']));
  const collations = childElements(found.property(CALENDAR, 'supported-collation-set', CALDAV)!);
  assert.deepEqual(collations.map(textOf), ['i;ascii-casemap', 'i;octet', 'i;unicode-casemap']);
});

const DEFAULTS: readonly [name: string, kinds: string[]][] = [
  ['Calendar', ['VEVENT', 'VTODO']],
  ['Tasks', ['VTODO']],
  ['Notes', ['VJOURNAL']],
];
for (const [name, kinds] of DEFAULTS) {
  test(`the default collection ${name} takes ${kinds.join(' and ')}`, async (t) => {
    const server = await serve(t);
    const path = `${CALENDAR_HOME}${name}/`;
    const found = readMultistatus(await propfind(server, path, ['C:supported-calendar-component-set']));
    const comps = childElements(found.property(path, 'supported-calendar-component-set', CALDAV)!);
    assert.deepEqual(
      comps.map((comp) => comp.attributes.get('name')),
      kinds,
    );
  });
}

test('the home lists the component sets that can be chosen', async (t) => {
  const server = await serve(t);
  const found = readMultistatus(await propfind(server, CALENDAR_HOME, ['C:supported-calendar-component-sets']));
  const sets = childElements(found.property(CALENDAR_HOME, 'supported-calendar-component-sets', CALDAV)!);
  const names = sets.map((set) => childElements(set).map((comp) => comp.attributes.get('name')));
  assert.equal(names.length, 7);
  assert.ok(names.some((set) => set.join() === 'VTODO'));
});

test('RFC 4791 §5.2.3 the component set of a calendar that exists is protected', async (t) => {
  const server = await serve(t);
  const set = '<C:supported-calendar-component-set><C:comp name="VJOURNAL"/></C:supported-calendar-component-set>';
  const answer = await server.request('PROPPATCH', CALENDAR, { body: proppatchBody(set) });
  assert.match(answer.body, /cannot-modify-protected-property/);
  assert.deepEqual((await server.folder('Calendar')).components, ['VEVENT', 'VTODO']);
});

test('description and Apple colour are set and removed', async (t) => {
  const server = await serve(t);
  const set = '<C:calendar-description>A &lt; B</C:calendar-description><A:calendar-color>#abc</A:calendar-color>';
  assert.equal((await server.request('PROPPATCH', CALENDAR, { body: proppatchBody(set) })).status, 207);
  const names = ['C:calendar-description', 'A:calendar-color'];
  const found = readMultistatus(await propfind(server, CALENDAR, names));
  assert.equal(found.text(CALENDAR, 'calendar-description', CALDAV), 'A < B');
  const remove = `<D:propertyupdate ${NAMESPACES}><D:remove><D:prop><A:calendar-color/></D:prop></D:remove></D:propertyupdate>`;
  await server.request('PROPPATCH', CALENDAR, { body: remove });
  const after = readMultistatus(await propfind(server, CALENDAR, names));
  assert.equal(after.property(CALENDAR, 'calendar-color', 'http://apple.com/ns/ical/'), null);
});

test('a description of elements is refused', async (t) => {
  const server = await serve(t);
  const set = '<C:calendar-description><b xmlns="">bold</b></C:calendar-description>';
  const found = readMultistatus(await server.request('PROPPATCH', CALENDAR, { body: proppatchBody(set) }));
  assert.ok(found.at(CALENDAR).properties.get(409)?.has(`{${CALDAV}}calendar-description`));
});

test('RFC 4791 §5.2.2 a calendar-timezone that is none is refused', async (t) => {
  const server = await serve(t);
  const set = '<C:calendar-timezone>BEGIN:VCALENDAR&#13;\nEND:VCALENDAR</C:calendar-timezone>';
  const answer = await server.request('PROPPATCH', CALENDAR, { body: proppatchBody(set) });
  assert.ok(readMultistatus(answer).at(CALENDAR).properties.get(403)?.has(`{${CALDAV}}calendar-timezone`));
  assert.match(answer.body, /<C:valid-calendar-data\/>/);
});

test('address books have no calendar properties', async (t) => {
  const server = await serve(t);
  const found = readMultistatus(await propfind(server, CONTACTS, ['C:supported-calendar-data', 'C:max-resource-size']));
  assert.equal(found.at(CONTACTS).properties.get(404)?.size, 2);
});

test('RFC 4791 §5.1 the DAV header claims calendar access and no scheduling', async (t) => {
  const server = await serve(t);
  const answer = await server.request('OPTIONS', CALENDAR);
  const tokens = (answer.headers.dav ?? '').split(/,\s*/);
  assert.ok(tokens.includes('calendar-access'));
  assert.ok(tokens.includes('addressbook'));
  assert.ok(!tokens.some((token: string) => token.includes('schedule')));
  assert.match(answer.headers.allow ?? '', /REPORT/);
});
