import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import Koa from 'koa';
import supertest from 'supertest';
import { createWebdavHandler, type WebdavHandler } from '../../../protocols/webdav/http.ts';
import { storedProperty } from '../../../protocols/webdav/properties/stored-property.ts';
import type { DavPlugin } from '../../../protocols/webdav/registry.ts';
import type { Resource } from '../../../protocols/webdav/resource.ts';
import { SENTENCE } from '../../../protocols/webdav/status.ts';
import { CALDAV, CARDDAV, DAV, type XmlElement } from '../../../protocols/webdav/xml/element.ts';
import { childElements, childNamed, childrenNamed, textOf } from '../../../protocols/webdav/xml/query.ts';
import { parseXml } from '../../../protocols/webdav/xml/read.ts';
import { escapeText } from '../../../protocols/webdav/xml/write.ts';
import type { Folder } from '../../../src/domain/folder.ts';
import type { Home } from '../../../src/domain/item-class.ts';
import { DEFAULT_LIMITS, type Limits } from '../../../src/domain/limits.ts';
import type { Principal } from '../../../src/domain/principal.ts';
import { createMailboxWithDefaults } from '../../../src/items/default-folders.ts';
import type { ItemServices } from '../../../src/items/services.ts';
import type { DirectoryStore } from '../../../src/store/directory-store.ts';
import type { MailboxStore } from '../../../src/store/mailbox-store.ts';
import { createMemoryStores } from '../../../src/store/memory/open.ts';
import { fakeClock } from '../../support/fake-clock.ts';

export const CALENDAR = '/calendars/example.org/anna/Calendar/';
export const CONTACTS = '/addressbooks/example.org/anna/Contacts/';
export const CALENDAR_HOME = '/calendars/example.org/anna/';
export const PRINCIPAL = '/principals/example.org/anna/';

export interface LogLine {
  readonly level: string;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly message: string;
}

export interface TestServer {
  readonly server: Server;
  readonly services: ItemServices;
  readonly handler: WebdavHandler;
  readonly principal: Principal;
  readonly clock: ReturnType<typeof fakeClock>;
  /** What the handler logged, and the fields it left for the request line. */
  readonly lines: LogLine[];
  readonly requestFields: Record<string, unknown>[];
  request(method: string, path: string, options?: RequestOptions): Promise<supertest.Response>;
  folder(name: string, home?: Home): Promise<Folder>;
  close(): Promise<void>;
}

export interface RequestOptions {
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

const isCalendar = (resource: Resource): boolean => resource.kind === 'collection' && resource.home === 'calendars';
const isBook = (resource: Resource): boolean => resource.kind === 'collection' && resource.home === 'addressbooks';

/** As much of CalDAV and CardDAV as the core's own rules need to be seen. */
export const TEST_PLUGIN: DavPlugin = {
  name: 'test',
  davTokens: ['calendar-access'],
  resourceTypes: [
    { ns: CALDAV, name: 'calendar', appliesTo: isCalendar, creates: { home: 'calendars', classFor: calendarClass } },
    {
      ns: CARDDAV,
      name: 'addressbook',
      appliesTo: isBook,
      creates: { home: 'addressbooks', classFor: () => 'contacts' },
    },
  ],
  properties: [
    storedProperty({ ns: CALDAV, name: 'calendar-description', appliesTo: isCalendar }),
    {
      ns: CALDAV,
      name: 'calendar-data',
      appliesTo: (resource) => resource.kind === 'item',
      inAllprop: false,
      compile: () => ({
        needsContent: true,
        write: (resource) =>
          resource.kind === 'item' && resource.content !== undefined
            ? escapeText(Buffer.from(resource.content).toString('utf8'))
            : null,
      }),
    },
  ],
  collectionGetters: [
    {
      appliesTo: (collection) => collection.home === 'calendars',
      open: async (context, collection) => ({
        contentType: 'text/calendar;charset=utf-8',
        content: async function* () {
          const page = await context.reader.list(collection.folder.id, { limit: 500, withContent: true });
          for (const { content } of page.items) yield content!;
        },
      }),
    },
  ],
  conditions: [
    {
      home: 'calendars',
      ns: CALDAV,
      supportedData: 'supported-calendar-data',
      validData: 'valid-calendar-data',
      validObject: 'valid-calendar-object-resource',
    },
  ],
};

function calendarClass(draft: { components?: readonly string[] }): 'calendar' {
  draft.components ??= ['VEVENT', 'VTODO'];
  return 'calendar';
}

export interface ServerOptions {
  readonly limits?: Partial<Limits>;
  readonly plugins?: readonly DavPlugin[];
  /** In place of stores in memory. */
  readonly stores?: { readonly mailboxes: MailboxStore; readonly directory: DirectoryStore; readonly storeId: string };
}

/** A running server with two mailboxes; every request is Anna's. Another user, Bert, has data too. */
export async function startServer(options: ServerOptions = {}): Promise<TestServer> {
  const clock = fakeClock();
  const random = (length: number) => new Uint8Array(length).fill(7);
  const stores = options.stores ?? createMemoryStores({ clock, random, publish() {} });
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const services = { store: stores.mailboxes, clock, random: (n: number) => new Uint8Array(n), limits };
  const anna = await addUser(services, 1, 'anna');
  await addUser(services, 2, 'bert');
  const lines: LogLine[] = [];
  const requestFields: Record<string, unknown>[] = [];
  const handler = createWebdavHandler({
    services,
    directory: stores.directory,
    freeBytes: async () => 123_456_789,
    log: recordingLog(lines),
    storeId: stores.storeId,
    plugins: options.plugins ?? [TEST_PLUGIN],
  });
  const app = new Koa();
  app.silent = true;
  app.use(async (koa) => {
    koa.state.requestId = 'r-1';
    if (handler.handles(koa.path)) {
      await handler.handle(koa, anna);
    }
    requestFields.push(koa.state.logFields as Record<string, unknown>);
  });
  const server = createServer(app.callback());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    server,
    services,
    handler,
    principal: anna,
    clock,
    lines,
    requestFields,
    request: (method, path, request = {}) => send(server, method, path, request),
    folder: async (name, home = 'calendars') => {
      const folder = await services.store.read(anna.mailboxId).folderByName(home, null, name);
      if (folder === null) throw new Error(`no folder ${name}`);
      return folder;
    },
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

async function addUser(services: ItemServices, userId: number, localPart: string): Promise<Principal> {
  const mailboxId = await createMailboxWithDefaults(services);
  return { userId, localPart, domain: 'example.org', displayName: `${localPart} <&>`, mailboxId, isAdmin: false };
}

function recordingLog(lines: LogLine[]): Parameters<typeof createWebdavHandler>[0]['log'] {
  const at = (level: string) => (fields: Readonly<Record<string, unknown>>, message: string) => {
    lines.push({ level, fields, message });
  };
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}

async function send(
  server: Server,
  method: string,
  path: string,
  { headers = {}, body }: RequestOptions,
): Promise<supertest.Response> {
  const agent = supertest(server) as unknown as Record<string, (path: string) => supertest.Test>;
  const test = agent[method.toLowerCase()];
  if (test === undefined) throw new Error(`supertest knows no ${method}`);
  let request = test.call(agent, path).redirects(0).buffer(true).parse(readText);
  for (const [name, value] of Object.entries(headers)) request = request.set(name, value);
  if (body !== undefined && headers['Content-Type'] === undefined) {
    request = request.set('Content-Type', 'application/xml; charset=utf-8');
  }
  return body === undefined ? request : request.send(body);
}

function readText(parsed: supertest.Response, done: (error: Error | null, body: string) => void): void {
  const response = parsed as unknown as NodeJS.ReadableStream;
  const chunks: Buffer[] = [];
  response.on('data', (chunk: Buffer) => chunks.push(chunk));
  response.on('end', () => done(null, Buffer.concat(chunks).toString('utf8')));
  response.on('error', (error: Error) => done(error, ''));
}

/** Writes bytes to the socket as they are and gives all that comes back until the server or `until` ends it. */
export async function rawRequest(
  server: Server,
  bytes: string | Buffer,
  until?: (text: string) => boolean,
): Promise<string> {
  const { port } = server.address() as AddressInfo;
  const socket = connect(port, '127.0.0.1');
  let text = '';
  await new Promise<void>((resolve) => {
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
      if (until?.(text)) socket.destroy();
    });
    socket.on('close', () => resolve());
    socket.on('error', () => resolve());
    socket.write(bytes);
  });
  return text;
}

export function event(uid: string, summary = 'Meeting'): string {
  return [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//test//EN',
    'BEGIN:VEVENT',
    `UID:${uid}`,
    'DTSTAMP:20260101T000000Z',
    'DTSTART:20260301T090000Z',
    'DTEND:20260301T100000Z',
    `SUMMARY:${summary}`,
    'END:VEVENT',
    'END:VCALENDAR',
    '',
  ].join('\r\n');
}

/** Stores an event over HTTP and gives its ETag. */
export async function putEvent(test: TestServer, name: string, uid = name, path = CALENDAR): Promise<string> {
  const headers = { 'Content-Type': 'text/calendar' };
  const answer = await test.request('PUT', `${path}${name}.ics`, { headers, body: event(uid) });
  if (answer.status !== 201 && answer.status !== 204) throw new Error(`PUT answered ${answer.status}: ${answer.body}`);
  return answer.headers.etag as string;
}

/** `<D:propfind>` for names given as `D:getetag`, `C:calendar-data`, …. */
export function propfindBody(...names: readonly string[]): string {
  const inner = names.map((name) => `<${name}/>`).join('');
  return `<D:propfind ${NAMESPACES}><D:prop>${inner}</D:prop></D:propfind>`;
}

export const NAMESPACES =
  'xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav" xmlns:CR="urn:ietf:params:xml:ns:carddav" ' +
  'xmlns:CS="http://calendarserver.org/ns/" xmlns:A="http://apple.com/ns/ical/"';

export interface ReadResponse {
  readonly href: string;
  /** Of the whole response, or null when it has propstats. */
  readonly status: number | null;
  /** `{ns}name` → property element, by the status of its propstat. */
  readonly properties: ReadonlyMap<number, ReadonlyMap<string, XmlElement>>;
  readonly element: XmlElement;
}

export interface ReadMultistatus {
  readonly responses: ReadResponse[];
  readonly syncToken: string | null;
  /** The response for an href. */
  at(href: string): ReadResponse;
  /** The 200 property's text, or null when it is not there. */
  text(href: string, name: string, ns?: string): string | null;
  property(href: string, name: string, ns?: string): XmlElement | null;
}

export function parseDocument(text: string): XmlElement {
  const root = parseXml(Buffer.from(text), DEFAULT_LIMITS);
  if (root === null) throw new Error('an empty document');
  return root;
}

/** Reads a 207 with our own reader, after checking that it is one. */
export function readMultistatus(answer: supertest.Response): ReadMultistatus {
  if (answer.status !== 207) throw new Error(`expected 207, got ${answer.status}: ${answer.body}`);
  const root = parseDocument(answer.body as string);
  const responses = childrenNamed(root, 'response').map(readResponse);
  const token = childNamed(root, 'sync-token');
  const at = (href: string): ReadResponse => {
    const found = responses.find((response) => response.href === href);
    if (found === undefined) throw new Error(`no response for ${href}: ${responses.map((r) => r.href).join(' ')}`);
    return found;
  };
  const property = (href: string, name: string, ns = DAV): XmlElement | null =>
    at(href).properties.get(200)?.get(`{${ns}}${name}`) ?? null;
  return {
    responses,
    syncToken: token === null ? null : textOf(token),
    at,
    property,
    text: (href, name, ns) => {
      const element = property(href, name, ns);
      return element === null ? null : textOf(element);
    },
  };
}

function readResponse(element: XmlElement): ReadResponse {
  const status = childNamed(element, 'status');
  const properties = new Map<number, Map<string, XmlElement>>();
  for (const propstat of childrenNamed(element, 'propstat')) {
    const code = statusCode(childNamed(propstat, 'status')!);
    const map = properties.get(code) ?? new Map<string, XmlElement>();
    for (const property of childElements(childNamed(propstat, 'prop')!))
      map.set(`{${property.ns}}${property.name}`, property);
    properties.set(code, map);
  }
  return {
    href: textOf(childNamed(element, 'href')!),
    status: status === null ? null : statusCode(status),
    properties,
    element,
  };
}

function statusCode(status: XmlElement): number {
  return Number(/^HTTP\/1\.1 (\d{3}) /.exec(textOf(status))?.[1]);
}

/** Names of the condition elements in a DAV:error body, and its sentence. */
export function readError(answer: supertest.Response): { conditions: string[]; sentence: string; element: XmlElement } {
  const root = parseDocument(answer.body as string);
  if (root.ns !== DAV || root.name !== 'error') throw new Error(`not a DAV:error: ${answer.body}`);
  const children = childElements(root);
  return {
    conditions: children.filter((child) => child.ns !== SENTENCE.ns).map(({ ns, name }) => `{${ns}}${name}`),
    sentence: textOf(childNamed(root, SENTENCE.name, SENTENCE.ns)!),
    element: root,
  };
}
