import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { EasCommands } from '../../../protocols/activesync/command.ts';
import { EAS_COMMANDS } from '../../../protocols/activesync/commands/registry.ts';
import { DEFAULT_EAS_LIMITS, type EasEnvironment, type EasLimits } from '../../../protocols/activesync/environment.ts';
import { createActiveSyncHandler } from '../../../protocols/activesync/http/endpoint.ts';
import { createParking } from '../../../protocols/activesync/http/parking.ts';
import type { RenderedItem } from '../../../protocols/activesync/translate/rendered-item.ts';
import { createDeviceGate } from '../../../src/devices/device-gate.ts';
import { createWipes } from '../../../src/devices/wipes.ts';
import type { Folder } from '../../../src/domain/folder.ts';
import type { FolderRole } from '../../../src/domain/item-class.ts';
import { DEFAULT_LIMITS } from '../../../src/domain/limits.ts';
import { CLIENT_ORIGIN } from '../../../src/domain/mailbox.ts';
import type { Principal } from '../../../src/domain/principal.ts';
import { createMailboxWithDefaults } from '../../../src/items/default-folders.ts';
import { createContactSearch } from '../../../src/items/people/contact-search.ts';
import { putItem } from '../../../src/items/put-item.ts';
import type { ItemServices } from '../../../src/items/services.ts';
import { createMailSubmission } from '../../../src/mail/create-submission.ts';
import { DeliveryBell } from '../../../src/mail/delivery-bell.ts';
import { createOutboxWorker } from '../../../src/mail/outbox-worker.ts';
import type { MailServices } from '../../../src/mail/services.ts';
import type { Log } from '../../../src/observe/log.ts';
import { type ChangeBus, createChangeBus } from '../../../src/push/change-bus.ts';
import { createMailSearch } from '../../../src/search/mail-search.ts';
import { createApplication } from '../../../src/server/application.ts';
import type { DirectoryStore } from '../../../src/store/directory-store.ts';
import type { CommittedChange } from '../../../src/store/mailbox-store.ts';
import { createMemoryStores } from '../../../src/store/memory/open.ts';
import type { Stores } from '../../../src/store/stores.ts';
import { AnswerCache } from '../../../src/sync/answer-cache.ts';
import { FolderTree } from '../../support/eas/folder-tree.ts';
import { Phone, type PhoneOptions } from '../../support/eas/phone.ts';
import { type FakeClock, fakeClock } from '../../support/fake-clock.ts';
import { seededRandom } from '../../support/random.ts';
import { recoveryOver } from '../../support/recovery.ts';

export interface LogLine {
  readonly level: string;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly message: string;
}

/** A running endpoint over stores in memory with two users, anna and bert, and a clock that stands still. */
export interface EasServer {
  readonly origin: string;
  readonly environment: EasEnvironment;
  readonly anna: Principal;
  readonly bert: Principal;
  readonly clock: FakeClock;
  readonly lines: LogLine[];
  /** A phone of anna’s, unless told otherwise; the password is not looked at. */
  phone(options?: Partial<PhoneOptions>): Phone;
  folder(role: FolderRole, principal?: Principal): Promise<Folder>;
  /** Puts content into a default folder, as another client would. */
  put(role: FolderRole, name: string, content: string | Uint8Array, principal?: Principal): Promise<number>;
  remove(itemId: number, principal?: Principal): Promise<void>;
  close(): Promise<void>;
}

export interface EasServerOptions {
  readonly limits?: Partial<EasLimits>;
  readonly commands?: EasCommands;
  /** What a test replaces of what moves mail: a relay, a limit. */
  readonly mail?: Partial<MailServices>;
  /** What a test replaces of the environment. */
  readonly change?: (environment: EasEnvironment) => EasEnvironment;
  /** Other stores than those in memory; they call `publish` after each commit. */
  readonly openStores?: (publish: (change: CommittedChange) => void) => EasStores;
}

type EasStores = Pick<Stores, 'mailboxes' | 'syncState' | 'directory' | 'search'>;

export async function startEas(options: EasServerOptions = {}): Promise<EasServer> {
  const clock = fakeClock();
  const lines: LogLine[] = [];
  const seeded = seededRandom(1);
  const random = (length: number) => seeded.bytes(length);
  const bus = createChangeBus((error) => lines.push({ level: 'error', fields: { error }, message: 'listener' }));
  const publish = (change: CommittedChange) => bus.publish(change);
  const stores = options.openStores?.(publish) ?? createMemoryStores({ clock, random, publish });
  const { made, outbox } = composedOf(options, { clock, random, stores, bus, lines });
  const { items } = made;
  const environment = options.change?.(made) ?? made;
  const people = await addPeople(items, stores.directory);
  const anna = people.get('anna')!;
  const handler = createActiveSyncHandler(environment, options.commands ?? EAS_COMMANDS);
  const server = createServer(applicationOf(handler, people, { clock, random, log: environment.log }));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const folder = async (role: FolderRole, principal = anna) => {
    const folders = await items.store.read(principal.mailboxId).folders();
    return folders.find((candidate) => candidate.role === role)!;
  };
  return {
    ...{ origin, environment, anna, bert: people.get('bert')!, clock, lines, folder },
    phone: (phone = {}) => new Phone({ origin, user: 'anna', password: 'x', ...phone }),
    async put(role, name, content, principal = anna) {
      const bytes = typeof content === 'string' ? Buffer.from(content) : content;
      const request = { principal, folder: await folder(role, principal), name, content: bytes, contentType: '' };
      return (await putItem(items, request)).item.id;
    },
    remove: (itemId, principal = anna) =>
      items.store.write(principal.mailboxId, CLIENT_ORIGIN, (tx) => tx.deleteItem(itemId)),
    close: () =>
      new Promise((resolve) => {
        handler.drain();
        server.closeAllConnections();
        server.close(() => resolve(outbox.close(0)));
      }),
  };
}

interface Base {
  readonly clock: FakeClock;
  readonly random: (length: number) => Uint8Array;
  readonly stores: EasStores;
  readonly bus: ChangeBus;
  readonly lines: LogLine[];
}

function composedOf(options: EasServerOptions, { clock, random, stores, bus, lines }: Base) {
  const items = { store: stores.mailboxes, clock, random, limits: DEFAULT_LIMITS };
  const mail: MailServices = {
    ...{ syncState: stores.syncState, directory: stores.directory, clock, random, log: recordingLog(lines) },
    ...{
      hostName: 'mail.example.org',
      maxMessageBytes: 64 * 1024 * 1024,
      relay: null,
      bell: new DeliveryBell(),
      ...options.mail,
    },
  };
  const outbox = createOutboxWorker(mail);
  const made: EasEnvironment = {
    items,
    mail: createMailSubmission(mail, outbox),
    sync: {
      store: stores.syncState,
      clock,
      random,
      answers: new AnswerCache<RenderedItem>(),
      onRenderFailure: (target, itemId, error) =>
        lines.push({ level: 'error', fields: { ...target, itemId, error }, message: 'render' }),
    },
    bus,
    search: createMailSearch({
      ...{ index: stores.search, store: stores.mailboxes, clock },
      onFailure: (folder, error) => lines.push({ level: 'error', fields: { ...folder, error }, message: 'index' }),
    }),
    directory: stores.directory,
    devices: createDeviceGate({ ...stores, clock, log: recordingLog(lines) }),
    wipes: createWipes({ syncState: stores.syncState, clock, log: recordingLog(lines) }),
    recovery: recoveryOver(stores, clock, recordingLog(lines)),
    contacts: createContactSearch(stores.mailboxes),
    log: recordingLog(lines),
    limits: { ...DEFAULT_EAS_LIMITS, ...options.limits },
    parking: createParking(() => 0),
  };
  return { made, outbox };
}

async function addPeople(items: ItemServices, directory: DirectoryStore): Promise<ReadonlyMap<string, Principal>> {
  const people = new Map<string, Principal>();
  for (const localPart of ['anna', 'bert']) {
    const mailboxId = await createMailboxWithDefaults(items);
    const user = { localPart, domain: 'example.org', displayName: localPart, role: null, mailboxId, passwordHash: '' };
    const { id } = await directory.addUser(user);
    people.set(localPart, { ...user, userId: id, isAdmin: false });
  }
  return people;
}

/** Runs a test with an endpoint of its own. */
export async function withServer(
  work: (server: EasServer) => Promise<void>,
  options: EasServerOptions = {},
): Promise<void> {
  const server = await startEas(options);
  try {
    await work(server);
  } finally {
    await server.close();
  }
}

/** The same with a phone that has fetched the hierarchy. */
export function withTree(
  work: (server: EasServer, tree: FolderTree) => Promise<void>,
  options: EasServerOptions = {},
): Promise<void> {
  return withServer(async (server) => {
    const tree = new FolderTree(server.phone());
    assert.equal(await tree.sync(), '1');
    await work(server, tree);
  }, options);
}

/** The server's own way to a handler, with a sign-in that believes every name. */
function applicationOf(
  handler: ReturnType<typeof createActiveSyncHandler>,
  people: ReadonlyMap<string, Principal>,
  { clock, random, log }: { clock: FakeClock; random: (length: number) => Uint8Array; log: Log },
) {
  return createApplication({
    ...{ clock, random, log, publicUrl: null, health: () => 'ready' as const },
    readClient: () => ({ remoteAddress: '192.0.2.1', isSecure: true }),
    handlers: [{ name: 'activesync', ...handler }],
    authenticator: {
      async authenticate({ authorization = '' }) {
        const [name = ''] = Buffer.from(authorization.slice(6), 'base64').toString().split(':');
        const principal = people.get(name);
        return principal === undefined
          ? { kind: 'unauthenticated', reason: 'wrong-credentials' }
          : { kind: 'ok', principal };
      },
    },
  });
}

function recordingLog(lines: LogLine[]): Log {
  const at = (level: string) => (fields: Readonly<Record<string, unknown>>, message: string) => {
    lines.push({ level, fields, message });
  };
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}
