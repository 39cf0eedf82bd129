import assert from 'node:assert/strict';
import { test } from 'node:test';
import { APPLE_ICAL, CALDAV, DAV } from '../../../protocols/webdav/xml/element.ts';
import { childElements } from '../../../protocols/webdav/xml/query.ts';
import { CALENDAR, CALENDAR_HOME, NAMESPACES, readError, readMultistatus } from '../webdav/support.ts';
import { SINGLE, TASK } from './objects.ts';
import { propfind, putCalendar, serve } from './support.ts';

const WORK = `${CALENDAR_HOME}Work/`;
const mkcalendarBody = (props: string) =>
  `<C:mkcalendar ${NAMESPACES}><D:set><D:prop>${props}</D:prop></D:set></C:mkcalendar>`;
const components = (...names: string[]) =>
  `<C:supported-calendar-component-set>${names.map((name) => `<C:comp name="${name}"/>`).join('')}</C:supported-calendar-component-set>`;
const ZONE =
  'BEGIN:VCALENDAR\nPRODID:-//t//EN\nVERSION:2.0\nBEGIN:VTIMEZONE\nTZID:X\nBEGIN:STANDARD\n' +
  'DTSTART:19700101T000000\nTZOFFSETFROM:+0100\nTZOFFSETTO:+0100\nEND:STANDARD\nEND:VTIMEZONE\nEND:VCALENDAR\n';

test('RFC 4791 §5.3.1 without a body makes a calendar for events, tasks and journals', async (t) => {
  const server = await serve(t);
  const answer = await server.request('MKCALENDAR', WORK);
  assert.equal(answer.status, 201);
  assert.equal(answer.headers['cache-control'], 'no-cache');
  const folder = await server.folder('Work');
  assert.equal(folder.itemClass, 'calendar');
  assert.deepEqual(folder.components, ['VEVENT', 'VTODO', 'VJOURNAL']);
  const found = readMultistatus(await propfind(server, WORK, ['D:resourcetype']));
  const types = childElements(found.property(WORK, 'resourcetype')!).map(({ ns, name }) => ns + name);
  assert.deepEqual(types.sort(), [`${DAV}collection`, `${CALDAV}calendar`].sort());
});

test('RFC 4791 §5.3.1.2 sets the properties of the request', async (t) => {
  const server = await serve(t);
  const body = mkcalendarBody(
    `<D:displayname>Lisa's Events</D:displayname><C:calendar-description>Mine</C:calendar-description>` +
      `<A:calendar-color>#ff0000ff</A:calendar-color><A:calendar-order>3</A:calendar-order>` +
      `<C:calendar-timezone>${ZONE}</C:calendar-timezone>${components('VEVENT')}`,
  );
  assert.equal((await server.request('MKCALENDAR', WORK, { body })).status, 201);
  const names = [
    'D:displayname',
    'C:calendar-description',
    'A:calendar-color',
    'A:calendar-order',
    'C:calendar-timezone',
  ];
  const found = readMultistatus(await propfind(server, WORK, names));
  assert.equal(found.text(WORK, 'displayname'), "Lisa's Events");
  assert.equal(found.text(WORK, 'calendar-description', CALDAV), 'Mine');
  assert.equal(found.text(WORK, 'calendar-color', APPLE_ICAL), '#ff0000ff');
  assert.equal(found.text(WORK, 'calendar-order', APPLE_ICAL), '3');
  assert.equal(found.text(WORK, 'calendar-timezone', CALDAV), ZONE);
});

const CLASSES: readonly [names: string[], itemClass: string, kept: string[]][] = [
  [['VEVENT'], 'calendar', ['VEVENT']],
  [['VTODO'], 'tasks', ['VTODO']],
  [['VJOURNAL'], 'notes', ['VJOURNAL']],
  [['VTODO', 'VEVENT'], 'calendar', ['VEVENT', 'VTODO']],
  [['VTIMEZONE', 'vtodo'], 'tasks', ['VTODO']],
];
for (const [names, itemClass, kept] of CLASSES) {
  test(`a calendar made for ${names.join(' and ')} is of class ${itemClass} and takes nothing else`, async (t) => {
    const server = await serve(t);
    await server.request('MKCALENDAR', WORK, { body: mkcalendarBody(components(...names)) });
    const folder = await server.folder('Work');
    assert.equal(folder.itemClass, itemClass);
    assert.deepEqual(folder.components, kept);
  });
}

test('RFC 4791 §5.3.2.1 an object of a component that the calendar does not take is refused', async (t) => {
  const server = await serve(t);
  await server.request('MKCALENDAR', WORK, { body: mkcalendarBody(components('VTODO')) });
  await putCalendar(server, 'task.ics', TASK, WORK);
  const answer = await server.request('PUT', `${WORK}event.ics`, {
    headers: { 'Content-Type': 'text/calendar' },
    body: SINGLE,
  });
  assert.equal(answer.status, 403);
  assert.deepEqual(readError(answer).conditions, [`{${CALDAV}}supported-calendar-component`]);
});

const BAD_PROPERTIES: readonly [title: string, property: string, condition: string][] = [
  ['a component that is none', components('VPOLL'), 'supported-calendar-component'],
  ['a time zone that is none', '<C:calendar-timezone>Europe/Berlin</C:calendar-timezone>', 'valid-calendar-data'],
  [
    'an event as time zone',
    `<C:calendar-timezone>${SINGLE.replaceAll('\r', '&#13;')}</C:calendar-timezone>`,
    'valid-calendar-data',
  ],
  ['a protected property', '<D:getetag>x</D:getetag>', 'cannot-modify-protected-property'],
];
for (const [title, property, condition] of BAD_PROPERTIES) {
  test(`RFC 4791 §5.3.1 ${title} is refused and nothing is made`, async (t) => {
    const server = await serve(t);
    const body = mkcalendarBody(`<D:displayname>Mine</D:displayname>${property}`);
    const answer = await server.request('MKCALENDAR', WORK, { body });
    assert.equal(answer.status, 403);
    assert.match(answer.body, /mkcalendar-response/);
    assert.match(answer.body, new RegExp(condition));
    assert.match(answer.body, /424 Failed Dependency/);
    assert.equal((await propfind(server, WORK, ['D:resourcetype'])).status, 404);
  });
}

const PLACES: readonly [title: string, path: string, status: number, condition: string | null][] = [
  ['a name that is taken', CALENDAR, 403, 'resource-must-be-null'],
  ['inside a calendar', `${CALENDAR}inner/`, 403, 'calendar-collection-location-ok'],
  ['below nothing', `${CALENDAR_HOME}none/inner/`, 409, null],
  ['in the address book home', '/addressbooks/example.org/anna/Work/', 403, 'calendar-collection-location-ok'],
  ['the home itself', CALENDAR_HOME, 403, 'resource-must-be-null'],
];
for (const [title, path, status, condition] of PLACES) {
  test(`no calendar can be made at ${title}`, async (t) => {
    const server = await serve(t);
    const answer = await server.request('MKCALENDAR', path);
    assert.equal(answer.status, status);
    const names = readError(answer).conditions.map((name) => name.replace(/^\{.*\}/, ''));
    assert.deepEqual(names, condition === null ? [] : [condition]);
  });
}

test('no calendar can be made in the home of somebody else', async (t) => {
  const server = await serve(t);
  assert.equal((await server.request('MKCALENDAR', WORK.replace('anna', 'bert'))).status, 404);
});

test('a body that is no mkcalendar is 415', async (t) => {
  const server = await serve(t);
  assert.equal((await server.request('MKCALENDAR', WORK, { body: '<x/>' })).status, 415);
});

test('RFC 5689 §3 extended MKCOL makes a calendar too', async (t) => {
  const server = await serve(t);
  const type = '<D:resourcetype><D:collection/><C:calendar/></D:resourcetype>';
  const body = `<D:mkcol ${NAMESPACES}><D:set><D:prop>${type}${components('VTODO')}</D:prop></D:set></D:mkcol>`;
  assert.equal((await server.request('MKCOL', WORK, { body })).status, 201);
  const folder = await server.folder('Work');
  assert.equal(folder.itemClass, 'tasks');
});
