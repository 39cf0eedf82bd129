import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { ADMINISTRATION_CALLS, type Administration } from '../../../src/admin/administration.ts';
import { createAdministration } from '../../../src/admin/create-administration.ts';
import { API_ROOT, createAdminApi } from '../../../src/admin/http/admin-api.ts';
import { createAuthenticator } from '../../../src/auth/authenticator.ts';
import { hashPassword } from '../../../src/auth/password-hash.ts';
import { createSignIns, type SignIns } from '../../../src/auth/tokens/sign-ins.ts';
import { ADMIN_SCOPES, type AdminRole, type Authority, WHOLE_SERVER } from '../../../src/domain/admin-role.ts';
import { CLIENT_ORIGIN } from '../../../src/domain/mailbox.ts';
import { createMailboxWithDefaults } from '../../../src/items/default-folders.ts';
import { DebugSwitches } from '../../../src/observe/debug-switches.ts';
import { LogFiles } from '../../../src/observe/files/log-files.ts';
import { createRecorder } from '../../../src/recorder/recorder.ts';
import { createApplication } from '../../../src/server/application.ts';
import { requestFacts } from '../../../src/server/request-facts.ts';
import { CHEAP } from '../../auth/sign-in.ts';
import { registered } from '../../contract/device-register.ts';
import { partnershipOf } from '../../contract/partnership-fixture.ts';
import { keepingLog, temporaryFolder } from '../../server/support/start.ts';
import { depositFor } from '../../support/recovery.ts';
import { adminBench, event } from '../bench.ts';
import { liveServices } from './live.ts';

export const ANN = 'ann@example.org';
/** In another domain than Ann. */
export const BOB = 'bob@example.net';
export const ROOT = 'root@example.org';
export const PASSWORD = 'correct horse';

const PEOPLE: readonly (readonly [address: string, role: AdminRole | null])[] = [
  [ANN, null],
  [BOB, null],
  [ROOT, WHOLE_SERVER],
];

/** An answer of the API. `body` is what its JSON says, else its text. */
export interface Answer {
  readonly status: number;
  readonly type: string;
  readonly headers: Headers;
  readonly body: unknown;
}

export interface Send {
  readonly method?: string;
  readonly path: string;
  /** Made JSON. */
  readonly body?: unknown;
  /** Sent as it is, in place of `body`. */
  readonly text?: string;
  readonly type?: string;
  /** '' sends none. */
  readonly token?: string;
}

/** A server with the Admin API: two people with a phone each, who have something in every list. */
export async function apiWorld(t: TestContext) {
  const bench = adminBench();
  const { stores, services, recovery, clock, random } = bench;
  const folder = temporaryFolder(t);
  const logged = keepingLog();
  const { log } = logged;
  const authenticator = createAuthenticator({
    ...{ directory: stores.directory, clock, random, log },
    settings: { cost: CHEAP },
  });
  const live: { user: string; mailboxId: number; folderId: number }[] = [];
  const administration = createAdministration({
    ...{ stores, services, recovery, clock, random, log, authenticator, live: liveServices(live) },
    logs: { folder: join(folder, 'logs'), files: logFiles(t, folder), switches: new DebugSwitches() },
    recorder: createRecorder({ folder: join(folder, 'recordings'), clock, random, log, formats: [] }),
  });
  const mailboxes = new Map<string, number>();
  for (const [address, role] of PEOPLE) {
    const [localPart = '', domain = ''] = address.split('@');
    const mailboxId = await createMailboxWithDefaults(services);
    const passwordHash = await hashPassword(PASSWORD, random, CHEAP);
    await stores.directory.addUser({ localPart, domain, displayName: null, role, mailboxId, passwordHash });
    mailboxes.set(address, mailboxId);
  }
  const filled = new Map<string, Filled>();
  for (const address of [ANN, BOB]) {
    const mailboxId = mailboxes.get(address)!;
    const made = await fill(stores, administration, address, mailboxId);
    filled.set(address, made);
    live.push({ user: address, mailboxId, folderId: made.calendar });
  }
  const { calls, made } = watched(administration);
  const real = createSignIns({
    ...{ authenticator, directory: stores.directory, store: stores.signIns, clock, random, log },
    key: random(32),
  });
  const tokens = new Map<string, Authority>();
  const api = createAdminApi({
    administration: calls,
    signIns: withTokens(real, tokens),
    log,
    facts: requestFacts,
    isStrict: true,
  });
  const send = await serve(t, { api, clock, random, log });
  /** A token for a role that no user need have. */
  const tokenOf = (scopes: readonly (typeof ADMIN_SCOPES)[number][], domain: string | null = null): string => {
    const token = `test-${scopes.join('-')}-${domain ?? 'all'}`;
    tokens.set(token, { address: 'tester@example.org', scopes: new Set(scopes), domain });
    return token;
  };
  return {
    ...bench,
    administration,
    made,
    logged,
    send,
    tokenOf,
    all: tokenOf(ADMIN_SCOPES),
    of: (who: string) => filled.get(who)!,
    deposit: (who: string, device: string, password: string) => depositFor(bench, who, device, password),
  };
}

export type ApiWorld = Awaited<ReturnType<typeof apiWorld>>;

interface Filled {
  readonly calendar: number;
  readonly itemId: number;
  readonly conflict: number;
}

async function fill(
  { syncState }: ReturnType<typeof adminBench>['stores'],
  administration: Administration,
  address: string,
  mailboxId: number,
): Promise<Filled> {
  const calendar = (await administration.folderList({ address })).find(({ role }) => role === 'calendar')!.id;
  const entries = [{ content: Buffer.from(event('lunch')), contentType: 'text/calendar' }];
  await administration.importBatch({ address, folderId: calendar, entries });
  const { items } = await administration.exportPage({ address, folderId: calendar, after: null });
  const itemId = items[0]!.id;
  const { current } = partnershipOf(calendar, 'phone');
  const exceptions = [{ itemId, isHeld: true, tried: 2, reason: 'failed' as const }];
  const at = Date.UTC(2026, 0, 1);
  const conflict = await syncState.write(mailboxId, CLIENT_ORIGIN, async (tx) => {
    const information = { Model: 'Nine', OS: 'Android 14' };
    await tx.putDevice(registered('phone', address, at, { information }));
    await tx.putPartnership(partnershipOf(calendar, 'phone', { current: { ...current, exceptions } }));
    const lost = {
      content: Buffer.from(event('lunch', 'Dinner')),
      contentType: 'text/calendar',
      at,
      rule: 'server-wins',
    };
    await tx.keepConflictLoser({ folderId: calendar, itemId, device: 'phone', side: 'client', ...lost });
    const envelope = { sender: address, messageId: '<1@example.org>', sentItemId: null, operation: null, queuedAt: at };
    const recipients = [{ address: 'eve@example.com', state: 'waiting', tries: 0, reason: null }];
    const outgoing = { ...envelope, triedAt: null, nextTryAt: null, isNoticed: false, recipients };
    await tx.putDocument('outgoing/77', outgoing);
    return (await tx.conflictLosers())[0]!.id;
  });
  return { calendar, itemId, conflict };
}

function logFiles(t: TestContext, folder: string): LogFiles {
  const onFailure = (error: unknown) => {
    throw error;
  };
  const files = new LogFiles({
    ...{ folder: join(folder, 'logs'), rotateBytes: 100_000, rotateDays: 30, keep: 2, now: () => 0, onFailure },
  });
  t.after(() => files.close());
  return files;
}

/** The administration, with the names of the calls that came through. */
function watched(administration: Administration): { calls: Administration; made: string[] } {
  const made: string[] = [];
  const entries = ADMINISTRATION_CALLS.map((name) => {
    const call = administration[name].bind(administration) as (...input: unknown[]) => Promise<unknown>;
    const noted = (...input: unknown[]) => {
      made.push(name);
      return call(...input);
    };
    return [name, noted] as const;
  });
  return { calls: Object.fromEntries(entries) as unknown as Administration, made };
}

function withTokens(real: SignIns, tokens: ReadonlyMap<string, Authority>): SignIns {
  return {
    signIn: (request) => real.signIn(request),
    verify: async (access) => tokens.get(access) ?? real.verify(access),
    renew: (...asked) => real.renew(...asked),
    end: (refresh) => real.end(refresh),
  };
}

type ServeParts = Pick<ReturnType<typeof adminBench>, 'clock' | 'random'> & {
  readonly api: ReturnType<typeof createAdminApi>;
  readonly log: ReturnType<typeof keepingLog>['log'];
};

async function serve(t: TestContext, { api, clock, random, log }: ServeParts) {
  const server = createServer(
    createApplication({
      ...{ clock, random, log, handlers: [], sites: [api], publicUrl: null, health: () => 'ready' as const },
      authenticator: { authenticate: async () => ({ kind: 'unauthenticated', reason: 'missing' }) },
      readClient: () => ({ remoteAddress: '192.0.2.9', isSecure: true }),
    }),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => new Promise((resolve) => server.close(resolve)));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}${API_ROOT}`;
  return async ({ method = 'GET', path, body, text, type = 'application/json', token = '' }: Send): Promise<Answer> => {
    const content = text ?? (body === undefined ? undefined : JSON.stringify(body));
    const response = await fetch(`${origin}${path}`, {
      method,
      headers: {
        ...(token === '' ? {} : { authorization: `Bearer ${token}` }),
        ...(content === undefined ? {} : { 'content-type': type }),
        connection: 'close',
      },
      ...(content === undefined ? {} : { body: content }),
    });
    const said = await response.text();
    const answered = response.headers.get('content-type') ?? '';
    const isJson = /^application\/(problem\+)?json/.test(answered);
    return {
      status: response.status,
      type: answered,
      headers: response.headers,
      body: isJson ? JSON.parse(said) : said,
    };
  };
}
