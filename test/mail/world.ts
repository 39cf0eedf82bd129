import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import type { FolderRole } from '../../src/domain/item-class.ts';
import { DEFAULT_LIMITS } from '../../src/domain/limits.ts';
import type { MailboxId } from '../../src/domain/mailbox.ts';
import type { Principal } from '../../src/domain/principal.ts';
import { createMailboxWithDefaults } from '../../src/items/default-folders.ts';
import { createMailSubmission } from '../../src/mail/create-submission.ts';
import { DeliveryBell } from '../../src/mail/delivery-bell.ts';
import { createOutboxWorker, type OutboxWorker } from '../../src/mail/outbox-worker.ts';
import type { Relay, RelayRequest, Verdict } from '../../src/mail/relay.ts';
import type { MailServices } from '../../src/mail/services.ts';
import type { MailSubmission } from '../../src/mail/submission.ts';
import type { Log } from '../../src/observe/log.ts';
import type { User } from '../../src/store/directory-store.ts';
import { createMemoryStores } from '../../src/store/memory/open.ts';
import { openSqliteStores } from '../../src/store/sqlite/open.ts';
import type { SyncStateStore } from '../../src/store/sync-state-store.ts';
import { type FakeClock, fakeClock } from '../support/fake-clock.ts';
import { seededRandom } from '../support/random.ts';

export type StoreKind = 'memory' | 'sqlite';
export const STORES: readonly StoreKind[] = ['memory', 'sqlite'];

export interface KeptItem {
  readonly id: number;
  readonly text: string;
  readonly isRead: boolean;
}

/** Users with mailboxes and everything that moves mail between them, on a clock that stands still. */
export class MailWorld {
  readonly clock: FakeClock = fakeClock(Date.UTC(2026, 4, 4, 10));
  readonly lines: { level: string; message: string; fields: Readonly<Record<string, unknown>> }[] = [];
  readonly #stores;
  readonly #random = seededRandom(7);
  services: MailServices;
  worker: OutboxWorker;
  submission: MailSubmission;

  constructor(t: TestContext, kind: StoreKind, relay: Relay | null = null) {
    const folder = kind === 'sqlite' ? mkdtempSync(join(tmpdir(), 'causeway-mail-')) : null;
    const options = { clock: this.clock, random: this.#random.bytes, publish: () => undefined };
    const stores =
      folder === null ? createMemoryStores(options) : openSqliteStores({ ...options, path: join(folder, 'a.db') });
    this.#stores = stores;
    t.after(async () => {
      await this.worker.close(0);
      await stores.mailboxes.close();
      if (folder !== null) rmSync(folder, { recursive: true });
    });
    const log = (level: string) => (fields: Readonly<Record<string, unknown>>, message: string) =>
      void this.lines.push({ level, message, fields });
    this.services = {
      syncState: stores.syncState,
      directory: stores.directory,
      clock: this.clock,
      random: this.#random.bytes,
      log: { debug: log('debug'), info: log('info'), warn: log('warn'), error: log('error') } satisfies Log,
      hostName: 'mail.example.org',
      maxMessageBytes: 64 * 1024 * 1024,
      relay,
      bell: new DeliveryBell(),
    };
    this.worker = createOutboxWorker(this.services);
    this.submission = createMailSubmission(this.services, this.worker);
  }

  get mailboxes() {
    return this.#stores.mailboxes;
  }

  /** As after a crash: what was in memory is gone, the stores are there. */
  restart(change: Partial<MailServices> = {}): void {
    this.services = { ...this.services, ...change };
    this.worker = createOutboxWorker(this.services);
    this.submission = createMailSubmission(this.services, this.worker);
  }

  /** The same stores, with some writes failing or watched. */
  withSyncState(change: (store: SyncStateStore) => SyncStateStore): Partial<MailServices> {
    return { syncState: change(this.#stores.syncState) };
  }

  async user(address: string, displayName: string | null = null): Promise<User & { principal: Principal }> {
    const [localPart = '', domain = ''] = address.split('@');
    const items = {
      store: this.#stores.mailboxes,
      clock: this.clock,
      random: this.#random.bytes,
      limits: DEFAULT_LIMITS,
    };
    const mailboxId = await createMailboxWithDefaults(items);
    const user = await this.#stores.directory.addUser({
      localPart,
      domain,
      displayName,
      role: null,
      mailboxId,
      passwordHash: '',
    });
    return { ...user, principal: { userId: user.id, localPart, domain, displayName, mailboxId, isAdmin: false } };
  }

  /** What a default folder holds, in order of id, one character per byte. */
  async held(mailboxId: MailboxId, role: FolderRole): Promise<readonly KeptItem[]> {
    const reader = this.#stores.mailboxes.read(mailboxId);
    const folder = (await reader.folders()).find((candidate) => candidate.role === role)!;
    const { items } = await reader.list(folder.id, { limit: 500, withContent: true });
    return items.map(({ item, content }) => ({
      id: item.id,
      text: Buffer.from(content!).toString('latin1'),
      isRead: item.flags.read === true,
    }));
  }

  documents(mailboxId: MailboxId) {
    return this.#stores.syncState.read(mailboxId).documents('outgoing/');
  }

  /** Lets the work that a timer began come to its end. */
  async settle(): Promise<void> {
    for (let turn = 0; turn < 60; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  }

  async advance(ms: number): Promise<void> {
    this.clock.advance(ms);
    await this.settle();
  }
}

/** A relay that answers as told and keeps what it took. */
export class FakeRelay implements Relay {
  readonly taken: { sender: string; recipients: readonly string[]; text: string }[] = [];
  asked = 0;
  answer: (address: string) => Verdict = () => ({ kind: 'accepted' });
  /** Resolves when the relay may answer. */
  gate: Promise<unknown> = Promise.resolve();

  async send(request: RelayRequest): Promise<ReadonlyMap<string, Verdict>> {
    this.asked += 1;
    await this.gate;
    const chunks: Uint8Array[] = [];
    for await (const chunk of request.content()) chunks.push(chunk);
    const verdicts = new Map(request.recipients.map((address) => [address, this.answer(address)]));
    const recipients = request.recipients.filter((address) => verdicts.get(address)!.kind === 'accepted');
    const text = Buffer.concat(chunks).toString('latin1');
    if (recipients.length > 0) this.taken.push({ sender: request.sender, recipients, text });
    return verdicts;
  }

  close(): void {}
}

export const REFUSED: Verdict = { kind: 'refused', status: '5.1.1', reason: 'nobody of that name' };
export const LATER: Verdict = { kind: 'later', status: '4.2.0', reason: 'come back' };

export function message(lines: readonly string[], body = 'Hello\r\n'): Uint8Array {
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n${body}`, 'latin1');
}
