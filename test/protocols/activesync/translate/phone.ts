import assert from 'node:assert/strict';
import type { Field } from '../../../../protocols/activesync/classes/field.ts';
import type { ClassVersion } from '../../../../protocols/activesync/classes/version.ts';
import { toElements, toFields } from '../../../../protocols/activesync/classes/wbxml-adapter.ts';
import type { Quirks } from '../../../../protocols/activesync/quirks.ts';
import type { ClientView } from '../../../../protocols/activesync/translate/client-view.ts';
import {
  type CollectionOptions,
  DEFAULT_OPTIONS,
  wantedKeyOf,
  writeOptions,
} from '../../../../protocols/activesync/translate/options.ts';
import type { ClassCommand, RenderedItem } from '../../../../protocols/activesync/translate/rendered-item.ts';
import { translatorFor } from '../../../../protocols/activesync/translate/translators.ts';
import { collectionOf, partnershipDevice, type ViewSuffix } from '../../../../protocols/activesync/translate/view.ts';
import { decodeWbxml } from '../../../../protocols/activesync/wbxml/decode.ts';
import { el } from '../../../../protocols/activesync/wbxml/element.ts';
import { streamWbxml } from '../../../../protocols/activesync/wbxml/encode.ts';
import { ianaZone } from '../../../../src/domain/calendar/iana-zone.ts';
import type { Folder } from '../../../../src/domain/folder.ts';
import type { Item, ItemFlags, ItemId } from '../../../../src/domain/item.ts';
import type { FolderRole } from '../../../../src/domain/item-class.ts';
import { DEFAULT_LIMITS } from '../../../../src/domain/limits.ts';
import { CLIENT_ORIGIN } from '../../../../src/domain/mailbox.ts';
import type { Principal } from '../../../../src/domain/principal.ts';
import { createMailboxWithDefaults } from '../../../../src/items/default-folders.ts';
import { describeContent } from '../../../../src/items/describe-content.ts';
import { putItem } from '../../../../src/items/put-item.ts';
import type { ItemServices } from '../../../../src/items/services.ts';
import { readWhole } from '../../../../src/items/whole-content.ts';
import type { MailboxWriter } from '../../../../src/store/mailbox-store.ts';
import { createMemoryStores } from '../../../../src/store/memory/open.ts';
import { AnswerCache } from '../../../../src/sync/answer-cache.ts';
import type { ClientCommand, ConflictRule, SyncAnswer } from '../../../../src/sync/request.ts';
import type { SyncServices } from '../../../../src/sync/services.ts';
import { synchronise } from '../../../../src/sync/synchronise.ts';
import { fakeClock } from '../../../support/fake-clock.ts';
import { seededRandom } from '../../../support/random.ts';

/** One mailbox with its default folders, and short ways to write to it as another protocol would. */
export async function openMailbox() {
  const clock = fakeClock();
  const random = seededRandom(1).bytes;
  const stores = createMemoryStores({ clock, random, publish: () => {} });
  const services: ItemServices = { store: stores.mailboxes, clock, random, limits: DEFAULT_LIMITS };
  const mailboxId = await createMailboxWithDefaults(services);
  const person = { userId: 1, localPart: 'ana', domain: 'example.com', displayName: null, isAdmin: false };
  const principal: Principal = { ...person, mailboxId };
  const failures: unknown[] = [];
  const engine: SyncServices<RenderedItem> = {
    ...{ store: stores.syncState, clock, random, answers: new AnswerCache<RenderedItem>() },
    onRenderFailure: (_, __, error) => failures.push(error),
  };
  const read = stores.syncState.read(mailboxId);
  const write = <T>(work: (tx: MailboxWriter) => Promise<T>): Promise<T> =>
    stores.mailboxes.write(mailboxId, CLIENT_ORIGIN, work);
  const folder = async (role: FolderRole): Promise<Folder> =>
    (await read.folders()).find((candidate) => candidate.role === role)!;
  const put = async (role: FolderRole, name: string, content: string | Uint8Array): Promise<Item> => {
    const target = await folder(role);
    const bytes = typeof content === 'string' ? Buffer.from(content) : content;
    return (await putItem(services, { principal, folder: target, name, content: bytes, contentType: '' })).item;
  };
  const putMail = async (role: FolderRole, name: string, lines: readonly string[], flags: ItemFlags = {}) => {
    const target = await folder(role);
    const content = Buffer.from(lines.join('\r\n'));
    const judged = { content, ...describeContent(target, content, '') };
    return write((tx) => tx.createItem({ ...judged, flags, folderId: target.id, name }));
  };
  const textOf = async (item: Pick<Item, 'id'>): Promise<string> =>
    Buffer.from(await readWhole(read, item)).toString('utf8');
  const items = async (role: FolderRole): Promise<readonly Item[]> =>
    (await read.list((await folder(role)).id, { limit: 500, withContent: false })).items.map(({ item }) => item);
  return {
    ...{ clock, services, mailboxId, principal, engine, failures },
    read,
    write,
    folder,
    put,
    putMail,
    textOf,
    items,
  };
}

export type TestMailbox = Awaited<ReturnType<typeof openMailbox>>;

export interface PhoneSetUp {
  readonly version?: ClassVersion;
  readonly options?: Partial<CollectionOptions>;
  readonly suffix?: ViewSuffix;
  readonly rule?: ConflictRule;
  readonly quirks?: Quirks;
}

/** Fields as the other side of a connection reads them: written as WBXML of the version, and read again. */
export async function overTheWire(fields: readonly Field[], version: ClassVersion): Promise<Field[]> {
  const data = el('AirSync:ApplicationData', toElements(fields));
  const chunks: Uint8Array[] = [];
  for await (const chunk of streamWbxml(data, { version })) chunks.push(chunk);
  return toFields(decodeWbxml(chunks));
}

/** A phone that synchronises one collection through the engine, the translator and WBXML, and keeps what it is told. */
export class Phone {
  readonly held = new Map<ItemId, Field[]>();
  readonly #mailbox: TestMailbox;
  readonly #role: FolderRole;
  readonly #setUp: PhoneSetUp;
  #key = '0';
  #clientIds = 0;

  constructor(mailbox: TestMailbox, role: FolderRole, setUp: PhoneSetUp = {}) {
    this.#mailbox = mailbox;
    this.#role = role;
    this.#setUp = setUp;
  }

  /** Synchronises from key 0 until it has everything. */
  async begin(): Promise<this> {
    this.#key = '0';
    this.held.clear();
    let answer = await this.sync();
    do answer = await this.sync();
    while (answer.hasMore);
    return this;
  }

  /** An Add; gives the item, or the refusal's code. */
  async add(fields: readonly Field[]) {
    const clientId = `c${++this.#clientIds}`;
    const outcome = (await this.sync([{ kind: 'add', clientId, hash: clientId, data: await this.#data(fields) }]))
      .outcomes[0]!;
    if (outcome.itemId === null) return { item: null, refusal: outcome.error?.code ?? null };
    return { item: await this.#mailbox.read.item(outcome.itemId), refusal: null };
  }

  /** A Change; gives 'done', 'conflict' or the refusal's code. */
  async change(itemId: ItemId, fields: readonly Field[]): Promise<string> {
    const data = await this.#data(fields);
    const { outcomes } = await this.sync([{ kind: 'change', itemId, hash: JSON.stringify(data), data }]);
    return outcomes[0]!.error?.code ?? outcomes[0]!.status;
  }

  async delete(itemId: ItemId, deletesAsMoves = true): Promise<string> {
    const { outcomes } = await this.sync([{ kind: 'delete', itemId, data: { fields: [], deletesAsMoves } }]);
    return outcomes[0]!.error?.code ?? outcomes[0]!.status;
  }

  async sync(commands: readonly ClientCommand<ClassCommand>[] = []): Promise<SyncAnswer<RenderedItem>> {
    const { read, mailboxId, engine, services, principal, clock } = this.#mailbox;
    const { version = '14.1', suffix = '', rule = 'server-wins' } = this.#setUp;
    const options = { ...DEFAULT_OPTIONS, ...this.#setUp.options };
    const folder = (await read.folders()).find(({ role }) => role === this.#role)!;
    const collection = collectionOf(folder, suffix, version)!;
    const zone = ianaZone('Europe/Berlin')!;
    const { quirks = {} } = this.#setUp;
    const view: ClientView = { principal, version, options, zone, addresses: ['ana@example.com'], quirks };
    const device = partnershipDevice('phone', collection);
    const wantedKey = wantedKeyOf(collection.easClass, options, clock.now());
    const answer = await synchronise(
      engine,
      {
        ...{
          mailboxId,
          folderId: folder.id,
          device,
          key: this.#key,
          commands,
          options: writeOptions(options),
          wantedKey,
        },
        ...{ windowSize: 100, wantsChanges: true, conflictRule: rule, retryStamp: 0, fingerprint: null },
      },
      translatorFor(services, collection, view),
    );
    assert.equal(answer.kind, 'answer');
    this.#key = answer.key;
    for (const command of answer.commands) {
      const { itemId } = command;
      if (!('rendered' in command)) this.held.delete(itemId);
      else
        this.held.set(itemId, merged(this.held.get(itemId) ?? [], await overTheWire(command.rendered.fields, version)));
    }
    return answer;
  }

  async #data(fields: readonly Field[]): Promise<ClassCommand> {
    return { fields: await overTheWire(fields, this.#setUp.version ?? '14.1'), deletesAsMoves: true };
  }
}

/** A calendar object of one component, as a DAV client would put it. */
export function objectText(kind: string, uid: string, ...lines: readonly string[]): string {
  const head = ['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//t//t//EN'];
  const body = [`BEGIN:${kind}`, `UID:${uid}`, 'DTSTAMP:20260101T000000Z', ...lines, `END:${kind}`];
  return [...head, ...body, 'END:VCALENDAR', ''].join('\r\n');
}

export function cardText(uid: string, ...lines: readonly string[]): string {
  return ['BEGIN:VCARD', 'VERSION:3.0', `UID:${uid}`, ...lines, 'END:VCARD', ''].join('\r\n');
}

/** Of mail a phone keeps what a Change does not name; other items are replaced. */
function merged(held: readonly Field[], told: readonly Field[]): Field[] {
  const isPart = told.every(({ name }) => /^Email2?:/.test(name));
  const kept = isPart ? held.filter(({ name }) => !told.some((field) => field.name === name)) : [];
  return [...kept, ...told];
}
