import assert from 'node:assert/strict';
import { DEFAULT_OPTIONS, wantedKeyOf } from '../../../../../../protocols/activesync/translate/options.ts';
import { CLIENT_ORIGIN } from '../../../../../../src/domain/mailbox.ts';
import { type Random, seededRandom } from '../../../../../support/random.ts';
import { type EasServer, startEas } from '../../../support.ts';
import { card, event, folderSync, mail, syncPhone } from '../support.ts';
import { HeldCollection, HistoryPhone, type Kind } from './history-phone.ts';

const KINDS: readonly Kind[] = ['inbox', 'contacts', 'calendar'];
const HOUR = 3_600_000;
/** Answers after which a phone that still has something to fetch is said never to rest. */
const MOST_ROUNDS = 200;

/** Plays one history of two phones and another client over the wire; rejects when a phone ends with anything but its view. */
export async function runHistory(seed: number): Promise<void> {
  const server = await startEas();
  try {
    const play = new Play(server, seededRandom(seed));
    await play.begin();
    const steps = 15 + (seed % 20);
    for (let step = 0; step < steps; step += 1) await play.step();
    await play.rest();
  } finally {
    await server.close();
  }
}

class Play {
  readonly #server: EasServer;
  readonly #random: Random;
  readonly #phones: HistoryPhone[] = [];
  readonly #names = new Map<Kind, string[]>(KINDS.map((kind) => [kind, []]));
  #texts = 0;

  constructor(server: EasServer, random: Random) {
    this.#server = server;
    this.#random = random;
  }

  async begin(): Promise<void> {
    for (const name of ['p0', 'p1']) {
      const phone = syncPhone(this.#server, { deviceId: name });
      await folderSync(phone);
      const collections: HeldCollection[] = [];
      for (const kind of KINDS) collections.push(new HeldCollection(`${(await this.#server.folder(kind)).id}`, kind));
      this.#phones.push(new HistoryPhone(name, phone, collections, this.#random));
    }
  }

  async step(): Promise<void> {
    const random = this.#random;
    const phone = random.pick(this.#phones);
    const choice = random.below(100);
    if (choice < 20) await this.#writeElsewhere();
    else if (choice < 35) phone.edit();
    else if (choice < 38) phone.chooseFilter();
    else if (choice < 42) this.#server.clock.advance(random.below(30) * HOUR);
    else if (choice < 52) await this.#wait(phone);
    else await this.#exchange(phone);
  }

  /** Every phone fetches all there is; then it is compared with a listing, and so is what was made with what is there. */
  async rest(): Promise<void> {
    for (const phone of this.#phones) {
      for (let quiet = 0, round = 0; quiet < 2; round += 1) {
        assert.ok(round < MOST_ROUNDS, 'a phone never comes to rest');
        const sent = phone.wholeRequest();
        const told = await phone.send(sent);
        phone.adopt(sent, told);
        quiet = told.isEmpty ? quiet + 1 : 0;
      }
    }
    // The second phone may have written what the first had fetched already.
    const [first] = this.#phones;
    for (let isOver = false; !isOver; ) {
      const sent = first!.wholeRequest();
      const told = await first!.send(sent);
      first!.adopt(sent, told);
      isOver = told.isEmpty;
    }
    for (const phone of this.#phones) for (const held of phone.collections) await this.#compare(held);
  }

  async #exchange(phone: HistoryPhone): Promise<void> {
    const luck = this.#random.below(10);
    const sent = phone.request();
    if (luck === 0) return phone.lose(sent);
    if (luck === 1) {
      phone.lose(sent);
      await phone.send(sent);
      return;
    }
    if (luck === 2) {
      const both = await Promise.all([phone.send(sent), phone.send(sent)]);
      // What the other one says is lost, so nobody knows which request was the last.
      phone.adopt(sent, this.#random.pick(both));
      phone.lose({ ...sent, body: '' });
      return;
    }
    phone.adopt(sent, await phone.send(sent));
  }

  /** A Sync that waits, while another client writes or the time goes by. */
  async #wait(phone: HistoryPhone): Promise<void> {
    const { parking } = this.#server.environment;
    const sent = phone.request('<Wait>1</Wait>');
    let isAnswered = false;
    const answer = phone.send(sent).finally(() => {
      isAnswered = true;
    });
    while (!isAnswered && parking.size === 0) await new Promise((resolve) => setImmediate(resolve));
    if (!isAnswered && this.#random.chance(0.6)) await this.#writeElsewhere();
    while (!isAnswered) {
      this.#server.clock.advance(60_000);
      await new Promise((resolve) => setImmediate(resolve));
    }
    phone.adopt(sent, await answer);
    // An empty request would wait again.
    phone.lose({ ...sent, body: '' });
  }

  /** Another client puts, replaces, removes, or marks as read. */
  async #writeElsewhere(): Promise<void> {
    const random = this.#random;
    const kind = random.pick(KINDS);
    const names = this.#names.get(kind)!;
    const items = await this.#items(kind);
    const text = `s.${++this.#texts}`;
    if (items.length > 0 && random.chance(0.25)) return this.#server.remove(random.pick(items).item.id);
    if (kind === 'inbox' && items.length > 0 && random.chance(0.4)) {
      const { item } = random.pick(items);
      await this.#server.environment.items.store.write(this.#server.anna.mailboxId, CLIENT_ORIGIN, (tx) =>
        tx.setFlags(item.id, { ...item.flags, read: item.flags.read !== true }),
      );
      return;
    }
    const isNew = kind === 'inbox' || names.length === 0 || random.chance(0.5);
    const name = isNew ? `n${this.#texts}` : random.pick(names);
    if (isNew) names.push(name);
    const date = new Date(this.#server.clock.now() - random.below(10) * 24 * HOUR)
      .toUTCString()
      .replace('GMT', '+0000');
    const content = { inbox: mail(text, 'x', date), contacts: card(name, `${text} X`), calendar: event(name, text) }[
      kind
    ];
    await this.#server.put(kind, name, content);
  }

  async #items(kind: Kind) {
    const { id } = await this.#server.folder(kind);
    const reader = this.#server.environment.sync.store.read(this.#server.anna.mailboxId);
    return (await reader.list(id, { limit: 500, withContent: true })).items;
  }

  async #compare(held: HeldCollection): Promise<void> {
    const easClass = { inbox: 'Email', contacts: 'Contacts', calendar: 'Calendar' } as const;
    const now = this.#server.clock.now();
    const wanted = wantedKeyOf(easClass[held.kind], { ...DEFAULT_OPTIONS, filterType: held.filter }, now);
    const expected = new Map<string, string>();
    const texts: string[] = [];
    for (const { item } of await this.#items(held.kind)) {
      const text = await this.#textOf(held.kind, item.id, item.flags.read === true);
      texts.push(text);
      if (item.filterKey >= wanted) expected.set(`${held.id}:${item.id}`, text);
    }
    assert.deepEqual(new Map([...held.items].sort()), new Map([...expected].sort()), `${held.kind} of a phone`);
    assert.equal(new Set(texts).size, texts.length, `something is twice in ${held.kind}`);
  }

  async #textOf(kind: Kind, itemId: number, isRead: boolean): Promise<string> {
    const reader = this.#server.environment.sync.store.read(this.#server.anna.mailboxId);
    const chunks: Uint8Array[] = [];
    for await (const chunk of reader.content(itemId)) chunks.push(chunk);
    const content = Buffer.concat(chunks).toString();
    const pattern = { inbox: /^Subject: (.*)$/m, contacts: /^N:[^;]*;([^;\r]*)/m, calendar: /^SUMMARY:(.*)$/m }[kind];
    const text = pattern.exec(content)?.[1]?.trim() ?? '';
    return kind === 'inbox' ? `${text}|${Number(isRead)}` : text;
  }
}
