import type { TestContext } from 'node:test';
import { LOWEST_KEY } from '../../src/domain/edge.ts';
import type { FolderId } from '../../src/domain/folder.ts';
import type { ItemId } from '../../src/domain/item.ts';
import { hasChanges } from '../../src/sync/has-changes.ts';
import type { ClientCommand, ServerCommand, SyncAnswer, SyncRequest } from '../../src/sync/request.ts';
import { synchronise } from '../../src/sync/synchronise.ts';
import { mustHold } from './histories/disagreement.ts';
import type { Edit } from './histories/text-translator.ts';
import { contentOf, type Rendered, World } from './histories/world.ts';

export type Sent = Partial<SyncRequest<Edit>>;

/** One folder in memory, and devices that ask exactly what a test says. */
export async function openEngine(t: TestContext) {
  const world = new World('memory', 1, undefined);
  t.after(() => world.close());
  await world.begin(2);
  const folderId = world.folders[0]!;
  const create = async (text: string, date = 0, folder: FolderId = folderId): Promise<ItemId> =>
    (await world.write((tx) => tx.createItem({ folderId: folder, name: world.nextName(), ...contentOf(text, date) })))
      .id;
  const edit = (id: ItemId, text: string, date = 0) =>
    world.write((tx) => tx.replaceContent(id, contentOf(text, date)));
  const send = (key: string, more: Sent = {}, device = 'phone') =>
    synchronise(
      world.services,
      { ...DEFAULTS, mailboxId: world.mailboxId, folderId, device, key, ...more },
      world.translator,
    );
  /** Sends, and expects an answer. */
  const sync = async (key: string, more: Sent = {}, device = 'phone'): Promise<SyncAnswer<Rendered>> => {
    const outcome = await send(key, more, device);
    mustHold(outcome.kind === 'answer', () => `the key ${key} is lost`);
    return outcome;
  };
  /** Begins, and takes all that is there; gives the key. */
  const prime = async (device = 'phone'): Promise<string> => {
    let answer = await sync('0', {}, device);
    while (answer.hasMore) answer = await sync(answer.key, {}, device);
    return answer.key;
  };
  const ping = (device = 'phone') => {
    const query = { mailboxId: world.mailboxId, folderId, device, retryStamp: world.retryStamp };
    return hasChanges(world.services, { ...query, wantedKeyOf: () => LOWEST_KEY }, world.translator);
  };
  return { world, folderId, create, edit, send, sync, prime, ping };
}

const DEFAULTS: Omit<SyncRequest<Edit>, 'mailboxId' | 'folderId' | 'device' | 'key'> = {
  ...{ commands: [], options: '', wantedKey: LOWEST_KEY, windowSize: 512, wantsChanges: true },
  ...{ conflictRule: 'server-wins', retryStamp: 0, fingerprint: null },
};

/** Server commands as words: '+1 text', '=1 text', '-1', '~1' (out of the window). */
export function said({ commands }: SyncAnswer<Rendered>): string[] {
  return commands.map((command: ServerCommand<Rendered>) => {
    if ('rendered' in command) return `${command.kind === 'add' ? '+' : '='}${command.itemId} ${command.rendered.text}`;
    return `${command.kind === 'delete' ? '-' : '~'}${command.itemId}`;
  });
}

export function addOf(
  folderId: FolderId,
  clientId: string,
  text: string,
  more: Partial<Edit> = {},
): ClientCommand<Edit> {
  return { kind: 'add', clientId, hash: text, data: { folderId, device: 0, text, date: 0, base: null, ...more } };
}

export function changeOf(
  folderId: FolderId,
  itemId: ItemId,
  text: string,
  base: string,
  more: Partial<Edit> = {},
): ClientCommand<Edit> {
  return {
    kind: 'change',
    itemId,
    hash: text,
    data: { folderId, device: 0, text, date: null, base: { text: base, mark: '', isRead: false }, ...more },
  };
}

export function deleteOf(folderId: FolderId, itemId: ItemId): ClientCommand<Edit> {
  return { kind: 'delete', itemId, data: { folderId, device: 0, text: '', date: null, base: null } };
}
