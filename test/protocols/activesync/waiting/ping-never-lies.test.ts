import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Folder } from '../../../../src/domain/folder.ts';
import { CLIENT_ORIGIN } from '../../../../src/domain/mailbox.ts';
import { START_KEY } from '../../../../src/sync/request.ts';
import type { Phone } from '../../../support/eas/phone.ts';
import { type Random, seededRandom, seedOf } from '../../../support/random.ts';
import { type EasServer, startEas } from '../support.ts';
import { changedIn, FOLDER_SYNC, pingUntilOver, pingXml } from './ping-answers.ts';
import { syncByEngine } from './prime.ts';

const HISTORIES = 12;
const STEPS = 40;
const ROLES = ['contacts', 'inbox', 'deleted'] as const;
const card = (uid: string, name: string) =>
  `BEGIN:VCARD\r\nVERSION:3.0\r\nUID:${uid}\r\nFN:${name}\r\nN:${name};;;;\r\nEND:VCARD\r\n`;

/** One phone, another client, and what the phone holds of each folder. */
class History {
  readonly #server: EasServer;
  readonly #random: Random;
  readonly #phone: Phone;
  readonly #folders: readonly Folder[];
  readonly #keys = new Map<number, string>();
  #names = 0;
  readonly steps: string[] = [];

  constructor(server: EasServer, random: Random, folders: readonly Folder[]) {
    this.#server = server;
    this.#random = random;
    this.#folders = folders;
    this.#phone = server.phone();
  }

  async begin(): Promise<void> {
    await this.#phone.command('FolderSync', FOLDER_SYNC);
    for (const folder of this.#folders) {
      const { key } = await syncByEngine(this.#server, folder, START_KEY);
      this.#keys.set(folder.id, key);
    }
  }

  async step(): Promise<void> {
    const folder = this.#random.pick(this.#folders);
    const chosen = this.#random.below(8);
    if (chosen <= 1) await this.#create(folder);
    else if (chosen === 2) await this.#touch(folder);
    else if (chosen === 3) await this.#move(folder);
    else if (chosen === 4) await this.#ownDelete(folder);
    else if (chosen === 5) await this.#sync(folder);
    else if (chosen === 6) await this.#ping();
    else await this.#pingWhile();
  }

  /** Each folder is in the answer if, and only if, a Sync has something for the phone. */
  async #ping(): Promise<void> {
    const { answer, wasWaiting } = await pingUntilOver(this.#server, this.#phone, pingXml(300, this.#folders));
    const told = changedIn(answer);
    this.steps.push(`ping: ${told.join(' ') || 'nothing'}`);
    for (const folder of this.#folders) {
      const { commands, hasMore } = await this.#sync(folder);
      const isNews = commands > 0 || hasMore;
      assert.equal(told.includes(folder.id), isNews, `folder ${folder.id} after ${this.steps.join('; ')}`);
    }
    assert.equal(wasWaiting, told.length === 0);
  }

  /** Others change things while it waits: it does not sleep through what a Sync would tell. */
  async #pingWhile(): Promise<void> {
    for (const folder of this.#folders) while ((await this.#sync(folder)).hasMore);
    const { answer, wasWaiting } = await pingUntilOver(
      this.#server,
      this.#phone,
      pingXml(300, this.#folders),
      async () => {
        const changes = 1 + this.#random.below(4);
        for (let n = 0; n < changes; n += 1) {
          const folder = this.#random.pick(this.#folders);
          await this.#random.pick([() => this.#create(folder), () => this.#touch(folder), () => this.#move(folder)])();
        }
      },
    );
    assert.ok(wasWaiting, `nothing to tell after ${this.steps.join('; ')}`);
    const told = changedIn(answer);
    this.steps.push(`woken: ${told.join(' ') || 'nothing'}`);
    let news = 0;
    for (const folder of this.#folders) news += (await this.#sync(folder)).commands;
    if (told.length === 0) assert.equal(news, 0, `slept through ${this.steps.join('; ')}`);
  }

  async #sync(folder: Folder): Promise<{ commands: number; hasMore: boolean }> {
    const answer = await syncByEngine(this.#server, folder, this.#keys.get(folder.id)!);
    this.#keys.set(folder.id, answer.key);
    this.steps.push(`sync ${folder.id}: ${answer.commands.length}`);
    return { commands: answer.commands.length, hasMore: answer.hasMore };
  }

  async #create(folder: Folder): Promise<void> {
    const name = `n${++this.#names}`;
    const isCard = folder.role === 'contacts';
    await this.#server.put(
      folder.role!,
      isCard ? `${name}.vcf` : `${name}.eml`,
      isCard ? card(name, name) : `Subject: ${name}\r\n\r\nx`,
    );
    this.steps.push(`create in ${folder.id}`);
  }

  async #anyOf(folder: Folder) {
    const reader = this.#server.environment.items.store.read(folder.mailboxId);
    const { items } = await reader.list(folder.id, { limit: 500, withContent: false });
    return items.length === 0 ? null : this.#random.pick(items).item;
  }

  async #touch(folder: Folder): Promise<void> {
    const item = await this.#anyOf(folder);
    if (item === null) return;
    const isGone = this.#random.chance(0.4);
    await this.#server.environment.items.store.write(folder.mailboxId, CLIENT_ORIGIN, async (tx) => {
      if (isGone) await tx.deleteItem(item.id);
      else await tx.setFlags(item.id, { read: item.flags.read !== true });
    });
    this.steps.push(`${isGone ? 'delete' : 'flag'} ${item.id}`);
  }

  /** Of mail, there and perhaps back, in one or two transactions. */
  async #move(folder: Folder): Promise<void> {
    const target = this.#folders.find(({ role, id }) => role !== 'contacts' && id !== folder.id);
    const item = folder.role === 'contacts' ? null : await this.#anyOf(folder);
    if (item === null || target === undefined) return;
    const isBack = this.#random.chance(0.3);
    await this.#server.environment.items.store.write(folder.mailboxId, CLIENT_ORIGIN, async (tx) => {
      await tx.moveItem(item.id, target.id, item.name);
      if (isBack) await tx.moveItem(item.id, folder.id, item.name);
    });
    this.steps.push(`move ${item.id} to ${target.id}${isBack ? ' and back' : ''}`);
  }

  /** The phone's own write: no news to itself. */
  async #ownDelete(folder: Folder): Promise<void> {
    await this.#sync(folder);
    const item = await this.#anyOf(folder);
    if (item === null) return;
    const command = { kind: 'delete', itemId: item.id, data: { fields: [], deletesAsMoves: true } } as const;
    const answer = await syncByEngine(this.#server, folder, this.#keys.get(folder.id)!, {}, [command]);
    this.#keys.set(folder.id, answer.key);
    this.steps.push(`own delete ${item.id}`);
  }
}

test('Ping never lies: it names a folder if, and only if, a Sync has something of it for the phone', async (t) => {
  const seed = seedOf(7);
  t.diagnostic(`seed ${seed}`);
  for (let run = 0; run < HISTORIES; run += 1) {
    const server = await startEas();
    try {
      const folders = await Promise.all(ROLES.map((role) => server.folder(role)));
      const history = new History(server, seededRandom(seed + run), folders);
      await history.begin();
      for (let step = 0; step < STEPS; step += 1) await history.step();
    } finally {
      await server.close();
    }
  }
});
