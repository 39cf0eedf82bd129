import type { TestContext } from 'node:test';
import { CALDAV_PLUGIN } from '../../../protocols/caldav/plugin.ts';
import { CARDDAV_PLUGIN } from '../../../protocols/carddav/plugin.ts';
import type { Limits } from '../../../src/domain/limits.ts';
import { CALENDAR, CONTACTS, NAMESPACES, startServer, type TestServer } from '../webdav/support.ts';

/** A server with CalDAV and CardDAV that is closed with the test. */
export async function serve(t: TestContext, limits: Partial<Limits> = {}): Promise<TestServer> {
  const server = await startServer({ plugins: [CALDAV_PLUGIN, CARDDAV_PLUGIN], limits });
  t.after(() => server.close());
  return server;
}

export async function putCalendar(server: TestServer, name: string, body: string, home = CALENDAR): Promise<void> {
  const answer = await server.request('PUT', home + name, { headers: { 'Content-Type': 'text/calendar' }, body });
  if (answer.status !== 201) throw new Error(`PUT ${name} answered ${answer.status}: ${answer.body}`);
}

export async function putCard(server: TestServer, name: string, body: string): Promise<void> {
  const answer = await server.request('PUT', CONTACTS + name, { headers: { 'Content-Type': 'text/vcard' }, body });
  if (answer.status !== 201) throw new Error(`PUT ${name} answered ${answer.status}: ${answer.body}`);
}

/** A REPORT whose body is `<prefix:name>` around `inner`. */
export function report(server: TestServer, path: string, name: string, inner: string, depth: string | null = '1') {
  const headers: Record<string, string> = depth === null ? {} : { Depth: depth };
  return server.request('REPORT', path, { headers, body: `<${name} ${NAMESPACES}>${inner}</${name}>` });
}

export function propfind(server: TestServer, path: string, names: readonly string[], depth = '0') {
  const inner = names.map((name) => `<${name}/>`).join('');
  const body = `<D:propfind ${NAMESPACES}><D:prop>${inner}</D:prop></D:propfind>`;
  return server.request('PROPFIND', path, { headers: { Depth: depth }, body });
}
