import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { CALDAV_PLUGIN } from '../../../protocols/caldav/plugin.ts';
import { CARDDAV_PLUGIN } from '../../../protocols/carddav/plugin.ts';
import { CALDAV, CARDDAV } from '../../../protocols/webdav/xml/element.ts';
import { childElements } from '../../../protocols/webdav/xml/query.ts';
import {
  CALENDAR,
  CALENDAR_HOME,
  CONTACTS,
  NAMESPACES,
  propfindBody,
  putEvent,
  readMultistatus,
  startServer,
  type TestServer,
} from './support.ts';

let dav: TestServer;
before(async () => {
  dav = await startServer({ plugins: [CALDAV_PLUGIN, CARDDAV_PLUGIN] });
  await putEvent(dav, 'a');
});
after(() => dav.close());

/** What must be there for a token of the DAV header to be true; the reports are asked of supported-report-set. */
const REPORTS_BEHIND = new Map([
  [
    'calendar-access',
    {
      path: CALENDAR,
      reports: [`{${CALDAV}}calendar-query`, `{${CALDAV}}calendar-multiget`, `{${CALDAV}}free-busy-query`],
    },
  ],
  ['addressbook', { path: CONTACTS, reports: [`{${CARDDAV}}addressbook-query`, `{${CARDDAV}}addressbook-multiget`] }],
]);
const PROVED_HERE = ['1', '3', 'extended-mkcol', ...REPORTS_BEHIND.keys()];

test('every token of the DAV header is one that this file proves', async () => {
  const { headers } = await dav.request('OPTIONS', CALENDAR);
  assert.deepEqual(headers.dav!.split(', '), PROVED_HERE);
});

test('calendar-access and addressbook: the reports that their RFCs demand are served', async () => {
  for (const { path, reports } of REPORTS_BEHIND.values()) {
    const body = propfindBody('D:supported-report-set');
    const answer = readMultistatus(await dav.request('PROPFIND', path, { headers: { Depth: '0' }, body }));
    const names = childElements(answer.property(path, 'supported-report-set')!).map((supported) => {
      const [report] = childElements(childElements(supported)[0]!);
      return `{${report!.ns}}${report!.name}`;
    });
    for (const report of reports) assert.ok(names.includes(report), report);
  }
});

test('every report that supported-report-set names answers, and none is a bug', async () => {
  for (const path of ['/', '/principals/', CALENDAR_HOME, CALENDAR, CONTACTS, `${CALENDAR}a.ics`]) {
    const body = propfindBody('D:supported-report-set');
    const answer = readMultistatus(await dav.request('PROPFIND', path, { headers: { Depth: '0' }, body }));
    for (const supported of childElements(answer.property(path, 'supported-report-set')!)) {
      const [report] = childElements(childElements(supported)[0]!);
      const empty = await dav.request('REPORT', path, { body: `<r:${report!.name} xmlns:r="${report!.ns}"/>` });
      assert.ok(empty.status < 500, `${report!.name} on ${path}: ${empty.status}`);
      assert.doesNotMatch(empty.body as string, /supported-report\b/, `${report!.name} on ${path}`);
    }
  }
  assert.deepEqual(dav.lines, []);
});

test('extended-mkcol: both types of collection can be made', async () => {
  for (const [path, type] of [
    [`${CALENDAR_HOME}made/`, '<C:calendar/>'],
    ['/addressbooks/example.org/anna/made/', '<CR:addressbook/>'],
  ]) {
    const body = `<D:mkcol ${NAMESPACES}><D:set><D:prop><D:resourcetype><D:collection/>${type}</D:resourcetype></D:prop></D:set></D:mkcol>`;
    assert.equal((await dav.request('MKCOL', path!, { body })).status, 201);
  }
});

test('every method in Allow is answered with something better than 405 or 500', async () => {
  const headers = { Depth: '0', Destination: `${CALENDAR}b.ics`, 'If-Match': '"none"', If: '(<no:lock>)' };
  for (const path of [
    '/',
    CALENDAR_HOME,
    CALENDAR,
    CONTACTS,
    `${CALENDAR}a.ics`,
    `${CALENDAR}new.ics`,
    `${CALENDAR_HOME}new/`,
  ]) {
    const { headers: answered } = await dav.request('OPTIONS', path);
    for (const method of answered.allow!.split(', ')) {
      const { status } = await dav.request(method, path, { headers });
      assert.ok(status !== 405 && status < 500, `${method} ${path}: ${status}`);
    }
  }
});

test('allprop and propname over everything name no bug', async () => {
  for (const path of ['/', '/principals/example.org/anna/', CALENDAR_HOME, CALENDAR, CONTACTS]) {
    for (const what of ['allprop', 'propname']) {
      const body = `<D:propfind ${NAMESPACES}><D:${what}/></D:propfind>`;
      readMultistatus(await dav.request('PROPFIND', path, { headers: { Depth: '1' }, body }));
    }
  }
});
